"""The starter encoder: from 16 kHz speech to what is said, at 50 frames/s, with a bounded look-ahead."""

import json
import math
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
from rvc.gaps import spectral

RATE_HZ = 16_000
HOP = 320
STEP = 160  # samples from one spectrum to the next: two spectra make a frame
WINDOW = 400
MARGIN = (WINDOW - STEP) // 2  # samples that the first and the last window reach beyond the frames
N_FFT = 512
BINS = N_FFT // 2 + 1
FLOOR = 1e-6  # of the power in a mel band, about what 16-bit silence has


@dataclass(frozen=True, slots=True)
class EncoderConfig:
    """Sizes of the network. Block i looks `ahead[i]` frames ahead and the rest of its kernel back."""

    bands: int = 80
    width: int = 256
    hidden: int = 576
    kernel: int = 9
    ahead: tuple[int, ...] = (1, 1, 1, 1, 1, 1, 0, 0)
    dim: int = 160

    @property
    def frames_ahead(self) -> int:
        return sum(self.ahead)

    @property
    def frames_back(self) -> int:
        return sum(self.kernel - 1 - ahead for ahead in self.ahead)

    @property
    def look_ahead_ms(self) -> float:
        """How much of what follows the middle of a frame its features depend on."""
        return (HOP / 2 + self.frames_ahead * HOP + MARGIN) / RATE_HZ * 1000


class Loaded(NamedTuple):
    """A network and what its file says about it."""

    encoder: "StarterEncoder"
    card: dict[str, Any]


class Spectrum(nn.Module):
    """Power spectra, two a frame, and their mel bands; nothing here is trained."""

    window: Tensor
    mel: Tensor

    def __init__(self, bands: int) -> None:
        super().__init__()
        self.register_buffer("window", torch.hann_window(WINDOW), persistent=False)
        self.register_buffer("mel", mel_bands(bands), persistent=False)

    def power(self, wave: Tensor) -> Tensor:
        """Map waves (B, MARGIN + T * HOP + MARGIN) to power spectra (B, 2 * T, BINS)."""
        return _power(wave.float().unfold(1, WINDOW, STEP) * self.window)

    def log_mel(self, power: Tensor) -> Tensor:
        """Map power spectra (B, 2 * T, BINS) to logarithmic bands (B, 2 * T, bands), about within ±2."""
        return ((power @ self.mel) + FLOOR).log().add(4).div(5)


@spectral
def _power(frames: Tensor) -> Tensor:
    return torch.view_as_real(torch.fft.rfft(frames, N_FFT)).square().sum(-1)


class Block(nn.Module):
    """A ConvNeXt block over time (Liu et al. 2022) that looks few frames ahead."""

    def __init__(self, config: EncoderConfig, ahead: int) -> None:
        super().__init__()
        width = config.width
        self.pad = (config.kernel - 1 - ahead, ahead)
        self.depthwise = nn.Conv1d(width, width, config.kernel, groups=width)
        self.norm = nn.LayerNorm(width)
        self.widen = nn.Linear(width, config.hidden)
        self.narrow = nn.Linear(config.hidden, width)
        self.scale = nn.Parameter(torch.full((width,), 0.1))

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, T, width) to the same."""
        with torch.autocast(x.device.type, enabled=False):  # bf16 is slow here on CPUs
            y = self.norm(self.depthwise(F.pad(x.float().mT, self.pad)).mT)
        return x + self.scale * self.narrow(F.gelu(self.widen(y), approximate="tanh"))


class StarterEncoder(nn.Module):
    """Log-mel bands, ConvNeXt blocks at 50 frames/s, and a linear layer of normalised features.

    Frame i is centred at sample 320 i + 160. Its features depend on `config.look_ahead_ms` of what follows and
    on `config.frames_back` frames before it, and on nothing else: pieces that overlap by as much are exact.
    """

    def __init__(self, config: EncoderConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or EncoderConfig()
        self.spectrum = Spectrum(config.bands)
        self.stem = nn.Linear(2 * config.bands, config.width)
        self.blocks = nn.ModuleList(Block(config, ahead) for ahead in config.ahead)
        self.norm = nn.LayerNorm(config.width)
        self.head = nn.Linear(config.width, config.dim)

    def forward(self, wave: Tensor) -> Tensor:
        """Map waves (B, MARGIN + T * HOP + MARGIN) at 16 kHz to features (B, T, dim).

        The last `config.frames_ahead` frames lack what follows.
        """
        return self.from_log_mel(self.spectrum.log_mel(self.spectrum.power(wave)))

    def from_log_mel(self, bands: Tensor) -> Tensor:
        """Map logarithmic bands (B, 2 * T, bands) to features (B, T, dim)."""
        x = self.stem(bands.unflatten(1, (-1, 2)).flatten(2))
        for block in self.blocks:
            x = block(x)
        return F.layer_norm(self.head(self.norm(x)).float(), (self.config.dim,))


def mel_bands(bands: int, highest_hz: float = RATE_HZ / 2) -> Tensor:
    """Return triangular bands (BINS, bands), evenly spaced in mel (HTK's), each with a sum of 1."""
    top = 2595 * math.log10(1 + highest_hz / 700)
    corners = 700 * (10 ** (torch.linspace(0, top, bands + 2, dtype=torch.float64) / 2595) - 1)
    bins = torch.linspace(0, RATE_HZ / 2, BINS, dtype=torch.float64)[:, None]
    rising = (bins - corners[:-2]) / (corners[1:-1] - corners[:-2])
    falling = (corners[2:] - bins) / (corners[2:] - corners[1:-1])
    weights = torch.minimum(rising, falling).clamp(min=0) + 1e-12
    nearest = F.one_hot((corners[1:-1] / (RATE_HZ / N_FFT)).round().long(), BINS).T  # for bands below one bin
    weights = torch.where(weights.amax(0) > 1e-6, weights, nearest.double())
    return (weights / weights.sum(0)).float()


def save_bytes(encoder: StarterEncoder, card: Mapping[str, Any]) -> bytes:
    """Return the weights in half precision with a card, as the bytes of a safetensors file."""
    tensors = {name: tensor.half().cpu().contiguous() for name, tensor in encoder.state_dict().items()}
    return save(tensors, {"card": json.dumps({**card, "config": asdict(encoder.config)})})


def load_encoder(path: Path) -> Loaded:
    """Read what `save_bytes` made; raises `InputError` not_an_encoder."""
    with safe_open(path, "pt") as file:
        text = (file.metadata() or {}).get("card")
        if text is None:
            raise InputError("not_an_encoder", f"{path} holds no starter encoder.")
        tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 - no mapping
    card = json.loads(text)
    config = EncoderConfig(**{**card["config"], "ahead": tuple(card["config"]["ahead"])})
    encoder = StarterEncoder(config)
    encoder.load_state_dict(tensors)
    return Loaded(encoder.eval(), card)
