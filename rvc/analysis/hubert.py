"""HuBERT base (Hsu et al. 2021), the network of ContentVec, with the key names of its Hugging Face files.

Clips of different lengths share a batch without changing each other: padded frames are masked, and the
statistics of the first layer's group norm, which run over time, are those of each clip's own samples.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rvc.model.linear import Linear
from rvc.model.packed import GELU, Conv1d

KERNELS = (10, 3, 3, 3, 3, 2, 2)
STRIDES = (5, 2, 2, 2, 2, 2, 2)
HOP = 320  # samples at 16 kHz
WINDOW = 400  # samples that one frame sees
EPS = 1e-5
MOMENTS_CHUNK = 1 << 17  # windows of the first layer that are summed at once
SHORT = 256  # frames
EVERY = slice(None)
TILE = 64  # frames, of all rows together, that a CPU's caches hold while the convolutions see them


@dataclass(frozen=True, slots=True)
class HubertConfig:
    """The sizes; the defaults are the base model's."""

    conv_dim: int = 512
    hidden: int = 768
    heads: int = 12
    ffn: int = 3072
    layers: int = 12
    pos_kernel: int = 128
    pos_groups: int = 16


class ConvLayer(nn.Module):
    """A strided convolution and GELU."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int) -> None:
        super().__init__()
        self.conv = Conv1d(channels_in, channels_out, kernel, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x.to(self.conv.weight.dtype), GELU)


class FirstConvLayer(ConvLayer):
    """The layer that hears the wave, with its norm over time."""

    def __init__(self, channels: int) -> None:
        super().__init__(1, channels, KERNELS[0], STRIDES[0])
        self.layer_norm = nn.GroupNorm(channels, channels, eps=EPS)

    def norm(self, wave: Tensor) -> Tensor:
        """Return the scale and shift (2, channels) that normalise this layer's output for `wave` (N).

        The layer is linear, so the mean and variance of its output follow from those of the wave's windows,
        and a recording of hours needs no more memory than one of a minute.
        """
        mean, covariance = _window_moments(wave)
        weight = self.conv.weight[:, 0].double().cpu()
        output_mean = weight @ mean
        variance = ((weight @ covariance) * weight).sum(1)
        scale = self.layer_norm.weight.double().cpu() / (variance + EPS).sqrt()
        shift = self.layer_norm.bias.double().cpu() - output_mean * scale
        return torch.stack([scale, shift]).to(self.conv.weight)

    def forward(self, x: Tensor, norm: Tensor | None = None) -> Tensor:
        """Map waves (B, 1, N) to (B, channels, T), normalised by `norm` (B, 2, channels)."""
        if norm is None:
            raise TypeError("the first layer needs the scale and shift of its norm")
        scale, shift = norm.unsqueeze(-1).unbind(1)
        return F.gelu(torch.addcmul(shift, self.conv(x), scale))


class FeatureExtractor(nn.Module):
    """Seven convolutions from 16 kHz samples to 50 frames/s."""

    tiled = True
    """Whether a CPU goes through it in tiles."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__()
        dim = config.conv_dim
        rest = [ConvLayer(dim, dim, *sizes) for sizes in zip(KERNELS[1:], STRIDES[1:], strict=True)]
        self.conv_layers = nn.ModuleList([FirstConvLayer(dim), *rest])

    def norms(self, waves: Sequence[Tensor]) -> Tensor:
        """Return the first layer's scale and shift (B, 2, channels) for waves (N) of any lengths."""
        first = self.conv_layers[0]
        assert isinstance(first, FirstConvLayer)
        return torch.stack([first.norm(wave) for wave in waves])

    def forward(self, wave: Tensor, norms: Tensor) -> Tensor:
        """Map waves (B, N) to (B, T, channels)."""
        frames = frame_count(wave.shape[1])
        step = max(TILE // len(wave), 1) if self.tiled and wave.device.type == "cpu" else max(frames, 1)
        tiles = [_heard(wave, start, min(start + step, frames)) for start in range(0, frames, step)]
        return torch.cat([self._convolved(tile, norms) for tile in tiles], dim=1)

    def _convolved(self, wave: Tensor, norms: Tensor) -> Tensor:
        x = self.conv_layers[0](wave.unsqueeze(1), norms)
        for layer in self.conv_layers[1:]:
            x = layer(x)
        return x.transpose(1, 2)


class FeatureProjection(nn.Module):
    """From the convolutions' channels to the transformer's."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__()
        self.layer_norm = nn.LayerNorm(config.conv_dim, EPS)
        self.projection = Linear(config.conv_dim, config.hidden)

    def forward(self, x: Tensor) -> Tensor:
        return self.projection(self.layer_norm(x.float()).to(self.projection.weight.dtype))


class PositionalConv(nn.Module):
    """A wide grouped convolution, weight-normed per tap, that tells frames where they are."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__()
        self.groups = config.pos_groups
        self.bias = nn.Parameter(torch.zeros(config.hidden))
        self.weight_g = nn.Parameter(torch.ones(1, 1, config.pos_kernel))
        shape = (config.hidden, config.hidden // config.pos_groups, config.pos_kernel)
        self.weight_v = nn.Parameter(torch.randn(shape) * 0.02)
        self.register_buffer("folded", None, persistent=False)

    def normed(self) -> Tensor:
        """Return the weight (hidden, hidden // groups, taps)."""
        return self.weight_g * F.normalize(self.weight_v.flatten(0, 1), dim=0).view_as(self.weight_v)

    @torch.no_grad()
    def fold(self, dtype: torch.dtype) -> None:
        """Work the weight out once, to be used in `dtype` from now on; on a CPU its spectrum, in float32."""
        weight = self.normed()
        self.folded: Tensor | None = (
            self._spectrum(weight) if weight.device.type == "cpu" else weight.to(dtype)
        )

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, T, hidden) to the same shape."""
        if self.folded is not None and self.folded.is_complex():
            return F.gelu(self._filtered(x, self.folded) + self.bias)
        weight = self.normed() if self.folded is None else self.folded
        heard, bias = x.transpose(1, 2).to(weight.dtype), self.bias.to(weight.dtype)
        y = F.conv1d(heard, weight, bias, padding=weight.shape[-1] // 2, groups=self.groups)
        return F.gelu(y[..., : x.shape[1]].transpose(1, 2))

    def _spectrum(self, weight: Tensor) -> Tensor:
        """Return what a weight does to the frequencies of windows of twice its taps, (groups, frequencies, in, out)."""
        spectrum = torch.fft.rfft(weight, 2 * weight.shape[-1]).conj().unflatten(0, (self.groups, -1))
        return spectrum.permute(0, 3, 2, 1).contiguous()

    def _filtered(self, x: Tensor, spectrum: Tensor) -> Tensor:
        """Return the convolution of `x` (B, T, hidden), window after window by its spectrum: a third of the time."""
        rows, frames, hidden = x.shape
        taps = self.weight_v.shape[-1]
        windows = -(-frames // taps)
        padded = F.pad(x.transpose(1, 2), (taps // 2, (windows + 1) * taps - taps // 2 - frames))
        heard = torch.fft.rfft(padded.unfold(2, 2 * taps, taps)).unflatten(1, (self.groups, -1))
        product = heard.permute(1, 4, 0, 3, 2).flatten(2, 3) @ spectrum
        y = torch.fft.irfft(product.permute(2, 0, 3, 1), 2 * taps)[..., :taps]
        return y.reshape(rows, windows, hidden, taps).transpose(2, 3).reshape(rows, -1, hidden)[:, :frames]


class PositionalEmbedding(nn.Module):
    """Holds the positional convolution under its name in the files."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__()
        self.conv = PositionalConv(config)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)


