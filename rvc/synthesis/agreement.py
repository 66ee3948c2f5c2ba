"""How near a packed index is to the one that it was made from: what it finds, and what it makes of features."""

from dataclasses import dataclass

import torch
from torch import Tensor

from rvc.synthesis.index import RetrievalIndex

BLUR = 0.3  # deviations by which features of speech are taken to differ from the nearest row
QUERIES = 1000


@dataclass(frozen=True, slots=True)
class Agreement:
    """The share of the true neighbours that are found, and how far what is retrieved is off, in deviations of rows."""

    recall: float
    error: float


def features_like(vectors: Tensor, count: int = QUERIES, seed: int = 0) -> Tensor:
    """Return features (count, dim) that are like rows (N, dim), but not equal to any."""
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randint(len(vectors), (count,), generator=generator)
    noise = torch.randn(count, vectors.shape[1], generator=generator).to(vectors)
    return vectors[rows.to(vectors.device)] + BLUR * _deviation(vectors) * noise


def compare(exact: RetrievalIndex, packed: RetrievalIndex, features: Tensor) -> Agreement:
    """Hold what a packed index makes of features (T, dim) against what the exact one does."""
    wanted, found = (index.search(features).rows.tolist() for index in (exact, packed))
    shared = [len({*one} & {*other}) / len(one) for one, other in zip(wanted, found, strict=True)]
    difference = exact.blend(features, 1.0) - packed.blend(features, 1.0)
    deviation = _deviation(exact.vectors).clamp(min=1e-12)
    return Agreement(sum(shared) / len(shared), float(difference.square().mean().sqrt() / deviation))


def _deviation(vectors: Tensor) -> Tensor:
    return (vectors - vectors.mean(dim=0)).square().mean().sqrt()
