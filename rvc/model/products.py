"""A convolution along the first of two axes as one matrix product, for CPUs that compute in bfloat16.

Where the second axis is narrow, oneDNN takes up to twice as long, most of it for the gradient. Channels lie side by
side in memory, so that a row of the product is a stretch of memory.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

WIDEST = 5  # from 11 on the product is the slower one


def is_quicker(x: Tensor) -> bool:
    """Tell whether a convolution of (B, C, T, P) is computed in bfloat16 on a CPU, and along a narrow stripe."""
    if x.device.type != "cpu" or x.shape[3] > WIDEST:
        return False
    return x.dtype == torch.bfloat16 or (
        torch.is_autocast_enabled("cpu") and torch.get_autocast_dtype("cpu") == torch.bfloat16
    )


def convolve(x: Tensor, weight: Tensor, bias: Tensor, stride: int, padding: int) -> Tensor:
    """Convolve (B, C, T, P) along T with a weight (O, C, K, 1); returns (B, O, T', P) in bfloat16."""
    rows = x.to(torch.bfloat16).permute(0, 2, 3, 1).contiguous()
    taps = weight.to(torch.bfloat16).squeeze(3).mT.contiguous()
    made: Tensor = _Product.apply(rows, taps, bias.to(torch.bfloat16), stride, padding)
    return made.view(len(x), -1, x.shape[3], len(weight)).permute(0, 3, 1, 2)


class _Product(torch.autograd.Function):
    """Map (B, T, P, C), a weight (O, K, C) and a bias (O,) to (B * T' * P, O)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, stride: int, padding: int) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.stride, ctx.padding = stride, padding
        return torch.addmm(bias, _columns(x, weight.shape[1], stride, padding), weight.flatten(1).mT)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        """Compute the columns again: to keep them would take five times the memory."""
        x, weight = ctx.saved_tensors
        for_x, for_weight, for_bias, *_ = ctx.needs_input_grad
        grad_x = grad_weight = grad_bias = None
        if for_x:
            parts = (grad @ weight.flatten(1)).view(len(x), -1, x.shape[2], *weight.shape[1:])
            grad_x = _sum_columns(parts, x, ctx.stride, ctx.padding)
        if for_weight:
            columns = _columns(x, weight.shape[1], ctx.stride, ctx.padding)
            grad_weight = (grad.mT @ columns).view_as(weight)
        if for_bias:
            grad_bias = grad.sum(0, dtype=torch.float32).to(grad.dtype)
        return grad_x, grad_weight, grad_bias, None, None


def _columns(x: Tensor, taps: int, stride: int, padding: int) -> Tensor:
    """Return what each output of a convolution of (B, T, P, C) hears, (B * T' * P, taps * C)."""
    padded = F.pad(x, (0, 0, 0, 0, padding, padding))
    return padded.unfold(1, taps, stride).mT.reshape(-1, taps * x.shape[3])


def _sum_columns(parts: Tensor, like: Tensor, stride: int, padding: int) -> Tensor:
    """Add (B, T', P, taps, C) up to where the columns of `like` (B, T, P, C) came from."""
    batch, frames, width, channels = like.shape
    total = parts.new_zeros(batch, frames + 2 * padding, width, channels, dtype=torch.float32)
    span = (parts.shape[1] - 1) * stride + 1
    for tap in range(parts.shape[3]):
        total[:, tap : tap + span : stride] += parts[:, :, :, tap]
    return total[:, padding : padding + frames].to(parts.dtype)
