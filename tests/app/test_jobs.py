"""The page of jobs and the page of one job, on a real queue; closing the app while it works."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import (
    QLabel,
    QListView,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from rvc.errors import Paused
from rvc.jobs import Job, JobEvent, LocalJobs, State
from rvcstudio.app import App
from rvcstudio.hub import HERE, Address
from rvcstudio.remote.transfers import Meter
from rvcstudio.studio import Studio
from rvcstudio.ui.charts import CurveChart, smooth
from rvcstudio.ui.job_previews import original
from rvcstudio.ui.window import MainWindow
from tests.app.scenes.jobs import NOW, _events, _job
from tests.jobs import LONG, cleared, open_jobs
from tests.jobs_kinds import CountSpec

PATIENCE_MS = 60_000
SELECT = QItemSelectionModel.SelectionFlag.ClearAndSelect


@pytest.fixture
def counting(tmp_path: Path, studio: Studio) -> Iterator[LocalJobs]:
    """A queue of counting jobs in place of this computer's."""
    with cleared(tmp_path / "jobs"):
        jobs = open_jobs(tmp_path / "jobs")
        studio.jobs.add(HERE, lambda: jobs)
        yield jobs


def find(window: MainWindow, kind: type[QWidget], name: str) -> Any:
    found = window.page.findChild(kind, name)
    assert found is not None, name
    return found


def names(view: QListView) -> list[str]:
    return [view.model().index(row, 0).data() for row in range(view.model().rowCount())]


def select(view: QListView, name: str) -> None:
    view.selectionModel().select(view.model().index(names(view).index(name), 0), SELECT)


def test_jobs_are_paused_resumed_and_cancelled_from_the_list(
    app: App, studio: Studio, window: MainWindow, counting: LocalJobs, qtbot: QtBot
) -> None:
    app.desk.open()
    studio.go("jobs")
    job = counting.submit(CountSpec(name="Numbers", **LONG), {})
    view = find(window, QListView, "jobs.list")
    qtbot.waitUntil(lambda: names(view) == ["Numbers"], timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: counting.job(job.id).progress > 0, timeout=PATIENCE_MS)
    select(view, "Numbers")
    for verb, state in (("pause", State.PAUSED), ("resume", State.RUNNING), ("cancel", State.CANCELLED)):
        button = find(window, QPushButton, f"jobs.{verb}")
        qtbot.waitUntil(button.isVisible, timeout=PATIENCE_MS)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda state=state: counting.job(job.id).state == state, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: names(view) == [], timeout=PATIENCE_MS)
    find(window, QPushButton, "jobs.which.ended").click()
    assert names(view) == ["Numbers"]
    select(view, "Numbers")
    find(window, QPushButton, "jobs.remove").click()
    box = window.findChild(QMessageBox, "jobs.delete")
    box.findChild(QPushButton, "jobs.delete.yes").click()
    qtbot.waitUntil(lambda: names(view) == [], timeout=PATIENCE_MS)
    assert counting.jobs() == []


def test_jobs_change_places_in_the_queue(
    app: App, studio: Studio, window: MainWindow, counting: LocalJobs, qtbot: QtBot
) -> None:
    app.desk.open()
    studio.go("jobs")
    running = counting.submit(CountSpec(name="running", **LONG), {})
    qtbot.waitUntil(lambda: counting.job(running.id).progress > 0, timeout=PATIENCE_MS)
    for name in ("first", "second", "third"):
        counting.submit(CountSpec(name=name), {})
    view = find(window, QListView, "jobs.list")
    qtbot.waitUntil(lambda: names(view) == ["running", "first", "second", "third"], timeout=PATIENCE_MS)
    select(view, "third")
    find(window, QToolButton, "jobs.earlier").click()
    qtbot.waitUntil(lambda: names(view) == ["running", "first", "third", "second"], timeout=PATIENCE_MS)
    select(view, "first")
    find(window, QToolButton, "jobs.later").click()
    qtbot.waitUntil(lambda: names(view) == ["running", "third", "first", "second"], timeout=PATIENCE_MS)
    select(view, "second")
    find(window, QSpinBox, "jobs.priority").setValue(5)
    qtbot.waitUntil(lambda: names(view) == ["running", "second", "third", "first"], timeout=PATIENCE_MS)


