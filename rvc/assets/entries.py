"""What the program knows of each pretrained file: where it is from, how long it is, its hash and its licence."""

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from rvc.errors import InputError

MIRROR_VARIABLE = "RVC_STUDIO_MIRROR"
BLOCK_BYTES = 1 << 20

Kind = Literal["encoder", "pitch", "base", "community"]


class PackagedFile(BaseModel):
    """One file inside a wheel of the package index; `installed` when that package is one of our own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    package: str
    version: str
    member: str
    installed: bool = False


class KnownFile(BaseModel):
    """A file by what it must be; where `sha256` is None, no content is wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str
    size: int | None = None
    sha256: str | None = None

    def fits(self, path: Path) -> bool:
        """Tell by its length whether `path` may be this file."""
        return self.size is None or path.stat().st_size == self.size

    def is_intact(self, path: Path) -> bool:
        """Tell by its hash whether `path` is this file; any is where no hash is known yet."""
        return self.sha256 is None or sha256(path) == self.sha256


class Asset(KnownFile):
    """An entry of the manifest: `urls`, tried in turn, `package` or the web `page` say where it is from.

    Where `sha256` is None, the first file that is fetched or added is trusted, and remembered. `places` are
    where the tools that people come from keep it, below their folder.
    """

    name: str
    about: str
    kind: Kind
    licence: str | None
    urls: tuple[str, ...] = ()
    package: PackagedFile | None = None
    page: str | None = None
    places: tuple[str, ...] = ()

    @property
    def must_ask(self) -> bool:
        """Whether a person has to accept the licence first: it is not one of those we know and ship with."""
        return self.kind == "community"

    @property
    def terms(self) -> str:
        """Say the licence, or that it is not known."""
        return self.licence or "licence not known to RVC Studio"

    def addresses(self, mirrors: Iterable[str]) -> list[str]:
        """List where to ask for the file: at the mirrors first, then where it is from."""
        mirrored = [f"{mirror.rstrip('/')}{urlsplit(url).path}" for mirror in mirrors for url in self.urls]
        return list(dict.fromkeys([*mirrored, *self.urls]))


def mirrors() -> list[str]:
    """List the mirrors of `RVC_STUDIO_MIRROR`, parted by spaces; raises `InputError` bad_mirror."""
    named = os.environ.get(MIRROR_VARIABLE, "").split()
    for mirror in named:
        if urlsplit(mirror).scheme not in ("http", "https") or not urlsplit(mirror).netloc:
            raise InputError(
                "bad_mirror",
                f"{mirror} is not the address of a mirror.",
                "It begins with https:// and replaces the part of an address before the first path.",
            )
    return named


def sha256(path: Path, advance: Callable[[int], None] = lambda _bytes: None) -> str:
    """Return the file's SHA-256 in hexadecimal digits; `advance` is told of the bytes read."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            advance(len(block))
    return digest.hexdigest()
