"""Layers that are shared by the parts of the synthesizer and its discriminators."""

from collections.abc import Callable
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rvc.model import packed, products
from rvc.model.packed import Activation

LRELU_SLOPE = 0.1
LEAKY_RELU = packed.leaky_relu(LRELU_SLOPE)

Noise = Callable[[Tensor], Tensor]
"""Draw noise of a tensor's shape. `torch.zeros_like` is silence."""


def gaussian(generator: torch.Generator | None = None) -> Noise:
    """Return standard normal noise; the same generator gives the same noise on every device."""
    if generator is None:
        return torch.randn_like

    def draw(like: Tensor) -> Tensor:
        noise = torch.randn(like.shape, generator=generator, device=generator.device)
        return noise.to(like)

    return draw


def frame_mask(lengths: Tensor, frames: int) -> Tensor:
    """Return (B, 1, frames), true where a frame lies within its row's length.

    A boolean mask keeps the precision of what it is multiplied with.
    """
    inside = torch.arange(frames, device=lengths.device) < lengths[:, None]
    return inside[:, None]


def leaky_relu(x: Tensor) -> Tensor:
    """Return the leaky ReLU of `x`. For its gradient the result is kept, which the next layer keeps anyway."""
    if torch.is_grad_enabled() and x.requires_grad:
        result: Tensor = _LeakyRelu.apply(x)
        return result
    return F.leaky_relu(x, LRELU_SLOPE)


class _LeakyRelu(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        result = F.leaky_relu(x, LRELU_SLOPE)
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        (result,) = ctx.saved_tensors
        slope: Tensor = torch.ops.aten.leaky_relu_backward(grad, result, LRELU_SLOPE, True)
        return slope


class LayerNorm(nn.Module):
    """Normalise (B, C, T) over its channels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels))
        self.beta = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(x.mT, self.gamma.shape, self.gamma, self.beta, 1e-5).mT


class _WeightNormed(nn.Module):
    """A convolution whose weight is `weight_g` times the direction of `weight_v`, the norm over all but the first axis.

    `fold` replaces the pair by the plain weight, which is faster. The state dict has the community's names either way.
    """

    weight_g: nn.Parameter | None
    weight_v: nn.Parameter | None
    weight: nn.Parameter | None

    def __init__(self, template: nn.Module) -> None:
        super().__init__()
        weight = template.get_parameter("weight")
        self.bias = template.get_parameter("bias")
        self.weight_g = nn.Parameter(_norm(weight.detach()))
        self.weight_v = weight
        self.weight = None

    def normed(self) -> Tensor:
        """Return the weight of the convolution."""
        if self.weight_g is None or self.weight_v is None:
            return cast(Tensor, self.weight)
        return torch._weight_norm(self.weight_v, self.weight_g, 0)

    @torch.no_grad()
    def fold(self) -> None:
        """Keep only the product, for inference."""
        self.weight = nn.Parameter(self.normed(), requires_grad=False)
        self.weight_g = self.weight_v = None

    def _unfold(self, weight: Tensor) -> None:
        self.weight_g, self.weight_v = nn.Parameter(_norm(weight)), nn.Parameter(weight.detach())
        self.weight = None

    def _save_to_state_dict(self, destination: Any, prefix: str, keep_vars: bool) -> None:
        super()._save_to_state_dict(destination, prefix, keep_vars)
        if self.weight is not None:
            weight = destination.pop(prefix + "weight")
            destination[prefix + "weight_g"] = _norm(weight)
            destination[prefix + "weight_v"] = weight

    def _load_from_state_dict(self, state_dict: Any, prefix: str, *rest: Any) -> None:
        weight = self.weight
        if weight is not None:
            self._unfold(weight)
        super()._load_from_state_dict(state_dict, prefix, *rest)
        if weight is not None:
            self.fold()


class Conv1d(packed.Packable, _WeightNormed):
    """A weight-normed convolution over time, of (B, C, T) or (B, C, 1, T), that keeps the length at stride 1."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel: int,
        *,
        stride: int = 1,
        dilation: int = 1,
        groups: int = 1,
    ) -> None:
        super().__init__(nn.Conv1d(inputs, outputs, kernel, groups=groups))
        self.stride, self.dilation, self.groups = stride, dilation, groups
        self.padding = dilation * (kernel - 1) // 2
        self._packed = packed.PackedWeight()

    def fold(self) -> None:
        super().fold()
        self._packed = packed.PackedWeight()

    def forward(self, x: Tensor, activation: Activation = packed.NOTHING) -> Tensor:
        times = (self.stride, self.padding, self.dilation)
        is_folded = self.weight is not None and not self.plain
        if is_folded and self.groups == 1 and packed.is_possible(x):
            return self._packed.convolve_time(x, self.normed(), self.bias, times, activation)
        made = packed.convolve_time(x, self.normed(), self.bias, times, self.groups)
        return activation.apply(made)


class ConvTranspose1d(_WeightNormed):
    """A weight-normed upsampling of (B, C, 1, T) to T * stride; kernel - stride is even."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int) -> None:
        super().__init__(nn.ConvTranspose1d(inputs, outputs, kernel))
        self.stride, self.padding = stride, (kernel - stride) // 2

    def forward(self, x: Tensor) -> Tensor:
        weight = self.normed().unsqueeze(2)
        return F.conv_transpose2d(x, weight, self.bias, (1, self.stride), (0, self.padding))


class Conv2d(_WeightNormed):
    """A weight-normed convolution along the first of two axes, as the period discriminators use it."""

    def __init__(self, inputs: int, outputs: int, kernel: int, *, stride: int = 1) -> None:
        super().__init__(nn.Conv2d(inputs, outputs, (kernel, 1)))
        self.stride, self.padding = stride, kernel // 2

    def forward(self, x: Tensor) -> Tensor:
        if products.is_quicker(x):
            return products.convolve(x, self.normed(), self.bias, self.stride, self.padding)
        return F.conv2d(x, self.normed(), self.bias, (self.stride, 1), (self.padding, 0))


def fold_weight_norm(module: nn.Module) -> None:
    """Fold every weight-normed layer of a module in place; its weights stay what they are from now on."""
    for layer in module.modules():
        if isinstance(layer, _WeightNormed):
            layer.fold()
    packed.settle(module)


def channels_last(x: Tensor) -> Tensor:
    """Turn (B, C, T) into (B, C, 1, T), on a CPU with a frame's channels side by side in memory.

    Convolutions of few channels over many frames take half the time there.
    """
    if x.device.type == "cpu":
        x = x.mT.clone(memory_format=torch.contiguous_format).mT
    return x.unsqueeze(2)


def _norm(weight: Tensor) -> Tensor:
    """Return the norm over all but the first axis, shaped (N, 1, ...)."""
    norm = weight.float().flatten(1).norm(dim=1).to(weight.dtype)
    return norm.view(-1, *[1] * (weight.dim() - 1))
