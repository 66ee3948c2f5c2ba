"""The library: what it keeps, finds, undoes, and how it survives."""

import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QFile

from rvc.errors import InputError
from rvc.events import Reporter
from rvcstudio.library import Library, Voice, schema
from rvcstudio.library.moving import copy_library, discard, is_library


@pytest.fixture
def mina(library: Library) -> Voice:
    return library.voices.add("Mina 민아 🎤", colour="#123456", language="ko", consent="own")


def test_a_voice_is_what_was_said_of_it(library: Library, mina: Voice, tone: Path) -> None:
    library.voices.tag(mina.id, ["Narration", " narration ", "노래", ""])
    changed = library.voices.change(mina.id, name="  Mina\tPark ", note="bright")
    library.voices.attach(mina.id, "statement", tone)
    again = library.voices.find(mina.id)
    assert (changed.name, again.tags, again.consent) == ("Mina Park", ("narration", "노래"), "own")
    assert again.statement is not None
    assert again.statement.read_bytes() == tone.read_bytes()
    assert again.folder.is_relative_to(library.folder)


@pytest.mark.parametrize("search", ["mina", "MINA", "민아", "노래", "🎤", "bright"])
def test_a_voice_is_found_by_name_tag_and_note(library: Library, mina: Voice, search: str) -> None:
    library.voices.change(mina.id, note="bright")
    library.voices.tag(mina.id, ["노래"])
    library.voices.add("Other", colour="#123456")
    assert [voice.id for voice in library.voices.all(search)] == [mina.id]


def test_decomposed_korean_is_found(library: Library) -> None:
    library.voices.add("\u1106\u1175\u11ab\u110b\u1161", colour="#123456")  # as macOS writes 민아
    assert len(library.voices.all("민아")) == 1


@pytest.mark.parametrize("search", ["%", "_", "!", "100%"])
def test_signs_of_the_search_language_are_letters(library: Library, mina: Voice, search: str) -> None:
    library.voices.add("100%_!", colour="#123456")
    assert mina.id not in {voice.id for voice in library.voices.all(search)}
    assert len(library.voices.all(search)) == 1


def test_equal_names_get_folders_of_their_own(library: Library, mina: Voice) -> None:
    other = library.voices.add(mina.name, colour="#123456")
    assert other.folder != mina.folder


def test_a_voice_without_a_name_is_refused(library: Library) -> None:
    with pytest.raises(InputError, match="no name"):
        library.voices.add(" \n", colour="#123456")


def test_takes_count_and_excluded_minutes_do_not(library: Library, mina: Voice, tone: Path) -> None:
    kept = library.takes.add(
        mina.id, tone, rate=48000, seconds=2.0, prompt="Hello", verdict={"verdict": "good"}
    )
    left_out = library.takes.add(mina.id, tone, rate=48000, seconds=3.0, prompt="안녕")
    library.takes.exclude([left_out.id])
    voice = library.voices.find(mina.id)
    assert (voice.takes, voice.seconds) == (2, 2.0)
    assert kept.file.read_bytes() == tone.read_bytes()
    assert [take.id for take in library.takes.all(mina.id, included_only=True)] == [kept.id]
    assert [take.id for take in library.takes.all(search="안녕")] == [left_out.id]


def test_a_dataset_is_a_choice_of_takes(library: Library, mina: Voice, tone: Path) -> None:
    takes = [library.takes.add(mina.id, tone, rate=48000, seconds=2.0) for _ in range(3)]
    library.takes.choose(mina.id, "Best", [take.id for take in takes[:2]])
    library.takes.delete([takes[0].id])
    assert [dataset.takes for dataset in library.takes.datasets(mina.id)] == [(takes[1].id,)]


def test_what_is_deleted_comes_back(library: Library, mina: Voice, tone: Path) -> None:
    take = library.takes.add(mina.id, tone, rate=48000, seconds=2.0)
    library.takes.delete([take.id])
    library.voices.delete(mina.id)
    assert (library.voices.all(), library.takes.all()) == ([], [])
    library.voices.restore(mina.id)
    library.takes.restore([take.id])
    assert library.voices.all()[0].takes == 1
    assert take.file.exists()


