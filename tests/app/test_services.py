"""Settings, work in the background, one instance, diagnostics."""

import getpass
import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from rvc.errors import Error
from rvc.events import Event, Progress, Reporter
from rvcstudio import diagnostics
from rvcstudio.engine import EngineCommand
from rvcstudio.instance import Instance
from rvcstudio.settings import SettingsStore
from rvcstudio.tasks import Tasks


class Colours(BaseModel):
    first: str = "red"


def test_settings_are_written_at_once(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    store.update(theme="dark", library=tmp_path / "새 폴더")
    store.keep_section("colours", Colours(first="파랑"))
    again = SettingsStore(tmp_path / "settings.json")
    assert again.value == store.value
    assert again.section("colours", Colours).first == "파랑"


@pytest.mark.parametrize("content", ["", "{", '{"theme": "pink"}', "[]", "\0"])
def test_unreadable_settings_are_kept_aside(tmp_path: Path, content: str) -> None:
    file = tmp_path / "settings.json"
    file.write_text(content, encoding="utf-8")
    store = SettingsStore(file)
    assert store.value.theme == "system"
    assert file.with_suffix(".unreadable.json").read_text(encoding="utf-8") == content
    store.update(theme="dark")
    assert SettingsStore(file).value.theme == "dark"


def test_a_section_of_another_version_starts_anew(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    store.update(sections={"colours": {"first": 7}})
    assert store.section("colours", Colours) == Colours()


@pytest.fixture
def tasks(qapp: QApplication) -> Tasks:
    return Tasks(lambda error: pytest.fail(f"not taken care of: {error}"), qapp)


def test_work_is_done_beside_and_told_on_the_main_thread(tasks: Tasks, qtbot: QtBot) -> None:
    came: list[Any] = []
    worked = []

    def work(_reporter: Reporter) -> int:
        worked.append(threading.current_thread())
        return 7

    tasks.run(work, lambda value: came.append((value, threading.current_thread())))
    qtbot.waitUntil(lambda: bool(came))
    assert came == [(7, threading.main_thread())]
    assert worked != [threading.main_thread()]


def test_progress_comes_and_a_cancel_ends_it(tasks: Tasks, qtbot: QtBot) -> None:
    told: list[Event] = []
    ended: list[str] = []
    go = threading.Event()

    def work(reporter: Reporter) -> None:
        with reporter.phase("counting", 1000) as phase:
            go.wait(5)
            while True:
                phase.advance(0)

    task = tasks.run(
        work,
        lambda _none: ended.append("done"),
        progress=told.append,
        cancelled=lambda _none: ended.append("cancelled"),
    )
    qtbot.waitUntil(lambda: bool(told))
    task.cancel()
    go.set()
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == ["cancelled"]
    assert isinstance(told[0], Progress)


def test_errors_go_to_who_asked_or_to_the_app(qapp: QApplication, qtbot: QtBot) -> None:
    app: list[BaseException] = []
    mine: list[BaseException] = []
    tasks = Tasks(app.append, qapp)

    def work(_reporter: Reporter) -> None:
        raise Error("disk_full", "The disk is full.")

    tasks.run(work)
    tasks.run(work, failed=mine.append)
    qtbot.waitUntil(lambda: bool(app and mine))
    assert [str(error) for error in (*app, *mine)] == ["The disk is full."] * 2


def test_nobody_is_told_who_is_gone(tasks: Tasks, qtbot: QtBot) -> None:
    import shiboken6

    owner = QObject()
    came: list[int] = []
    go = threading.Event()
    task = tasks.run(lambda _reporter: go.wait(5), lambda _value: came.append(1), owner=owner)
    shiboken6.delete(owner)
    with qtbot.waitSignal(task.ended):
        go.set()
    assert came == []


SECOND = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from rvcstudio.instance import Instance
application = QCoreApplication([])
print(Instance().claim([Path(name) for name in sys.argv[1:]]))
"""


def test_a_second_start_hands_its_files_to_the_first(qapp: QApplication, qtbot: QtBot) -> None:
    first = Instance(qapp)
    assert first.claim([])
    called: list[list[Path]] = []
    first.called.connect(called.append)
    second = subprocess.Popen(
        [sys.executable, "-c", SECOND, "/x/목소리.rvcvoice"], stdout=subprocess.PIPE, text=True
    )
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    output = second.communicate()[0]
    assert output.strip() == "False"
    assert called == [[Path("/x/목소리.rvcvoice")]]
    first.close()


def test_a_killed_instance_is_followed_by_another(qapp: QApplication) -> None:
    killed = "import os, signal\n" + SECOND + "\nos.kill(os.getpid(), signal.SIGKILL)"
    subprocess.run([sys.executable, "-c", killed], check=False)
    after = Instance(qapp)
    assert after.claim([])
    after.close()


def test_diagnostics_name_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "minho")
    text = diagnostics.redact(
        f'File "/home/minho/비밀 폴더/x.py" and {tmp_path}/minho/notes.txt of Mina Park at 10.0.0.7, '
        f"mail minho@example.org, C:\\Users\\Minho\\a.wav, {getpass.getuser()} here, "
        'File "/opt/env/lib/python3.11/site-packages/rvcstudio/ui/page.py", line 3',
        private=("Mina Park",),
    )
    for secret in ("minho", "Minho", "비밀", "Mina", "10.0.0.7", str(tmp_path)):
        assert secret not in text
    assert "rvcstudio/ui/page.py" in text


def test_a_report_has_versions_the_trace_and_the_log(studio_home: Path) -> None:
    root = logging.getLogger()
    before = list(root.handlers)
    diagnostics.start_log()
    try:
        logging.getLogger("rvcstudio").warning("the cat is on %s", "/home/minho/table")
        report = diagnostics.report("Traceback: none")
    finally:
        for handler in set(root.handlers) - set(before):
            root.removeHandler(handler)
            handler.close()
    assert "PySide6-Essentials 6" in report
    assert "Traceback: none" in report
    assert "the cat is on <folder>/table" in report
    assert str(studio_home) not in report


def test_the_engine_answers_in_a_process_of_its_own(qapp: QApplication, qtbot: QtBot) -> None:
    command = EngineCommand("assets", "list", "rmvpe", parent=qapp)
    with qtbot.waitSignal(command.done, timeout=60_000) as told:
        command.start()
    assert told.args is not None
    assert told.args[0]["summary"]["rmvpe"]["size"] == 181184272


def test_the_engines_errors_come_as_errors(qapp: QApplication, qtbot: QtBot) -> None:
    command = EngineCommand("assets", "list", "nonsense", parent=qapp)
    with qtbot.waitSignal(command.failed, timeout=60_000) as told:
        command.start()
    assert told.args is not None
    assert told.args[0].code == "unknown_asset"


def test_the_engine_can_be_stopped(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    command = EngineCommand("demo", "--out", str(tmp_path / "demo"), parent=qapp)
    with qtbot.waitSignal(command.told, timeout=60_000):
        command.start()
    with qtbot.waitSignal(command.stopped, timeout=30_000):
        command.stop()
    assert not command.is_running
