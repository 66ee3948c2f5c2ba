"""Sound through pipes: `-` stands for standard input among recordings, and for standard output as a folder."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rvc.errors import InputError
from rvc.paths import as_error, cache_dir, make_dir

PIPE = Path("-")
INPUT_NAME = "standard input"


@contextmanager
def inputs(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Yield the paths with a file in place of `-` that holds what comes in; it is gone when the block ends.

    Raises `InputError` no_input where nothing is piped in, and two_inputs for more than one `-`.
    """
    if PIPE not in paths:
        yield list(paths)
        return
    if paths.count(PIPE) > 1:
        raise InputError("two_inputs", "Standard input can be read once only.", "Give `-` once.")
    if sys.stdin is None or sys.stdin.isatty():
        raise InputError("no_input", "Nothing comes in on standard input.", "Pipe a recording in.")
    with temporary_folder() as folder:
        file = folder / INPUT_NAME
        try:
            with file.open("wb") as copy:
                shutil.copyfileobj(sys.stdin.buffer, copy)
        except OSError as error:
            raise as_error(error, file) from error
        yield [file if path == PIPE else path for path in paths]


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder for large files that is gone when the block ends."""
    with tempfile.TemporaryDirectory(dir=make_dir(cache_dir())) as folder:
        yield Path(folder)


def send(file: Path) -> None:
    """Write a file to standard output."""
    with file.open("rb") as content:
        shutil.copyfileobj(content, sys.stdout.buffer)
    sys.stdout.buffer.flush()