def _attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None) -> Tensor:
    """Return the attention of (B, heads, T, dim).

    Of short clips in fewer bits a CPU computes it row by row, in half the time of torch's kernel.
    """
    if q.device.type != "cpu" or q.dtype == torch.float32 or q.shape[2] > SHORT:
        return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    masks = [None] * len(q) if mask is None else mask
    scale = q.shape[-1] ** -0.5
    return torch.stack([_row_attention(*row, scale) for row in zip(q, k, v, masks, strict=True)])


def _row_attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, scale: float) -> Tensor:
    scores = (q @ k.transpose(1, 2)).float() * scale
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    return scores.softmax(-1).to(v.dtype) @ v


class Attention(nn.Module):
    """Multi-head self-attention."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.q_proj = Linear(config.hidden, config.hidden)
        self.k_proj = Linear(config.hidden, config.hidden)
        self.v_proj = Linear(config.hidden, config.hidden)
        self.out_proj = Linear(config.hidden, config.hidden)

    def forward(self, x: Tensor, mask: Tensor | None, wanted: slice) -> Tensor:
        """Let the `wanted` frames of (B, T, hidden) attend to all."""
        x = x.to(self.q_proj.weight.dtype)
        q, k, v = (self._split(y) for y in (self.q_proj(x[:, wanted]), self.k_proj(x), self.v_proj(x)))
        return self.out_proj(_attention(q, k, v, mask).transpose(1, 2).flatten(2))

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(2, (self.heads, -1)).transpose(1, 2)


class FeedForward(nn.Module):
    """Two linear layers with GELU between them."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__()
        self.intermediate_dense = Linear(config.hidden, config.ffn)
        self.output_dense = Linear(config.ffn, config.hidden)

    def forward(self, x: Tensor) -> Tensor:
        return self.output_dense(self.intermediate_dense(x.to(self.output_dense.weight.dtype), GELU))


