"""Content features and pitch of many clips in one pass, in batches of similar length."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from rvc.analysis import content, pitch
from rvc.analysis.content import ContentEncoder
from rvc.analysis.pitch import PitchEstimator
from rvc.config import CONTENT_RATE_HZ

BATCH_SAMPLES = 32 * CONTENT_RATE_HZ
LEAST_FILLED = 0.85  # a batch's shortest clip is at least this much of its longest


@dataclass(frozen=True, slots=True)
class Described:
    """What the networks say of clip `index`: content (N // 320, dim) float16, f0 (N // 160,) float32 Hz."""

    index: int
    content: np.ndarray
    f0: np.ndarray


@dataclass(frozen=True, slots=True)
class Features:
    """A content encoder and a pitch estimator, loaded once for any number of clips."""

    encoder: ContentEncoder
    estimator: PitchEstimator
    device: torch.device
    dtype: torch.dtype = torch.float32
    """Of the heavy arithmetic in those that know more than float32."""

    @classmethod
    def load(
        cls,
        encoder: str | None,
        estimator: str | None,
        device: torch.device,
        dtype: torch.dtype = torch.float32,
    ) -> Self:
        """Load both networks; None takes the best that is there. Raises `InputError` as their loaders do."""
        return cls(content.load(encoder, device, dtype), pitch.load(estimator, device, dtype), device, dtype)

    @torch.inference_mode()
    def describe(self, waves: Sequence[np.ndarray]) -> Iterator[Described]:
        """Yield the features of 16 kHz clips (N,), batch by batch, in no particular order."""
        for indices in batches([len(wave) for wave in waves]):
            lengths = torch.tensor([len(waves[index]) for index in indices])
            padded = _padded([waves[index] for index in indices]).to(self.device)
            features = self.encoder.encode(padded, lengths.to(self.device)).half().cpu().numpy()
            f0 = self.estimator.estimate(padded, lengths.to(self.device)).float().cpu().numpy()
            for row, (index, length) in enumerate(zip(indices, lengths.tolist(), strict=True)):
                yield Described(index, features[row, : length // 320].copy(), f0[row, : length // 160].copy())


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Group clips of similar length, at most `BATCH_SAMPLES` a batch with padding; longer clips go alone."""
    order = sorted(range(len(lengths)), key=lambda index: lengths[index], reverse=True)
    group: list[int] = []
    for index in order:
        longest = lengths[group[0]] if group else 0
        full = longest * (len(group) + 1) > BATCH_SAMPLES
        if group and (full or lengths[index] < LEAST_FILLED * longest):
            yield group
            group = []
        group.append(index)
    if group:
        yield group


def _padded(waves: Sequence[np.ndarray]) -> Tensor:
    return torch.nn.utils.rnn.pad_sequence([torch.from_numpy(wave) for wave in waves], batch_first=True)
