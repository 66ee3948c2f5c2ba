"""What devices lack, and computing it elsewhere: Apple's and Intel's GPUs know neither all numbers nor all operations.

PyTorch alone: the starter's networks are trained on rented machines that have little else.
"""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch import Tensor

REFUSALS = (
    RuntimeError,
    AssertionError,
    NotImplementedError,
    TypeError,
)  # how devices say that they lack something

T = TypeVar("T", bound=Callable[..., Tensor])


def has_float64(device: torch.device) -> bool:
    """Tell whether a device computes in float64: Apple's GPUs and Intel's first Arc do not."""
    return device.type in ("cpu", "cuda") or _answers(device, _try_float64)


def has_complex(device: torch.device) -> bool:
    """Tell whether a device transforms to the frequency domain and back, and multiplies complex numbers."""
    return device.type in ("cpu", "cuda") or _answers(device, _try_complex)


@functools.cache
def _answers(device: torch.device, attempt: Callable[[torch.device], bool]) -> bool:
    try:
        return attempt(device)
    except REFUSALS:
        return False


def _try_float64(device: torch.device) -> bool:
    return float(torch.ones(3, device=device, dtype=torch.float64).cumsum(0)[-1]) == 3


def _try_complex(device: torch.device) -> bool:
    wave = torch.linspace(-1, 1, 16)
    gain = torch.polar(torch.full((9,), 2.0, device=device), torch.zeros(9, device=device))
    doubled = torch.fft.irfft(torch.fft.rfft(wave.to(device)) * gain, n=16)
    return torch.allclose(doubled.cpu(), 2 * wave, atol=1e-4)


def spectral(function: T) -> T:
    """Compute a function of real tensors, by way of complex ones, on the CPU where its device has none.

    Gradients go the same way back. All tensors among its arguments are on one device, which the result is on, too.
    """

    @functools.wraps(function)
    def compute(*arguments: Any, **named: Any) -> Tensor:
        device = next(one.device for one in arguments if isinstance(one, Tensor))
        if has_complex(device):
            return function(*arguments, **named)
        return function(*map(_on_cpu, arguments), **named).to(device)

    return compute  # type: ignore[return-value]


def _on_cpu(argument: Any) -> Any:
    return argument.cpu() if isinstance(argument, Tensor) else argument