def test_models_and_conversions_are_kept(library: Library, mina: Voice, tone: Path) -> None:
    folder = library.models.new_folder("First", mina.id)
    (folder / "First.safetensors").write_bytes(b"weights")
    model = library.models.add(
        "First", folder / "First.safetensors", voice_id=mina.id, summary={"rate": 40000}
    )
    made = library.conversions.add(tone, tone, model_name="First", model_id=model.id, settings={"pitch": 3})
    assert library.models.all(voice_id=mina.id)[0].summary == {"rate": 40000}
    assert library.conversions.find(made.id).source == tone
    assert library.voices.find(mina.id).models == 1


@pytest.fixture
def trash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The bin of a user whose home is elsewhere."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "Trash"


def test_the_bin_goes_to_the_systems_bin(library: Library, mina: Voice, tone: Path, trash: Path) -> None:
    other = library.voices.add("Other", colour="#123456")
    take = library.takes.add(other.id, tone, rate=48000, seconds=2.0)
    library.takes.add(mina.id, tone, rate=48000, seconds=2.0)
    library.takes.delete([take.id])
    library.voices.delete(mina.id)
    assert library.bin.size() >= 2 * tone.stat().st_size
    assert library.bin.empty(Reporter()) == 0
    assert (take.file.exists(), mina.folder.exists(), other.folder.exists()) == (False, False, True)
    assert library.database.rows("SELECT id FROM takes") == []
    assert any(trash.rglob(take.file.name))


def test_what_the_system_does_not_take_stays(
    library: Library, mina: Voice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFile, "moveToTrash", lambda *_: False)
    library.voices.delete(mina.id)
    assert library.bin.empty(Reporter()) == 1
    library.voices.restore(mina.id)
    assert library.voices.all()[0].folder.exists()


@pytest.mark.usefixtures("trash")
def test_a_result_elsewhere_is_not_ours_to_delete(library: Library, tone: Path) -> None:
    made = library.conversions.add(tone, tone, model_name="x")
    library.conversions.delete([made.id])
    library.bin.empty(Reporter())
    assert tone.exists()


def test_it_moves_with_everything(library: Library, mina: Voice, tone: Path, tmp_path: Path) -> None:
    take = library.takes.add(mina.id, tone, rate=48000, seconds=2.0)
    to = copy_library(library, tmp_path / "새 곳", Reporter())
    moved = Library(to)
    try:
        assert moved.takes.find(take.id).file.read_bytes() == tone.read_bytes()
        assert moved.takes.find(take.id).file.is_relative_to(to)
    finally:
        moved.close()
    library.close()
    discard(library.folder)
    assert not library.folder.exists()


def test_it_moves_into_empty_folders_only(library: Library, tone: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError) as full:
        copy_library(library, tmp_path, Reporter())
    with pytest.raises(InputError) as inside:
        copy_library(library, library.folder / "x", Reporter())
    other = tmp_path / "other"
    other.mkdir()
    (other / tone.name).touch()
    with pytest.raises(InputError) as used:
        copy_library(library, other, Reporter())
    assert [error.value.code for error in (full, inside, used)] == [
        "inside_library",
        "inside_library",
        "not_empty",
    ]
    assert is_library(library.folder)


def test_a_newer_library_is_refused_and_left_alone(tmp_path: Path) -> None:
    Library(tmp_path).close()
    with sqlite3.connect(tmp_path / schema.FILE) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    before = (tmp_path / schema.FILE).read_bytes()
    with pytest.raises(InputError) as refused:
        Library(tmp_path)
    assert refused.value.code == "newer_library"
    assert (tmp_path / schema.FILE).read_bytes() == before


