"""Files that a person has already are recognised, whatever they are called and wherever they lie."""

import os
from pathlib import Path

import pytest

from rvc import assets
from rvc.assets import memory
from rvc.assets.search import add, add_as, search
from rvc.errors import InputError, Paused
from rvc.events import Event, Progress, Reporter
from rvc.paths import weights_dir
from tests.asset_server import CONTENT, SHA256, asset

KNOWN = {"thing": asset()}


def lay(path: Path, content: bytes = CONTENT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_renamed_file_is_taken_over_and_takes_no_second_place(tmp_path: Path) -> None:
    mine = lay(tmp_path / "내 파일.dat")
    name, place = add(mine, KNOWN, Reporter())
    assert (name, place) == ("thing", weights_dir() / "thing.bin")
    assert place.samefile(mine)
    assert add(place, KNOWN, Reporter()) == (name, place)
    mine.unlink()
    assert place.read_bytes() == CONTENT


def test_a_file_is_copied_where_it_cannot_be_linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_paths: Path) -> None:
        raise OSError("another file system")

    monkeypatch.setattr(os, "link", refuse)
    _, place = add(lay(tmp_path / "mine"), KNOWN, Reporter())
    assert place.read_bytes() == CONTENT
    assert not place.samefile(tmp_path / "mine")


def test_an_unknown_file_is_refused_with_its_hash(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is none of the files.*SHA-256 [0-9a-f]{64}"):
        add(lay(tmp_path / "thing.bin", CONTENT[:-1] + b"!"), KNOWN, Reporter())
    with pytest.raises(InputError, match="There is no file"):
        add(tmp_path / "gone", KNOWN, Reporter())
    assert not weights_dir().exists()


def test_a_file_without_a_published_hash_is_named_once_and_known_from_then_on(tmp_path: Path) -> None:
    unknown = asset(kind="community", size=None, sha256=None)
    mine = lay(tmp_path / "mine.pth")
    with pytest.raises(InputError, match="none of the files"):
        add(mine, {"thing": unknown}, Reporter())
    assert add_as(unknown, mine, Reporter()) == weights_dir() / "thing.bin"
    assert memory.recall(unknown).sha256 == SHA256
    assert add(mine, {"thing": unknown}, Reporter())[0] == "thing"
    with pytest.raises(InputError, match="is not thing"):
        add_as(unknown, lay(tmp_path / "other.pth", b"other"), Reporter())


@pytest.mark.parametrize("size", [None, len(CONTENT)])
def test_a_folder_is_searched_with_all_that_is_in_it(tmp_path: Path, size: int | None) -> None:
    lay(tmp_path / "a" / "decoy.pth", b"?" * len(CONTENT))
    lay(tmp_path / "a" / "small.pth", b"?")
    mine = lay(tmp_path / "z" / "deep" / ".cache" / "renamed.PTH")
    found = search([tmp_path], [asset(size=size)], Reporter())
    assert found == {"thing": weights_dir() / "thing.bin"}
    assert found["thing"].samefile(mine)


def test_only_files_of_the_right_length_are_read(tmp_path: Path) -> None:
    lay(tmp_path / "long.pth", CONTENT * 3)
    lay(tmp_path / "right.pth")
    events: list[Event] = []
    search([tmp_path], [asset()], Reporter(events.append))
    totals = {event.total for event in events if isinstance(event, Progress)}
    assert totals == {len(CONTENT)}


def test_search_ends_when_everything_is_found(tmp_path: Path) -> None:
    lay(tmp_path / "a.pth")
    (tmp_path / "b.pth").symlink_to(tmp_path / "gone")
    lay(tmp_path / "c.pth", CONTENT[::-1])
    assert search([tmp_path, tmp_path], [asset()], Reporter()).keys() == {"thing"}
    assert search([tmp_path], [], Reporter()) == {}


def test_search_of_what_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no folder"):
        search([tmp_path / "gone"], [asset()], Reporter())


def test_search_hears_a_stop_request(tmp_path: Path) -> None:
    lay(tmp_path / "a.pth")
    reporter = Reporter()
    reporter.request_stop()
    with pytest.raises(Paused):
        search([tmp_path], [asset()], reporter)


@pytest.mark.parametrize(
    "place",
    [
        "assets/pretrained_v2/f0G40k.pth",
        "rvc/models/pretraineds/hifi-gan/f0G40k.pth",
        "assets/rmvpe/rmvpe.pt",
        "rvc/models/predictors/rmvpe.pt",
        "rvc/models/embedders/contentvec/pytorch_model.bin",
    ],
)
def test_the_folders_of_other_tools_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(tmp_path))
    (entry,) = [each for each in assets.manifest().values() if place in each.places]
    (tmp_path / place).parent.mkdir(parents=True)
    with (tmp_path / place).open("wb") as file:
        file.truncate(entry.size)
    assert assets.find(entry.name) == tmp_path / place
