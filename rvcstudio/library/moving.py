"""Moving a library to another folder: everything is copied and compared before anything goes."""

import shutil
import sqlite3
from pathlib import Path

from rvc import paths
from rvc.errors import Error, InputError
from rvc.events import Reporter
from rvcstudio.library import schema
from rvcstudio.library.files import copy, files_in, size_of
from rvcstudio.library.library import Library

SPARE_BYTES = 100_000_000


def is_library(folder: Path) -> bool:
    return (folder / schema.FILE).is_file()


def copy_library(library: Library, to: Path, reporter: Reporter) -> Path:
    """Copy a library into an empty folder; the old one stays as it is, for `discard`.

    Raises `InputError`: not_empty, inside_library; `Error` disk_full.
    """
    to = to.absolute()
    _check(library.folder, to)
    _check_room(size_of(library.folder), paths.make_dir(to))
    with reporter.phase("moving", size_of(library.folder), unit="bytes") as phase:
        for _ in range(2):  # again for what came while the first files were on their way
            for source in files_in(library.folder):
                target = to / source.relative_to(library.folder)
                if not source.name.startswith(schema.FILE) and not _same(source, target):
                    copy(source, target, phase)
        _copy_database(library, to / schema.FILE)
    return to


def _check(old: Path, new: Path) -> None:
    if new.is_relative_to(old) or old.is_relative_to(new):
        raise InputError(
            "inside_library", "One of the two folders lies in the other.", "Choose a folder elsewhere."
        )
    if new.exists() and any(new.iterdir()):
        raise InputError("not_empty", f"{new} is not empty.", "Choose an empty folder, or a new one.")


def _check_room(size: int, folder: Path) -> None:
    if shutil.disk_usage(folder).free < size + SPARE_BYTES:
        raise Error("disk_full", f"There is no room for the library in {folder}.", "Free some space there.")


def _same(source: Path, target: Path) -> bool:
    if not target.is_file():
        return False
    one, other = source.stat(), target.stat()
    return (one.st_size, int(one.st_mtime)) == (other.st_size, int(other.st_mtime))


def _copy_database(library: Library, to: Path) -> None:
    """Copy the tables as they are at this moment, and check the copy."""
    copied = sqlite3.connect(to)
    try:
        library.database.copy_to(copied)
        if copied.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Error("not_copied", "The library could not be copied.", "Try another folder.")
    finally:
        copied.close()


def discard(folder: Path) -> None:
    """Delete the files of a library that lives elsewhere now, and of the folder only what is a library's."""
    for name in ("voices", "models", "conversions"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for file in folder.glob(f"{schema.FILE}*"):
        file.unlink(missing_ok=True)
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()
