"""Files fetched over HTTP: resumed where a connection broke off, from one address after another, then checked.

The target gets its name only when the whole file is there and its hash is right.
"""

import http
import http.client
import logging
import shutil
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from rvc.assets.entries import KnownFile
from rvc.assets.part import Origin, Part
from rvc.errors import Error, Paused
from rvc.events import Phase, Reporter
from rvc.paths import as_error

BLOCK_BYTES = 1 << 18
TIMEOUT_S = 30.0  # without a byte
ATTEMPTS = 4  # in a row that bring nothing new, for each address
RETRY_S = 0.5  # more with each of them
LONGEST_WAIT_S = 60.0  # when a server says how long
USER_AGENT = "rvc-studio"  # some hosts refuse Python's own
RETRIED = {http.HTTPStatus.REQUEST_TIMEOUT, http.HTTPStatus.TOO_MANY_REQUESTS}
NETWORK_ERRORS = (
    urllib.error.URLError,
    http.client.HTTPException,
    ssl.SSLError,
    ConnectionError,
    TimeoutError,
)

log = logging.getLogger(__name__)


class Unusable(Exception):  # noqa: N818 - it never leaves this module
    """An address does not serve the file; the next one may."""

    def __init__(self, reason: str, *, damaged: bool = False) -> None:
        super().__init__(reason)
        self.damaged = damaged


def download(asset: KnownFile, urls: Sequence[str], target: Path, phase: Phase, reporter: Reporter) -> None:
    """Fetch `asset` to `target` from the first of `urls` that serves it whole and undamaged.

    Raises `Error` download_failed or damaged_download with each address's reason, disk_full or not_writable;
    `Paused` on a stop request. What came so far is kept for the next time.
    """
    part = Part(target)
    failures: list[Unusable] = []
    for url in urls:
        try:
            Transfer(asset, url, part, phase, reporter).run()
            part.publish()
            return
        except Unusable as failure:
            log.info("%s: %s", url, failure)
            failures.append(failure)
        except OSError as error:
            raise as_error(error, target) from error
    raise _failed(asset, urls, failures)


