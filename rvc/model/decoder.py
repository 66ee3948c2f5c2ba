"""The decoder: HiFi-GAN's generator (Kong et al. 2020), driven by a harmonic source where the model has pitch."""

import math
from collections.abc import Iterator
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rvc.model import layers, packed, pieces
from rvc.model.config import SynthesizerConfig
from rvc.model.layers import LEAKY_RELU, ConvTranspose1d, Noise, channels_last, leaky_relu
from rvc.model.source import HarmonicSource

FINAL_SLOPE = 0.01
BLOCK = 100
"""Frames that a CPU speaks at once outside training: faster than 20 s in one piece, and in a sixth of the memory."""
CONV_REACH = 3
"""Values to either side that the first and the last convolution depend on."""
Frames = tuple[int, int]
"""The first of some frames, and the one after the last."""


class ResidualBlock(nn.Module):
    """Pairs of a dilated and a plain convolution, each pair with a residual; works on (B, C, 1, T)."""

    def __init__(self, channels: int, kernel: int, dilations: tuple[int, ...]) -> None:
        super().__init__()
        self.convs1 = nn.ModuleList(layers.Conv1d(channels, channels, kernel, dilation=d) for d in dilations)
        self.convs2 = nn.ModuleList(layers.Conv1d(channels, channels, kernel) for _ in dilations)

    def forward(self, x: Tensor) -> Tensor:
        for dilated, plain in zip(self.convs1, self.convs2, strict=True):
            x = plain(dilated(leaky_relu(x), LEAKY_RELU)).add_(x)
        return x


