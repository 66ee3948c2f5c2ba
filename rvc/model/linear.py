"""Linear layers by oneDNN on CPUs: on AMD's it takes half the time of the library that torch calls there."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PRODUCT = "_linear_pointwise"  # what torch.compile makes of a linear layer on a CPU


class Linear(nn.Linear):
    """A linear layer; the same to rounding, and quicker without gradients."""

    plain = False
    """Whether it is computed in torch's own way all the same."""

    def forward(self, x: Tensor) -> Tensor:
        if not self.plain and _is_quicker(x):
            result: Tensor = torch.ops.mkldnn._linear_pointwise(x, self.weight, self.bias, "none", [], "")
            return result
        return F.linear(x, self.weight, self.bias)


def _is_quicker(x: Tensor) -> bool:
    """Tell whether oneDNN is there for `x`; not for fewer than two rows, which it has no better way for."""
    return (
        x.device.type == "cpu"
        and x.dtype == torch.float32
        and x.numel() > x.shape[-1]
        and not torch.is_grad_enabled()
        and not torch.is_autocast_enabled("cpu")
        and torch.backends.mkldnn.is_available()
        and hasattr(torch.ops.mkldnn, PRODUCT)
    )
