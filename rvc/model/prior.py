"""The prior encoder: what content and pitch say about the latent."""

import math

import torch.nn.functional as F
from torch import Tensor, nn

from rvc.model.attention import RelativeAttention
from rvc.model.config import SynthesizerConfig
from rvc.model.layers import LRELU_SLOPE, LayerNorm, frame_mask
from rvc.model.packed import RELU, Conv1d

PITCH_BINS = 256


class FeedForward(nn.Module):
    """Two convolutions over time with a ReLU between them."""

    def __init__(self, channels: int, filter_channels: int, kernel: int) -> None:
        super().__init__()
        self.conv_1 = Conv1d(channels, filter_channels, kernel, padding=kernel // 2)
        self.conv_2 = Conv1d(filter_channels, channels, kernel, padding=kernel // 2)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        hidden = self.conv_1(x * mask, RELU)
        return self.conv_2(hidden * mask) * mask


class Encoder(nn.Module):
    """A post-norm transformer over (B, C, T)."""

    def __init__(self, config: SynthesizerConfig) -> None:
        super().__init__()
        channels, layers = config.hidden_channels, range(config.layers)
        self.attn_layers = nn.ModuleList(RelativeAttention(channels, config.heads) for _ in layers)
        self.norm_layers_1 = nn.ModuleList(LayerNorm(channels) for _ in layers)
        self.ffn_layers = nn.ModuleList(
            FeedForward(channels, config.filter_channels, config.kernel_size) for _ in layers
        )
        self.norm_layers_2 = nn.ModuleList(LayerNorm(channels) for _ in layers)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        x = x * mask
        layers = (self.attn_layers, self.norm_layers_1, self.ffn_layers, self.norm_layers_2)
        for attention, norm_1, feed_forward, norm_2 in zip(*layers, strict=True):
            x = norm_1(x + attention(x, mask))
            x = norm_2(x + feed_forward(x, mask))
        return x * mask


class PriorEncoder(nn.Module):
    """Predict mean and log standard deviation of the latent from content features and coarse pitch."""

    def __init__(self, config: SynthesizerConfig) -> None:
        super().__init__()
        channels = config.hidden_channels
        self.emb_phone = nn.Linear(config.content_dim, channels)
        self.emb_pitch = nn.Embedding(PITCH_BINS, channels) if config.pitch else None
        self.encoder = Encoder(config)
        self.proj = Conv1d(channels, 2 * config.inter_channels, 1)

    def forward(
        self, phone: Tensor, pitch: Tensor | None, lengths: Tensor, skip: int = 0
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return m_p, logs_p (B, 192, T - skip) in float32 and the mask (B, 1, T - skip).

        `phone` (B, T, content_dim) and `pitch` (B, T), 1 to 255, have 100 frames/s. The first `skip` frames serve as
        context only.
        """
        x = self.emb_phone(phone)
        if self.emb_pitch is not None and pitch is not None:
            x = x + self.emb_pitch(pitch)
        x = F.leaky_relu(x * math.sqrt(x.shape[-1]), LRELU_SLOPE).mT
        mask = frame_mask(lengths, x.shape[2])
        x, mask = self.encoder(x, mask)[..., skip:], mask[..., skip:]
        m_p, logs_p = (self.proj(x) * mask).float().chunk(2, dim=1)
        return m_p, logs_p, mask
