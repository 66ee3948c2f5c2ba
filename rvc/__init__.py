"""RVC Studio's engine: RVC V2 voice conversion from recordings to a tested model.

Importing this package costs nothing: torch is loaded with the first stage that needs it.
"""

from importlib import import_module
from typing import Any

from rvc.errors import Error, InputError, Paused

__version__ = "0.1.0"

_STAGES = {
    "inspect": "rvc.quality.inspection",
    "prepare": "rvc.preparation",
    "train": "rvc.training",
    "write_index": "rvc.index",
    "convert": "rvc.conversion",
    "evaluate": "rvc.evaluation",
    "Voice": "rvc.voice",
}

__all__ = ["Error", "InputError", "Paused", "__version__", *_STAGES]


def __getattr__(name: str) -> Any:
    if name in _STAGES:
        return getattr(import_module(_STAGES[name]), name)
    raise AttributeError(name)
