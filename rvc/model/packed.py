"""Layers as oneDNN computes them where nothing is learnt: with what follows them, and with packed weights.

Else every call brings the weights into its own form, and norms and activations go through memory once more. What this
gains is in docs/performance.md.
"""

import math
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, TypeAlias, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

OPERATORS = (
    "_reorder_convolution_weight",
    "_convolution_pointwise",
    "_linear_pointwise",
)  # what torch.compile makes of convolutions and linear layers
SHAPES = 4  # of inputs for which a weight is kept
STEADY = 128  # channels, a power of two
Size: TypeAlias = tuple[int, int]
Geometry: TypeAlias = tuple[Size, Size, Size]
"""Stride, padding and dilation of a convolution over a plane."""


@dataclass(frozen=True, slots=True)
class Activation:
    """What follows a layer: as torch and as oneDNN know it."""

    apply: Callable[[Tensor], Tensor]
    name: str
    numbers: tuple[float, ...] = ()
    algorithm: str = ""

    @property
    def fused(self) -> tuple[str, list[float], str]:
        """The last arguments of oneDNN's operators."""
        return self.name, list(self.numbers), self.algorithm


NOTHING = Activation(lambda x: x, "none")
RELU = Activation(torch.relu, "relu")
GELU = Activation(F.gelu, "gelu", (), "none")


def leaky_relu(slope: float) -> Activation:
    """Return the leaky ReLU of a slope; torch's works in place."""
    return Activation(partial(F.leaky_relu_, negative_slope=slope), "leaky_relu", (slope,))


def is_possible(x: Tensor) -> bool:
    """Tell whether a layer can be computed so for `x`: on a CPU, where nothing is learnt."""
    return (
        x.device.type == "cpu"
        and not torch.is_grad_enabled()
        and not torch.jit.is_tracing()
        and not torch.compiler.is_exporting()
        and computed_in(x) in _known_types()
    )


@cache
def _known_types() -> tuple[torch.dtype, ...]:
    """Return in what oneDNN computes on this CPU."""
    operators = torch.ops.mkldnn
    if not torch.backends.mkldnn.is_available() or not all(hasattr(operators, name) for name in OPERATORS):
        return ()
    return (torch.float32, torch.bfloat16) if operators._is_mkldnn_bf16_supported() else (torch.float32,)


def computed_in(x: Tensor) -> torch.dtype:
    """Return the type in which a CPU computes convolutions and products of `x`."""
    is_cast = torch.is_autocast_enabled("cpu") and x.dtype.is_floating_point and x.dtype != torch.float64
    return torch.get_autocast_dtype("cpu") if is_cast else x.dtype


class Packable:
    """A layer that can be computed so."""

    plain = False
    """Whether it is computed in torch's own way all the same."""
    settled = False
    """Whether its weights stay what they are, so that a packed form of them may be kept."""


def settle(network: nn.Module) -> None:
    """Let a network keep packed weights: it learns no more, though others may be loaded into it."""
    for layer in network.modules():
        if isinstance(layer, Packable):
            layer.settled = True


class PackedWeight:
    """A weight and its bias as oneDNN wants them.

    What form that is depends on how long the input is, and a wrong one can take a hundred times as long. Large
    weights of even sizes have one form for all; of others one is kept for each of the last shapes.
    """

    def __init__(self) -> None:
        self._packed: dict[Hashable, tuple[Tensor, Tensor | None]] = {}
        self._lock = threading.Lock()

    def convolve(
        self,
        x: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        geometry: Geometry,
        activation: Activation = NOTHING,
    ) -> Tensor:
        """Return what `conv2d` does of `x` (B, C, H, W), in the type that `x` is computed in."""
        return self.convolve_made(x, weight, lambda: (weight, bias), geometry, activation)

    def convolve_made(
        self,
        x: Tensor,
        origin: Tensor,
        make: Callable[[], tuple[Tensor, Tensor | None]],
        geometry: Geometry,
        activation: Activation = NOTHING,
    ) -> Tensor:
        """Do the same with a weight and a bias that are made of others: again once `origin` is another tensor."""
        stride, padding, dilation = geometry
        x = x.to(computed_in(x))
        key = (x.dtype, origin.data_ptr(), None if _is_steady(origin) else x.shape)
        found = self._packed.get(key)
        if found is None:
            weight, bias = make()
            size = list(x.shape)
            weight = torch.ops.mkldnn._reorder_convolution_weight(
                weight.to(x.dtype), padding, stride, dilation, 1, size
            )
            found = weight, None if bias is None else bias.to(x.dtype)
            self._keep(key, found)
        result: Tensor = torch.ops.mkldnn._convolution_pointwise(
            x, *found, padding, stride, dilation, 1, *activation.fused
        )
        return result

    def _keep(self, key: Hashable, found: tuple[Tensor, Tensor | None]) -> None:
        with self._lock:
            self._packed[key] = found
            while len(self._packed) > SHAPES:
                del self._packed[next(iter(self._packed))]

    def convolve_time(
        self,
        x: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        times: tuple[int, int, int],
        activation: Activation = NOTHING,
    ) -> Tensor:
        """Return what `conv1d` does of `x`, (B, C, T) or (B, C, 1, T), with a weight (O, C, K).

        `times` are stride, padding and dilation.
        """
        stride, padding, dilation = times
        plane = x if x.dim() == 4 else x.unsqueeze(2)
        geometry = (1, stride), (0, padding), (1, dilation)
        made = self.convolve(plane, weight.unsqueeze(2), bias, geometry, activation)
        return made if x.dim() == 4 else made.squeeze(2)

    def __reduce__(self) -> tuple[type, tuple[()]]:
        """Leave the packed forms out of copies: they cannot be copied, and are made again."""
        return PackedWeight, ()


