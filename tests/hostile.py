"""Hostile, broken and foreign files, made here and now, and what becomes of each: `python -m tests.hostile`.

Every file is opened the way a user would (`Voice.load`, or `index.load` for an index), all of them in one process that
may take little memory more than it has. The table of what was said is the product.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

from rvc.errors import InputError
from rvc.synthesis import index
from rvc.voices.voice import Voice
from tests import hostile_models, hostile_pickles
from tests.corpus import CORPUS, SPRUNG

__all__ = ["CORPUS", "SPRUNG", "hostile_models", "hostile_pickles"]  # the latter two fill the corpus

MEMORY_BYTES = 512 << 20  # what opening a file may take at most: every one of these is small, or sparse


def possible(kind: str) -> bool:
    """Tell whether this machine and user can have such a file."""
    if kind == "a file that may not be read":
        return hasattr(os, "geteuid") and os.geteuid() != 0
    return os.name == "posix" or kind not in ("a pipe", "a link to itself")


def open_file(path: Path) -> InputError | None:
    """Open a file as a user would; return how it was refused."""
    try:
        index.load(path) if path.suffix == ".index" else Voice.load(path)
    except InputError as error:
        return error
    return None


def outcome(kind: str, folder: Path) -> dict[str, Any]:
    """Make a file, open it, and say what came of it; the file is gone afterwards."""
    name, code, maker = CORPUS[kind]
    path = folder / name
    maker(path)
    started = time.process_time()
    error = open_file(path)
    seconds = time.process_time() - started
    path.rmdir() if path.is_dir() else path.unlink()
    return {
        "kind": kind,
        "wanted": code,
        "code": error.code if error else None,
        "text": error.text if error else "It was opened.",
        "sprung": (folder / SPRUNG).exists(),
        "seconds": seconds,
    }


def memory() -> tuple[int, int]:
    """Return how many bytes this process has mapped, and the most it ever held, on Linux."""
    status = Path("/proc/self/status").read_text()
    found = dict(line.split(":", 1) for line in status.splitlines())
    return tuple(int(found[name].split()[0]) << 10 for name in ("VmSize", "VmHWM"))  # type: ignore[return-value]


def limit_memory() -> None:
    """Let every allocation beyond what this process has, and `MEMORY_BYTES` more, fail."""
    import resource

    open_file(Path("nothing.pth"))  # what is loaded once is no file's fault
    mapped, _ = memory()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + MEMORY_BYTES, mapped + MEMORY_BYTES))


def main() -> None:
    """Print one JSON object for each kind of file with `--json`, a table otherwise."""
    torch.set_num_threads(1)
    limit_memory()
    _, before = memory()
    with tempfile.TemporaryDirectory() as folder:
        outcomes = [outcome(kind, Path(folder)) for kind in CORPUS if possible(kind)]
    grown = memory()[1] - before
    if "--json" in sys.argv:
        print(json.dumps({"outcomes": outcomes, "grown": grown}))  # noqa: T201
        return
    for each in outcomes:
        print(f"{each['kind']:<44} {each['seconds']:>5.2f} s  {each['code']:<20} {each['text']}")  # noqa: T201
    print(f"{len(outcomes)} files; memory grew by {grown >> 20} MiB at most, code ran in none")  # noqa: T201


if __name__ == "__main__":
    main()
