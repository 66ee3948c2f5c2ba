"""The posterior encoder: what a recording's spectrogram says about the latent. Used in training only."""

from torch import Tensor, nn

from rvc.model.config import SynthesizerConfig
from rvc.model.layers import Noise
from rvc.model.wavenet import WaveNet

LAYERS = 16


class PosteriorEncoder(nn.Module):
    """Draw the latent of a recording."""

    def __init__(self, config: SynthesizerConfig) -> None:
        super().__init__()
        self.pre = nn.Conv1d(config.spec_channels, config.hidden_channels, 1)
        self.enc = WaveNet(config.hidden_channels, LAYERS, config.gin_channels)
        self.proj = nn.Conv1d(config.hidden_channels, 2 * config.inter_channels, 1)

    def forward(self, spec: Tensor, mask: Tensor, g: Tensor, noise: Noise) -> tuple[Tensor, Tensor, Tensor]:
        """Return z, m_q, logs_q (B, 192, T) in float32 for a spectrogram (B, spec_channels, T)."""
        x = self.enc(self.pre(spec) * mask, mask, g)
        # float32 under autocast too: the exponent of a half-precision log overflows early in training.
        m_q, logs_q = (self.proj(x) * mask).float().chunk(2, dim=1)
        z = (m_q + noise(m_q) * logs_q.exp()) * mask
        return z, m_q, logs_q
