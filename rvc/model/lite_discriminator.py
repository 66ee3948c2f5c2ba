"""The lite model's discriminator: judges small patches of a log spectrogram, cheaply enough for a CPU.

Like the multi-resolution discriminators of UnivNet (Jang et al. 2021) it sees spectra, but it is made of matrix
products over patches (a ConvNeXt on their grid) in place of two-dimensional convolutions.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rvc.learning.stft_loss import power_spectrum

N_FFT = 1024
PATCH_BINS = 32  # neighbouring patches overlap by half
PATCH_FRAMES = 3
CHANNELS = 64
LAYERS = 3
POWER_FLOOR = 4e-6
LOG_CENTRE, LOG_SPREAD = -4.0, 3.0  # of log powers in speech at a usual level
SLOPE = 0.1


class PatchBlock(nn.Module):
    """Look at neighbouring patches channel by channel, then mix the channels; (B, T, K, channels) to the same."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.around = nn.Conv2d(channels, channels, (5, 3), padding=(2, 1), groups=channels)
        self.norm = nn.LayerNorm(channels)
        self.widen = nn.Linear(channels, 2 * channels)
        self.narrow = nn.Linear(2 * channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, enabled=False):  # slow in bf16, see `ConvNeXtBlock`
            y = self.norm(self.around(x.float().permute(0, 3, 1, 2)).permute(0, 2, 3, 1))
        return x + self.narrow(F.leaky_relu(self.widen(y), SLOPE))


class PatchDiscriminator(nn.Module):
    """Score how real every patch of the spectrogram of a wave is."""

    window: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("window", torch.hann_window(N_FFT), persistent=False)
        bands = (N_FFT // 2) // (PATCH_BINS // 2) - 1
        self.embed = nn.Linear(PATCH_FRAMES * PATCH_BINS, CHANNELS)
        self.place = nn.Parameter(0.1 * torch.randn(bands, CHANNELS))
        self.blocks = nn.ModuleList(PatchBlock(CHANNELS) for _ in range(LAYERS))
        self.norm = nn.LayerNorm(CHANNELS)
        self.score = nn.Linear(CHANNELS, 1)

    def forward(self, wave: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return scores (B, T, K, 1) and each block's features (B, T, K, channels) for waves (B, N)."""
        x = self.embed(self._patches(wave)) + self.place
        features = []
        for block in self.blocks:
            x = block(x)
            features.append(x)
        return self.score(self.norm(x)).float(), features

    def _patches(self, wave: Tensor) -> Tensor:
        """Return the patches (B, T, K, frames * bins) of the log spectrogram, all bins but the one at 0 Hz."""
        power = power_spectrum(wave, self.window)[..., 1:]
        level = ((power + POWER_FLOOR).log() - LOG_CENTRE) / LOG_SPREAD
        bands = F.pad(level.unfold(2, PATCH_BINS, PATCH_BINS // 2), (0, 0, 0, 0, 1, 1))
        frames = level.shape[1]
        return torch.cat([bands[:, shift : shift + frames] for shift in range(PATCH_FRAMES)], dim=-1)
