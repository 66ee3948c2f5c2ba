"""The normalising flow between the posterior's latent and the prior's, conditioned on the speaker."""

import torch
from torch import Tensor, nn

from rvc.model.config import SynthesizerConfig
from rvc.model.packed import Conv1d
from rvc.model.wavenet import WaveNet

COUPLINGS = 4
LAYERS = 3
REACH = 24
"""Frames to either side that one frame of the result depends on: 4 couplings of 3 kernels of 5."""


class Coupling(nn.Module):
    """Shift one half of the channels by what the other half says (mean-only, so the volume stays)."""

    def __init__(self, config: SynthesizerConfig) -> None:
        super().__init__()
        half = config.inter_channels // 2
        self.pre = Conv1d(half, config.hidden_channels, 1)
        self.enc = WaveNet(config.hidden_channels, LAYERS, config.gin_channels)
        self.post = Conv1d(config.hidden_channels, half, 1)
        nn.init.zeros_(self.post.weight)
        nn.init.zeros_(self.post.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor, mask: Tensor, g: Tensor, reverse: bool) -> Tensor:
        x0, x1 = x.chunk(2, dim=1)
        hidden = self.enc(self.pre(x0) * mask, mask, g)
        mean = self.post(hidden) * mask
        x1 = (x1 - mean) * mask if reverse else mean + x1 * mask
        return torch.cat([x0, x1], dim=1)


class Flip(nn.Module):
    """Reverse the channels, so that the next coupling shifts the other half."""

    def forward(self, x: Tensor, _mask: Tensor, _g: Tensor, _reverse: bool) -> Tensor:
        return x.flip(1)


class Flow(nn.Module):
    """Map z to z_p, or with `reverse` z_p to z, both (B, 192, T)."""

    def __init__(self, config: SynthesizerConfig) -> None:
        super().__init__()
        steps = [step for _ in range(COUPLINGS) for step in (Coupling(config), Flip())]
        self.flows = nn.ModuleList(steps)

    def forward(self, x: Tensor, mask: Tensor, g: Tensor, *, reverse: bool = False) -> Tensor:
        for step in reversed(self.flows) if reverse else self.flows:
            x = step(x, mask, g, reverse)
        return x
