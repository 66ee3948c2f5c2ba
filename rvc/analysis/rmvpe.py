"""RMVPE (Wei et al. 2023), a U-Net over the log mel spectrogram that finds a voice's pitch in any mixture.

Key names are those of the community's `rmvpe.pt`.
"""

import functools
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rvc.analysis import mel
from rvc.gaps import spectral
from rvc.model.packed import Conv2d, NormedConv2d

RATE_HZ = 16000
N_FFT = 1024
HOP = 160
N_MELS = 128
MEL_MIN_HZ, MEL_MAX_HZ = 30.0, 8000.0
MEL_FLOOR = 1e-5

BINS = 360
BIN_CENTS = 20.0
FIRST_CENTS = 1997.3794084376191  # pitch of bin 0, in cents above 10 Hz
THRESHOLD = 0.03  # salience at or below which a frame is unvoiced
REACH = 4  # bins on either side of the peak that share in the estimate

GRID = 32  # frames; the U-Net halves time five times
CHANNELS = (16, 32, 64, 128, 256)
BLOCKS = 4
MOMENTUM = 0.01


class ConvBlock(nn.Module):
    """Two 3×3 convolutions and a shortcut."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.conv = NormedConv2d(
            nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels_out, momentum=MOMENTUM),
            nn.ReLU(),
            nn.Conv2d(channels_out, channels_out, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels_out, momentum=MOMENTUM),
            nn.ReLU(),
        )
        if channels_in != channels_out:
            self.shortcut = Conv2d(channels_in, channels_out, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x) + (self.shortcut(x) if hasattr(self, "shortcut") else x)


class EncoderLevel(nn.Module):
    """The blocks of one level of the U-Net, or of its bottom."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.conv = _blocks(channels_in, channels_out)

    def forward(self, x: Tensor) -> Tensor:
        for block in self.conv:
            x = block(x)
        return x


class DecoderLevel(nn.Module):
    """Double time and frequency, join the level's skip connection, and go through its blocks."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.conv1 = nn.Sequential(
            nn.ConvTranspose2d(
                channels_in, channels_out, 3, stride=2, padding=1, output_padding=1, bias=False
            ),
            nn.BatchNorm2d(channels_out, momentum=MOMENTUM),
            nn.ReLU(),
        )
        self.conv2 = _blocks(2 * channels_out, channels_out)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        x = torch.cat([self.conv1(x), skip], dim=1)
        for block in self.conv2:
            x = block(x)
        return x


class Encoder(nn.Module):
    """The way down."""

    def __init__(self) -> None:
        super().__init__()
        self.bn = nn.BatchNorm2d(1, momentum=MOMENTUM)
        sizes = zip((1, *CHANNELS[:-1]), CHANNELS, strict=True)
        self.layers = nn.ModuleList(EncoderLevel(*size) for size in sizes)
        self.dtype = torch.float32

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        skips = []
        x = self.bn(x).to(self.dtype)
        for level in self.layers:
            skips.append(level(x))
            x = F.avg_pool2d(skips[-1], 2)
        return x, skips


class Intermediate(nn.Module):
    """The bottom."""

    def __init__(self) -> None:
        super().__init__()
        width = 2 * CHANNELS[-1]
        self.layers = nn.ModuleList(
            EncoderLevel(CHANNELS[-1] if i == 0 else width, width) for i in range(BLOCKS)
        )

    def forward(self, x: Tensor) -> Tensor:
        for level in self.layers:
            x = level(x)
        return x


class Decoder(nn.Module):
    """The way up."""

    def __init__(self) -> None:
        super().__init__()
        widths = CHANNELS[::-1]
        sizes = zip((2 * widths[0], *widths[:-1]), widths, strict=True)
        self.layers = nn.ModuleList(DecoderLevel(*size) for size in sizes)

    def forward(self, x: Tensor, skips: list[Tensor]) -> Tensor:
        for level, skip in zip(self.layers, reversed(skips), strict=True):
            x = level(x, skip)
        return x


class UNet(nn.Module):
    """Encoder, bottom and decoder over (time, mel)."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.intermediate = Intermediate()
        self.decoder = Decoder()

    def forward(self, x: Tensor) -> Tensor:
        x, skips = self.encoder(x)
        return self.decoder(self.intermediate(x), skips)


