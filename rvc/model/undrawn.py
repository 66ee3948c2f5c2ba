"""Networks without first weights: those of a file replace them anyway, and drawing them takes half a second."""

from collections.abc import Callable
from typing import Any

from torch.overrides import TorchFunctionMode

DRAWING = "torch.nn.init"


class Undrawn(TorchFunctionMode):
    """Within it, layers leave their weights as memory has them; all must be loaded before they are used."""

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        named = kwargs or {}
        if getattr(func, "__module__", None) == DRAWING:
            return named["tensor"] if "tensor" in named else args[0]
        return func(*args, **named)
