"""What this machine can compute with, and in which precision."""

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager

import torch

from rvc.config import Precision
from rvc.errors import InputError

_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def pick(name: str = "auto") -> torch.device:
    """Return the device called `name`, such as "cpu" or "cuda:1"; "auto" takes the fastest one there is.

    Raises `InputError` when it is unknown or not on this machine.
    """
    if name == "auto":
        return torch.device(_fastest())
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise InputError(
            "no_device", f"This machine has no device called {name}.", "Use cpu, or auto to choose by itself."
        ) from error
    return device


def _fastest() -> str:
    if torch.cuda.is_available():
        return "cuda"
    if torch.backends.mps.is_available():
        return "mps"
    return "cpu"


def default_rate() -> int:
    """Return the sample rate to train at where none is given: the full model's with a GPU, else the lite model's."""
    return 24000 if _fastest() == "cpu" else 40000


def dtype_for(precision: Precision, device: torch.device) -> torch.dtype:
    """Return the type of the heavy arithmetic: "auto" is bf16 where a GPU has it, fp16 on others, else fp32."""
    if precision != "auto":
        return _DTYPES[precision]
    if device.type != "cuda":
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16


def autocast(device: torch.device, dtype: torch.dtype) -> Callable[[], AbstractContextManager[None]]:
    """Return a factory of contexts in which the heavy layers compute in `dtype`; fp32 changes nothing."""
    if dtype == torch.float32:
        return contextlib.nullcontext
    return lambda: torch.autocast(device.type, dtype)
