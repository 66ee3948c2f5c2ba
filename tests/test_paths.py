from pathlib import Path

import pytest

from rvc import paths
from rvc.errors import Error, InputError


def test_home_overrides_every_folder(studio_home: Path) -> None:
    folders = (paths.cache_dir(), paths.weights_dir(), paths.features_dir())
    assert all(folder.is_relative_to(studio_home) for folder in folders)


def test_resources_are_found() -> None:
    assert paths.resource("demo/CARD.md").is_file()
    with pytest.raises(Error, match="Reinstall"):
        paths.resource("no such thing")


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "folder" / "목소리.txt"
    with paths.atomic(target) as temporary:
        temporary.write_text("new")
        assert not target.exists()
    assert target.read_text() == "new"


def interrupt(target: Path) -> None:
    with paths.atomic(target) as temporary:
        temporary.write_text("half")
        raise KeyboardInterrupt


def test_an_interrupted_write_keeps_the_older_file(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    paths.write_text(target, "old")
    with pytest.raises(KeyboardInterrupt):
        interrupt(target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_in_place_of_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(InputError, match="where a folder is needed"):
        paths.write_text(tmp_path / "out" / "model.txt", "x")


def test_a_full_disk_is_said_and_the_older_file_kept(small_disk: Path) -> None:
    target = small_disk / "a.txt"
    paths.write_text(target, "old")
    with pytest.raises(Error) as caught:
        paths.write_text(target, "x" * 200_000)
    assert caught.value.code == "disk_full"
    assert caught.value.hint
    assert target.read_text() == "old"
    assert list(small_disk.iterdir()) == [target]
