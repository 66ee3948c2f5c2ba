"""A training of another computer whose recordings were on their way when the app was quit; on a real agent."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from rvc.errors import Error
from rvc.jobs.launch import LOCK
from rvc.jobs.locks import Lock
from rvcstudio.app import App
from rvcstudio.library import Voice
from rvcstudio.remote import transfers
from rvcstudio.studio import Studio
from rvcstudio.training_requests import TrainingRequest, TrainingRequests
from rvcstudio.ui.window import MainWindow
from tests.app.conftest import RATE

PATIENCE_MS = 60_000
TAKES = 4


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Any]:
    """The jobs of an agent that starts nothing of what it is asked for."""
    agents = pytest.importorskip("tests.agents")
    jobs = tmp_path / "agent" / "jobs"
    jobs.mkdir(parents=True)
    lock = Lock(jobs / LOCK)
    assert lock.acquire()
    with agents.running(tmp_path / "agent", kinds_module="rvc.jobs.kinds") as agent:
        jobs = agent.jobs()
        yield jobs
        jobs.close()
    lock.release()


@pytest.fixture
def request_(studio: Studio, voice: Voice, tmp_path: Path) -> TrainingRequest:
    draw = np.random.default_rng(0)
    for number in range(TAKES):
        file = tmp_path / f"{number}.wav"
        soundfile.write(file, 0.1 * draw.standard_normal(RATE), RATE)
        studio.library.takes.add(voice.id, file, rate=RATE, seconds=1.0)
    return TrainingRequest(computer="studio-pc", spec={"kind": "train", "name": "Mina"}, voice=voice.id)


class Hold:
    """Holds an upload up at its third recording, until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.released = threading.Event(), threading.Event()
        self.sent: list[int] = []
        reach = transfers.Count.reach

        def look(count: transfers.Count, done: int) -> None:
            self.sent.append(done)
            if len(self.sent) == 5:  # two for each
                self.reached.set()
                assert self.released.wait(PATIENCE_MS / 1000)
            reach(count, done)

        monkeypatch.setattr(transfers.Count, "reach", look)


def nothing(*_values: object) -> None: ...


def test_what_was_being_sent_when_the_app_was_quit_is_sent_at_the_next_start(
    app: App,
    studio: Studio,
    window: MainWindow,
    there: Any,
    request_: TrainingRequest,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hold = Hold(monkeypatch)
    studio.jobs.add("studio-pc", lambda: there)
    studio.trainings.send(request_, nothing, studio.fail, nothing)
    qtbot.waitUntil(hold.reached.is_set, timeout=PATIENCE_MS)
    window.close()
    box = window.findChild(QMessageBox, "closing.unfinished")
    assert "when you open the app again" in box.informativeText()
    box.findChild(QPushButton, "closing.unfinished.quit").click()
    hold.released.set()
    qtbot.waitUntil(lambda: studio.tasks.is_idle, timeout=PATIENCE_MS)
    assert studio.trainings.unsent == (request_,)
    assert there.jobs() == []

    hold.sent.clear()
    studio.trainings = TrainingRequests(studio)  # as at the next start
    app.desk.open()
    qtbot.waitUntil(lambda: bool(there.jobs()), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: studio.trainings.unsent == (), timeout=PATIENCE_MS)
    (job,) = there.jobs()
    assert job.name == "Mina"
    assert ("studio-pc", job.id) in studio.library.trainings.waiting()
    assert len(hold.sent) == 4  # two recordings: the others had arrived


def test_a_computer_that_is_not_reached_is_waited_for(
    studio: Studio, there: Any, request_: TrainingRequest, qtbot: QtBot
) -> None:
    refused = threading.Event()

    def reach() -> Any:
        if not refused.is_set():
            refused.set()
            raise Error("agent_unreachable", "The agent cannot be reached.")
        return there

    studio.jobs.add("studio-pc", reach)
    studio.trainings._keep(request_)
    studio.trainings._take_up(request_)
    qtbot.waitUntil(lambda: refused.is_set() and studio.tasks.is_idle, timeout=PATIENCE_MS)
    assert studio.trainings.unsent == (request_,)
    studio.trainings.open()
    studio.jobs.reached.emit("studio-pc", None)
    qtbot.waitUntil(lambda: studio.trainings.unsent == (), timeout=PATIENCE_MS)
    assert [job.name for job in there.jobs()] == ["Mina"]


def test_what_the_user_stops_or_a_computer_that_is_gone_is_forgotten(
    studio: Studio, there: Any, request_: TrainingRequest, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = Hold(monkeypatch)
    studio.jobs.add("studio-pc", lambda: there)
    studio.trainings.send(request_, nothing, studio.fail, nothing)
    qtbot.waitUntil(hold.reached.is_set, timeout=PATIENCE_MS)
    assert studio.trainings.unsent == (request_,)
    studio.jobs.stop_sending("studio-pc")
    hold.released.set()
    qtbot.waitUntil(lambda: studio.trainings.unsent == (), timeout=PATIENCE_MS)
    studio.jobs.remove("studio-pc")
    studio.trainings._keep(request_)
    studio.trainings.open()
    assert studio.trainings.unsent == ()
