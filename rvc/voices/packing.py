"""How weights lie in a model's file: whole, in half precision, or as whole numbers with a scale for each row."""

from collections.abc import Mapping
from typing import Literal

import torch
from torch import Tensor

Form = Literal["fp32", "fp16", "bf16", "int8"]

SCALE = ".scale"  # what the name of the scales of a weight ends with
LEAST_ELEMENTS = 1024  # of a weight that is rounded to whole numbers: others are few, and delicate
LARGEST = 127
FLOATS = (torch.float32, torch.float16, torch.bfloat16)
TOLD = {
    "bf16": 1,
    "int8": 2,
}  # forms that a card names, and the format of one that a program must know to read them


def pack(tensors: Mapping[str, Tensor], form: Form) -> dict[str, Tensor]:
    """Return weights as a file holds them."""
    whole = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    if form == "fp32":
        return whole
    if form == "bf16":
        return {name: tensor.bfloat16() for name, tensor in whole.items()}
    packed = {name: _halved(tensor) for name, tensor in whole.items()}
    if form == "int8":
        for name, tensor in whole.items():
            if tensor.dim() > 1 and tensor.numel() >= LEAST_ELEMENTS:
                packed[name], packed[name + SCALE] = _rounded(tensor)
    return packed


def unpack(packed: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return weights as float32. Raises `ValueError` where scales are missing or do not fit."""
    scaled = {name for name, tensor in packed.items() if tensor.dtype == torch.int8}
    return {
        name: _scaled(name, tensor, packed) if name in scaled else tensor.float()
        for name, tensor in packed.items()
        if name.removesuffix(SCALE) not in scaled or name in scaled
    }


def are_numbers(packed: Mapping[str, Tensor]) -> bool:
    """Tell whether a file holds finite numbers of types that are known, and nothing else."""
    return all(
        tensor.dtype == torch.int8 or (tensor.dtype in FLOATS and bool(tensor.isfinite().all()))
        for tensor in packed.values()
    )


def _halved(tensor: Tensor) -> Tensor:
    """Return a tensor in half precision; values that this cannot hold keep it whole."""
    halved = tensor.half()
    return halved if halved.isfinite().all() else tensor


def _rounded(tensor: Tensor) -> tuple[Tensor, Tensor]:
    """Return a weight (N, ...) as int8, and the scale (N,) of every row."""
    rows = tensor.float().flatten(1)
    scale = rows.abs().amax(dim=1).clamp(min=torch.finfo(torch.float32).tiny) / LARGEST
    return (rows / scale[:, None]).round().to(torch.int8).view(tensor.shape), scale


def _scaled(name: str, tensor: Tensor, packed: Mapping[str, Tensor]) -> Tensor:
    scale = packed.get(name + SCALE)
    if scale is None or tensor.dim() < 2 or scale.shape != tensor.shape[:1]:
        raise ValueError(f"the scales of {name[:80]} do not fit")
    return tensor.float() * scale.float().view(-1, *[1] * (tensor.dim() - 1))
