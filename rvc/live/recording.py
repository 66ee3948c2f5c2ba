"""What a live conversion plays, written to a file as it goes."""

import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rvc.errors import Error
from rvc.sound import encoding
from rvc.synthesis import outputs


class Recording:
    """A file that a thread of its own writes; where there is one of that name, the new one is numbered."""

    def __init__(self, path: Path, rate: int, comment: str) -> None:
        """Raises `InputError` unknown_format."""
        encoding.check_format(path)
        self._blocks: queue.SimpleQueue[np.ndarray | None] = queue.SimpleQueue()
        self._failure: Error | None = None
        self._path = path
        self._thread = threading.Thread(target=self._write, args=(rate, comment), name="recording")
        self._thread.start()

    def add(self, block: np.ndarray) -> None:
        """Go on with a block (N,); raises the `Error` that writing has met with."""
        if self._failure is not None:
            raise self._failure
        self._blocks.put(block)

    def close(self) -> Path:
        """End the recording; return its file. Raises `Error` disk_full or not_writable."""
        self._blocks.put(None)
        self._thread.join()
        if self._failure is not None:
            raise self._failure
        return self._path

    def _write(self, rate: int, comment: str) -> None:
        def write_file(path: Path) -> None:
            encoding.write(path, self._coming(), rate, comment=comment)

        try:
            self._path = outputs.save(self._path, write_file, overwrite=False)
        except Error as error:
            self._failure = error

    def _coming(self) -> Iterator[np.ndarray]:
        while (block := self._blocks.get()) is not None:
            yield block