class Transfer:
    """The completion of a part from one address."""

    def __init__(self, asset: KnownFile, url: str, part: Part, phase: Phase, reporter: Reporter) -> None:
        self._asset = asset
        self._url = url
        self._part = part
        self._phase = phase
        self._reporter = reporter
        self._reason = ""
        self._wait_s = 0.0

    def run(self) -> None:
        """Complete the part and check it; raises `Unusable`."""
        fresh = self._part.size == 0
        self._fill()
        if self._asset.is_intact(self._part.path):
            return
        self._part.clear()
        if fresh:
            raise Unusable("it sent another file", damaged=True)
        self.run()  # the bytes from before may have been the bad ones

    @property
    def _total(self) -> int | None:
        """How long the whole is, as far as that is known."""
        origin = self._part.origin
        return self._asset.size or (origin.total if origin and origin.url == self._url else None)

    def _fill(self) -> None:
        """Go on wherever an attempt broke off, until the part is as long as the file."""
        idle = 0
        while self._total is None or self._part.size < self._total:
            if idle == ATTEMPTS:
                raise Unusable(self._reason or "the connection breaks off")
            self._sleep(max(idle * RETRY_S, self._wait_s))
            before = self._part.size
            self._attempt()
            idle = 0 if self._part.size > before else idle + 1

    def _sleep(self, seconds: float) -> None:
        """Wait, but hear a stop request."""
        end = time.monotonic() + seconds
        self._wait_s = 0.0
        while (left := end - time.monotonic()) > 0:
            if self._reporter.stopping:
                raise Paused
            time.sleep(min(left, 0.2))

    def _attempt(self) -> None:
        """Add to the part; a broken connection is no error, an address that does not serve the file is."""
        request = urllib.request.Request(self._url, headers=self._headers())
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
                self._receive(response)
        except urllib.error.HTTPError as error:
            with error:
                self._judge(error)
        except NETWORK_ERRORS as error:
            self._reason = _said(error)
            log.info("%s: %s", self._url, self._reason)

    def _headers(self) -> dict[str, str]:
        """Ask for what the part lacks; a server that has another version by now sends the whole."""
        headers = {"User-Agent": USER_AGENT}
        origin, have = self._part.origin, self._part.size
        same = origin is not None and origin.url == self._url
        if have and not same and self._asset.sha256 is None:
            self._part.clear()  # nothing would tell whether both addresses have the same file
        elif have:
            headers["Range"] = f"bytes={have}-"
            if origin is not None and same and origin.etag:
                headers["If-Range"] = origin.etag
        return headers

    def _judge(self, error: urllib.error.HTTPError) -> None:
        """Note a refusal that may pass; raise `Unusable` for one that will not."""
        self._reason = f"{error.code} {error.reason}"
        log.info("%s: %s", self._url, self._reason)
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            self._part.clear()
        elif error.code in RETRIED or error.code >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            self._wait_s = _asked_wait_s(error.headers.get("Retry-After"))
        else:
            raise Unusable(self._reason) from error

    def _receive(self, response: http.client.HTTPResponse) -> None:
        """Write what comes, which may be less than all."""
        offset, total = _span(response)
        if offset != self._part.size and offset != 0:
            self._part.clear()
            self._reason = "it sent another range than was asked for"
            return
        self._check_length(total)
        wanted = (total or self._asset.size or 0) - offset
        self._check_room(wanted)
        self._part.origin = Origin(url=self._url, etag=_strong_etag(response), total=total)
        if self._asset.size is None:
            self._phase.total = offset + wanted
        self._phase.advance(offset - self._phase.step)
        with self._part.path.open("ab" if offset else "wb") as file:
            self._copy(response, file, wanted)

    def _check_length(self, total: int | None) -> None:
        size = self._asset.size
        if total is None and size is None:
            raise Unusable("it does not say how long the file is")
        if total is not None and size is not None and total != size:
            raise Unusable(f"it offers {total} bytes instead of {size}", damaged=True)

    def _check_room(self, wanted: int) -> None:
        free = shutil.disk_usage(self._part.path.parent).free
        if wanted > free:
            raise Error(
                "disk_full",
                f"{self._asset.file} needs {wanted / 1e6:.0f} MB more, but {self._part.path.parent} has "
                f"{free / 1e6:.0f} MB free.",
                "Free some space and run it again.",
            )

    def _copy(self, response: http.client.HTTPResponse, file: BinaryIO, wanted: int) -> None:
        while wanted > 0 and (block := response.read1(min(BLOCK_BYTES, wanted))):
            file.write(block)
            wanted -= len(block)
            self._phase.advance(len(block))
        self._reason = "the connection breaks off" if wanted else ""


def _span(response: http.client.HTTPResponse) -> tuple[int, int | None]:
    """Return where the bytes that come begin in the file, and how long the file is if the server says so."""
    length = response.headers.get("Content-Length", "")
    if response.status != http.HTTPStatus.PARTIAL_CONTENT:
        return 0, int(length) if length.isdecimal() else None
    bounds, _, total = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
    start = bounds.partition("-")[0]
    return int(start) if start.isdecimal() else -1, int(total) if total.isdecimal() else None


def _strong_etag(response: http.client.HTTPResponse) -> str | None:
    """Return the tag by which a server knows the very same bytes again; weak ones must not be used for that."""
    etag = response.headers.get("ETag")
    return etag if etag and etag.startswith('"') else None


def _asked_wait_s(header: str | None) -> float:
    """Read how long a server asks to wait; dates, which nobody sends for this, count as not said."""
    return min(float(header), LONGEST_WAIT_S) if header and header.isdecimal() else 0.0


def _said(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return "it stopped answering"
    return str(getattr(reason, "strerror", None) or reason or type(reason).__name__)


def _failed(asset: KnownFile, urls: Sequence[str], failures: Sequence[Unusable]) -> Error:
    said = [f"{urlsplit(url).netloc}: {failure}" for url, failure in zip(urls, failures, strict=True)]
    reasons = "; ".join(dict.fromkeys(said))
    hint = (
        "Check the network and run it again, name a mirror in RVC_STUDIO_MIRROR, or put the file into a folder "
        "named by RVC_STUDIO_ASSETS."
    )
    if failures and all(failure.damaged for failure in failures):
        return Error(
            "damaged_download", f"{asset.file} was fetched but is not as it should be ({reasons}).", hint
        )
    return Error("download_failed", f"{asset.file} could not be fetched ({reasons}).", hint)
