"""The whole way of a new user, on real parts: first start, microphone, training here and there, conversion, comparison.

The other computer is this one: a real sshd and an agent that the app installs, in a home of its own. While it works,
connections are cut, the agent is killed, and processes are suspended.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile
from PySide6.QtDBus import QDBusConnection
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

pytest.importorskip("sounddevice", exc_type=OSError)  # it needs PortAudio
pytest.importorskip("torch", reason="the engine is not installed")
pytest.importorskip("tests.agents", reason="the agent's packages are not installed")
pytest.importorskip("tests.sshd", reason="there is no sshd")

from rvc import paths
from rvcstudio.eta import SHARE
from rvcstudio.hub import HERE, Address
from rvcstudio.library import Model
from rvcstudio.remote import transfers
from rvcstudio.settings import SettingsStore
from tests import sshd
from tests.app.flow import SPEAKER, Heard, User, agent_of, running_app, worker_of
from tests.app.test_computers import connect
from tests.app.test_notify import Desktop, bus, bus_address, desktop
from tests.jobs import cleared
from tests.pulse import PulseServer, pulse

__all__ = ["bus", "bus_address", "desktop", "pulse"]
pytestmark = [pytest.mark.slow, pytest.mark.ssh, pytest.mark.timeout(3600)]

TAKES = 9  # half a minute, which is the least that the app trains with
HELD_S = 3.0  # that processes are suspended
Server = sshd.Sshd


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """The home of the other computer; what runs in it ends with the test, and so do this one's jobs."""
    home = tmp_path / "other home"
    with cleared(paths.jobs_dir()), cleared(home / "agent" / "jobs"):
        yield home
        if (home / "agent" / "agent.json").exists() and psutil.pid_exists(agent_of(home).pid):
            agent_of(home).kill()


@pytest.fixture
def server(tmp_path: Path, home: Path) -> Iterator[Server]:
    with sshd.running(tmp_path / "sshd", f'SetEnv RVC_STUDIO_HOME="{home}"') as started:
        yield started


