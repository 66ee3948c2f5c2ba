"""Reads `multipart/form-data` of any size: files go to the disk as they arrive, never into memory or a shared folder.

What a client calls a file is made a safe name below a folder of our own; nothing is decoded here.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from remote_agent.problems import Refusal
from rvc import names, paths

PIECE_BYTES = 1 << 20  # what is handed to the disk at once
FIELD_BYTES = 1 << 16
MOST_FIELDS = 300
SUFFIX_CHARS = 12


@dataclass(slots=True)
class Form:
    """What a form held: texts by their names, and files by theirs in the order in which they came."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[Path]] = field(default_factory=dict)


def safe_name(name: str) -> str:
    """Return the name of a file as it can be used in any folder: no path, nothing hidden, nothing reserved."""
    last = PurePosixPath(PureWindowsPath(name).name)
    kept = "".join(letter for letter in last.suffix.lower() if letter.isascii() and letter.isalnum())
    stem = names.file_stem(last.stem, otherwise="input")
    return f"{stem}.{kept[:SUFFIX_CHARS]}" if kept else stem


async def read_form(request: Request, folder: Path, most_files: int) -> Form:
    """Read a request's form into memory (texts) and `folder` (files).

    Raises `Refusal` bad_form, too_many_files, too_many_fields, field_too_large; `Error` disk_full.
    """
    intake = Intake(_boundary(request), folder, most_files)
    try:
        pieces = bytearray()
        async for chunk in request.stream():
            pieces += chunk
            if len(pieces) >= PIECE_BYTES:
                await run_in_threadpool(intake.write, bytes(pieces))
                pieces.clear()
        await run_in_threadpool(intake.write, bytes(pieces))
        return intake.finish()
    finally:
        intake.close()


def _boundary(request: Request) -> bytes:
    _, options = parse_options_header(request.headers["content-type"])
    if b"boundary" not in options:
        raise _bad_form("its Content-Type has no boundary")
    return options[b"boundary"]


class Intake:
    """Takes a form apart as it arrives."""

    def __init__(self, boundary: bytes, folder: Path, most_files: int) -> None:
        self._folder = folder
        self._most_files = most_files
        self._form = Form()
        self._count = 0
        self._fields = 0
        self._header = b""
        self._headers: dict[bytes, bytes] = {}
        self._name = ""
        self._file: IO[bytes] | None = None
        self._text = bytearray()
        self._ended = False
        try:
            self._parser = MultipartParser(boundary, self._callbacks())  # type: ignore[arg-type]
        except FormParserError as error:
            raise _bad_form(str(error)) from error

    def _callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_headers_finished": self._open,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def write(self, data: bytes) -> None:
        """Take in a piece of the form."""
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise _bad_form(str(error)) from error
        except OSError as error:
            raise paths.as_error(error, self._folder) from error

    def finish(self) -> Form:
        """Return all that was in the form; it must have come to its end."""
        if not self._ended:
            raise _bad_form("it breaks off")
        return self._form

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _begin(self) -> None:
        self._headers, self._header, self._text = {}, b"", bytearray()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        if self._header in self._headers:  # the one before is whole
            self._header = b""
        self._header += data[start:end].lower()

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._headers[self._header] = self._headers.get(self._header, b"") + data[start:end]

    def _open(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        if b"name" not in options:
            raise _bad_form("a part has no name")
        self._name = options[b"name"].decode(errors="replace")
        if b"filename" in options:
            self._open_file(options[b"filename"].decode(errors="replace"))
            return
        self._fields += 1
        if self._fields > MOST_FIELDS:
            raise Refusal(413, "too_many_fields", f"A form may have {MOST_FIELDS} fields at most.")

    def _open_file(self, name: str) -> None:
        self._count += 1
        if self._count > self._most_files:
            text = f"A submission may have {self._most_files} files at most."
            raise Refusal(413, "too_many_files", text, "Send fewer, or longer ones.", field=self._name)
        place = self._folder / f"{self._count:05d}"
        place.mkdir(mode=0o700)
        path = place / safe_name(name)
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._form.files.setdefault(self._name, []).append(path)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(memoryview(data)[start:end])
            return
        self._text += data[start:end]
        if len(self._text) > FIELD_BYTES:
            text = f"{self._name} is longer than {FIELD_BYTES} bytes."
            raise Refusal(413, "field_too_large", text, "Send files with a file name.", field=self._name)

    def _end(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
            return
        text = self._text.decode(errors="replace")
        self._form.texts.setdefault(self._name, []).append(text)

    def _finish(self) -> None:
        self._ended = True


def _bad_form(reason: str) -> Refusal:
    return Refusal(
        422, "bad_form", f"The form cannot be read: {reason}.", "Send multipart/form-data as curl -F does."
    )
