"""Filtering that changes from frame to frame, by short-time Fourier transforms."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

MEL_CORNER_HZ = 700.0


class FrameFilter(nn.Module):
    """Cuts waves into frames whose sum is the wave, and adds filtered frames up again.

    A frame is two hops long under a Hann window and transformed with a hop of room on each side, which is
    how far a filter may ring before and after.
    """

    OVERLAP = 4  # hops in a transform
    window: Tensor

    def __init__(self, hop: int) -> None:
        super().__init__()
        self.hop = hop
        self.n_fft = self.OVERLAP * hop
        self.register_buffer("window", torch.hann_window(2 * hop), persistent=False)

    @property
    def bins(self) -> int:
        return self.n_fft // 2 + 1

    def analyse(self, wave: Tensor) -> Tensor:
        """Return the spectra (B, T, bins) of a wave (B, T * hop), frame t in the middle of hop t."""
        hop = self.hop
        padded = F.pad(wave, (hop // 2, hop - hop // 2))
        frames = padded.unfold(1, 2 * hop, hop) * self.window.float().to(wave.device)
        return torch.fft.rfft(F.pad(frames, (hop, hop)))

    def synthesise(self, spectra: Tensor) -> Tensor:
        """Return the wave (B, T * hop) of spectra (B, T, bins)."""
        hop, frames = self.hop, spectra.shape[1]
        quarters = torch.fft.irfft(spectra, n=self.n_fft).unflatten(-1, (self.OVERLAP, hop)).unbind(dim=2)
        shifted = [F.pad(quarter, (0, 0, i, self.OVERLAP - 1 - i)) for i, quarter in enumerate(quarters)]
        start = hop + hop // 2
        summed = torch.stack(shifted).sum(dim=0)
        return summed.flatten(1)[:, start : start + frames * hop]


def mel_interpolation(bands: int, bins: int, rate: int) -> Tensor:
    """Return the matrix (bands, bins) that draws a curve over all bins from `bands` points even in mel."""
    hertz = torch.linspace(0, rate / 2, bins, dtype=torch.float64)
    mel = torch.log1p(hertz / MEL_CORNER_HZ)
    position = mel / mel[-1] * (bands - 1)
    distance = position - torch.arange(bands)[:, None]
    return (1 - distance.abs()).clamp(min=0).float()
