"""Where things are kept: the user's folders, and the files that ship with the program."""

import contextlib
import errno
import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from rvc.errors import Error, InputError

APP_NAME = "rvc-studio"


def home() -> Path | None:
    """The one folder that overrides all others, from `RVC_STUDIO_HOME`, or None."""
    value = os.environ.get("RVC_STUDIO_HOME")
    return Path(value).expanduser() if value else None


def cache_dir() -> Path:
    """Files that can be made again: features, downloaded weights. Safe to delete."""
    return _under("cache", platformdirs.user_cache_path(APP_NAME))


def weights_dir() -> Path:
    return cache_dir() / "weights"


def features_dir() -> Path:
    return cache_dir() / "features"


def jobs_dir() -> Path:
    """The queue of jobs, and a folder of each."""
    return _under("jobs", platformdirs.user_state_path(APP_NAME) / "jobs")


def _under(name: str, default: Path) -> Path:
    root = home()
    return root / name if root else default


def sources() -> Path:
    """Return the folder that holds the program's packages as files; a bundled app carries them for the engine."""
    bundle = getattr(sys, "_MEIPASS", None)
    return Path(bundle) / "sources" if bundle else Path(__file__).resolve().parent.parent


def resource(name: str) -> Path:
    """Return the path of a file that ships with the program, such as `demo/voice`."""
    for root in (sources() / "rvc" / "resources", sources() / "resources"):
        if (root / name).exists():
            return root / name
    raise Error("missing_resource", f"The program's own file {name} is missing.", "Reinstall RVC Studio.")


@contextlib.contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """Yield a temporary path that replaces `path` when the block ends well and vanishes when it does not.

    Raises `Error` with code `disk_full` or `not_writable` in place of the system's error.
    """
    make_dir(path.parent)
    temporary = path.with_name(f".{uuid.uuid4().hex}{path.suffix}")
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise as_error(error, path) from error
    finally:
        temporary.unlink(missing_ok=True)


def make_dir(path: Path) -> Path:
    """Create a folder and its parents; raises `Error` or `InputError` in place of the system's error."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise as_error(error, path) from error
    return path


def as_error(error: OSError, path: Path) -> Error:
    """Say a system error about writing `path` in the user's words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Error(
            "disk_full",
            f"The disk is full: {path} could not be written.",
            "Free some space and run it again.",
        )
    if isinstance(error, FileExistsError | NotADirectoryError):
        return InputError(
            "not_a_folder", f"{path} is a file where a folder is needed.", "Choose another output folder."
        )
    return InputError(
        "not_writable", f"{path} cannot be written: {error.strerror or error}.", "Choose another folder."
    )


def write_text(path: Path, text: str) -> None:
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
