"""A user of the whole app in tests: what is pressed, read aloud and waited for, on the real window."""

import itertools
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import shiboken6
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtDBus import QDBusConnection
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from rvc import paths
from rvc.jobs.folder import JobFolder
from rvcstudio.app import App
from rvcstudio.eta import LEAST_LEFT_S, SETTLED
from rvcstudio.hub import Address
from rvcstudio.library import Model, Voice
from rvcstudio.notify import Notifier
from rvcstudio.notify_dbus import DesktopNotifications
from rvcstudio.recording.booth import Booth
from rvcstudio.recording.settings import SECTION, RecordSettings
from rvcstudio.sound.player import Player
from rvcstudio.studio import Studio
from rvcstudio.ui.convert import ConvertPage
from rvcstudio.ui.welcome import Welcome
from rvcstudio.ui.welcome.steps import STEPS
from tests.app.test_notify import Desktop
from tests.pulse import PulseServer

PATIENCE_MS = 900_000  # trainings, on a machine that has much else to do
MICROPHONE, SPEAKER = "ALSA: microphone_monitor", "ALSA: speaker"


class Heard:
    """What a desktop has received so far."""

    def __init__(self, desktop: Desktop) -> None:
        self._lines: list[dict[str, Any]] = []
        self._stream = desktop.process.stdout
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._stream or ():
            self._lines.append(json.loads(line))

    @property
    def shown(self) -> list[str]:
        """The notifications, as "title: text"."""
        return [f"{line['summary']}: {line['body']}" for line in self._lines if "notification" in line]