def test_an_older_library_is_copied_and_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Library(tmp_path)
    old.voices.add("Mina", colour="#123456")
    old.close()
    monkeypatch.setattr(
        schema, "MIGRATIONS", (*schema.MIGRATIONS, "ALTER TABLE voices ADD COLUMN height REAL")
    )
    new = Library(tmp_path)
    assert new.database.row("SELECT height FROM voices") is not None
    new.close()
    copies = list(tmp_path.glob("library.before-*.sqlite3"))
    with sqlite3.connect(copies[0]) as copy:
        assert copy.execute("SELECT name FROM voices").fetchall() == [("Mina",)]
    copy.close()


def test_a_failed_migration_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Library(tmp_path).close()
    broken = "ALTER TABLE voices ADD COLUMN height REAL; SELECT nonsense FROM nowhere"
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
        with pytest.raises(Exception, match="nowhere"):
            Library(tmp_path)
    library = Library(tmp_path)
    assert library.database.row("PRAGMA user_version")[0] == len(schema.MIGRATIONS)
    library.close()


def test_a_file_that_is_no_library_is_said_so(tmp_path: Path) -> None:
    (tmp_path / schema.FILE).write_bytes(b"no database at all, but long enough to be looked at" * 50)
    with pytest.raises(Exception, match="damaged or no library"):
        Library(tmp_path)


KILLED = """
import sys, pathlib
from rvcstudio.library import Library
library = Library(pathlib.Path(sys.argv[1]))
for number in range(1000):
    voice = library.voices.add(f"voice {number}", colour="#123456")
    print(voice.id, flush=True)
"""


def test_killed_at_any_moment_it_has_everything_that_was_saved(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", KILLED, tmp_path], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    saved = [child.stdout.readline().strip() for _ in range(5)]
    child.kill()
    saved += child.stdout.read().split()
    child.wait()
    child.stdout.close()
    library = Library(tmp_path)
    assert {voice.id for voice in library.voices.all()} >= set(saved)
    assert library.database.row("PRAGMA integrity_check")[0] == "ok"
    library.close()


def test_threads_write_beside_each_other(library: Library, mina: Voice, tone: Path) -> None:
    def add() -> None:
        for _ in range(5):
            library.takes.add(mina.id, tone, rate=48000, seconds=2.0)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert library.voices.find(mina.id).takes == 20


def test_ten_thousand_takes_stay_fluent(library: Library, mina: Voice) -> None:
    rows = [
        (f"{n:032}", mina.id, f"voices/x/{n}.flac", f"문장 {n} sentence", n * 0.001, f"문장 {n} sentence")
        for n in range(10_000)
    ]
    with library.database.change() as connection:
        connection.executemany(
            "INSERT INTO takes (id, voice, file, prompt, rate, seconds, created, words)"
            " VALUES (?, ?, ?, ?, 48000, ?, '2026-11-20T00:00:00+00:00', ?)",
            rows,
        )
    library.close()
    begun = time.thread_time()  # of this thread: others may be at work
    opened = Library(library.folder)
    voice = opened.voices.all()[0]
    takes = opened.takes.all(voice.id)
    opened_s = time.thread_time() - begun
    again = opened.takes.all(voice.id)
    begun = time.thread_time()
    found = opened.takes.all(voice.id, "문장 777")
    searched_s = time.thread_time() - begun
    opened.close()
    assert (voice.takes, len(takes), len(found)) == (10_000, 10_000, 11)
    assert all(one is before for one, before in zip(again, takes, strict=True))  # not made anew
    assert (
        searched_s < 0.3 * opened_s
    )  # the database finds them, not the program; docs/performance.md has seconds


def test_a_take_that_another_connection_changed_is_read_anew(
    library: Library, mina: Voice, tone: Path
) -> None:
    take = library.takes.add(mina.id, tone, rate=48000, seconds=2.0)
    other = Library(library.folder)
    other.takes.exclude([take.id])
    other.close()
    assert library.takes.find(take.id).excluded
