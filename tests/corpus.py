"""Where hostile files are known: by their kind, with what makes each and how it is to be refused."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

SPRUNG = "sprung"  # a file that appears where a trap was sprung

Maker = Callable[[Path], None]
CORPUS: dict[str, tuple[str, str, Maker]] = {}
"""By the kind of file: its name, the code it is refused with, and what makes it."""


class Trap:
    """Calls something when it is unpickled."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Any, ...]:
        return self.call


def file(kind: str, name: str, code: str) -> Callable[[Maker], Maker]:
    """Add what the decorated function writes to the corpus."""

    def add(maker: Maker) -> Maker:
        CORPUS[kind] = (name, code, maker)
        return maker

    return add


def pth(kind: str, code: str, content: Callable[[Path], Any], **options: Any) -> None:
    """Add a file that `torch.save` writes."""
    CORPUS[kind] = ("voice.pth", code, lambda path: torch.save(content(path), path, **options))


def raw(kind: str, name: str, code: str, content: Callable[[], bytes]) -> None:
    CORPUS[kind] = (name, code, lambda path: path.write_bytes(content()) and None)


def trap(path: Path) -> Trap:
    return Trap(os.mkdir, str(path.with_name(SPRUNG)))


def zipped(data: bytes, *storages: bytes) -> Maker:
    """Return the writer of a zip as torch writes it, around any pickle."""

    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", data)
            archive.writestr("archive/version", "3\n")
            for key, content in enumerate(storages):
                archive.writestr(f"archive/data/{key}", content)

    return write
