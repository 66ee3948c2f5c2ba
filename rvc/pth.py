"""Files of `torch.save` from strangers: a pickle in a zip, opened so that nothing in it can run.

`weights_only=True` does that since torch 2.10; the rest here keeps a crafted file from filling the memory.
"""

import pickle
import zipfile
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from rvc.errors import InputError

MAX_FILE_BYTES = 1 << 30
MAX_MEMBERS = 10_000
MAX_PICKLE_BYTES = 16 << 20


def read(path: Path) -> Any:
    """Return what was saved: tensors on the CPU, and plain values.

    Raises `InputError`: missing_file, model_too_large, damaged_model, hostile_model.
    """
    _check_container(path)
    try:
        with path.open("rb") as file:
            return torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise InputError(
            "hostile_model",
            f"{path.name} was refused: it holds more than weights, and opening it could run a program.",
            "Get the model from its author again; do not open this file with other tools.",
        ) from error
    except Exception as error:  # a crafted pickle can provoke any of them
        raise damaged(path) from error


def _check_container(path: Path) -> None:
    """Refuse what is no zip as torch writes it, with members stored and not compressed."""
    if not path.is_file():
        raise InputError("missing_file", f"There is no model at {path}.")
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise InputError("model_too_large", f"{path.name} is {size >> 20} MiB, larger than any RVC model.")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise damaged(path) from error
    packed = any(member.compress_type != zipfile.ZIP_STORED for member in members)
    unpacked_bytes = sum(member.file_size for member in members)
    pickle_bytes = sum(member.file_size for member in members if member.filename.endswith(".pkl"))
    if packed or len(members) > MAX_MEMBERS or unpacked_bytes > size or pickle_bytes > MAX_PICKLE_BYTES:
        raise damaged(path)


def is_plain(tensor: object) -> bool:
    """Tell whether a tensor is what it seems: a crafted one can claim gigabytes that it does not have."""
    return (
        isinstance(tensor, Tensor)
        and tensor.layout == torch.strided
        and tensor.device.type == "cpu"
        and tensor.is_floating_point()
        and tensor.numel() * tensor.element_size() <= tensor.untyped_storage().nbytes()
    )


def damaged(path: Path) -> InputError:
    return InputError("damaged_model", f"{path.name} is damaged, or not a model file.", "Get it again.")