class User:
    """Somebody at the window of an app that runs."""

    def __init__(self, app: App, qtbot: QtBot) -> None:
        self.app, self.qtbot = app, qtbot
        self.ends: dict[Address, list[tuple[float, float, float | None]]] = {}
        app.studio.jobs.came.connect(self._note)

    @property
    def studio(self) -> Studio:
        return self.app.studio

    @property
    def page(self) -> Any:
        return self.app.window.page

    def _note(self, addresses: list[Address]) -> None:
        """Note how far jobs are, and when they will end as the user is told."""
        for address in addresses:
            job, left_s = self.studio.jobs.job(address), self.studio.jobs.left_s(address)
            if job is not None and str(job.state) == "running":
                self.ends.setdefault(address, []).append((time.monotonic(), job.progress, left_s))

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE_MS)

    def find(self, kind: type[QWidget], name: str, parent: QWidget | None = None) -> Any:
        found = (parent or self.app.window).findChild(kind, name)
        assert found is not None, name
        return found

    def press(self, name: str, parent: QWidget | None = None) -> None:
        """Press a button, as soon as that is possible."""
        button = self.find(QAbstractButton, name, parent)
        self.until(lambda: button.isVisible() and button.isEnabled())
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def go_through_the_first_start(self) -> None:
        self.until(lambda: self.app.window.findChildren(Welcome))
        welcome = self.app.window.findChildren(Welcome)[0]
        for _ in STEPS:
            self.qtbot.keyClick(self.find(QAbstractButton, "welcome.next", welcome), Qt.Key.Key_Return)
        assert not welcome.isVisible()
        assert self.studio.settings.value.welcomed

    def add_voice(self, name: str) -> Voice:
        self.studio.go("voices")
        self.press("voices.first")
        dialog = self.find(QWidget, "voice")
        self.find(QLineEdit, "voice.name", dialog).setText(name)
        self.find(QAbstractButton, "voice.consent.own", dialog).click()
        self.press("voice.save", dialog)
        self.until(self.studio.library.voices.all)
        return self.studio.library.voices.all()[0]

    def record(self, voice: Voice, pulse: PulseServer, count: int) -> None:
        """Read sentences into the microphone, and keep them."""
        self.studio.sound.reread()
        assert isinstance(self.studio.player, Player)
        self.studio.player.choose(SPEAKER)
        settings = RecordSettings(device=MICROPHONE, voice=voice.id, reading="en", pause_s=1.0)
        self.studio.settings.keep_section(SECTION, settings)
        self.studio.go("record")
        booth = self.page.findChild(Booth)
        for file in sorted(paths.resource("demo/voice").glob("*.flac"))[:count]:
            self.press("record.record")
            self.until(lambda: booth.state == "recording")
            wave, rate = soundfile.read(file)
            quiet = np.random.default_rng(0).standard_normal(2 * rate) * 10 ** (-65 / 20)
            player = pulse.play(
                np.concatenate([quiet[: rate // 3], wave, quiet[: 3 * rate // 2]]), "microphone", rate
            )
            self.until(lambda player=player: player.poll() is not None)
            self.until(lambda: booth.state == "review")
            with self.qtbot.waitSignal(booth.kept, timeout=PATIENCE_MS):
                self.press("record.keep")

    def ask_for_training(self, voice: Voice, name: str, computer: str, steps: int) -> Address:
        """Fill in the page of trainings and start; return the job once it is asked for."""
        self.studio.go("train", voice=voice.id)
        self.find(QWidget, "train.computer").choose(computer)
        self.find(QWidget, "train.architecture").choose("lite")
        self.find(QAbstractButton, "train.preset.draft").click()
        if not self.find(QLineEdit, "train.train.steps").isVisible():
            self.press("train.advanced.toggle")
        self.find(QLineEdit, "train.train.steps").setText(str(steps))
        self.find(QLineEdit, "train.train.batch_size").setText("2")
        self.find(QLineEdit, "train.name").setText(name)
        self.press("train.start")
        self.until(lambda: self.page.entry.name == "job")
        address: Address = self.page.address
        self.studio.go("voices")  # what is looked at is not told of
        return address

    def step(self, address: Address) -> int:
        """Return at which step a training is."""
        progress = self.studio.jobs.story(address).progress
        return progress.step if progress is not None and progress.phase == "train" else 0

    def wait_for_model(self, address: Address) -> Model:
        def training() -> Any:
            job = self.studio.jobs.job(address)
            assert job is None or str(job.state) not in ("failed", "cancelled"), job
            found = self.studio.library.trainings.find(*address)
            return found.model if found else None

        self.until(training)
        return self.studio.library.models.find(training())

    def convert(self, model: Model, recording: Path, computer: str) -> Path:
        """Convert a recording, and return the result."""
        self.studio.go("convert", model=model.id)
        page = self.page
        assert isinstance(page, ConvertPage)
        page.queue.remove(list(page.queue.items))
        self.find(QWidget, "convert.computer").choose(computer)
        page._keep(computer=computer)
        page.take_files([recording])
        self.until(lambda: page.queue.items)
        with self.qtbot.waitSignal(page.queue.ended, timeout=PATIENCE_MS):
            self.press("convert.start")
        (item,) = page.queue.items
        assert item.state == "done", item.error
        assert item.conversion is not None
        return item.conversion.output

    def moves_of_the_end(self, address: Address) -> list[float]:
        """Return by which share of what was left the told end of a job moved, from one update to the next."""
        settled = [(at, left_s) for at, share, left_s in self.ends[address] if share >= SETTLED]
        ends = [(at, at + left_s) for at, left_s in settled if left_s is not None]
        return [
            abs(after - before) / max(before - at, LEAST_LEFT_S)
            for (_, before), (at, after) in itertools.pairwise(ends)
        ]


def worker_of(home: Path, address: Address) -> psutil.Process:
    """Return the process that works on a job of an agent."""
    card = JobFolder(home / "agent" / "jobs" / address.job).worker()
    assert card is not None
    return psutil.Process(card.pid)


def agent_of(home: Path) -> psutil.Process:
    """Return the agent of a home."""
    return psutil.Process(json.loads((home / "agent" / "agent.json").read_text())["pid"])


@contextmanager
def running_app(qapp: QApplication, qtbot: QtBot, bus: QDBusConnection) -> Iterator[User]:
    """Start the app as `rvcstudio` does, its news told to a desktop of the test's own."""
    app = App(qapp)
    assert isinstance(app.studio.notifier, Notifier)
    app.studio.notifier.add_messenger(DesktopNotifications(app, bus))
    app.show([])
    qtbot.waitExposed(app.window)
    try:
        yield User(app, qtbot)
    finally:
        app.close()
        shiboken6.delete(app.window)
        shiboken6.delete(app)
        os.sync()
