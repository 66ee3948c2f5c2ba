"""What this machine can compute with, in which precision, and what to do where a device lacks something.

Everything that differs between CUDA, ROCm (which calls itself cuda), XPU, MPS and the CPU is asked here.
"""

import contextlib
from collections.abc import Callable
from contextlib import AbstractContextManager

import psutil
import torch

from rvc.config import Precision
from rvc.errors import InputError
from rvc.gaps import REFUSALS

ACCELERATORS = ("cuda", "xpu", "mps")
_DTYPES: dict[Precision, torch.dtype] = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}
TENSOR_CORES, BF16_CORES = (7, 0), (8, 0)  # NVIDIA's from Volta and from Ampere on
BROKEN_FP16 = "GTX 16"  # these give NaN in fp16 convolutions
BF16_TARGETS = ("gfx908", "gfx90a", "gfx94", "gfx95", "gfx11", "gfx12")  # AMD's with bf16 matrix units
FP16_TARGETS = ("gfx906", "gfx103")


def pick(name: str = "auto") -> torch.device:
    """Return the device called `name`, such as "cpu" or "cuda:1"; "auto" takes the fastest one there is.

    Raises `InputError` when it is unknown or not on this machine.
    """
    if name == "auto":
        return torch.device(next(iter(available()), "cpu"))
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except REFUSALS as error:
        raise InputError(
            "no_device", f"This machine has no device called {name}.", "Use cpu, or auto to choose by itself."
        ) from error
    return device


def available() -> list[str]:
    """Return the kinds of accelerators that work here, the fastest first."""
    return [kind for kind in ACCELERATORS if is_available(kind)]


def is_available(kind: str) -> bool:
    """Tell whether torch can compute with a kind of accelerator here."""
    if kind == "mps":
        return torch.backends.mps.is_available()
    return bool(getattr(torch, kind).is_available())


def default_rate() -> int:
    """Return the sample rate to train at where none is given: the full model's with a GPU, else the lite model's."""
    return 40000 if available() else 24000


def describe(device: torch.device) -> str:
    """Return a device's name and memory, for records and reports."""
    if device.type not in ("cuda", "xpu"):
        return device.type
    facts = getattr(torch, device.type).get_device_properties(device)
    return f"{facts.name}, {facts.total_memory / 2**30:.0f} GiB"


def free_bytes(device: torch.device) -> int | None:
    """Return how much memory is free for computing on a device, None where it cannot be asked."""
    match device.type:
        case "cuda" | "xpu":
            with contextlib.suppress(*REFUSALS):  # some of Intel's drivers do not tell
                return int(getattr(torch, device.type).mem_get_info(device)[0])
            return None
        case "mps" if is_available("mps"):
            return max(torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory(), 0)
        case "cpu":
            return int(psutil.virtual_memory().available)
    return None


def total_bytes(device: torch.device) -> int:
    """Return how much memory a device computes in; Apple's GPUs share the machine's."""
    if device.type in ("cuda", "xpu"):
        return int(getattr(torch, device.type).get_device_properties(device).total_memory)
    return int(psutil.virtual_memory().total)


def used_bytes(device: torch.device) -> int:
    """Return how much memory this process takes up on a device."""
    if device.type in ("cuda", "xpu"):
        return int(getattr(torch, device.type).memory_allocated(device))
    if device.type == "mps":
        return int(torch.mps.current_allocated_memory())
    return int(psutil.Process().memory_info().rss)


def give_back(device: torch.device) -> None:
    """Return memory that torch keeps for later to the device."""
    if device.type in ACCELERATORS:
        getattr(torch, device.type).empty_cache()


def wait(device: torch.device) -> None:
    """Let a device end what it was given."""
    if device.type in ("cuda", "xpu"):
        getattr(torch, device.type).synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()


def dtype_for(precision: Precision, device: torch.device) -> torch.dtype:
    """Return the type of the heavy arithmetic; "auto" is what the device does well: bf16, else fp16, else fp32.

    Apple's GPUs gain nothing from fewer bits, and Intel's first Arc cannot scale gradients, which fp16 needs.
    """
    if precision != "auto":
        return _DTYPES[precision]
    if device.type == "cuda":
        return _rocm_dtype(device) if torch.version.hip else _cuda_dtype(device)
    if device.type == "xpu" and torch.xpu.is_bf16_supported():
        return torch.bfloat16
    return torch.float32


def precision_of(dtype: torch.dtype) -> Precision:
    """Return how settings call a type."""
    return next(name for name, known in _DTYPES.items() if known == dtype)


def natural_dtype(device: torch.device) -> torch.dtype:
    """Return bf16 where the device multiplies matrices in it faster than in fp32, else fp32: nothing to be scaled."""
    if device.type != "cpu":
        best = dtype_for("auto", device)
        return best if best == torch.bfloat16 else torch.float32
    # Named so by PyTorch since 2.11; an older or another machine computes in fp32, which is never wrong.
    abilities: dict[str, object] = getattr(torch.cpu, "get_capabilities", dict)()
    fast = any(abilities.get(name, False) for name in ("avx512_bf16", "amx_bf16"))
    return torch.bfloat16 if fast else torch.float32


def _cuda_dtype(device: torch.device) -> torch.dtype:
    facts = torch.cuda.get_device_properties(device)
    if (facts.major, facts.minor) >= BF16_CORES:
        return torch.bfloat16
    fast = (facts.major, facts.minor) >= TENSOR_CORES and BROKEN_FP16 not in facts.name
    return torch.float16 if fast else torch.float32


def _rocm_dtype(device: torch.device) -> torch.dtype:
    target = str(getattr(torch.cuda.get_device_properties(device), "gcnArchName", ""))
    if target.startswith(BF16_TARGETS):
        return torch.bfloat16
    return torch.float16 if target.startswith(FP16_TARGETS) else torch.float32


def autocast(device: torch.device, dtype: torch.dtype) -> Callable[[], AbstractContextManager[None]]:
    """Return a factory of contexts in which the heavy layers compute in `dtype`; fp32 changes nothing."""
    if dtype == torch.float32:
        return contextlib.nullcontext
    return lambda: torch.autocast(device.type, dtype)