class Decoder(nn.Module):
    """Turn the latent (B, 192, T) into a wave (B, 1, T * hop)."""

    def __init__(self, config: SynthesizerConfig) -> None:
        super().__init__()
        rates, kernels = config.upsample_rates, config.upsample_kernels
        widths = [config.upsample_initial_channels // 2**i for i in range(len(rates) + 1)]
        self.hop = config.hop
        self._rates = rates
        self._reaches = _reaches(config)
        self.m_source = HarmonicSource(config.rate, config.hop) if config.pitch else None
        self.noise_convs = _noise_convs(rates, widths[1:]) if config.pitch else None
        self.conv_pre = packed.Conv1d(config.inter_channels, widths[0], 7, padding=3)
        self.ups = nn.ModuleList(
            ConvTranspose1d(widths[i], widths[i + 1], kernels[i], rates[i]) for i in range(len(rates))
        )
        self.resblocks = nn.ModuleList(
            ResidualBlock(width, kernel, dilations)
            for width in widths[1:]
            for kernel, dilations in zip(config.resblock_kernels, config.resblock_dilations, strict=True)
        )
        self.conv_post = packed.Conv1d(widths[-1], 1, 7, padding=3, bias=False)
        self.cond = packed.Conv1d(config.gin_channels, widths[0], 1)

    def forward(
        self,
        z: Tensor,
        f0: Tensor | None,
        g: Tensor,
        noise: Noise,
        frames: int | None = None,
        spoken: Frames | None = None,
    ) -> Tensor:
        """Return the wave in float32.

        `f0` (B, T) in Hz is 0 where unvoiced, `g` is (B, gin_channels, 1). With `frames` latent and source are
        stretched to so many frames, which moves the formants. Of all frames only those `spoken` are returned.
        """
        parts = list(self.speak(z, f0, g, noise, frames, spoken))
        return torch.cat(parts, dim=2) if len(parts) > 1 else parts[0]

    def speak(
        self,
        z: Tensor,
        f0: Tensor | None,
        g: Tensor,
        noise: Noise,
        frames: int | None = None,
        spoken: Frames | None = None,
    ) -> Iterator[Tensor]:
        """Yield the same wave, on a CPU in blocks outside training."""
        source = self._source(f0, noise)
        if frames is not None:
            z = _stretch(z, frames)
            source = None if source is None else _stretch(source, frames * self.hop)
        start, stop = spoken or (0, z.shape[2])
        if z.device.type == "cpu" and not (torch.is_grad_enabled() or torch.jit.is_tracing()):
            blocks = [(first, min(first + BLOCK, stop)) for first in range(start, stop, BLOCK)]
            yield from pieces.in_order(partial(self._speak, z, source, g), blocks)
        else:
            yield self._speak(z, source, g, (start, stop))

    def _speak(self, z: Tensor, source: Tensor | None, g: Tensor, own: Frames) -> Tensor:
        """Return the wave of some frames of a latent (B, 192, T) with a source (B, 1, T * hop).

        Every stage is given just the frames around them that it depends on: most work is done where these are few.
        """
        total = z.shape[2]
        here, size = _around(own, self._reaches[0], total), 1
        x = channels_last(self.conv_pre(_frames(z, here, (0, total), size)) + self.cond(g))
        for stage, up in enumerate(self.ups):
            wanted = _around(own, self._reaches[stage + 1], total)
            x = up(leaky_relu(_frames(x, wanted, here, size)))
            here, size = wanted, size * self._rates[stage]
            if self.noise_convs is not None and source is not None:
                heard = channels_last(_frames(source, here, (0, total), self.hop).to(x.dtype))
                x = x.add_(self.noise_convs[stage](heard))
            x = self._blend(stage, x)
        wave = self.conv_post(F.leaky_relu(x, FINAL_SLOPE)).squeeze(2)
        return torch.tanh(_frames(wave, own, here, size).float())

    def _source(self, f0: Tensor | None, noise: Noise) -> Tensor | None:
        return None if self.m_source is None or f0 is None else self.m_source(f0, noise)

    def _blend(self, stage: int, x: Tensor) -> Tensor:
        """Return the mean of the stage's residual blocks."""
        kinds = len(self.resblocks) // len(self.ups)
        total = self.resblocks[stage * kinds](x)
        for index in range(stage * kinds + 1, (stage + 1) * kinds):
            total = total.add_(self.resblocks[index](x))
        return total.div_(kinds)


def _reaches(config: SynthesizerConfig) -> list[int]:
    """Return how many frames to either side a frame of the wave depends on: of the latent, of each stage's input."""
    blocks = zip(config.resblock_kernels, config.resblock_dilations, strict=True)
    within = max(sum((kernel - 1) * (dilation + 1) // 2 for dilation in each) for kernel, each in blocks)
    samples, found = CONV_REACH, []
    sizes = [math.prod(config.upsample_rates[:stage]) for stage in range(len(config.upsample_rates))]
    stages = zip(sizes, config.upsample_rates, config.upsample_kernels, strict=True)
    for size, rate, kernel in reversed(list(stages)):
        samples = -(
            -(samples + within + 1 + kernel) // rate
        )  # the source's convolution reaches one sample further
        found.append(-(-samples // size))
    return [found[-1] + CONV_REACH, *reversed(found)]


def _around(own: Frames, reach: int, total: int) -> Frames:
    """Return some frames with `reach` more at either side, as far as there are any."""
    return max(own[0] - reach, 0), min(own[1] + reach, total)


def _frames(x: Tensor, wanted: Frames, here: Frames, size: int) -> Tensor:
    """Return the wanted frames, each of `size` values, of a tensor (..., T * size) that has those `here`."""
    return x[..., (wanted[0] - here[0]) * size : (wanted[1] - here[0]) * size]


def _noise_convs(rates: tuple[int, ...], widths: list[int]) -> nn.ModuleList:
    """Build the convolutions that bring the source to the rate of each stage."""
    strides = [math.prod(rates[stage + 1 :]) for stage in range(len(rates))]
    return nn.ModuleList(
        packed.Conv1d(1, width, 2 * stride, stride, stride // 2) if stride > 1 else packed.Conv1d(1, width, 1)
        for width, stride in zip(widths, strides, strict=True)
    )


def _stretch(x: Tensor, length: int) -> Tensor:
    """Interpolate (B, C, T) linearly to another length."""
    return x if x.shape[2] == length else F.interpolate(x, size=length, mode="linear")
