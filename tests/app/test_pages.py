"""The pages of voices, of one voice, and of the settings, driven as a user does."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from rvc import paths
from rvc.errors import InputError
from rvc.events import Reporter
from rvcstudio.dataset.editing import Editing
from rvcstudio.library import Library, Voice
from rvcstudio.library.exchange import export_voice
from rvcstudio.studio import Studio
from rvcstudio.ui.bin import BinTable
from rvcstudio.ui.downloads import PackRow
from rvcstudio.ui.settings import SettingsPage
from rvcstudio.ui.shortcuts import ShortcutsDialog
from rvcstudio.ui.takes_table import ADVICE, INCLUDED, LENGTH, PROMPT, TakesTable
from rvcstudio.ui.toasts import Toast
from rvcstudio.ui.voice_card import VoiceCard
from rvcstudio.ui.voice_dialog import VoiceDialog
from rvcstudio.ui.widgets import Choice
from rvcstudio.ui.window import MainWindow
from tests.jobs import SHORT, cleared, finish, folder, open_jobs
from tests.jobs_kinds import CountSpec


def click(qtbot: QtBot, parent: QWidget, name: str) -> None:
    button = parent.findChild(QAbstractButton, name)
    assert button is not None, name
    assert button.isVisible(), name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


def names(window: MainWindow) -> list[str]:
    QApplication.processEvents()
    return [card.voice.name for card in window.page.findChildren(VoiceCard) if card.isVisible()]


def dialog(window: MainWindow) -> VoiceDialog:
    return next(found for found in window.findChildren(VoiceDialog) if found.isVisible())


def test_a_voice_is_added_with_the_keyboard_alone(studio: Studio, window: MainWindow, qtbot: QtBot) -> None:
    studio.go("voices")
    qtbot.keyClick(window.page, "n", Qt.KeyboardModifier.ControlModifier)
    asked = dialog(window)
    assert not asked.findChild(QAbstractButton, "voice.save").isEnabled()
    name = asked.findChild(QLineEdit, "voice.name")
    assert asked.focusWidget() is name
    name.setText("민아 🎤")
    own = asked.findChild(QAbstractButton, "voice.consent.own")
    own.setFocus()
    qtbot.keyClick(own, Qt.Key.Key_Space)
    qtbot.keyClick(name, Qt.Key.Key_Return)
    voice = studio.library.voices.all()[0]
    assert (voice.name, voice.consent) == ("민아 🎤", "own")
    assert names(window) == ["민아 🎤"]


def test_a_voice_is_edited(
    studio: Studio, window: MainWindow, voice: Voice, tone: Path, qtbot: QtBot
) -> None:
    studio.go("voices")
    window.page.edit_voice(voice)  # type: ignore[attr-defined]
    asked = dialog(window)
    asked.findChild(QLineEdit, "voice.tags").setText("one, 둘")
    asked.findChild(QAbstractButton, "voice.consent.permission").click()
    asked.findChild(QLineEdit, "voice.consent_by").setText("Mina, today")
    asked._statement = tone
    click(qtbot, asked, "voice.save")
    changed = studio.library.voices.find(voice.id)
    assert (changed.tags, changed.consent, changed.consent_by) == (("one", "둘"), "permission", "Mina, today")
    assert changed.statement is not None


def test_voices_are_searched_sorted_and_narrowed(studio: Studio, window: MainWindow, qtbot: QtBot) -> None:
    for name in ("Bora", "Aram", "Chan"):
        studio.library.voices.add(name, colour="#123456")
    studio.library.voices.tag(studio.library.voices.all("Aram")[0].id, ["노래"])
    studio.go("voices")
    order = window.page.findChild(Choice, "voices.order")
    order.choose("name")
    order.chosen.emit("name")
    assert names(window) == ["Aram", "Bora", "Chan"]
    window.page.findChild(QLineEdit, "voices.search").setText("ch")
    qtbot.waitUntil(lambda: names(window) == ["Chan"])
    window.page.findChild(QLineEdit, "voices.search").setText("nobody")
    qtbot.waitUntil(lambda: names(window) == [])
    assert window.page.findChild(QWidget, "voices.nothing").isVisible()
    assert not window.page.findChild(QWidget, "voices.empty").isVisible()


def test_a_deleted_voice_comes_back_by_undo(
    studio: Studio, window: MainWindow, voice: Voice, qtbot: QtBot
) -> None:
    studio.go("voices")
    card = window.page.findChild(VoiceCard)
    card.deleted.emit(card.voice)
    assert names(window) == []
    click(qtbot, window.findChild(Toast), "toast.undo")
    assert names(window) == [voice.name]


def test_a_card_opens_its_voice(studio: Studio, window: MainWindow, voice: Voice, qtbot: QtBot) -> None:
    studio.go("voices")
    card = window.page.findChild(VoiceCard)
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert window.page.title.text() == voice.name
    click(qtbot, window.page, "voice.back")
    assert window.page.entry.name == "voices"


def test_takes_are_left_out_and_deleted(
    studio: Studio, window: MainWindow, voice: Voice, tone: Path, qtbot: QtBot
) -> None:
    takes = [
        studio.library.takes.add(voice.id, tone, rate=48000, seconds=2.0, prompt=f"p{n}") for n in range(3)
    ]
    studio.go("voice", voice=voice.id)
    table = window.page.findChild(TakesTable)
    qtbot.waitUntil(lambda: table.takes.rowCount() == 3)
    first = table.takes.index(0, INCLUDED)
    table.takes.setData(first, Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    assert studio.library.takes.find(takes[2].id).excluded
    qtbot.waitUntil(lambda: table.takes.take(0).excluded)
    assert table.chosen() == []
    table.selectAll()
    qtbot.keyClick(table, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: all(take.excluded for take in table.takes.shown))
    assert len(table.chosen()) == 3  # what was selected stays so
    table.selectRow(1)
    click(qtbot, window.page, "voice.delete")
    qtbot.waitUntil(lambda: table.takes.rowCount() == 2)
    assert studio.library.voices.find(voice.id).takes == 2
    click(qtbot, window.findChild(Toast), "toast.undo")
    qtbot.waitUntil(lambda: table.takes.rowCount() == 3)


def test_takes_of_a_voice_are_sorted_and_judged_in_words(
    studio: Studio, window: MainWindow, voice: Voice, tone: Path, qtbot: QtBot
) -> None:
    for name, grade, seconds in (("b", "good", 3.0), ("a", "bad", 1.0), ("c", "fair", 2.0)):
        studio.library.takes.add(
            voice.id, tone, rate=48000, seconds=seconds, prompt=name, verdict={"verdict": grade}
        )
    studio.settings.update(language="ko")
    studio.go("voice", voice=voice.id)
    table = window.page.findChild(TakesTable)
    qtbot.waitUntil(lambda: table.takes.rowCount() == 3)
    for column, expected in ((PROMPT, ["a", "b", "c"]), (LENGTH, ["a", "c", "b"]), (ADVICE, ["a", "c", "b"])):
        table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
        assert [take.prompt for take in table.takes.shown] == expected
    assert [table.takes.index(row, ADVICE).data() for row in range(3)] == ["나쁨", "보통", "좋음"]


def test_a_voice_that_was_deleted_leads_back(studio: Studio, window: MainWindow, voice: Voice) -> None:
    studio.go("voice", voice=voice.id)
    with studio.library.database.change() as connection:
        connection.execute("DELETE FROM voices")
    studio.library.changed.emit("voices")
    assert window.page.entry.name == "voices"


def drop(window: MainWindow, files: list[Path]) -> None:
    """Drop files on the window as the system does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def test_a_dropped_voice_is_imported_and_other_files_are_named_once(
    studio: Studio, window: MainWindow, voice: Voice, tone: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    studio.library.takes.add(voice.id, tone, rate=48000, seconds=2.0)
    file = export_voice(studio.library, voice.id, tmp_path / "Mina.rvcvoice", Reporter())
    said: list[str] = []
    studio.said.connect(lambda text, _undo: said.append(text))
    studio.go("settings")
    drop(window, [file, tmp_path / "a.xyz", tmp_path / "b.xyz"])
    qtbot.waitUntil(lambda: len(studio.library.voices.all()) == 2)
    qtbot.waitUntil(lambda: window.page.entry.name == "voice")
    assert said == ["2 files cannot be used here: a.xyz, b.xyz", "Mina Park was imported."]


def test_a_library_moves_and_everything_goes_on(
    studio: Studio, window: MainWindow, voice: Voice, tone: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    studio.library.takes.add(voice.id, tone, rate=48000, seconds=2.0)
    old = studio.library.folder
    studio.go("settings")
    page = window.page
    assert isinstance(page, SettingsPage)
    with qtbot.waitSignal(studio.library_changed, timeout=10_000):
        page.move_library(tmp_path / "새 곳")
    assert studio.settings.value.library == tmp_path / "새 곳"
    assert studio.library.takes.all(voice.id)[0].file.exists()
    qtbot.waitUntil(lambda: not old.exists())
    studio.go("voices")
    studio.library.voices.add("Another", colour="#123456")
    assert names(window) == ["Another", "Mina Park"]


def test_another_library_is_shown_at_once(
    studio: Studio, window: MainWindow, voice: Voice, tmp_path: Path
) -> None:
    studio.go("voices")
    assert names(window) == [voice.name]
    studio.use_library(Library(tmp_path / "another"))
    assert names(window) == []
    studio.library.voices.add("Bora", colour="#123456")
    assert names(window) == ["Bora"]


def test_a_folder_with_other_things_does_not_become_a_library(
    studio: Studio, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").touch()
    studio.go("settings")
    before = studio.library
    window.page.open_library(tmp_path / "other")  # type: ignore[attr-defined]
    assert studio.library is before
    assert [file.name for file in (tmp_path / "other").iterdir()] == ["thesis.txt"]


def test_caches_are_measured_and_freed(studio: Studio, window: MainWindow, qtbot: QtBot) -> None:
    file = paths.make_dir(paths.features_dir()) / "x.safetensors"
    file.write_bytes(bytes(5_000_000))
    studio.go("settings")
    free = window.page.findChild(QAbstractButton, "settings.storage.features.free")
    qtbot.waitUntil(lambda: free.isVisible() and free.isEnabled(), timeout=10_000)
    free.click()
    qtbot.waitUntil(lambda: not file.exists())
    qtbot.waitUntil(lambda: not free.isEnabled())


def test_diagnostics_are_copied_without_the_voices_names(
    studio: Studio, window: MainWindow, voice: Voice
) -> None:
    studio.go("settings")
    window.page.copy_diagnostics()  # type: ignore[attr-defined]
    text = QGuiApplication.clipboard().text()
    assert "Qt 6" in text
    assert voice.name not in text


class Slow(BaseHTTPRequestHandler):
    """Serves a file of 400 kB; the first answer stops in the middle until it is let go."""

    content = bytes(range(256)) * 1600

    def do_GET(self) -> None:
        server: Any = self.server
        server.ranges.append(self.headers.get("Range"))
        start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        self.send_response(206 if start else 200)
        self.send_header("ETag", '"x"')
        self.send_header("Content-Length", str(len(self.content) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(self.content) - 1}/{len(self.content)}")
        self.end_headers()
        if len(server.ranges) == 1:
            self.wfile.write(self.content[:200_000])
            self.wfile.flush()
            server.let_go.wait(30)
            return
        self.wfile.write(self.content[start:])

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.ranges, server.let_go = [], threading.Event()
    threading.Thread(target=partial(server.serve_forever, 0.05), daemon=True).start()
    yield server
    server.let_go.set()
    server.shutdown()
    server.server_close()


def test_a_download_stops_goes_on_and_asks_for_its_licence(
    studio: Studio, window: MainWindow, mirror: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settings.update(mirror=f"http://127.0.0.1:{mirror.server_port}")
    studio.go("settings")
    qtbot.waitUntil(lambda: bool(studio.downloads.packs()))
    fetch = window.page.findChild(QAbstractButton, "settings.downloads.titan-40k.fetch")
    monkeypatch.setattr(QMessageBox, "exec", lambda _box: 0)  # closed without an answer
    fetch.click()
    assert mirror.ranges == []
    monkeypatch.setattr(PackRow, "_agreed", lambda _row, _page: True)
    fetch.click()
    qtbot.waitUntil(lambda: bool(mirror.ranges), timeout=30_000)
    stop = window.page.findChild(QAbstractButton, "settings.downloads.titan-40k.stop")
    qtbot.wait(300)
    stop.click()
    mirror.let_go.set()
    qtbot.waitUntil(lambda: not stop.isVisible() and fetch.isVisible(), timeout=30_000)
    fetch.click()
    pack = lambda: next(pack for pack in studio.downloads.packs() if pack.name == "titan-40k")  # noqa: E731
    qtbot.waitUntil(lambda: pack().is_here, timeout=60_000)
    assert mirror.ranges[0] is None
    assert any(asked and asked != "bytes=0-" for asked in mirror.ranges[1:])
    folder = paths.weights_dir()
    assert (folder / "G-f040k-TITAN-Medium.pth").read_bytes() == Slow.content


def test_shortcuts_are_listed(studio: Studio, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.go("voices")
    shown: list[str] = []

    def read(dialog: ShortcutsDialog) -> int:
        shown.extend(label.text() for label in dialog.findChildren(QWidget) if hasattr(label, "text"))
        return 0

    monkeypatch.setattr(ShortcutsDialog, "exec", read)
    window.show_shortcuts()
    assert {"New voice", "Ctrl+N", "Undo", "?", "Voices"} <= set(shown)


def test_expected_errors_are_sentences_and_bugs_offer_diagnostics(
    studio: Studio, window: MainWindow, qtbot: QtBot
) -> None:
    studio.settings.update(language="ko")
    studio.fail(InputError("not_audio", "x is not a recording that can be read.", "Convert it."))
    box = next(box for box in window.findChildren(QMessageBox) if box.isVisible())
    assert box.text() == "읽을 수 없는 소리 파일입니다. (x)"
    with qtbot.waitSignal(box.destroyed):
        box.close()
    studio.settings.update(language="en")
    studio.fail(ZeroDivisionError("by /home/mina/file.txt"))
    bug = next(box for box in window.findChildren(QMessageBox) if box.isVisible())
    click(qtbot, bug, "bug.copy")
    text = QGuiApplication.clipboard().text()
    assert "ZeroDivisionError" in text
    assert "mina" not in text
    assert bug.isVisible()
    with qtbot.waitSignal(bug.destroyed):
        bug.close()


def test_a_folder_dialog_that_is_cancelled_changes_nothing(
    studio: Studio, window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    studio.go("settings")
    before = studio.library.folder
    click(qtbot, window.page, "settings.move")
    assert studio.library.folder == before
    assert isinstance(studio.library, Library)


def test_what_was_deleted_is_listed_and_comes_back(
    studio: Studio, window: MainWindow, voice: Voice, tone: Path, qtbot: QtBot
) -> None:
    library = studio.library
    take = library.takes.add(voice.id, tone, rate=48000, seconds=2.0, prompt="안녕")
    Editing(library).keep(take, (0, 48000))
    library.takes.delete([take.id])
    gone = library.voices.add("Gone", colour="#123456")
    library.voices.delete(gone.id)
    studio.go("voices")
    click(qtbot, window.page, "voices.bin")
    table = window.page.findChild(BinTable)
    qtbot.waitUntil(lambda: table.items.rowCount() == 2)
    assert {table.items.item(row).name for row in range(2)} == {"안녕", "Gone"}
    versions = window.page.findChild(QAbstractButton, "bin.versions")
    versions.click()
    assert table.items.rowCount() == 3
    versions.click()
    table.selectRow(next(row for row in range(2) if table.items.item(row).table == "takes"))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert [found.id for found in library.takes.all(voice.id)] == [take.id]
    qtbot.waitUntil(lambda: table.items.rowCount() == 1)
    assert window.undo()
    assert library.takes.all(voice.id) == []
    qtbot.waitUntil(lambda: table.items.rowCount() == 2)


def test_only_what_is_selected_goes_to_the_systems_bin(
    studio: Studio, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    made = [studio.library.voices.add(name, colour="#123456") for name in ("One", "Two")]
    for one in made:
        studio.library.voices.delete(one.id)
    studio.go("bin")
    table = window.page.findChild(BinTable)
    qtbot.waitUntil(lambda: table.items.rowCount() == 2)
    qtbot.keyClick(window.page, Qt.Key.Key_Delete)  # nothing is selected
    table.selectRow(0)
    left = table.items.item(1).id
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: table.items.rowCount() == 1)
    assert [item.id for item in studio.library.bin.all()] == [left]
    click(qtbot, window.page, "bin.remove")
    qtbot.waitUntil(window.page.findChild(QWidget, "bin.empty").isVisible)


def test_freeing_jobs_says_how_much_of_them_goes(studio: Studio, window: MainWindow, qtbot: QtBot) -> None:
    home = paths.jobs_dir()
    with cleared(home):
        jobs = open_jobs(home)
        job = finish(jobs, jobs.submit(CountSpec(**SHORT), {}))
        (folder(jobs, job).work / "checkpoint").write_bytes(bytes(2_000_000))
        studio.go("settings")
        free = window.page.findChild(QAbstractButton, "settings.storage.jobs.free")
        qtbot.waitUntil(lambda: free.isVisible() and free.isEnabled(), timeout=10_000)
        assert free.text() == "Free 2.0 MB"
        free.click()
        qtbot.waitUntil(lambda: not free.isEnabled(), timeout=10_000)
        assert jobs.fetch(job.id, "result.txt", home / "kept.txt").read_text() == "3"
