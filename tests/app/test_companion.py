"""The engine's process: asked, cancelled, ended, killed, and started anew."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rvc.errors import Error, Paused
from rvc.events import Event, Progress, Reporter
from rvcstudio import companion
from rvcstudio.companion import Engine, EngineBug

COMMAND = (sys.executable, "-m", "tests.app.verbs")


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = Engine(COMMAND)
    yield made
    made.close()


def test_it_answers_with_progress_and_stays_warm(engine: Engine) -> None:
    heard: list[Event] = []
    first = engine.call("count", {"to": 3, "echo": "가 \udcb0"}, Reporter(heard.append))
    again = engine.call("count", {"to": 1})
    assert (first["echo"], again["counts"], again["pid"]) == ("가 \udcb0", 2, first["pid"])
    assert [event.step for event in heard if isinstance(event, Progress)][-1] == 3


def test_failures_come_as_they_are(engine: Engine) -> None:
    with pytest.raises(Error, match="nothing in here") as failed:
        engine.call("refuse", {"place": Path("here")})
    assert (failed.value.code, failed.value.hint) == ("empty_dataset", "Look elsewhere.")
    with pytest.raises(EngineBug) as bug:
        engine.call("stumble", {})
    assert "in stumble" in bug.value.__notes__[0]


def test_a_request_is_cancelled_and_the_process_stays(engine: Engine) -> None:
    pid = engine.call("count", {"to": 0})["pid"]
    reporter = Reporter()
    threading.Timer(0.3, reporter.request_stop).start()
    with pytest.raises(Paused):
        engine.call("count", {"to": 1000, "pause_s": 0.05}, reporter)
    assert engine.call("count", {"to": 0})["pid"] == pid


def test_work_that_does_not_hear_is_ended(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companion, "CANCEL_GRACE_S", 0.5)
    reporter = Reporter()
    threading.Timer(0.2, reporter.request_stop).start()
    began = time.monotonic()
    with pytest.raises(Paused):
        engine.call("be_deaf", {"seconds": 60}, reporter)
    assert time.monotonic() - began < 10
    assert engine.call("count", {"to": 0})["counts"] == 1


def test_a_process_that_was_killed_is_started_anew(engine: Engine) -> None:
    pid = engine.call("count", {"to": 0})["pid"]
    os.kill(pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
    assert engine.call("count", {"to": 0})["pid"] != pid


def test_a_request_is_tried_twice_and_no_more(engine: Engine, tmp_path: Path) -> None:
    assert engine.call("die", {"once": str(tmp_path / "died")})["pid"]
    with pytest.raises(Error, match="ended before") as failed:
        engine.call("die", {})
    assert failed.value.code == "engine_ended"


def test_requests_of_several_threads_each_get_their_own_answer(engine: Engine) -> None:
    answers: dict[int, object] = {}

    def ask(number: int) -> None:
        answers[number] = engine.call("count", {"to": 2, "echo": number})["echo"]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == {number: number for number in range(8)}


def test_it_ends_with_the_app(engine: Engine) -> None:
    engine.call("count", {"to": 0})
    assert engine.is_running
    engine.close()
    assert not engine.is_running


def test_it_ends_when_it_is_idle() -> None:
    code = "import tests.app.verbs as v; v.companion.main({}, idle_s=0.2)"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as idle:
        assert idle.wait(20) == 0


def test_without_the_engine_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companion, "NEEDED", ("no_such_package",))
    with pytest.raises(Error, match="no engine") as failed:
        Engine().call("report", {})
    assert failed.value.code == "no_engine"
