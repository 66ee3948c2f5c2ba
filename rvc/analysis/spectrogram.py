"""Spectrograms as the reference makes them, at one frame a hop."""

import functools

import torch
import torch.nn.functional as F
from torch import Tensor

from rvc.analysis import mel
from rvc.gaps import spectral

EPS = 1e-6
MEL_FLOOR = 1e-5


@spectral
def linear(wave: Tensor, n_fft: int, hop: int, win_length: int, eps: float = EPS) -> Tensor:
    """Return the magnitude spectrogram (B, n_fft // 2 + 1, N // hop) of waves (B, N), in float32.

    Frame t is centred on the middle of hop t. The ends are mirrored, so a wave needs more than (n_fft - hop) / 2
    samples.
    """
    margin = (n_fft - hop) // 2
    padded = F.pad(wave.float()[:, None], (margin, margin), "reflect")[:, 0]
    window = torch.hann_window(win_length, device=wave.device)
    spec = torch.stft(padded, n_fft, hop, win_length, window, center=False, return_complex=True)
    return torch.sqrt(torch.view_as_real(spec).square().sum(-1) + eps)


def log_mel(spec: Tensor, rate: int, n_fft: int, n_mels: int, floor: float = MEL_FLOOR) -> Tensor:
    """Return the natural log of the mel bands (B, n_mels, T) of a magnitude spectrogram, in float32."""
    basis = mel_basis(rate, n_fft, n_mels, spec.device)
    with torch.autocast(spec.device.type, enabled=False):
        return torch.log(torch.clamp(basis @ spec.float(), min=floor))


def mel_basis(rate: int, n_fft: int, n_mels: int, device: torch.device | str = "cpu") -> Tensor:
    """Return Slaney's mel filters (n_mels, n_fft // 2 + 1) from 0 Hz to half the rate, each of equal area."""
    return _mel_basis(rate, n_fft, n_mels, torch.device(device))


@functools.lru_cache(maxsize=32)
def _mel_basis(rate: int, n_fft: int, n_mels: int, device: torch.device) -> Tensor:
    # Outside inference mode, so that a cached filter bank serves training too.
    with torch.inference_mode(False):
        return torch.from_numpy(mel.filters(rate, n_fft, n_mels)).to(device)
