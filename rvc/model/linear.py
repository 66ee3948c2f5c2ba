"""Linear layers by oneDNN on CPUs: on AMD's it takes half the time of the library that torch calls there."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rvc.model import packed
from rvc.model.packed import NOTHING, Activation, Packable


class Linear(Packable, nn.Linear):
    """A linear layer and what follows it; the same to rounding, and quicker without gradients."""

    def forward(self, x: Tensor, activation: Activation = NOTHING) -> Tensor:
        if not self.plain and _is_quicker(x) and x.dtype == self.weight.dtype:
            result: Tensor = torch.ops.mkldnn._linear_pointwise(x, self.weight, self.bias, *activation.fused)
            return result
        return activation.apply(F.linear(x, self.weight, self.bias))


def _is_quicker(x: Tensor) -> bool:
    """Tell whether oneDNN is there for `x`; not for fewer than two rows, which it has no better way for."""
    return packed.is_possible(x) and x.numel() > x.shape[-1] and not torch.is_autocast_enabled("cpu")
