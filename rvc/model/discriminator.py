"""The V2 discriminators of HiFi-GAN (Kong et al. 2020): one on the wave, eight on the wave folded at primes."""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rvc.model.layers import Conv1d, Conv2d, leaky_relu

PERIODS = (2, 3, 5, 7, 11, 17, 23, 37)
Judgement = tuple[Tensor, list[Tensor]]
"""Scores (B, n), near 1 for real, and all feature maps, the scores' own last."""


class ScaleDiscriminator(nn.Module):
    """Judge a wave (B, 1, N) by strided, grouped convolutions of `1 / divisor` of the usual channels."""

    def __init__(self, divisor: int = 1) -> None:
        super().__init__()
        widths = [channels // divisor for channels in (16, 64, 256, 1024, 1024)]
        strided = zip(pairwise(widths), (4, 16, 64, 256), strict=True)
        self.convs = nn.ModuleList(
            [
                Conv1d(1, widths[0], 15),
                *(Conv1d(*pair, 41, stride=4, groups=min(groups, pair[0])) for pair, groups in strided),
                Conv1d(widths[-1], widths[-1], 5),
            ]
        )
        self.conv_post = Conv1d(widths[-1], 1, 3)

    def forward(self, wave: Tensor) -> Judgement:
        return _judge(wave, self.convs, self.conv_post)


class PeriodDiscriminator(nn.Module):
    """Judge a wave (B, 1, N) by how samples that lie `period` apart follow each other; `divisor` as above."""

    def __init__(self, period: int, divisor: int = 1) -> None:
        super().__init__()
        self.period = period
        widths = [1, *(channels // divisor for channels in (32, 128, 512, 1024))]
        self.convs = nn.ModuleList(
            [Conv2d(*pair, 5, stride=3) for pair in pairwise(widths)] + [Conv2d(widths[-1], widths[-1], 5)]
        )
        self.conv_post = Conv2d(widths[-1], 1, 3)

    def forward(self, wave: Tensor) -> Judgement:
        missing = -wave.shape[-1] % self.period
        folded = F.pad(wave, (0, missing), "reflect").unflatten(-1, (-1, self.period))
        return _judge(folded, self.convs, self.conv_post)


class MultiPeriodDiscriminator(nn.Module):
    """Judge waves (B, 1, N) nine times. Put real and generated waves into one batch: it is one pass then.

    `divisor` (1, 2, 4 or 8) makes it narrower, for experiments.
    """

    def __init__(self, periods: tuple[int, ...] = PERIODS, divisor: int = 1) -> None:
        super().__init__()
        self.discriminators = nn.ModuleList(
            [ScaleDiscriminator(divisor), *(PeriodDiscriminator(period, divisor) for period in periods)]
        )

    def forward(self, wave: Tensor) -> tuple[list[Tensor], list[list[Tensor]]]:
        """Return the scores and the feature maps of each discriminator."""
        judgements = [discriminator(wave) for discriminator in self.discriminators]
        return [scores for scores, _ in judgements], [maps for _, maps in judgements]


def _judge(x: Tensor, convs: nn.ModuleList, conv_post: nn.Module) -> Judgement:
    maps = []
    for conv in convs:
        x = leaky_relu(conv(x))
        maps.append(x)
    x = conv_post(x)
    return torch.flatten(x, 1), [*maps, x]
