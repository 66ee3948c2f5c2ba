"""Files of `torch.save` from strangers: a pickle in a zip, opened so that nothing in it can run.

`look` reads what a file says of itself as plain data and checks every claim against the file. Only what passed is
loaded, by torch and with `weights_only=True`: that keeps code out, but not a small file that asks for gigabytes.
"""

import io
import math
import pickle
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from rvc.errors import InputError
from rvc.names import shown
from rvc.voices import kinds, pickles
from rvc.voices.pickles import Call, Global, PickleError, Reference

MAX_FILE_BYTES = 1 << 30
MAX_MEMBERS = 10_000
MAX_READ_BYTES = 2 << 20  # of the list of a zip's members
MAX_DIMS = 8
NAMES_SHOWN = 3
NAME_LENGTH = 60
TENSOR = "torch._utils._rebuild_tensor_v2"
PARAMETER = "torch._utils._rebuild_parameter"
FLOAT_BYTES = {
    "torch.HalfStorage": 2,
    "torch.BFloat16Storage": 2,
    "torch.FloatStorage": 4,
    "torch.DoubleStorage": 8,
}
OTHER_BYTES = {
    "torch.BoolStorage": 1,
    "torch.ByteStorage": 1,
    "torch.CharStorage": 1,
    "torch.ShortStorage": 2,
    "torch.IntStorage": 4,
    "torch.LongStorage": 8,
}
ITEM_BYTES = FLOAT_BYTES | OTHER_BYTES
KNOWN_NAMES = frozenset((pickles.ORDERED_DICT, TENSOR, PARAMETER, *ITEM_BYTES))


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file says of a tensor, found to be true of the bytes that it has."""

    shape: tuple[int, ...]
    is_float: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that was looked at: its values, with an `Outline` for every tensor, and its members' sizes."""

    path: Path
    value: Any
    sizes: dict[str, int]

    def outline(self, value: object) -> Outline | None:
        """Return the outline of a value of this file, None where it is no tensor."""
        return _outline(value, self.sizes)

    def load(self) -> Any:
        """Return what was saved: tensors on the CPU, and plain values. Raises `InputError` damaged_model."""
        try:
            with self.path.open("rb") as file:
                return torch.load(file, map_location="cpu", weights_only=True)
        except pickle.UnpicklingError as error:
            raise _hostile(self.path, []) from error
        except Exception as error:  # a crafted file can provoke any of them
            raise kinds.UNKNOWN.refused(self.path) from error


def look(path: Path) -> Saved:
    """Read what a file says of itself; nothing in it is imported or called, and no tensor is loaded.

    Raises `InputError`: missing_file, not_readable, model_too_large, damaged_model, hostile_model, or the code of
    the kind of file that it is in place of a model.
    """
    sizes, data = _unzip(path)
    try:
        found = pickles.read(data)
    except PickleError as error:
        raise _unreadable(path, data) from error
    foreign = [name for name in found.names if name not in KNOWN_NAMES]
    if foreign:
        raise _hostile(path, foreign)
    if not all(_outline(call, sizes) for call in found.calls):
        raise kinds.UNKNOWN.refused(path)
    return Saved(path, found.value, sizes)


class _Frugal(io.BufferedReader):
    """A file that gives no more than a little at once, whatever a zip's header says of the list of its members."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(MAX_READ_BYTES if size is None or size < 0 else min(size, MAX_READ_BYTES))


def _unzip(path: Path) -> tuple[dict[str, int], bytes]:
    """Return the sizes of the members, by their names without the common folder, and the pickle's bytes."""
    _check_file(path)
    try:
        with _Frugal(io.FileIO(path)) as file, zipfile.ZipFile(file) as archive:
            members = _plausible(archive.infolist(), path)
            inner = {name.partition("/")[2]: member for name, member in members.items()}
            if "data.pkl" not in inner:
                raise kinds.ARCHIVE.refused(path)
            return {name: member.file_size for name, member in inner.items()}, archive.read(inner["data.pkl"])
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, RuntimeError) as error:
        raise kinds.refusal(path) from error


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError as error:
        raise kinds.not_readable(path, error) from error
    if size is None:
        raise InputError("missing_file", f"There is no model at {path}.")
    if size > MAX_FILE_BYTES:
        raise InputError("model_too_large", f"{path.name} is {size >> 20} MiB, larger than any RVC model.")


def _plausible(members: list[zipfile.ZipInfo], path: Path) -> dict[str, zipfile.ZipInfo]:
    """Return the members by name if they are as torch writes them: stored, no more than the file, and each once."""
    by_name = {member.filename: member for member in members}
    pickle_bytes = sum(member.file_size for name, member in by_name.items() if name.endswith("data.pkl"))
    packed = any(member.compress_type != zipfile.ZIP_STORED for member in members)
    if packed and not any(name.endswith("data.pkl") for name in by_name):
        raise kinds.ARCHIVE.refused(path)
    if (
        packed
        or len(members) > MAX_MEMBERS
        or len(by_name) < len(members)
        or pickle_bytes > pickles.MAX_BYTES
        or sum(member.file_size for member in members) > path.stat().st_size
    ):
        raise kinds.UNKNOWN.refused(path)
    return by_name


def _outline(value: object, sizes: dict[str, int]) -> Outline | None:
    """Return the shape of a tensor if all of it lies in the file, None otherwise or where it is no tensor."""
    if isinstance(value, Call) and value.function == Global(PARAMETER) and value.arguments:
        value = value.arguments[0]
    match value:
        case Call(
            Global(name),
            (
                Reference(("storage", Global(storage), str(key), _, int(items))),
                int(offset),
                tuple(shape),
                tuple(stride),
                *_,
            ),
        ) if name == TENSOR and storage in ITEM_BYTES:
            whole = items * ITEM_BYTES[storage] <= sizes.get(f"data/{key}", -1)
            if whole and _fits(offset, shape, stride, items):
                return Outline(shape, storage in FLOAT_BYTES)
    return None


def _fits(offset: int, shape: tuple[Any, ...], stride: tuple[Any, ...], items: int) -> bool:
    """Tell whether a tensor lies within `items` numbers, and does not pretend to have more of them."""
    counts = (offset, *shape, *stride)
    if len(shape) != len(stride) or len(shape) > MAX_DIMS:
        return False
    if not all(isinstance(count, int) and 0 <= count <= MAX_FILE_BYTES for count in counts):
        return False
    last = sum((count - 1) * step for count, step in zip(shape, stride, strict=True))
    return 0 in shape or (math.prod(shape) <= items and offset + last < items)


def _unreadable(path: Path, data: bytes) -> InputError:
    foreign = [name for name in pickles.names(data[: pickles.MAX_BYTES]) if name not in KNOWN_NAMES]
    return _hostile(path, foreign) if foreign else kinds.UNKNOWN.refused(path)


def _hostile(path: Path, foreign: list[str]) -> InputError:
    some = ", ".join(shown(name)[:NAME_LENGTH] for name in dict.fromkeys(foreign[:NAMES_SHOWN]))
    return InputError(
        "hostile_model",
        f"{path.name} was refused: it holds more than weights{f' ({some})' if some else ''}, "
        "and opening it could run a program.",
        "Get the model from its author again; do not open this file with other tools.",
    )