def test_thousands_of_jobs_stay_fluent(studio: Studio, window: MainWindow) -> None:
    many = [_job(number, {"name": f"Job {number}", "state": State.QUEUED}) for number in range(5000)]
    studio.go("jobs")
    studio.jobs._see(HERE, many)
    view = find(window, QListView, "jobs.list")
    assert view.model().rowCount() == 5000
    select(view, "Job 3")
    started = time.process_time()
    for number in range(20):
        changed = many[number % 5].model_copy(update={"priority": number % 3})
        studio.jobs._see(HERE, [changed])
        view.grab()
    assert (time.process_time() - started) / 20 < 0.25
    assert window.page.selected()[0].job == many[3].id  # type: ignore[attr-defined]


def test_a_job_is_followed_live_with_its_curves_and_previews(
    studio: Studio, window: MainWindow, qtbot: QtBot
) -> None:
    running = _job(
        1, {"name": "Mina", "state": State.RUNNING, "progress": 0.4, "phase": "train", "left_s": 1480.0}
    )
    address = Address(HERE, running.id)
    studio.jobs.take(HERE, running)
    studio.go("job", computer=HERE, job=running.id)
    studio.jobs._hear(*address, list(_events(1720)))
    button = "job.previews.1600"
    qtbot.waitUntil(lambda: window.page.findChild(QPushButton, button) is not None, timeout=PATIENCE_MS)
    assert find(window, QPushButton, button).text() == "Step 1600, best"
    chart = find(window, CurveChart, "job.curves.validation")
    assert chart.marked == 1600
    assert "step 1720 of 4000" in find(window, QLabel, "job.doing").text()
    assert not find(window, QWidget, "job.overtraining").isVisible()
    warning = {"event": "log", "level": "warning", "code": "overtraining", "text": "By heart."}
    params = {"since_step": 900, "then": 1.0, "now": 1.1}
    number = studio.jobs.story(address).number + 1
    said = JobEvent.model_validate({"number": number, "time": NOW, "body": {**warning, "params": params}})
    studio.jobs._hear(*address, [said])
    notice = find(window, QWidget, "job.overtraining")
    qtbot.waitUntil(notice.isVisible, timeout=PATIENCE_MS)
    assert "Since step 900" in notice.accessibleName()
    assert "10 %" in notice.accessibleName()


