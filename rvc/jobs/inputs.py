"""Inputs of a job: files and folders taken over into the job's own folder, so that they may change or go."""

import contextlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from rvc import names, paths
from rvc.errors import InputError
from rvc.jobs.kinds import Kind, Role
from rvc.jobs.service import Inputs

INDEX_SUFFIX = ".index"
NUMBER_WIDTH = 4  # keeps the order in which inputs were given


def check(kind: Kind, inputs: Inputs) -> None:
    """Raise `InputError` unless all that a job needs is given and exists, and nothing else."""
    for name in inputs:
        if name not in kind.roles:
            hint = f"It takes {', '.join(kind.roles) or 'none'}."
            raise InputError("unknown_input", f"This kind of job takes no input called {name}.", hint)
    for name, role in kind.roles.items():
        _check_role(name, role, inputs.get(name, ()))


def _check_role(name: str, role: Role, given: Sequence[Path]) -> None:
    if role.required and not given:
        raise InputError("missing_input", f"The job needs the input {name}.")
    if role.most is not None and len(given) > role.most:
        raise InputError("too_many_inputs", f"The job takes only {role.most} input called {name}.")
    for path in given:
        if not path.exists():
            raise InputError("missing_path", f"{path} does not exist.", "Check the path for spelling.")
        if not path.is_dir() and not path.is_file():
            raise InputError("not_a_file", f"{path} is neither a file nor a folder.")


def measure(inputs: Inputs) -> int:
    """Return how many bytes all inputs are."""
    files = (file for given in inputs.values() for path in given for file in _files(path))
    return sum(file.stat().st_size for file in files)


def take_over(kind: Kind, inputs: Inputs, folder: Path) -> None:
    """Copy or link every input to `folder`/ROLE/NUMBER/NAME; raises `Error` disk_full."""
    for name, given in inputs.items():
        for number, path in enumerate(given, 1):
            place = folder / name / f"{number:0{NUMBER_WIDTH}d}"
            try:
                _take(path, place, linked=kind.roles[name].linked)
            except OSError as error:
                raise paths.as_error(error, place) from error


def _take(path: Path, place: Path, *, linked: bool) -> None:
    if path.is_file():
        _place(path, place, linked=linked)
        return
    for file in _files(path):
        _place(file, (place / path.resolve().name / file.relative_to(path)).parent, linked=linked)


def _place(path: Path, folder: Path, *, linked: bool) -> None:
    """Put a file into a folder under its own name, made safe."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = names.file_stem(path.stem, otherwise="input")
    target = _free_name(folder, stem, path.suffix.lower())
    if not (linked and _link(path, target)):
        shutil.copyfile(path, target)
    index = path.with_suffix(INDEX_SUFFIX)
    if linked and path != index and index.is_file() and not target.with_suffix(INDEX_SUFFIX).exists():
        _place(index, folder, linked=True)  # a model's index lies beside it under its name, here too


def _free_name(folder: Path, stem: str, suffix: str) -> Path:
    target, number = folder / f"{stem}{suffix}", 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}{suffix}"
    return target


def _link(path: Path, target: Path) -> bool:
    """Share a file's content, on the same disk, or point to it from another; tell whether that was possible."""
    with contextlib.suppress(OSError):
        os.link(path.resolve(), target)
        return True
    with contextlib.suppress(OSError):
        target.symlink_to(path.resolve())
        return True
    return False


def _files(path: Path) -> list[Path]:
    """Return a file, or the visible files of a folder."""
    if path.is_file():
        return [path]
    found = (file for file in sorted(path.rglob("*")) if names.is_visible(file, path))
    return [file for file in found if file.is_file()]


def given(folder: Path, role: str) -> list[Path]:
    """Return the inputs of a role in their order: files, and folders as they were."""
    places = sorted((folder / role).iterdir()) if (folder / role).is_dir() else []
    found = (path for place in places for path in sorted(place.iterdir()))
    return [path for path in found if role == "index" or path.suffix != INDEX_SUFFIX]
