"""An encoder and sounds that tests of evaluation are made of."""

import numpy as np
import torch
from torch import Tensor

from tests import sounds

RATE = 24000


class WholeLoudnessEncoder(sounds.LoudnessEncoder):
    """The tests' encoder, which may also be given waves without their lengths."""

    def encode(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        whole = torch.full((len(wave),), wave.shape[1])
        return super().encode(wave, whole if lengths is None else lengths)


def consonants(samples: int, seed: int) -> np.ndarray:
    """Return noise (N,) whose colour changes ten times a second: vowels alone are one recording to a fingerprint."""
    random = np.random.default_rng(seed)
    colours = (random.standard_normal(12) for _ in range(samples // 2400 + 1))
    parts = [np.convolve(random.standard_normal(2400), colour, "same") for colour in colours]
    return (0.02 * np.concatenate(parts)[:samples]).astype(np.float32)
