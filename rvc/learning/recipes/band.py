"""Waves without what lies above the bandwidth of the recordings that they are learnt from.

A recording that was cut off at 8 kHz does not say that its speaker makes no sound above.
"""

import torch
from torch import Tensor

from rvc.gaps import spectral

ROLL_OFF_HZ = 250.0


@spectral
def limit(wave: Tensor, bandwidth_hz: Tensor, rate: int) -> Tensor:
    """Return waves (B, N) with nothing above each row's bandwidth (B), inf for all; it fades just below."""
    samples = wave.shape[-1]
    frequency = torch.fft.rfftfreq(samples, 1 / rate, device=wave.device)
    gain = ((bandwidth_hz[:, None] - frequency) / ROLL_OFF_HZ).clamp(0, 1)
    return torch.fft.irfft(torch.fft.rfft(wave) * gain, n=samples)