class EncoderLayer(nn.Module):
    """A transformer layer that normalises after each sum."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__()
        self.attention = Attention(config)
        self.layer_norm = nn.LayerNorm(config.hidden, EPS)
        self.feed_forward = FeedForward(config)
        self.final_layer_norm = nn.LayerNorm(config.hidden, EPS)

    def forward(self, x: Tensor, mask: Tensor | None, wanted: slice = EVERY) -> Tensor:
        """Return what becomes of the `wanted` frames."""
        x = self.layer_norm(x[:, wanted] + self.attention(x, mask, wanted))
        return self.final_layer_norm(x + self.feed_forward(x))


class Encoder(nn.Module):
    """The positional convolution and the transformer."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__()
        self.pos_conv_embed = PositionalEmbedding(config)
        self.layer_norm = nn.LayerNorm(config.hidden, EPS)
        self.layers = nn.ModuleList(EncoderLayer(config) for _ in range(config.layers))

    def forward(self, x: Tensor, valid: Tensor | None, layer: int, wanted: slice = EVERY) -> Tensor:
        """Return the `wanted` frames of the `layer`-th layer's output; `valid` (B, T) marks the real ones of `x`."""
        x = x.float()
        if valid is not None:
            x = x * valid.unsqueeze(-1)
        x = self.layer_norm(x + self.pos_conv_embed(x))
        mask = None if valid is None else valid[:, None, None, :]
        for block in self.layers[: layer - 1]:
            x = block(x, mask)
        result: Tensor = self.layers[layer - 1](x, mask, wanted)
        return result


