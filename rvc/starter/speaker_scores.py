"""How well a speaker encoder tells people apart, and how well it agrees with its teacher."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from rvc.starter.encoder import RATE_HZ
from rvc.starter.speaker_clips import Clips
from rvc.starter.speaker_network import load_network

BATCH = 16


@dataclass(frozen=True, slots=True)
class Pairs:
    """Similarities of all pairs of clips: of one voice, and of two."""

    same: np.ndarray
    other: np.ndarray

    @classmethod
    def of(cls, vectors: Tensor, voices: Tensor) -> "Pairs":
        """Compare unit vectors (B, dim) whose voices (B) are numbered."""
        first, second = torch.triu_indices(len(vectors), len(vectors), 1)
        similar = (vectors @ vectors.T)[first, second]
        same = voices[first] == voices[second]
        return cls(similar[same].numpy(), similar[~same].numpy())

    @property
    def equal_error_rate(self) -> float:
        """The share of wrong answers where as many pairs are wrongly joined as wrongly parted."""
        limits = np.sort(np.concatenate([self.same, self.other]))
        missed = np.searchsorted(np.sort(self.same), limits) / len(self.same)
        joined = 1 - np.searchsorted(np.sort(self.other), limits) / len(self.other)
        place = int(np.abs(missed - joined).argmin())
        return float(missed[place] + joined[place]) / 2

    def summary(self) -> dict[str, Any]:
        """Return means, the 5th, 50th and 95th percentiles, and the equal error rate."""
        marks = {name: np.percentile(values, (5, 50, 95)) for name, values in self._named()}
        rounded = {name: [round(float(mark), 3) for mark in row] for name, row in marks.items()}
        means = {f"{name}_mean": round(float(values.mean()), 3) for name, values in self._named()}
        return {**means, **rounded, "equal_error_rate": round(self.equal_error_rate, 4)}

    def _named(self) -> tuple[tuple[str, np.ndarray], ...]:
        return ("same", self.same), ("other", self.other)


def agreement(network: nn.Module, clips: Clips) -> dict[str, float]:
    """Compare a network with the teacher: the mean cosine, and the correlation of all pairs' similarities."""
    vectors = embedded(network, clips)
    target = clips.target.cpu()
    first, second = torch.triu_indices(len(vectors), len(vectors), 1)
    both = torch.stack([(each @ each.T)[first, second] for each in (vectors, target)])
    return {
        "cosine": float((vectors * target).sum(-1).mean()),
        "correlation": float(torch.corrcoef(both)[0, 1]),
        "pair_error": float((both[0] - both[1]).abs().mean()),
    }


def compare(encoder: Path, folders: Sequence[Path]) -> dict[str, Any]:
    """Score an encoder's file and the teacher on folders of plain clips."""
    network = load_network(encoder).network
    return {folder.name: measure(network, Clips.open(folder)) for folder in folders}


def measure(network: nn.Module, clips: Clips) -> dict[str, Any]:
    """Score a network and the teacher on clips of people."""
    _, voices = np.unique(np.array(clips.speaker), return_inverse=True)
    numbers = torch.from_numpy(voices)
    return {
        "clips": len(clips),
        "seconds": clips.audio.shape[1] / RATE_HZ,
        "encoder": Pairs.of(embedded(network, clips), numbers).summary(),
        "teacher": Pairs.of(clips.target.cpu(), numbers).summary(),
        **{name: round(value, 4) for name, value in agreement(network, clips).items()},
    }


@torch.no_grad()
def embedded(network: nn.Module, clips: Clips) -> Tensor:
    """Return the vectors (clips, dim) of whole clips."""
    starts = range(0, len(clips), BATCH)
    return torch.cat([network(clips.wave(slice(start, start + BATCH))).float().cpu() for start in starts])