def test_from_the_first_start_to_two_voices_that_are_compared(
    qapp: QApplication,
    qtbot: QtBot,
    pulse: PulseServer,
    bus: QDBusConnection,
    desktop: Desktop,
    server: Server,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in pulse.environment().items():
        monkeypatch.setenv(name, value)
    SettingsStore().update(language="en", theme="light")
    heard = Heard(desktop)
    with running_app(qapp, qtbot, bus) as user:
        user.go_through_the_first_start()
        voice = user.add_voice("Mina Park")
        user.record(voice, pulse, TAKES)
        assert user.studio.library.voices.find(voice.id).seconds > 30

        first = user.ask_for_training(voice, "Mina of this room", HERE, 60)
        ours = user.wait_for_model(first)
        assert max(user.moves_of_the_end(first)) <= SHARE + 0.01
        user.until(lambda: "Mina of this room: The voice is ready." in heard.shown)

        add_computer(user, server)
        accidents = Accidents(server, home, monkeypatch)
        second = user.ask_for_training(voice, "Mina of the other room", "studio-pc", 250)
        assert accidents.happened == 3
        assert sent(home) < 1.5 * recorded(user, voice.id)
        disturb_training(user, second, server, home)
        worker = worker_of(home, second)
    assert worker.is_running()  # the app has closed, and it goes on

    with running_app(qapp, qtbot, bus) as user:
        theirs = user.wait_for_model(second)
        assert theirs.summary["computer"] == "studio-pc"
        assert (theirs.folder / "report" / "report.json").exists()
        assert list((theirs.folder / "previews").glob("*.wav"))
        user.until(lambda: "Mina of the other room: The voice is ready." in heard.shown)

        source = paths.resource("demo/source/visitor.flac")
        here = user.convert(ours, source, HERE)
        there = user.convert(theirs, source, "studio-pc")
        assert speaks(here, source)
        assert speaks(there, source)
        compare(user, ours, theirs, pulse)


def add_computer(user: User, server: Server) -> None:
    """Add the other computer, and have its agent installed with the Python of the tests."""
    user.studio.go("computers")
    connect(user.app.window, user.qtbot, server)
    title = user.find(QLabel, "computer.title")
    user.until(lambda: title.text() == "Is this the right computer?")
    user.press("computer.next")
    user.until(lambda: title.text() == "studio-pc can be used")
    user.find(QLineEdit, "computer.python").setText(sys.executable)
    user.press("computer.next")
    user.until(lambda: title.text() == "studio-pc was added")
    user.press("computer.next")
    (computer,) = user.studio.computers.all()
    user.until(lambda: user.studio.computers.view(computer.id).state == "ready")


class Accidents:
    """What happens while an upload is on its way: at its second, fourth and sixth piece."""

    def __init__(self, server: Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.happened = 0
        self._server, self._home = server, home
        self._pieces = 0
        count = transfers.Count.reach

        def reach(counted: transfers.Count, done: int) -> None:
            count(counted, done)
            if counted.is_sent:
                self._look()

        monkeypatch.setattr(transfers.Count, "reach", reach)

    def _look(self) -> None:
        self._pieces += 1
        accidents = {2: self._server.cut, 4: self._kill_agent, 6: self._hold_connections}
        if accident := accidents.get(self._pieces):
            self.happened += 1
            accident()

    def _kill_agent(self) -> None:
        agent_of(self._home).kill()

    def _hold_connections(self) -> None:
        hold(psutil.Process(self._server._process.pid).children(recursive=True))


def hold(processes: list[psutil.Process]) -> None:
    """Suspend processes for a while."""
    for process in processes:
        process.suspend()
    time.sleep(HELD_S)
    for process in processes:
        process.resume()


def disturb_training(user: User, address: Address, server: Server, home: Path) -> None:
    """Cut, kill and suspend while a training is on its way; see after each that it goes on, by the same worker."""
    user.until(lambda: user.step(address) > 0)
    worker = worker_of(home, address)
    accidents: tuple[Callable[[], object], ...] = (
        server.cut,
        lambda: agent_of(home).kill(),
        lambda: hold([worker, agent_of(home)]),
    )
    for accident in accidents:
        before = user.step(address)
        accident()
        user.until(lambda before=before: user.step(address) > before)
        assert worker_of(home, address) == worker
    job = user.studio.jobs.job(address)
    assert job is not None
    assert job.attempt == 1
    assert max(user.moves_of_the_end(address), default=0.0) <= SHARE + 0.01


def sent(home: Path) -> int:
    """Return how many bytes of uploads the other computer has."""
    return sum(file.stat().st_size for file in (home / "agent" / "blobs").rglob("*") if file.is_file())


def recorded(user: User, voice_id: str) -> int:
    return sum(take.file.stat().st_size for take in user.studio.library.takes.all(voice_id))


def speaks(result: Path, source: Path) -> bool:
    """Tell whether a result is as long as its source, and neither silent nor noise at full scale."""
    wave, rate = soundfile.read(result)
    level = float(np.sqrt(np.mean(wave**2)))
    return abs(len(wave) / rate - soundfile.info(source).duration) < 0.05 and 0.003 < level < 0.5


def compare(user: User, ours: Model, theirs: Model, pulse: PulseServer) -> None:
    """Let both models say the same sentence, and hear A and B through the speaker."""
    user.studio.go("model", model=ours.id)
    user.find(QWidget, "model.compare.other").choose(theirs.id)
    user.press("model.compare.start")
    view = user.page._comparison.view
    user.until(lambda: view.isVisible() and all(strip.view.frames for strip in view.strips))
    user.studio.sound.reread()
    user.studio.player.choose(SPEAKER)  # type: ignore[union-attr]
    with pulse.recording("speaker.monitor") as sound:
        view.hear(0)
        user.qtbot.wait(1000)
        view.hear(1)
        user.qtbot.wait(1000)
        view.stop()
    assert np.abs(sound[0]).max() > 0.01
