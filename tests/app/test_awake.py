"""The computer that stays awake while it works, and the app's icon in a dock: on a real D-Bus, as both receive it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from rvc.jobs import ConvertSpec, LocalJobs, State
from rvc.jobs.locks import Lock
from rvcstudio import vigil
from rvcstudio.awake import SECTION, Awake, AwakeSettings, Need
from rvcstudio.awake_dbus import DesktopLock
from rvcstudio.hub import HERE
from rvcstudio.launcher import Launcher
from rvcstudio.live.line import LiveLine
from rvcstudio.recording.booth import Booth
from rvcstudio.studio import Studio
from rvcstudio.ui.window import MainWindow
from tests.app.scenes.jobs import JOBS, _job
from tests.app.test_notify import Desktop, bus, bus_address, desktop, news
from tests.test_jobs_command import still

__all__ = ["bus", "bus_address", "desktop", "still"]


@pytest.fixture
def awake(studio: Studio, bus_address: str) -> Iterator[Awake]:
    made = Awake(studio, DesktopLock(bus_address, bus_address))
    yield made
    made.close()


@pytest.mark.usefixtures("awake")
def test_the_computer_is_awake_while_it_works(studio: Studio, desktop: Desktop) -> None:
    running = _job(1, JOBS[0])
    studio.jobs.take(HERE, running)
    lock = desktop.received()
    assert (lock["lock"], lock["who"], lock["mode"]) == ("sleep", "RVC Studio", "block")
    studio.jobs.take(HERE, running.model_copy(update={"progress": 0.5}))  # asks for no other lock
    studio.jobs.take(HERE, running.model_copy(update={"state": State.DONE}))
    assert desktop.received() == {"released": "sleep"}


def test_the_screen_is_lit_while_somebody_records(desktop: Desktop, awake: Awake) -> None:
    awake.want("record", "screen")
    assert [desktop.received()["lock"] for _ in range(2)] == ["sleep", "screen"]
    awake.want("record", None)
    assert desktop.received() == {"released": "sleep"}
    assert awake.held is None


class Noted:
    """A lock that keeps what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[Need | None] = []

    def hold(self, need: Need, _reason: str) -> None:
        self.asked.append(need)

    def release(self) -> None:
        self.asked.append(None)


def test_the_most_that_is_needed_is_held_and_only_where_it_is_wanted(studio: Studio) -> None:
    lock = Noted()
    awake = Awake(studio, lock)
    awake.want("live", "work")
    awake.want("record", "screen")
    awake.want("record", None)
    studio.settings.keep_section(SECTION, AwakeSettings(on=False))
    studio.settings.keep_section(SECTION, AwakeSettings(on=True))
    awake.close()
    assert lock.asked == ["work", "screen", "work", None, "work", None]


def test_an_open_microphone_and_a_live_line_are_held(studio: Studio, window: MainWindow) -> None:
    studio.awake = Awake(studio, Noted())
    booth = Booth(studio)
    booth._enter("ready")
    assert studio.awake.held == "screen"
    booth._enter("closed")
    assert studio.awake.held is None
    studio.go("live")
    line = window.page.findChild(LiveLine)
    assert line is not None
    for state, held in (("starting", "work"), ("live", "work"), ("off", None)):
        line._become(state)
        assert studio.awake.held == held


def test_jobs_of_other_computers_keep_this_one_awake_in_no_way(studio: Studio) -> None:
    lock = Noted()
    made = Awake(studio, lock)
    studio.jobs.add("studio-pc", lambda: studio.jobs.service(HERE))
    studio.jobs.take("studio-pc", _job(1, JOBS[0]))
    assert made.held is None


def test_the_computer_stays_awake_for_jobs_that_go_on_without_the_app(
    still: Path, tmp_path: Path, bus_address: str, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus_address)
    files = {"model": [tmp_path / "voice.safetensors"], "recordings": [tmp_path / "talk.wav"]}
    for (file,) in files.values():
        file.write_bytes(b"nothing that could be used")
    jobs = LocalJobs()
    job = jobs.submit(ConvertSpec(name="Mina"), files)
    vigil.start()
    assert desktop.received()["lock"] == "sleep"
    lock = Lock(still / vigil.LOCK)
    assert not lock.acquire()
    jobs.cancel(job.id)
    assert desktop.received() == {"released": "sleep"}
    assert lock.acquire(timeout_s=10)  # the process has ended
    lock.release()


def test_only_jobs_are_watched_over(studio: Studio) -> None:
    awake = Awake(studio, Noted())
    awake.want("live", "work")
    assert not awake.holds_for_jobs
    studio.jobs.take(HERE, _job(1, JOBS[0]))
    assert awake.holds_for_jobs
    studio.settings.keep_section(SECTION, AwakeSettings(on=False))
    assert not awake.holds_for_jobs
    awake.close()


def test_where_nobody_gives_a_lock_work_goes_on(bus_address: str) -> None:
    lock = DesktopLock(bus_address, bus_address)
    lock.hold("screen", "work")
    lock.release()
    DesktopLock("unix:path=/nowhere", "unix:path=/nowhere").hold("work", "work")


def test_docks_are_told_how_far_jobs_are(
    studio: Studio, desktop: Desktop, bus: QDBusConnection, qtbot: QtBot
) -> None:
    assert studio.notifier is not None
    QGuiApplication.setDesktopFileName("rvcstudio")
    launcher = Launcher(studio, studio.notifier, bus)
    studio.jobs.take(HERE, _job(1, JOBS[0]))
    studio.notifier.history.add(news(kind="failed"))
    qtbot.waitUntil(lambda: not launcher._timer.isActive(), timeout=5000)
    told = desktop.received()
    assert told["launcher"] == "application://rvcstudio.desktop"
    assert told["facts"] == {"progress": 0.43, "progress-visible": True, "urgent": True}
    launcher.close()
    assert desktop.received()["facts"]["progress-visible"] is False
