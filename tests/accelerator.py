"""An accelerator that computes like the CPU but is one to the engine, and lacks what Apple's GPUs lack.

Everything is real but the platform's answers: tensors say that they are on `mps`, mixing them with the CPU's is an
error, and float64 and complex numbers are refused as that device refuses them.
"""

from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map_only

MPS = torch.device("mps", 0)
REFUSED = (torch.float64, torch.complex64, torch.complex128)


class Foreign(Tensor):
    """A tensor of the accelerator: holds one of the CPU's, which it takes to be its own when asked in C++."""

    held: Tensor

    @staticmethod
    def __new__(cls, held: Tensor) -> "Foreign":
        self: Foreign = Tensor._make_wrapper_subclass(  # type: ignore[attr-defined]
            cls, held.shape, strides=held.stride(), dtype=held.dtype, requires_grad=held.requires_grad
        )
        self.held = held
        return self

    @property
    def device(self) -> torch.device:  # type: ignore[override]
        return MPS

    def cpu(self, *_: Any, **__: Any) -> Tensor:
        return Leaving.apply(self)  # type: ignore[no-any-return]

    def to(self, *args: Any, **kwargs: Any) -> Tensor:
        if args and isinstance(args[0], Tensor):
            args = (args[0].device, args[0].dtype, *args[1:])
        device, dtype, *_ = torch._C._nn._parse_to(*args, **kwargs)
        moved = self.cpu() if device is not None and not _is_mps(device) else self
        return moved if dtype in (None, moved.dtype) else Tensor.to(moved, dtype)

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return compute(func, args, kwargs or {})


class Leaving(torch.autograd.Function):
    """The way to the CPU, and the gradient's way back."""

    @staticmethod
    def forward(_context: Any, there: Foreign) -> Tensor:
        return there.held.clone()

    @staticmethod
    def backward(_context: Any, gradient: Tensor) -> Tensor:
        return Foreign(gradient)


class Arriving(torch.autograd.Function):
    """The way to the accelerator, and the gradient's way back."""

    @staticmethod
    def forward(_context: Any, here: Tensor) -> Tensor:
        return _onto(here.clone())

    @staticmethod
    def backward(_context: Any, gradient: Foreign) -> Tensor:
        return gradient.held


class Moves(TorchFunctionMode):
    """Takes tensors to the accelerator."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is not Tensor.to or isinstance(args[0], Foreign):
            return func(*args, **kwargs)
        here, *how = args
        if how and isinstance(how[0], Foreign):
            how = [how[0].device, how[0].dtype, *how[1:]]
        device, dtype, *_ = torch._C._nn._parse_to(*how, **kwargs)
        if not _is_mps(device):
            return func(here, *how, **kwargs)
        return Arriving.apply(here if dtype is None else here.to(dtype))


def compute(func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """Answer an operation as the accelerator does."""
    values, _ = tree_flatten((args, kwargs))
    arrives = _is_mps(kwargs.get("device"))
    there = any(isinstance(value, Foreign) for value in values)
    if there:
        _refuse_mixed(values, func)
    kwargs = {**kwargs, "device": torch.device("cpu")} if arrives else kwargs
    args, kwargs = tree_map_only(Foreign, lambda one: one.held, (args, kwargs))
    done = func(*args, **kwargs)
    return tree_map_only(Tensor, _onto, done) if there or arrives else done


def _onto(held: Tensor) -> Tensor:
    if held.dtype in REFUSED:
        raise TypeError(
            f"Cannot convert a MPS Tensor to {held.dtype} as the MPS framework doesn't support it."
        )
    return Foreign(held)


def _refuse_mixed(values: list[Any], func: Any) -> None:
    for value in values:
        if isinstance(value, Tensor) and not isinstance(value, Foreign) and value.dim():
            raise RuntimeError(f"{func}: expected all tensors to be on the same device, found mps:0 and cpu")


def _is_mps(target: Any) -> bool:
    return target is not None and torch.device(target).type == "mps"


class Accelerator(TorchDispatchMode):
    """While this is entered, the accelerator is in the machine."""

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # nothing is compiled, and the compiler takes seconds to load

    def __enter__(self) -> "Accelerator":
        torch.__future__.set_overwrite_module_params_on_conversion(
            True
        )  # no tensor can become another class's
        self.moves = Moves()
        self.moves.__enter__()
        return super().__enter__()  # type: ignore[no-any-return]

    def __exit__(self, *failure: Any) -> None:
        super().__exit__(*failure)
        self.moves.__exit__(*failure)
        torch.__future__.set_overwrite_module_params_on_conversion(False)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return compute(func, args, kwargs or {})
