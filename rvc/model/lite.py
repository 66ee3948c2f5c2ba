"""The lite model: a source-filter voice for training and live conversion on a CPU.

A ConvNeXt (Liu et al. 2022; as a vocoder: Siuzdak 2023, Vocos) reads content and pitch and draws, for every
frame, how loud a pulse train and white noise are at each frequency, and the pulses' phase (Engel et al. 2020,
DDSP). Filtering is a multiplication of short-time spectra. The excitation carries the pitch, so a few minutes
of training suffice for a voice in tune.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from rvc.config import FRAME_RATE, Config
from rvc.gaps import spectral
from rvc.model.layers import Noise
from rvc.model.lite_filter import FrameFilter, mel_interpolation
from rvc.model.lite_source import interpolate_f0, pulse_train
from rvc.model.network import VoiceNetwork

NOISE_SCALE = 0.66666  # what all architectures take as the normal amount of noise
REFERENCE_HZ = 200.0
PITCH_WAVES = 8  # sines and cosines of log pitch; the fastest has a period of half an octave
START_LOG_GAIN = -4.0
MAX_LOG_GAIN = 6.0
MIN_DEVIATION = 1e-3


class LiteConfig(Config):
    """The shape of a lite synthesizer."""

    rate: int = Field(24000, description="sample rate, Hz")
    content_dim: int = 128
    speakers: int = Field(1, ge=1)
    channels: int = 256
    hidden_channels: int = 512
    coarse_layers: int = Field(6, description="at 50 frames/s, where content lives")
    fine_layers: int = Field(2, description="at 100 frames/s")
    kernel_size: int = 7
    bands: int = Field(128, description="points of a filter curve, even in mel")
    dropout: float = Field(0.1, ge=0, lt=1, description="share of hidden units left out in training")

    @property
    def hop(self) -> int:
        """Samples of a frame."""
        return self.rate // FRAME_RATE

    @property
    def receptive_frames(self) -> int:
        """How far to each side of a sample the input matters, in frames; pitch through unvoiced gaps more."""
        return (2 * self.coarse_layers + self.fine_layers) * (self.kernel_size // 2) + 3


@dataclass(frozen=True, slots=True)
class Curves:
    """What is drawn for every frame: log gains and phase on the bands (B, T, bands), and f0 (B, T) in Hz."""

    pulse_gain: Tensor
    noise_gain: Tensor
    phase: Tensor
    f0: Tensor


class ConvNeXtBlock(nn.Module):
    """Look around in time channel by channel, then mix the channels; (B, T, channels) to the same."""

    def __init__(self, config: LiteConfig) -> None:
        super().__init__()
        channels, hidden = config.channels, config.hidden_channels
        layers = config.coarse_layers + config.fine_layers
        self.around = nn.Conv1d(
            channels, channels, config.kernel_size, padding=config.kernel_size // 2, groups=channels
        )
        self.norm = nn.LayerNorm(channels)
        self.widen = nn.Linear(channels, hidden)
        self.narrow = nn.Linear(hidden, channels)
        self.dropout = config.dropout
        self.scale = nn.Parameter(torch.full((channels,), 1 / layers))
        nn.init.trunc_normal_(self.widen.weight, std=1 / math.sqrt(channels))
        nn.init.trunc_normal_(self.narrow.weight, std=1 / math.sqrt(hidden))

    def forward(self, x: Tensor, mask: Tensor, chance: Noise) -> Tensor:
        y = self.norm(self._look_around(x * mask))
        y = F.gelu(self.widen(y))
        if self.training:
            y = drop_units(y, self.dropout, chance)
        return x + self.scale * self.narrow(y)

    def _look_around(self, x: Tensor) -> Tensor:
        """Convolve over time outside of autocast: in bf16 its gradient is ten times slower on a CPU."""
        with torch.autocast(x.device.type, enabled=False):
            return self.around(x.to(self.around.weight).mT).mT


def drop_units(x: Tensor, share: float, chance: Noise = torch.rand_like) -> Tensor:
    """Silence a share of the units of (B, T, units) for a whole clip: no random number for every frame."""
    kept = chance(x[:, :1].float()) >= share
    return x * (kept / (1 - share)).to(x)


class Backbone(nn.Module):
    """Content, pitch and speaker to what the filters are drawn from; (B, T, channels)."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, config: LiteConfig) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(config.content_dim))
        self.register_buffer("deviation", torch.ones(config.content_dim))
        self.content = nn.Linear(config.content_dim, config.channels)
        self.pitch = nn.Linear(2 + 2 * PITCH_WAVES, config.channels)
        self.to_pairs = nn.Linear(2 * config.channels, config.channels)
        self.coarse = nn.ModuleList(ConvNeXtBlock(config) for _ in range(config.coarse_layers))
        self.from_pairs = nn.Linear(config.channels, 2 * config.channels)
        self.fine = nn.ModuleList(ConvNeXtBlock(config) for _ in range(config.fine_layers))
        self.norm = nn.LayerNorm(config.channels)

    @property
    def knows_content(self) -> bool:
        """Whether the mean and the deviation of content were measured. Waits for the device."""
        return bool((self.deviation != 1).any())

    def measure_content(self, clips: Sequence[Tensor]) -> None:
        """Remember mean and deviation of the content features of clips (T, content_dim)."""
        features = torch.cat([clip.float() for clip in clips])
        self.mean.copy_(features.mean(dim=0))
        self.deviation.copy_(features.std(dim=0).clamp(min=MIN_DEVIATION))

    def forward(
        self, content: Tensor, f0: Tensor, voiced: Tensor, mask: Tensor, g: Tensor, chance: Noise
    ) -> Tensor:
        x = self.content((content - self.mean) / self.deviation) + self.pitch(
            describe_pitch(f0, voiced).to(content)
        )
        x = x + g[:, None]
        x = x + self._at_half_rate(x, mask, chance)
        for block in self.fine:
            x = block(x, mask, chance)
        return self.norm(x)

    def _at_half_rate(self, x: Tensor, mask: Tensor, chance: Noise) -> Tensor:
        """Return what the coarse layers make of pairs of frames, (B, T, channels)."""
        frames = x.shape[1]
        odd = frames % 2
        pairs = F.pad(x * mask, (0, 0, 0, odd)).unflatten(1, (-1, 2)).flatten(2)
        mask = F.pad(mask, (0, 0, 0, odd))[:, ::2]
        y = self.to_pairs(pairs)
        for block in self.coarse:
            y = block(y, mask, chance)
        return self.from_pairs(y).unflatten(2, (2, -1)).flatten(1, 2)[:, :frames]