class _Packing(Packable, nn.Module):
    """A layer with one weight, which is packed anew once another is loaded."""

    def __init__(self, *sizes: Any, **settings: Any) -> None:
        super().__init__(*sizes, **settings)
        self._packed = PackedWeight()

    def _load_from_state_dict(self, *arguments: Any) -> None:
        super()._load_from_state_dict(*arguments)
        self._packed = PackedWeight()


class Conv1d(_Packing, nn.Conv1d):
    """A convolution over time, of (B, C, T) or (B, C, 1, T), and what follows it."""

    def forward(self, x: Tensor, activation: Activation = NOTHING) -> Tensor:
        times = (self.stride[0], cast(int, self.padding[0]), self.dilation[0])
        if self.settled and not self.plain and self.groups == 1 and is_possible(x):
            return self._packed.convolve_time(x, self.weight, self.bias, times, activation)
        return activation.apply(convolve_time(x, self.weight, self.bias, times, self.groups))


class Conv2d(_Packing, nn.Conv2d):
    """A convolution over a plane, without groups."""

    def forward(self, x: Tensor) -> Tensor:
        if self.plain or not self.settled or not is_possible(x):
            return super().forward(x)
        return self._packed.convolve(x, self.weight, self.bias, _geometry(self))


class NormedConv2d(Packable, nn.Sequential):
    """Convolutions without bias, each with its batch norm and ReLU, which are parts of it where nothing is learnt."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__(*layers)
        self._packed = [PackedWeight() for _ in layers[::3]]

    def forward(self, x: Tensor) -> Tensor:
        if self.plain or not self.settled or self.training or not is_possible(x):
            result: Tensor = super().forward(x)
            return result
        layers = list(self)
        for packed, conv, norm in zip(self._packed, layers[::3], layers[1::3], strict=True):
            assert isinstance(conv, nn.Conv2d)
            assert isinstance(norm, nn.BatchNorm2d)
            x = packed.convolve_made(x, conv.weight, partial(_normed, conv, norm), _geometry(conv), RELU)
        return x

    def _load_from_state_dict(self, *arguments: Any) -> None:
        super()._load_from_state_dict(*arguments)
        self._packed = [PackedWeight() for _ in self._packed]


def _is_steady(weight: Tensor) -> bool:
    """Tell whether a weight (O, C, ...) has one form for all lengths: as far as was tried (docs/performance.md)."""
    sizes = weight.shape[:2]
    return (
        all(size >= STEADY and size & (size - 1) == 0 for size in sizes) and math.prod(weight.shape[2:]) > 1
    )


def _geometry(conv: nn.Conv2d) -> Geometry:
    return cast(Geometry, (conv.stride, conv.padding, conv.dilation))


def _normed(conv: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """Return the weight and the bias of a convolution with its norm, float32."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    scale = norm.weight * (norm.running_var + norm.eps).rsqrt()
    return conv.weight.float() * scale[:, None, None, None], norm.bias - norm.running_mean * scale


def convolve_time(
    x: Tensor, weight: Tensor, bias: Tensor | None, times: tuple[int, int, int], groups: int
) -> Tensor:
    """Convolve (B, C, T) or (B, C, 1, T) over time in torch's own way; `times` are stride, padding and dilation."""
    stride, padding, dilation = times
    if x.dim() == 3:
        return F.conv1d(x, weight, bias, stride, padding, dilation, groups)
    weight = weight.unsqueeze(2)
    return F.conv2d(x, weight, bias, (1, stride), (0, padding), (1, dilation), groups)
