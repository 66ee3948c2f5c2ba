"""`rvc assets` as a person uses it, on the terminal and in scripts."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rvc import assets
from rvc.assets import transfer
from rvc.cli import main
from rvc.paths import weights_dir
from tests.asset_server import CONTENT, SHA256, Server, asset, serving

PAGE = "https://example.org/strange"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A manifest of a free file, a community file with an address, and one with a page only."""
    monkeypatch.setattr(transfer, "RETRY_S", 0.01)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving() as server:
        strange = {"kind": "community", "licence": None, "size": None, "sha256": None, "page": PAGE}
        entries = [
            asset(server, "good", name="free", file="free.bin"),
            asset(server, "good", name="strange", file="strange.pth", **strange),
            asset(name="far", file="far.pth", **strange),
        ]
        monkeypatch.setattr(assets, "manifest", lambda: {entry.name: entry for entry in entries})
        yield server


def last(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.mark.usefixtures("server")
def test_list_tells_scripts_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assets", "list", "--json"]) == 0
    facts = last(capsys)["summary"]
    assert facts["free"] == {
        "about": "a thing",
        "kind": "base",
        "file": "free.bin",
        "licence": "MIT",
        "size": len(CONTENT),
        "sha256": SHA256,
        "page": None,
        "must_ask": False,
        "place": None,
    }
    assert facts["strange"]["must_ask"]


@pytest.mark.usefixtures("server")
def test_fetch_says_where_the_files_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assets", "fetch", "free", "--json"]) == 0
    assert last(capsys)["artifacts"] == {"free": str(weights_dir() / "free.bin")}


def test_fetch_asks_a_named_mirror(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    far = asset(name="free", file="free.bin", urls=("https://hub.invalid/good",))
    monkeypatch.setattr(assets, "manifest", lambda: {"free": far})
    assert main(["assets", "fetch", "free", "--mirror", server.url()]) == 0
    assert server.requests[0][0] == "/good"


def test_a_wrong_name_is_said_before_anything_is_fetched(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assets", "fetch", "free", "fre"]) == 3
    assert "no asset called fre" in capsys.readouterr().err
    assert server.requests == []


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("", 3), ("no", 3)])
def test_a_licence_is_shown_and_asked_for(
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
    code: int,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or answer)
    assert main(["assets", "fetch", "strange"]) == code
    assert PAGE in asked[0]
    assert "licence not known" in asked[0]
    assert bool(server.requests) is (code == 0)
    assert (SHA256 in " ".join(capsys.readouterr().err.split())) is (code == 0)


def test_scripts_accept_a_licence_with_an_option(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assets", "fetch", "strange", "--json"]) == 3
    assert last(capsys)["code"] == "licence_not_accepted"
    assert server.requests == []
    assert main(["assets", "fetch", "strange", "--yes"]) == 0
    assert main(["assets", "fetch", "strange"]) == 0  # it is there


@pytest.mark.usefixtures("server")
def test_add_takes_files_and_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "deep" / "mine.dat"
    mine.parent.mkdir()
    assert main(["assets", "add", "--search", str(tmp_path), "--json"]) == 0
    assert last(capsys)["artifacts"] == {}
    mine.write_bytes(CONTENT)
    assert main(["assets", "add", str(mine), "--json"]) == 0
    assert last(capsys)["artifacts"] == {"free": str(weights_dir() / "free.bin")}
    assert main(["assets", "add", str(mine), "--as", "far", "--json"]) == 0
    assert assets.entry("far").sha256 == SHA256


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 3),
        (["gone"], 3),
        (["a", "b", "--as", "far"], 2),
        (["--as", "far", "--search", "."], 2),
        (["--search", "gone"], 3),
    ],
)
@pytest.mark.usefixtures("server")
def test_add_says_what_it_cannot_take(arguments: list[str], code: int) -> None:
    assert main(["assets", "add", *arguments]) == code


@pytest.mark.usefixtures("server")
def test_verify_ends_badly_when_a_file_is_damaged(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assets", "verify"]) == 0
    assert "None of these files is on this machine" in capsys.readouterr().out
    assert main(["assets", "fetch", "free"]) == 0
    assert main(["assets", "verify", "--json"]) == 0
    assert last(capsys)["summary"]["free"]["state"] == "intact"
    (weights_dir() / "free.bin").write_bytes(CONTENT[::-1])
    assert main(["assets", "verify", "free"]) == 1
    assert "free.bin" in capsys.readouterr().err


@pytest.mark.parametrize(
    "module", ["rvc.assets", "rvc.assets.search", "rvc.doctor", "rvc.bench", "rvc.commands"]
)
def test_nothing_heavy_is_loaded_to_look_after_files(module: str) -> None:
    code = f"import {module}, sys; assert not {{'torch', 'numpy', 'faiss'}} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