def describe_pitch(f0: Tensor, voiced: Tensor) -> Tensor:
    """Return what the network sees of a pitch (B, T): octaves, voicing, and waves that resolve it finely."""
    octaves = torch.log2(f0 / REFERENCE_HZ)[..., None]
    angle = octaves * torch.arange(1, PITCH_WAVES + 1, device=f0.device) * (math.pi / 2)
    return torch.cat([octaves, voiced[..., None].to(f0), angle.sin(), angle.cos()], dim=-1)


class LiteSynthesizer(VoiceNetwork):
    """Content (B, T, content_dim) at 100 frames/s and pitch (B, T) in Hz to a wave (B, 1, T * hop)."""

    has_pitch = True
    autocasts = False
    config: LiteConfig
    warp: Tensor

    def __init__(self, config: LiteConfig) -> None:
        super().__init__()
        self.config = config
        self.emb_g = nn.Embedding(config.speakers, config.channels)
        self.backbone = Backbone(config)
        self.head = nn.Linear(config.channels, 3 * config.bands)
        self.filter = FrameFilter(config.hop)
        warp = mel_interpolation(config.bands, self.filter.bins, config.rate)
        self.register_buffer("warp", warp, persistent=False)
        self._start_quiet()

    @torch.no_grad()
    def _start_quiet(self) -> None:
        nn.init.normal_(self.emb_g.weight, std=0.1)
        nn.init.normal_(self.head.weight, std=0.02)
        self.head.bias.zero_()
        self.head.bias[: 2 * self.config.bands] = START_LOG_GAIN

    def cycles(self, f0: Tensor) -> Tensor:
        """Return the periods (T,) of f0 (T,) done when each frame starts: it glides, across unvoiced gaps too."""
        hop = self.hop
        bridged = interpolate_f0(f0[None].cpu())[0].double()
        following = torch.cat([bridged[1:], bridged[-1:]])
        turns = ((hop + 1) * bridged + (hop - 1) * following) / (2 * hop * FRAME_RATE)
        return turns.cumsum(0) - turns

    def fold_weight_norm(self) -> Self:
        """Change nothing: there are none."""
        return self

    def draw(
        self,
        content: Tensor,
        f0: Tensor,
        lengths: Tensor,
        speaker: Tensor,
        chance: Noise = torch.rand_like,
    ) -> Curves:
        """Draw the filters of every frame: all of the network, and the part that may run in bf16 or fp16.

        `chance` decides which units are left out in training.
        """
        mask = torch.arange(f0.shape[1], device=f0.device) < lengths[:, None]
        f0 = f0.float() * mask
        bridged = interpolate_f0(f0)
        mask = mask[..., None].to(content)
        features = self.backbone(content, bridged, f0 > 0, mask, self.emb_g(speaker), chance)
        pulse_gain, noise_gain, phase = self.head(features).float().chunk(3, dim=-1)
        return Curves(pulse_gain.clamp(max=MAX_LOG_GAIN), noise_gain.clamp(max=MAX_LOG_GAIN), phase, bridged)

    def render(self, curves: Curves, noise: Tensor, phase: Tensor) -> Tensor:
        """Return the wave (B, T * hop) of filters that work on pulses and on white noise (B, T * hop).

        `phase` (B) is where the first period begins, in periods. Always in fp32.
        """
        warp = self.warp.float()
        pulses = pulse_train(curves.f0, self.rate, self.hop, phase)
        gain, breath_gain = (curves.pulse_gain @ warp).exp(), (curves.noise_gain @ warp).exp()
        return _filtered(self.filter, pulses, noise, gain, curves.phase @ warp, breath_gain)

    @torch.inference_mode()
    def infer(
        self,
        content: Tensor,
        f0: Tensor | None,
        lengths: Tensor,
        speaker: Tensor,
        *,
        noise_scale: float = NOISE_SCALE,
        generator: torch.Generator | None = None,
        spoken: tuple[int, int] | None = None,
    ) -> Tensor:
        """Return the wave (B, 1, T * hop), silent beyond `lengths` frames; the same generator, the same wave.

        `noise_scale` sets the level of breath and hiss; 0.66666 is what training heard. Of all frames only those
        `spoken` are returned.
        """
        if f0 is None:
            raise ValueError("the lite model needs a pitch")
        curves = self.draw(content.to(self.head.weight), f0, lengths, speaker)
        source = generator.device if generator else f0.device
        samples = f0.shape[1] * self.hop
        noise = torch.randn(len(f0), samples, generator=generator, device=source).to(f0.device)
        wave = self.render(
            curves, noise * (noise_scale / NOISE_SCALE), torch.zeros(len(f0), device=f0.device)
        )
        inside = torch.arange(samples, device=f0.device) < lengths[:, None] * self.hop
        start, stop = spoken or (0, f0.shape[1])
        return (wave * inside)[:, None, start * self.hop : stop * self.hop]


@spectral
def _filtered(
    frames: FrameFilter, pulses: Tensor, noise: Tensor, gain: Tensor, phase: Tensor, breath_gain: Tensor
) -> Tensor:
    """Return the sum of pulses and noise (B, T * hop), each under its filters (B, T, bins)."""
    harmonic = frames.analyse(pulses) * torch.polar(gain, phase)
    return frames.synthesise(harmonic + frames.analyse(noise) * breath_gain)
