"""RVC Studio's engine: RVC V2 voice conversion from recordings to a tested model.

Importing this package costs nothing: torch is loaded with the first stage that needs it.
"""

import os
from importlib import import_module
from typing import Any

from rvc.errors import Error, InputError, Paused

__version__ = "0.1.0"

_STAGES = {
    "inspect": "rvc.quality.inspection",
    "prepare": "rvc.datasets.preparation",
    "train": "rvc.learning.training",
    "write_index": "rvc.synthesis.index",
    "convert": "rvc.synthesis.conversion",
    "evaluate": "rvc.testing.evaluation",
    "Voice": "rvc.voices.voice",
}

# What Apple's and Intel's GPUs cannot compute, the CPU does for them. Read when torch is loaded, which is after this.
for _name in ("PYTORCH_ENABLE_MPS_FALLBACK", "PYTORCH_ENABLE_XPU_FALLBACK"):
    os.environ.setdefault(_name, "1")

__all__ = ["Error", "InputError", "Paused", "__version__", *_STAGES]


def __getattr__(name: str) -> Any:
    if name in _STAGES:
        return getattr(import_module(_STAGES[name]), name)
    raise AttributeError(name)
