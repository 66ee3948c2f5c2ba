"""Distances between spectra of two waves at several resolutions (Yamamoto et al. 2020, Parallel WaveGAN)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from librosa.filters import mel as mel_filters
from torch import Tensor, nn
from torch.nn import functional as F

from rvc.gaps import spectral

FFT_SIZES = (2048, 1024, 512, 256)
HOPS_PER_WINDOW = 2  # random segments see every alignment in time, so more overlap would only cost time
MEL_FFT_SIZE = 1024
MEL_BANDS = 80
MAGNITUDE_FLOOR = 3e-5  # times the root of the window's length: below is silence to the log distances
MEL_FLOOR = 1e-5
TINY = 1e-8  # keeps the root's slope finite in digital silence


@dataclass(frozen=True, slots=True)
class SpectralDistances:
    """Mean distances of two waves, 0-d tensors: log magnitude, magnitude relative to the target, log mel."""

    log: Tensor
    linear: Tensor
    mel: Tensor

    @property
    def total(self) -> Tensor:
        return self.log + self.linear + self.mel


class PowerSpectrum(torch.autograd.Function):
    """Squared short-time spectrum whose gradient is written out: half the time of PyTorch's own.

    Saves the complex transform of the backward pass, which is real, and the scatter of overlapping frames.
    """

    @staticmethod
    def forward(ctx: Any, wave: Tensor, window: Tensor, hop: int) -> Tensor:
        spectrum = torch.fft.rfft(wave.unfold(1, len(window), hop) * window)
        ctx.save_for_backward(spectrum, window)
        ctx.hop, ctx.samples = hop, wave.shape[1]
        return spectrum.real.square().addcmul_(spectrum.imag, spectrum.imag)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        spectrum, window = ctx.saved_tensors
        weighted = spectrum * gradient
        weighted[..., 0] *= 2  # these two have no mirror image that the inverse transform would add
        weighted[..., -1] *= 2
        size = len(window)
        frames = torch.fft.irfft(weighted, n=size) * (window * size)
        return overlap_add(frames, ctx.hop, ctx.samples), None, None


@spectral
def power_spectrum(wave: Tensor, window: Tensor) -> Tensor:
    """Return the power (B, frames, bins) of a wave (B, N), frames centred on every half window."""
    half = len(window) // 2
    return PowerSpectrum.apply(F.pad(wave, (half, half)), window, len(window) // HOPS_PER_WINDOW)


def overlap_add(frames: Tensor, hop: int, samples: int) -> Tensor:
    """Return the wave (B, samples) that is the sum of frames (B, T, n) a hop apart; n is a multiple of hop."""
    parts = frames.unflatten(-1, (-1, hop)).unbind(dim=2)
    summed = torch.stack([F.pad(part, (0, 0, i, len(parts) - 1 - i)) for i, part in enumerate(parts)]).sum(0)
    return F.pad(summed.flatten(1), (0, samples - summed.shape[1] * hop))


class MultiResolutionStft(nn.Module):
    """Compares waves (B, N) by the magnitudes of their short-time spectra, at several window lengths."""

    basis: Tensor

    def __init__(self, rate: int, fft_sizes: tuple[int, ...] = FFT_SIZES) -> None:
        super().__init__()
        self.fft_sizes = tuple({*fft_sizes, MEL_FFT_SIZE})
        basis = mel_filters(sr=rate, n_fft=MEL_FFT_SIZE, n_mels=MEL_BANDS)
        self.register_buffer("basis", torch.from_numpy(basis.T.copy()), persistent=False)
        for size in self.fft_sizes:
            self.register_buffer(f"window_{size}", torch.hann_window(size), persistent=False)

    def forward(
        self, wave: Tensor, target: Tensor, levels: Sequence[Tensor] | None = None
    ) -> SpectralDistances:
        """Compare waves; `levels` are those of the batch that they are a part of, by default their own."""
        pairs = {
            size: (self._magnitude(wave, size), self._magnitude(target, size)) for size in self.fft_sizes
        }
        if levels is None:
            levels = [real.mean() for _, real in pairs.values()]
        return SpectralDistances(
            log=_mean([log_distance(*pair, MAGNITUDE_FLOOR * size**0.5) for size, pair in pairs.items()]),
            linear=_mean(
                [linear_distance(*pair, level) for pair, level in zip(pairs.values(), levels, strict=True)]
            ),
            mel=self._mel_distance(*pairs[MEL_FFT_SIZE]),
        )

    @torch.no_grad()
    def levels(self, target: Tensor, rows: int) -> list[Tensor]:
        """Return the mean magnitude of a batch at every window length, computed so many rows at once."""
        return [
            torch.cat([self._magnitude(part, size).mean(dim=(1, 2)) for part in target.split(rows)]).mean()
            for size in self.fft_sizes
        ]

    def _magnitude(self, wave: Tensor, size: int) -> Tensor:
        return (power_spectrum(wave, self.get_buffer(f"window_{size}")) + TINY).sqrt()

    def _mel_distance(self, made: Tensor, real: Tensor) -> Tensor:
        made, real = made @ self.basis, real @ self.basis
        return log_distance(made.clamp(min=MEL_FLOOR), real.clamp(min=MEL_FLOOR), 0.0)


def log_distance(made: Tensor, real: Tensor, floor: float) -> Tensor:
    """Return the mean absolute difference of the logarithms of magnitudes, in nats, above a floor."""
    return ((made + floor).log() - (real + floor).log()).abs().mean()


def linear_distance(made: Tensor, real: Tensor, level: Tensor) -> Tensor:
    """Return the mean absolute difference of magnitudes relative to the mean of the target's."""
    return (made - real).abs().mean() / level


def _mean(values: list[Tensor]) -> Tensor:
    return torch.stack(values).mean()
