"""A real HTTP server whose paths say what goes wrong."""

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from rvc.assets import Asset

CONTENT = bytes(range(256)) * 4096
SHA256 = hashlib.sha256(CONTENT).hexdigest()
ETAG = '"first"'


class Handler(BaseHTTPRequestHandler):
    """Serves CONTENT; `serve_X` answers the path `/X`, given how often it was asked for."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        server.requests.append((self.path, self.headers.get("Range"), self.headers.get("If-Range")))
        name = self.path.strip("/").split("/")[-1]
        server.visits[name] += 1
        getattr(self, f"serve_{name}")(server.visits[name])

    def send(
        self,
        content: bytes = CONTENT,
        *,
        stop: int | None = None,
        etag: str | None = ETAG,
        claim: int | None = None,
        ranged: bool = True,
        shift: int = 0,
    ) -> None:
        """Answer as a good server does, or with one thing changed; `claim` is the length that it announces."""
        start = int((self.headers.get("Range") or "bytes=0-")[6:-1]) if ranged else 0
        if self.headers.get("If-Range") not in (None, etag):
            start = 0
        total = len(content) if claim is None else claim
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start + shift}-{total - 1}/{total}")
        if etag:
            self.send_header("ETag", etag)
        self.send_header("Content-Length", str(total - start))
        self.end_headers()
        self.wfile.write(content[start:stop])
        self.close_connection = True

    def serve_good(self, _visit: int) -> None:
        self.send()

    def serve_dropping(self, visit: int) -> None:
        """Close the connection before the head is sent, twice."""
        if visit < 3:
            self.close_connection = True
        else:
            self.send()

    def serve_truncating(self, visit: int) -> None:
        self.send(stop=300_000 * visit)

    def serve_stuck(self, _visit: int) -> None:
        self.send(stop=300_000)

    def serve_corrupt(self, _visit: int) -> None:
        self.send(CONTENT[:-1] + b"!")

    def serve_stalling(self, visit: int) -> None:
        """Send a part, then nothing for a while; the second time all."""
        if visit > 1:
            return self.send()
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[:400_000])
        self.wfile.flush()
        self._hold()
        return None

    def serve_silent(self, _visit: int) -> None:
        self._hold()

    def _hold(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        server.over.wait(20)
        self.close_connection = True

    def serve_rangeless(self, _visit: int) -> None:
        self.send(ranged=False)

    def serve_forgetful(self, visit: int) -> None:
        """Break off, then begin again from the start whatever was asked."""
        self.send(ranged=False, stop=300_000 if visit == 1 else None)

    def serve_shifted(self, visit: int) -> None:
        """Break off, then send another range than was asked for."""
        self.send(stop=300_000 if visit == 1 else None, shift=5)

    def serve_changed(self, visit: int) -> None:
        """Break off, then have another file of the same length in its place."""
        if visit == 1:
            self.send(b"?" * len(CONTENT), stop=300_000)
        else:
            self.send(etag='"second"')

    def serve_short(self, _visit: int) -> None:
        self.send(CONTENT[:1000])

    def serve_long(self, _visit: int) -> None:
        self.send(CONTENT + b"more")

    def serve_lying(self, _visit: int) -> None:
        """Announce less than there is."""
        self.send(claim=1000)

    def serve_lengthless(self, _visit: int) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(CONTENT)
        self.close_connection = True

    def serve_chunked(self, _visit: int) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for start in range(0, len(CONTENT), 100_000):
            part = CONTENT[start : start + 100_000]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")
        self.close_connection = True

    def serve_moved(self, _visit: int) -> None:
        self._redirect("/good")

    def serve_circle(self, _visit: int) -> None:
        self._redirect("/circle")

    def _redirect(self, place: str) -> None:
        self.send_response(302)
        self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def serve_missing(self, _visit: int) -> None:
        self.send_error(404)

    def serve_forbidden(self, _visit: int) -> None:
        self.send_error(403)

    def serve_broken(self, _visit: int) -> None:
        self.send_error(500)

    def serve_recovering(self, visit: int) -> None:
        if visit < 3:
            self.send_error(503)
        else:
            self.send()

    def serve_busy(self, visit: int) -> None:
        """Ask for patience once."""
        if visit > 1:
            return self.send()
        self.send_response(429)
        self.send_header("Retry-After", "1")
        self.send_header("Content-Length", "0")
        return self.end_headers()

    def serve_picky(self, _visit: int) -> None:
        if "Range" in self.headers:
            self.send_error(416)
        else:
            self.send()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    """Remembers what it was asked: path, Range and If-Range."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, str | None, str | None]] = []
        self.visits: Counter[str] = Counter()
        self.over = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about clients that hang up."""

    def url(self, path: str = "") -> str:
        return f"http://127.0.0.1:{self.server_port}/{path}"


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def asset(server: Server | None = None, *paths: str, **changes: object) -> Asset:
    """Return an entry for CONTENT, to be had at paths of the server."""
    urls = tuple(server.url(path) for path in paths) if server else ()
    facts: dict[str, object] = {
        "name": "thing",
        "about": "a thing",
        "kind": "base",
        "file": "thing.bin",
        "licence": "MIT",
    }
    return Asset.model_validate({**facts, "size": len(CONTENT), "sha256": SHA256, "urls": urls, **changes})
