"""Gradient checkpointing (Chen et al. 2016): layers compute again what their gradient needs, in place of keeping it."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint


def forget_activations(module: nn.Module, *kinds: type[nn.Module]) -> None:
    """Let every layer of these kinds in `module` keep only its input for the backward pass. It computes the same."""
    for layer in module.modules():
        if isinstance(layer, kinds):
            layer.forward = partial(_forward, layer.forward)


def _forward(forward: Callable[..., Tensor], *inputs: Tensor) -> Tensor:
    """Compute a layer; random draws are the same when it is computed again."""
    if not torch.is_grad_enabled():
        return forward(*inputs)
    result: Tensor = checkpoint(forward, *inputs, use_reentrant=False)
    return result
