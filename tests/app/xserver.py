"""An X server without a screen, and a keyboard that presses its keys as a real one would, by the extension XTEST."""

import os
import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator
from typing import Self

import pytest

PRESS, RELEASE = 2, 3
QUERY_EXTENSION, FAKE_INPUT = 98, 2


@pytest.fixture
def display() -> Iterator[str]:
    """The name of a display of its own."""
    if shutil.which("Xvfb") is None:
        pytest.skip("there is no Xvfb")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


class FakeKeyboard:
    """Speaks X's protocol itself: not everywhere is a library for XTEST."""

    def __init__(self, display: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(f"/tmp/.X11-unix/X{display[1:]}")
        self._socket.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
        head = self._read(8)
        assert head[0] == 1, "the server refuses"
        self._read(4 * struct.unpack_from("<H", head, 6)[0])
        name = b"XTEST"
        request = struct.pack("<BxHHxx", QUERY_EXTENSION, 4, len(name)) + name.ljust(8, b"\0")
        self._socket.sendall(request)
        self._opcode = self._read(32)[9]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def press(self, code: int) -> None:
        self._fake(PRESS, code)

    def release(self, code: int) -> None:
        self._fake(RELEASE, code)

    def _fake(self, kind: int, code: int) -> None:
        body = struct.pack("<BB2xI", kind, code, 0).ljust(32, b"\0")
        self._socket.sendall(struct.pack("<BBH", self._opcode, FAKE_INPUT, 9) + body)

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self._socket.recv(size - len(data))
            assert part, "the server hung up"
            data += part
        return data
