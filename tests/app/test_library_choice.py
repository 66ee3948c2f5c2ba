"""Where the library is at the start: as it was, elsewhere, gone, or from another version."""

import sqlite3
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from rvc.errors import Error
from rvcstudio.library import Library, schema
from rvcstudio.settings import SettingsStore
from rvcstudio.ui.library_choice import open_library


@pytest.fixture
def settings(tmp_path: Path, qapp: QApplication) -> SettingsStore:
    return SettingsStore(tmp_path / "settings.json", qapp)


def never(error: Error) -> str:
    pytest.fail(f"asked because of: {error}")


def test_the_first_start_makes_a_library(settings: SettingsStore, studio_home: Path) -> None:
    library = open_library(settings, never)
    assert library.folder == studio_home / "library"
    library.close()


def test_a_library_on_a_disk_that_is_not_there_is_not_made_anew(
    settings: SettingsStore, tmp_path: Path
) -> None:
    disk = tmp_path / "disk" / "voices"
    settings.update(library=disk)
    asked: list[str] = []

    def connect(error: Error) -> str:
        asked.append(error.code)
        made = Library(disk)
        made.voices.add("Mina", colour="#123456")
        made.close()
        return "again"

    library = open_library(settings, connect)
    assert asked == ["library_gone"]
    assert [voice.name for voice in library.voices.all()] == ["Mina"]
    library.close()


def test_leaving_makes_nothing(settings: SettingsStore, tmp_path: Path) -> None:
    settings.update(library=tmp_path / "gone")
    with pytest.raises(SystemExit):
        open_library(settings, lambda _error: "leave")
    assert not (tmp_path / "gone").exists()
    assert settings.value.library == tmp_path / "gone"


def test_another_folder_or_the_ordinary_one_is_taken(
    settings: SettingsStore, tmp_path: Path, studio_home: Path
) -> None:
    settings.update(library=tmp_path / "gone")
    (tmp_path / "empty").mkdir()
    library = open_library(settings, lambda _error: str(tmp_path / "empty"))
    assert library.folder == tmp_path / "empty"
    library.close()
    settings.update(library=tmp_path / "gone")
    library = open_library(settings, lambda _error: "new")
    assert library.folder == studio_home / "library"
    library.close()


def test_a_newer_library_is_told_of(settings: SettingsStore, studio_home: Path, tmp_path: Path) -> None:
    Library(studio_home / "library").close()
    with sqlite3.connect(studio_home / "library" / schema.FILE) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    (tmp_path / "empty").mkdir()
    asked: list[str] = []

    def elsewhere(error: Error) -> str:
        asked.append(error.code)
        return str(tmp_path / "empty")

    open_library(settings, elsewhere).close()
    assert asked == ["newer_library"]


def test_what_a_cut_off_import_left_is_removed(settings: SettingsStore, studio_home: Path) -> None:
    rest = studio_home / "library" / "voices" / ".import-1"
    rest.mkdir(parents=True)
    open_library(settings, never).close()
    assert not rest.exists()
