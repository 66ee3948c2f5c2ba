"""Notifications: which news are told, on a real D-Bus with a desktop of its own, and in the app."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtDBus import QDBusConnection
from PySide6.QtWidgets import QCheckBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from rvc.jobs import Failure, Job, JobEvent, LocalJobs, State
from rvcstudio.app import App
from rvcstudio.hub import HERE, Address
from rvcstudio.notify import KEPT, History, News, Notifier
from rvcstudio.notify_dbus import DesktopNotifications
from rvcstudio.studio import Studio
from rvcstudio.ui.window import MainWindow
from tests.jobs import cleared, open_jobs
from tests.jobs_kinds import CountSpec

PATIENCE_MS = 60_000
ADDRESS = Address(HERE, "job-1")


class Desktop:
    """The desktop's process, and what it has received."""

    def __init__(self, address: str) -> None:
        environment = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": address}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.app.desktop"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert json.loads(self.read()) == {"ready": True}

    def read(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def received(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.read())
        return found

    def click(self, number: int) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"click {number}\n")
        self.process.stdin.flush()

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


@pytest.fixture
def bus_address() -> Iterator[str]:
    """A message bus that nobody else is on."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("there is no dbus-daemon")
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.wait(10)
    daemon.stdout.close()


@pytest.fixture
def desktop(bus_address: str) -> Iterator[Desktop]:
    made = Desktop(bus_address)
    yield made
    made.close()


@pytest.fixture
def bus(bus_address: str) -> Iterator[QDBusConnection]:
    yield QDBusConnection.connectToBus(bus_address, "test of notifications")
    QDBusConnection.disconnectFromBus("test of notifications")


def news(**facts: Any) -> News:
    base = {"kind": "done", **ADDRESS._asdict(), "title": "Mina", "text": "Ready.", "time": datetime.now(UTC)}
    return News.model_validate({**base, **facts})


def job(state: State, **facts: Any) -> Job:
    now = datetime.now(UTC) + timedelta(seconds=1)
    return Job.model_validate(
        {
            "id": "job-1",
            "kind": "train",
            "name": "Mina",
            "state": state,
            "created": now,
            "started": now,
            "ended": now,
        }
        | facts
    )


def test_the_desktop_receives_news_and_a_click_opens_the_job(
    desktop: Desktop, bus: QDBusConnection, qtbot: QtBot
) -> None:
    notifications = DesktopNotifications(bus=bus)
    assert notifications.show(news())
    first = desktop.received()
    assert (first["summary"], first["body"], first["app"]) == ("Mina", "Ready.", "RVC Studio")
    assert first["actions"][0] == "default"
    assert first["hints"]["desktop-entry"] == "rvcstudio"
    assert first["hints"]["category"] == "transfer.complete"
    assert notifications.show(news(kind="failed", text="The disk is full."))
    second = desktop.received()
    assert second["replaces"] == first["notification"]
    assert second["hints"]["urgency"] == 2
    assert notifications.show(news(job="another", title="R&B", text="R&B <1 min."))
    third = desktop.received()
    assert (third["replaces"], third["summary"]) == (0, "R&B")
    assert third["body"] == "R&amp;B &lt;1 min."  # it is markup to this desktop
    with qtbot.waitSignal(notifications.clicked, timeout=PATIENCE_MS) as clicked:
        desktop.click(second["notification"])
    assert clicked.args[0].address == ADDRESS


def test_without_a_desktop_nothing_is_shown_and_later_it_is(
    bus_address: str, bus: QDBusConnection, qtbot: QtBot
) -> None:
    assert qtbot is not None
    notifications = DesktopNotifications(bus=bus)
    assert not notifications.show(news())
    desktop = Desktop(bus_address)
    try:
        assert notifications.show(news())
        assert desktop.received()["summary"] == "Mina"
    finally:
        desktop.close()
    assert not notifications.show(news())
    nowhere = QDBusConnection.connectToBus("unix:path=/nowhere", "nowhere")
    assert not DesktopNotifications(bus=nowhere).show(news())


def test_a_real_job_is_told_when_it_starts_and_when_it_is_done(
    app: App, studio: Studio, desktop: Desktop, bus: QDBusConnection, tmp_path: Path, qtbot: QtBot
) -> None:
    notifier = studio.notifier
    assert notifier is not None
    messenger = DesktopNotifications(app, bus)
    notifier.add_messenger(messenger)
    with cleared(tmp_path / "jobs"):
        counting: LocalJobs = open_jobs(tmp_path / "jobs")
        studio.jobs.add(HERE, lambda: counting)
        app.window.hide()
        app.desk.open()
        submitted = counting.submit(CountSpec(name="Numbers", steps=100, step_s=0.05), {})
        qtbot.waitUntil(lambda: len(notifier.history.news) == 2, timeout=PATIENCE_MS)
    started, done = desktop.received(), desktop.received()
    assert (started["summary"], started["body"]) == ("Numbers", "It has started.")
    assert (done["body"], done["replaces"]) == ("It is done.", started["notification"])
    with qtbot.waitSignal(studio.wanted, timeout=PATIENCE_MS) as wanted:
        desktop.click(done["notification"])
    assert wanted.args == ["job", {"computer": HERE, "job": submitted.id}]


class Kept(QObject):
    """A messenger that keeps what it is given, or refuses it."""

    clicked = Signal(object)

    def __init__(self, *, takes: bool = True) -> None:
        super().__init__()
        self.shown: list[News] = []
        self._takes = takes

    def show(self, one: News) -> bool:
        self.shown.append(one)
        return self._takes


@pytest.fixture
def notifier(studio: Studio) -> Notifier:
    """A notifier whose user looks at nothing."""
    found = studio.notifier
    assert found is not None
    found._in_front = lambda _address: False
    return found


def test_every_kind_of_news_has_its_switch(studio: Studio, notifier: Notifier) -> None:
    messenger = Kept()
    notifier.add_messenger(messenger)
    failure = Failure(code="disk_full", text="The disk is full.", hint="Free some space.")
    for state in (State.QUEUED, State.RUNNING, State.PAUSED, State.QUEUED, State.RUNNING):
        studio.jobs.take(HERE, job(state, attempt=1 if state == State.RUNNING else 0))
    studio.jobs.take(HERE, job(State.FAILED, failure=failure))
    body = {"event": "log", "level": "warning", "code": "overtraining", "text": "x"}
    preview = {"event": "preview", "step": 400, "file": "previews/400.wav"}
    for number, one in enumerate((body, preview), 1):
        event = JobEvent.model_validate({"number": number, "time": datetime.now(UTC), "body": one})
        studio.jobs._hear(*ADDRESS, [event])
    assert [one.kind for one in messenger.shown] == ["started", "started", "failed", "attention"]
    assert "disk is full" in messenger.shown[2].text
    notifier.keep_settings(notifier.settings.model_copy(update={"milestone": True, "attention": False}))
    for number, one in enumerate((body, preview), 3):
        event = JobEvent.model_validate({"number": number, "time": datetime.now(UTC), "body": one})
        studio.jobs._hear(*ADDRESS, [event])
    assert messenger.shown[-1].kind == "milestone"
    assert len(messenger.shown) == 5


def test_what_was_so_before_is_no_news(studio: Studio, notifier: Notifier) -> None:
    before = datetime.now(UTC) - timedelta(hours=1)
    studio.jobs.take(HERE, job(State.DONE, started=before, ended=before))
    assert notifier.history.news == ()


def test_quiet_mode_keeps_news_in_the_app(studio: Studio, notifier: Notifier, window: MainWindow) -> None:
    messenger = Kept()
    notifier.add_messenger(messenger)
    notifier.keep_settings(notifier.settings.model_copy(update={"quiet": True}))
    studio.jobs.take(HERE, job(State.DONE))
    assert messenger.shown == []
    assert notifier.unread == 1
    jobs = window.findChild(QToolButton, "sidebar.jobs")
    assert (jobs.text().strip(), jobs.accessibleName()) == ("Jobs (1)", "Jobs, 1 new")
    studio.go("notifications")
    assert jobs.accessibleName() == "Jobs"
    studio.go("voices")
    studio.jobs.take(HERE, job(State.DONE, id="job-2"))
    studio.jobs.take(HERE, job(State.FAILED))
    studio.go("job", computer=HERE, job="job-1")
    assert [one.read for one in notifier.history.news] == [True, False, True]


def test_nobody_is_told_of_what_they_look_at(studio: Studio, notifier: Notifier) -> None:
    messenger = Kept()
    notifier.add_messenger(messenger)
    notifier._in_front = lambda address: address == ADDRESS
    studio.jobs.take(HERE, job(State.DONE))
    assert messenger.shown == []
    assert (notifier.unread, len(notifier.history.news)) == (0, 1)


def test_the_tray_takes_what_the_desktop_does_not(studio: Studio, notifier: Notifier) -> None:
    first, second, third = Kept(takes=False), Kept(), Kept()
    for messenger in (first, second, third):
        notifier.add_messenger(messenger)
    studio.jobs.take(HERE, job(State.DONE))
    assert [len(one.shown) for one in (first, second, third)] == [1, 1, 0]


def test_the_history_is_kept_and_limited(studio: Studio) -> None:
    assert studio is not None
    history = History()
    for number in range(KEPT + 5):
        history.told = history.told.model_copy(
            update={"news": (news(title=str(number)), *history.news)[:KEPT]}
        )
    history.keep(history.news)
    again = History()
    assert len(again.news) == KEPT
    assert again.news[0].title == str(KEPT + 4)
    again._file.write_text("no json", encoding="utf-8")
    assert History().news == ()


def test_the_page_lists_news_opens_jobs_and_switches_kinds(
    studio: Studio, notifier: Notifier, window: MainWindow, qtbot: QtBot
) -> None:
    studio.jobs.take(HERE, job(State.DONE))
    assert notifier.unread == 1
    studio.go("notifications")
    assert notifier.unread == 0
    card: Any = window.page.findChild(QWidget, "notifications.0")
    with qtbot.waitSignal(studio.wanted) as wanted:
        card.clicked.emit()
    assert wanted.args == ["job", ADDRESS._asdict()]
    studio.go("notifications")
    studio.jobs.take(HERE, job(State.FAILED))
    assert window.page.findChild(QWidget, "notifications.1") is not None
    assert notifier.unread == 0  # it is looked at
    switch = window.page.findChild(QCheckBox, "notifications.started")
    assert switch is not None
    switch.click()
    assert not notifier.settings.started