class Hubert(nn.Module):
    """The whole network; its state dict is that of Hugging Face's `HubertModel`."""

    def __init__(self, config: HubertConfig | None = None) -> None:
        super().__init__()
        self.config = config or HubertConfig()
        self.masked_spec_embed = nn.Parameter(
            torch.rand(self.config.hidden)
        )  # for training; part of the files
        self.feature_extractor = FeatureExtractor(self.config)
        self.feature_projection = FeatureProjection(self.config)
        self.encoder = Encoder(self.config)

    def compute_in(self, dtype: torch.dtype) -> None:
        """Keep the weights of heavy layers in `dtype`; what hears the wave, sums and norms stay float32."""
        for layer in self.modules():
            if isinstance(layer, Linear) or (isinstance(layer, ConvLayer) and layer.conv.in_channels > 1):
                layer.to(dtype)
            elif isinstance(layer, PositionalConv):
                layer.fold(dtype)

    def forward(
        self,
        wave: Tensor,
        samples: Sequence[int] | None = None,
        norms: Tensor | None = None,
        layer: int | None = None,
    ) -> Tensor:
        """Map 16 kHz waves (B, N) to the output of `layer`, by default the last, (B, T, hidden), 50 frames/s.

        `samples` are the valid samples of each row; frames beyond them mean nothing. `norms` come from
        `norms()` where a row is only a piece of a recording. T is `frame_count(N)`.
        """
        samples = samples or [wave.shape[1]] * len(wave)
        if norms is None:
            norms = self.norms([row[:count] for row, count in zip(wave, samples, strict=True)])
        features = self.hear(wave, norms)
        valid = _valid_frames(features, [frame_count(count) for count in samples])
        return self.understand(features, valid, layer)

    def hear(self, wave: Tensor, norms: Tensor) -> Tensor:
        """Return what the convolutions make of waves (B, N), (B, T, hidden): a frame depends on its window alone."""
        features: Tensor = self.feature_projection(self.feature_extractor(wave, norms))
        return features

    def understand(
        self,
        heard: Tensor,
        valid: Tensor | None = None,
        layer: int | None = None,
        wanted: slice = EVERY,
    ) -> Tensor:
        """Return the `wanted` frames of what a layer makes of all that was heard; `valid` (B, T) marks real frames."""
        features: Tensor = self.encoder(heard, valid, layer or self.config.layers, wanted)
        return features

    def norms(self, waves: Sequence[Tensor]) -> Tensor:
        """Return what normalises the first layer for whole recordings (N) each, (B, 2, channels)."""
        return self.feature_extractor.norms(waves)


def frame_count(samples: int) -> int:
    """Return how many frames HuBERT makes of so many samples."""
    return max((samples - WINDOW) // HOP + 1, 0)


def _heard(wave: Tensor, start: int, stop: int) -> Tensor:
    """Return the samples of `wave` (B, N) that frames `start` to `stop` see."""
    return wave[:, start * HOP : (stop - 1) * HOP + WINDOW]


def canonical(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Give the tensors of a HuBERT file the names used here, and leave out what belongs to v1 models."""
    renamed = {_canonical_name(name): tensor for name, tensor in tensors.items()}
    return {name: tensor for name, tensor in renamed.items() if not name.startswith("final_proj.")}


def _canonical_name(name: str) -> str:
    name = name.removeprefix("hubert.")
    name = name.replace("parametrizations.weight.original0", "weight_g")
    return name.replace("parametrizations.weight.original1", "weight_v")


def _valid_frames(features: Tensor, counts: list[int]) -> Tensor | None:
    if min(counts) == features.shape[1]:
        return None
    frames = torch.arange(features.shape[1], device=features.device)
    # a row without any frame still needs one to attend to
    return frames < torch.tensor(counts, device=features.device).clamp(min=1)[:, None]


def _window_moments(wave: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean (10) and covariance (10, 10) of the windows of `wave` (N) that the first layer sees."""
    heard = wave.detach().cpu()
    windows = heard.unfold(0, KERNELS[0], STRIDES[0])
    origin = heard.mean().double()  # without their offset the products of samples lose no digits
    first, second = torch.zeros(KERNELS[0]).double(), torch.zeros(KERNELS[0], KERNELS[0]).double()
    for chunk in windows.split(MOMENTS_CHUNK):
        centred = chunk.double() - origin
        first += centred.sum(0)
        second += centred.T @ centred
    mean = first / len(windows)
    return mean + origin, second / len(windows) - torch.outer(mean, mean)
