"""Weights of convolutions kept as oneDNN computes with them: else every call brings them into that form anew.

Of a live block in bf16 v2's decoder takes a sixth less and RMVPE a quarter; of longer pieces both take a tenth less.
"""

from typing import Any, TypeAlias, cast

import torch
from torch import Tensor, nn

OPERATORS = (
    "_reorder_convolution_weight",
    "_convolution_pointwise",
)  # what torch.compile makes of a convolution
Size: TypeAlias = tuple[int, int]


def is_possible(x: Tensor) -> bool:
    """Tell whether a convolution of `x` can be computed so: on a CPU, where nothing is learnt."""
    return (
        x.device.type == "cpu"
        and x.dtype in (torch.float32, torch.bfloat16)
        and not torch.is_grad_enabled()
        and not torch.jit.is_tracing()
        and not torch.compiler.is_exporting()
        and torch.backends.mkldnn.is_available()
        and all(hasattr(torch.ops.mkldnn, name) for name in OPERATORS)
    )


class PackedWeight:
    """The packed form of one weight, made for the first input of each kind."""

    def __init__(self) -> None:
        self._made_of: tuple[torch.dtype, int] | None = None
        self._weight: Tensor | None = None

    def convolve(
        self, x: Tensor, weight: Tensor, bias: Tensor | None, stride: Size, padding: Size, dilation: Size
    ) -> Tensor:
        """Return what `conv2d` does of `x` (B, C, H, W), in the type of `x`."""
        made_of = (x.dtype, weight.data_ptr())
        if made_of != self._made_of:
            geometry = (padding, stride, dilation, 1, list(x.shape))
            self._weight = torch.ops.mkldnn._reorder_convolution_weight(weight.to(x.dtype), *geometry)
            self._made_of = made_of
        bias = None if bias is None else bias.to(x.dtype)
        result: Tensor = torch.ops.mkldnn._convolution_pointwise(
            x, self._weight, bias, padding, stride, dilation, 1, "none", [], ""
        )
        return result

    def __getstate__(self) -> dict[str, None]:
        """Leave the packed form out of copies: it cannot be copied, and is made again."""
        return {"_made_of": None, "_weight": None}


class Conv2d(nn.Conv2d):
    """A convolution without groups whose weight stays packed while nothing is learnt."""

    plain = False
    """Whether it is computed in torch's own way all the same."""

    def __init__(self, *sizes: Any, **settings: Any) -> None:
        super().__init__(*sizes, **settings)
        self._packed = PackedWeight()

    def forward(self, x: Tensor) -> Tensor:
        if self.plain or x.dtype != self.weight.dtype or not is_possible(x):
            return super().forward(x)
        geometry = (cast(Size, one) for one in (self.stride, self.padding, self.dilation))
        return self._packed.convolve(x, self.weight, self.bias, *geometry)

    def _load_from_state_dict(self, *arguments: Any) -> None:
        super()._load_from_state_dict(*arguments)
        self._packed = PackedWeight()