class BiGRU(nn.Module):
    """A recurrent layer that reads both ways."""

    def __init__(self, width_in: int, width: int) -> None:
        super().__init__()
        self.gru = nn.GRU(width_in, width, batch_first=True, bidirectional=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.gru(x)[0]


class Rmvpe(nn.Module):
    """The whole network: how salient each of 360 pitches, 20 cents apart, is in each frame."""

    def __init__(self) -> None:
        super().__init__()
        self.unet = UNet()
        self.cnn = nn.Conv2d(CHANNELS[0], 3, 3, padding=1)
        self.fc = nn.Sequential(BiGRU(3 * N_MELS, 256), nn.Linear(512, BINS), nn.Dropout(0.25), nn.Sigmoid())

    def forward(self, mel: Tensor) -> Tensor:
        """Map log mels (B, 128, T), T a multiple of 32, to salience (B, T, 360) in 0..1."""
        x = self.cnn(self.unet(mel.transpose(1, 2).unsqueeze(1))).float()
        return self.fc(x.transpose(1, 2).flatten(2))

    def compute_in(self, dtype: torch.dtype) -> None:
        """Keep the convolutions' weights in `dtype`; norms and what reads the result stay float32."""
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
                layer.to(dtype)
        self.unet.encoder.dtype = dtype

    def salience(self, mel: Tensor, padding: Literal["zero", "reflect"] = "zero") -> Tensor:
        """Map log mels (B, 128, T) to salience (B, T, 360), padding time to a multiple of 32 frames.

        The community's tools pad either way; the reference here is WebUI's, with zeros.
        """
        frames = mel.shape[-1]
        mode = "constant" if padding == "zero" else "reflect"
        return self(F.pad(mel, (0, -frames % GRID), mode=mode))[:, :frames]


def log_mel(wave: Tensor) -> Tensor:
    """Return the log mels (B, 128, N // 160 + 1) of waves (B, N); frame i is centred at sample 160 i."""
    return log_mel_within(F.pad(wave.unsqueeze(1), (N_FFT // 2, N_FFT // 2), mode="reflect").squeeze(1))


@spectral
def log_mel_within(wave: Tensor) -> Tensor:
    """Return the log mel spectrogram of the windows that lie wholly within `wave` (B, N)."""
    window = torch.hann_window(N_FFT, device=wave.device)
    spec = torch.stft(wave, N_FFT, HOP, window=window, center=False, return_complex=True).abs()
    return (_mel_basis().to(spec) @ spec).clamp(min=MEL_FLOOR).log()


def decode_cents(salience: Tensor, threshold: float = THRESHOLD) -> Tensor:
    """Return the pitch (...) in cents above 10 Hz of salience (..., 360), 0 where it is unvoiced.

    The mean of the nine bins around the peak, weighted by their salience.
    """
    peak, centre = salience.max(dim=-1, keepdim=True)
    bins = centre + torch.arange(-REACH, REACH + 1, device=salience.device)
    inside = (bins >= 0) & (bins < BINS)
    weights = salience.gather(-1, bins.clamp(0, BINS - 1)) * inside
    cents = (weights * (BIN_CENTS * bins + FIRST_CENTS)).sum(-1) / weights.sum(-1)
    return torch.where(peak.squeeze(-1) > threshold, cents, 0.0)


def decode(salience: Tensor, threshold: float = THRESHOLD) -> Tensor:
    """Return the pitch (...) in Hz of salience (..., 360), 0 where it is unvoiced."""
    cents = decode_cents(salience, threshold)
    return torch.where(cents > 0, 10 * 2 ** (cents / 1200), 0.0)


def _blocks(channels_in: int, channels_out: int) -> nn.ModuleList:
    first = ConvBlock(channels_in, channels_out)
    return nn.ModuleList([first, *(ConvBlock(channels_out, channels_out) for _ in range(BLOCKS - 1))])


@functools.cache
def _mel_basis() -> Tensor:
    return torch.from_numpy(mel.filters(RATE_HZ, N_FFT, N_MELS, MEL_MIN_HZ, MEL_MAX_HZ, htk=True))
