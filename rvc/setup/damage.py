"""Installed packages whose files are not what was installed: cut off, changed, gone, or there twice."""

import base64
import csv
import hashlib
import importlib.metadata
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import Distribution
from pathlib import Path
from typing import NamedTuple

from rvc.doctor.finding import Finding, found

BLOCK_BYTES = 1 << 20
MADE_HERE = (".pyc",)  # by Python and by pip, in every environment anew


@dataclass(frozen=True, slots=True)
class Damage:
    """The first file of a package that is not as it should be."""

    name: str
    version: str
    file: str
    reason: str

    @property
    def finding(self) -> Finding:
        return found("package_damaged", **asdict(self))


class Record(NamedTuple):
    """A line of a package's list of files (PEP 376): the hash as `sha256=...`, the size in bytes; both may be empty."""

    file: str
    hash: str
    size: str


def find_damage(*, by_hash: bool = False, advance: Callable[[], None] = lambda: None) -> list[Damage]:
    """Look at all packages of this environment by the lengths of their files, or by their hashes as well."""
    damages: dict[str, Damage] = {}
    seen: dict[str, str] = {}
    for distribution in list(importlib.metadata.distributions()):
        name = distribution.metadata["Name"] if distribution.metadata else None
        if not name:
            continue
        if name.lower() in seen:
            twice = f"{seen[name.lower()]} is installed as well"
            damages[name.lower()] = Damage(name, distribution.version, "dist-info", twice)
        elif damage := next(_damages(distribution, name, by_hash), None):
            damages[name.lower()] = damage
        seen[name.lower()] = distribution.version
        advance()
    return list(damages.values())


def _damages(distribution: Distribution, name: str, by_hash: bool) -> Iterator[Damage]:
    for record in _records(distribution):
        if not record.hash or record.file.endswith(MADE_HERE) or _is_about_it(record.file):
            continue
        if why := _fault(Path(str(distribution.locate_file(record.file))), record, by_hash):
            yield Damage(name, distribution.version, record.file, why)


def _records(distribution: Distribution) -> Iterator[Record]:
    """Yield what was installed; `distribution.files` passes over those that are gone, from Python 3.12 on."""
    for row in csv.reader((distribution.read_text("RECORD") or "").splitlines()):
        if len(row) == len(Record._fields):
            yield Record(*row)


def _is_about_it(file: str) -> bool:
    """Tell whether a file is metadata or a command, which installers write themselves."""
    first = file.split("/")[0]
    return first == ".." or first.endswith(".dist-info")


def _fault(path: Path, told: Record, by_hash: bool) -> str:
    try:
        size = path.stat().st_size
        if told.size and size != int(told.size):
            return f"{size} of {told.size} bytes are there"
        kind, _, value = told.hash.partition("=")
        if by_hash and _digest(path, kind) != value:
            return "its content has changed"
    except OSError as error:
        return "it is gone" if isinstance(error, FileNotFoundError) else str(error.strerror)
    return ""


def _digest(path: Path, kind: str) -> str:
    digest = hashlib.new(kind)
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
    return base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")
