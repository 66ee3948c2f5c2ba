"""The excitation of the decoder: a sine at f0 where speech is voiced, noise where it is not.

After Wang et al., "Neural source-filter waveform models" (2019), with the fundamental only.
"""

import math

import torch
from torch import Tensor, nn

from rvc.model.layers import Noise

SINE_AMPLITUDE = 0.1
VOICED_NOISE = 0.003
UNVOICED_NOISE = SINE_AMPLITUDE / 3
F0_STEPS = 2**20
"""Steps of a Hz in which phases are counted: float32 values from 8 Hz on are whole multiples of them."""


def phases(f0: Tensor, hop: int, rate: int) -> Tensor:
    """Return the phase of `f0` (B, T) after each sample, in cycles from 0 to 1, as (B, T, hop) in float32.

    After sample n of frame t it is hop * (sum of earlier f0) / rate + (n + 1) * f0[t] / rate. Whole numbers are summed:
    exact after hours too, and without float64, which not every accelerator has.
    """
    steps = (f0.float() * F0_STEPS).long()
    before = (steps.cumsum(1) - steps) * hop
    samples = torch.arange(1, hop + 1, device=f0.device)
    cycle = rate * F0_STEPS
    return ((before[..., None] + steps[..., None] * samples) % cycle).float() / cycle


class HarmonicSource(nn.Module):
    """Turn f0 (B, T) in Hz, 0 where unvoiced, into an excitation (B, 1, T * hop) in float32."""

    def __init__(self, rate: int, hop: int) -> None:
        super().__init__()
        self.rate, self.hop = rate, hop
        self.l_linear = nn.Linear(1, 1)

    def forward(self, f0: Tensor, noise: Noise) -> Tensor:
        with torch.autocast(f0.device.type, enabled=False):
            wave = self._excite(f0.float(), noise)
            return torch.tanh(wave * self.l_linear.weight[0].float() + self.l_linear.bias.float())[:, None]

    @torch.no_grad()
    def _excite(self, f0: Tensor, noise: Noise) -> Tensor:
        """Return the sine with its noise, (B, T * hop)."""
        voiced = (f0 > 0)[..., None]
        wave = SINE_AMPLITUDE * torch.sin(2 * math.pi * phases(f0, self.hop, self.rate)) * voiced
        level = torch.where(voiced, VOICED_NOISE, UNVOICED_NOISE)
        return (wave + level * noise(wave)).flatten(1)