class Recorded:
    """A player that keeps what it was asked to play."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, float]] = []
        self.playing: Path | None = None

    def play(self, file: Path, start_s: float = 0.0, *, gain_db: float = 0.0) -> None:
        del gain_db
        self.asked.append((file.name, start_s))
        self.playing = file

    def stop(self) -> None:
        self.playing = None


def test_previews_go_on_where_the_other_one_was(studio: Studio, window: MainWindow, qtbot: QtBot) -> None:
    class Files:
        def fetch(self, _job_id: str, name: str, to: Path) -> Path:
            to.write_bytes(name.encode())
            return to

    player: Any = Recorded()
    studio.player = player
    studio.jobs.add(HERE, lambda: Files())  # type: ignore[arg-type, return-value]
    done = _job(1, {"name": "Mina", "state": State.DONE})
    studio.jobs.take(HERE, done)
    studio.go("job", computer=HERE, job=done.id)
    studio.jobs._hear(HERE, done.id, list(_events(800)))
    qtbot.waitUntil(
        lambda: window.page.findChild(QPushButton, "job.previews.800") is not None, timeout=PATIENCE_MS
    )
    find(window, QPushButton, "job.previews.400").click()
    qtbot.waitUntil(lambda: len(player.asked) == 1, timeout=PATIENCE_MS)
    qtbot.wait(150)
    find(window, QPushButton, "job.previews.800").click()
    qtbot.waitUntil(lambda: len(player.asked) == 2, timeout=PATIENCE_MS)
    find(window, QPushButton, "job.previews.original").click()
    (first, start), (second, later), (third, latest) = player.asked
    assert (first, start) == ("step-00000400.wav", 0.0)
    assert (second, third) == ("step-00000800.wav", original().name)
    assert 0.1 < later <= latest
    find(window, QPushButton, "job.previews.original").click()
    assert player.playing is None
    find(window, QPushButton, "job.previews.all").click()
    qtbot.waitUntil(lambda: player.playing is not None, timeout=PATIENCE_MS)
    player.playing = None  # it came to its end
    qtbot.waitUntil(lambda: player.asked[-1][0] == "step-00000800.wav", timeout=PATIENCE_MS)


def closing_box(window: MainWindow) -> QMessageBox:
    box = window.findChild(QMessageBox, "closing")
    assert box is not None
    return box


def test_closing_asks_and_jobs_go_on_or_pause(
    app: App, window: MainWindow, counting: LocalJobs, qtbot: QtBot
) -> None:
    app.desk.open()
    job = counting.submit(CountSpec(**LONG), {})
    qtbot.waitUntil(lambda: bool(app.desk.guard.running()), timeout=PATIENCE_MS)
    window.close()
    assert window.isVisible()
    closing_box(window).findChild(QPushButton, "closing.cancel").click()
    assert window.isVisible()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "closing") is None)
    window.close()
    closing_box(window).findChild(QPushButton, "closing.keep").click()
    assert not window.isVisible()
    assert counting.job(job.id).state == State.RUNNING
    window.show()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "closing") is None)
    window.close()
    closing_box(window).findChild(QPushButton, "closing.pause").click()
    assert not window.isVisible()
    qtbot.waitUntil(lambda: counting.job(job.id).state == State.PAUSED, timeout=PATIENCE_MS)


def test_nobody_is_asked_about_jobs_of_other_computers(studio: Studio, window: MainWindow) -> None:
    studio.jobs.add("studio-pc", lambda: studio.jobs.service(HERE))
    studio.jobs.take("studio-pc", _job(1, {"name": "Mina", "state": State.RUNNING}))
    window.close()
    assert not window.isVisible()


class Sending:
    """A service that something is sent to."""

    def __init__(self) -> None:
        self.meter = Meter()

    def jobs(self, _states: object = ()) -> list[Job]:
        return []


def test_what_is_sent_is_shown_stopped_and_asked_about(
    studio: Studio, window: MainWindow, qtbot: QtBot
) -> None:
    there: Any = Sending()
    studio.jobs.add("studio-pc", lambda: there)
    studio.jobs.service("studio-pc")
    studio.go("jobs")
    view = window.page.findChild(QWidget, "jobs.sending")
    assert not view.isVisible()
    with there.meter.measured(80_000_000, is_sent=True) as count:
        count.reach(20_000_000)
        qtbot.waitUntil(view.isVisible)
        text = view.findChild(QLabel, "jobs.sending.studio-pc.text").text()
        assert text.replace("\xa0", " ").startswith("Sending to studio-pc: 20.0 MB of 80.0 MB.")
        assert view.findChild(QProgressBar, "jobs.sending.studio-pc.bar").value() == 250
        window.close()
        box = window.findChild(QMessageBox, "closing.unfinished")
        assert box is not None
        assert "studio-pc" in box.text()
        box.findChild(QPushButton, "closing.unfinished.wait").click()
        assert window.isVisible()
        count.reach(30_000_000)
        view.findChild(QPushButton, "jobs.sending.studio-pc.stop").click()
        with pytest.raises(Paused):
            count.reach(40_000_000)
    qtbot.waitUntil(lambda: not view.isVisible())
    with there.meter.measured(1):  # what comes home holds nobody up
        window.close()
    assert not window.isVisible()


def test_smoothing_keeps_levels_and_calms_noise() -> None:
    assert smooth([3.0] * 20) == pytest.approx([3.0] * 20)
    falling = [100.0 - step for step in range(100)]
    assert smooth(falling)[40:60] == pytest.approx(falling[40:60], abs=0.5)  # it does not lag
    noisy = smooth([1.0, -1.0] * 50)
    assert abs(noisy[60:]).max() < 0.3
