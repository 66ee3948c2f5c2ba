"""The network of the speaker encoder: from log-mel bands of 16 kHz speech to who speaks, as a unit vector."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor, nn

from rvc.errors import InputError
from rvc.starter.encoder import STEP, WINDOW, Spectrum

SHORTEST = WINDOW + 15 * STEP  # samples that make four frames, so that there is a deviation


@dataclass(frozen=True, slots=True)
class SpeakerConfig:
    """Sizes of the network; each stage of the stem halves the bands, the first two of them time as well."""

    bands: int = 80
    channels: tuple[int, ...] = (24, 40, 56)
    width: int = 224
    hidden: int = 448
    kernel: int = 9
    blocks: int = 4
    attention: int = 64
    dim: int = 256

    @property
    def stem_width(self) -> int:
        """How many numbers a frame has after the stem."""
        return self.channels[-1] * -(-self.bands // 2 ** len(self.channels))


class Loaded(NamedTuple):
    """A network and what its file says about it."""

    network: "SpeakerNetwork"
    card: dict[str, Any]


class Residual(nn.Module):
    """Two 3x3 convolutions beside a way past them (He et al. 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _convolution(channels, channels)
        self.second = _convolution(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, channels, bands, T) to the same."""
        return F.relu(x + self.second(F.relu(self.first(x))))


class Block(nn.Module):
    """A ConvNeXt block over time (Liu et al. 2022)."""

    def __init__(self, config: SpeakerConfig) -> None:
        super().__init__()
        width = config.width
        self.depthwise = nn.Conv1d(width, width, config.kernel, groups=width, padding=config.kernel // 2)
        self.norm = nn.LayerNorm(width)
        self.widen = nn.Linear(width, config.hidden)
        self.narrow = nn.Linear(config.hidden, width)
        self.scale = nn.Parameter(torch.full((width,), 0.2))

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, T, width) to the same."""
        with torch.autocast(x.device.type, enabled=False):  # bf16 is slow here on CPUs
            y = self.norm(self.depthwise(x.float().mT).mT)
        return x + self.scale * self.narrow(F.gelu(self.widen(y), approximate="tanh"))


class Pooling(nn.Module):
    """Mean and deviation over time, each channel with an attention of its own (Desplanques et al. 2020)."""

    def __init__(self, width: int, attention: int) -> None:
        super().__init__()
        self.context = nn.Linear(3 * width, attention)
        self.weight = nn.Linear(attention, width)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, T, width) to (B, 2 * width)."""
        mean, deviation = x.mean(1, keepdim=True), x.std(1, keepdim=True)
        seen = torch.cat([x, mean.expand_as(x), deviation.expand_as(x)], dim=-1)
        weight = self.weight(self.context(seen).tanh()).softmax(1)
        mean = (weight * x).sum(1)
        spread = (weight * x.square()).sum(1) - mean.square()
        return torch.cat([mean, spread.clamp(min=1e-4).sqrt()], dim=-1)


class SpeakerNetwork(nn.Module):
    """A small residual network over time and frequency, ConvNeXt blocks at 25 frames/s, attentive pooling.

    Loudness and a constant colour of the recording make no difference: every band's mean is taken away.
    """

    def __init__(self, config: SpeakerConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or SpeakerConfig()
        self.spectrum = Spectrum(config.bands)
        self.stem = nn.Sequential(*_stages(config.channels))
        self.stem.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # faster on CPUs
        self.enter = nn.Linear(config.stem_width, config.width)
        self.blocks = nn.Sequential(*(Block(config) for _ in range(config.blocks)))
        self.norm = nn.LayerNorm(config.width)
        self.pooling = Pooling(config.width, config.attention)
        self.pooled = nn.BatchNorm1d(2 * config.width)
        self.head = nn.Linear(2 * config.width, config.dim)

    def forward(self, wave: Tensor) -> Tensor:
        """Map 16 kHz waves (B, N), at least `SHORTEST` samples that are not silent, to unit vectors (B, dim)."""
        return self.from_bands(self.bands(wave))

    def from_bands(self, bands: Tensor) -> Tensor:
        """Map logarithmic bands (B, bands, T) to unit vectors (B, dim)."""
        x = self.blocks(self.enter(self.stem(bands[:, None]).flatten(1, 2).mT))
        with torch.autocast(bands.device.type, enabled=False):
            x = self.pooled(self.pooling(self.norm(x.float())))
            return F.normalize(self.head(x), dim=-1)

    def bands(self, wave: Tensor) -> Tensor:
        """Return logarithmic bands (B, bands, T) of waves (B, N) at 100 frames/s, each band's mean 0."""
        level = wave.square().mean(1, keepdim=True).clamp(min=1e-12).sqrt()
        bands = self.spectrum.log_mel(self.spectrum.power(wave / level))
        return (bands - bands.mean(1, keepdim=True)).mT * 2


def _stages(channels: tuple[int, ...]) -> list[nn.Module]:
    stages: list[nn.Module] = []
    for place, (before, after) in enumerate(zip((1, *channels), channels, strict=False)):
        stride = (2, 2 if place < 2 else 1)
        stages += [_convolution(before, after, stride), nn.ReLU(), Residual(after)]
    return stages


def _convolution(before: int, after: int, stride: tuple[int, int] = (1, 1)) -> nn.Sequential:
    layer = nn.Conv2d(before, after, 3, stride=stride, padding=1, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(after))


def save_bytes(network: SpeakerNetwork, card: Mapping[str, Any]) -> bytes:
    """Return the weights in half precision with a card, as the bytes of a safetensors file."""
    state = {name: value for name, value in network.state_dict().items() if value.is_floating_point()}
    tensors = {name: value.half().cpu().contiguous() for name, value in state.items()}
    return save(tensors, {"card": json.dumps({**card, "config": asdict(network.config)})})


def load_network(path: Path) -> Loaded:
    """Read what `save_bytes` made; raises `InputError` not_an_encoder."""
    with safe_open(path, "pt") as file:
        text = (file.metadata() or {}).get("card")
        if text is None:
            raise InputError("not_an_encoder", f"{path} holds no speaker encoder.")
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 - no mapping
    card = json.loads(text)
    config = SpeakerConfig(**{**card["config"], "channels": tuple(card["config"]["channels"])})
    network = SpeakerNetwork(config)
    network.load_state_dict(tensors, strict=False)  # batches are counted in training only
    return Loaded(network.eval(), card)
