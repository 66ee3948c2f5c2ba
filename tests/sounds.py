"""Sounds and small networks for tests: everything here is computed, nothing is recorded or trained."""

from pathlib import Path

import numpy as np
import soundfile
import torch
from torch import Tensor

from rvc.analysis.features import Features


def voice(
    seconds: float, rate: int = 16000, *, f0: float = 150.0, seed: int = 0, level: float = 0.3
) -> np.ndarray:
    """Return (N,) float32 that is voiced like a vowel: harmonics of a wavering pitch, a little breath."""
    time = np.arange(round(seconds * rate)) / rate
    phase = 2 * np.pi * f0 * (time + 0.002 * np.sin(2 * np.pi * 3 * time + seed))
    wave = sum(np.sin(k * phase) / k for k in range(1, 8)) / 2.5
    breath = np.random.default_rng(seed).standard_normal(len(time)) * 0.002
    return (level * (wave + breath)).astype(np.float32)


def silence(seconds: float, rate: int = 16000) -> np.ndarray:
    return np.zeros(round(seconds * rate), np.float32)


def sentences(count: int, rate: int = 16000, *, seconds: float = 2.0, seed: int = 0) -> np.ndarray:
    """Return vowels of `seconds` with 0.6 s of silence after each."""
    parts = [
        part
        for number in range(count)
        for part in (
            voice(seconds, rate, f0=120 + 10 * (number % 9), seed=seed * 1000 + number),
            silence(0.6, rate),
        )
    ]
    return np.concatenate(parts)


def record(path: Path, wave: np.ndarray, rate: int = 16000) -> Path:
    """Write a recording as the suffix says, through nothing of ours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, wave, rate)
    return path


class LoudnessEncoder:
    """A content encoder for tests: rms of a frame and of three differences in it. Counts what it hears."""

    name = "loudness"
    dim = 4
    frame_rate = 50

    def __init__(self) -> None:
        self.seconds = 0.0

    def encode(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        assert lengths is not None
        assert wave.shape[1] == int(lengths.max())
        self.seconds += float(lengths.sum()) / 16000
        frames = wave[:, : wave.shape[1] // 320 * 320].reshape(len(wave), -1, 320)
        steps = [frames, *(frames[..., k:] - frames[..., :-k] for k in (1, 2, 3))]
        return torch.stack([step.square().mean(-1).sqrt() for step in steps], -1)


class CrossingEstimator:
    """A pitch estimator for tests: how often a tenth of a second crosses zero. Noise does so too often."""

    name = "crossing"

    def estimate(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:  # noqa: ARG002
        crossing = (wave[:, 1:] * wave[:, :-1] < 0).float()
        crossing = torch.nn.functional.pad(crossing, (0, 1))[:, : wave.shape[1] // 160 * 160]
        rate = torch.nn.functional.avg_pool1d(crossing[:, None], 1600, 160, 720, count_include_pad=False)[
            :, 0
        ]
        level = wave[:, : wave.shape[1] // 160 * 160].reshape(len(wave), -1, 160).square().mean(-1).sqrt()
        f0 = rate[:, : level.shape[1]] * 8000
        return torch.where((level > 0.005) & (f0 < 1100), f0, 0.0)


def features() -> Features:
    return Features(LoudnessEncoder(), CrossingEstimator(), torch.device("cpu"))
