"""States of the pages of jobs, with jobs as computers tell of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QListView, QPushButton, QScrollArea

from rvc.events import Checkpoint, Done, Event, Log, Metrics, Preview
from rvc.jobs import Failure, Job, JobEvent, JobProgress, State, StateChange
from rvcstudio.app import App
from rvcstudio.hub import HERE, Address
from rvcstudio.remote.transfers import Count, Meter
from rvcstudio.report import Report

NOW = datetime.now(UTC)
JOBS: tuple[dict[str, Any], ...] = (
    {"name": "Mina Park", "state": State.RUNNING, "progress": 0.43, "phase": "train", "left_s": 1480.0},
    {"name": "Old Sailor", "state": State.QUEUED, "starts_in_s": 1480.0},
    {"name": "Chorus, second take", "kind": "convert", "state": State.QUEUED, "starts_in_s": 5200.0},
    {"name": "김하준", "state": State.PAUSED, "progress": 0.71, "phase": "train"},
    {"name": "Mina Park, standard against best", "kind": "evaluate", "state": State.DONE},
    {"name": "Podcast host", "state": State.FAILED, "failure": Failure(code="disk_full", text="The disk is full.")},
    {"name": "Mina Park, draft", "state": State.DONE, "summary": {"steps": 4000, "speech_s": 184.0}},
    {"name": "Interview", "kind": "convert", "state": State.CANCELLED},
)  # fmt: skip


def _job(number: int, facts: dict[str, Any]) -> Job:
    """Return a job with some facts."""
    ended = facts["state"] in (State.DONE, State.FAILED, State.CANCELLED)
    started = NOW - timedelta(minutes=30 * number + 40)
    return Job(
        **{
            "id": f"261120-0900{number:02}-abcdef",
            "number": number,
            "position": number,
            "kind": "train",
            "created": started,
            "started": started,
            "ended": NOW - timedelta(minutes=25 * number) if ended else None,
            **facts,
        }
    )


def _see(app: App) -> None:
    """Let the hub see the jobs as a watch would tell it."""
    app.studio.jobs.add("studio-pc", lambda: app.studio.jobs.service(HERE))
    jobs = [_job(number, facts) for number, facts in enumerate(JOBS, 1)]
    app.studio.jobs._see(HERE, jobs[:1] + jobs[3:])
    app.studio.jobs._see("studio-pc", jobs[1:3])


def current(app: App) -> None:
    """Show what runs and waits."""
    _see(app)
    app.studio.go("jobs")
    jobs = app.window.page.findChild(QListView, "jobs.list")
    jobs.selectionModel().select(jobs.model().index(0, 0), QItemSelectionModel.SelectionFlag.Select)


def ended(app: App) -> None:
    """Show what has ended."""
    _see(app)
    app.studio.go("jobs")
    button = app.window.page.findChild(QPushButton, "jobs.which.ended")
    button.click()


def training(app: App) -> None:
    """Show a training that runs."""
    _see(app)
    address = Address(HERE, _job(1, JOBS[0]).id)
    app.studio.player = _Silent()
    app.studio.jobs._hear(*address, list(_events(1720)))
    app.studio.go("job", computer=address.computer, job=address.job)


def result(app: App) -> None:
    """Show the end of a training."""
    _see(app)
    address = Address(HERE, _job(7, JOBS[6]).id)
    app.studio.player = _Silent()
    voice = app.studio.library.voices.all()[0]
    app.studio.library.trainings.add(*address, voice.id)
    folder = app.studio.library.models.new_folder(voice.name, voice.id)
    model = app.studio.library.models.add("Mina Park, draft", folder / "draft.safetensors", voice_id=voice.id)
    app.studio.library.trainings.complete(*address, model.id)
    app.studio.jobs._hear(*address, list(_events(4000)))
    app.studio.go("job", computer=address.computer, job=address.job)
    app.window.page._result.show_reports([("Mina Park", REPORT, folder)])
    app.window.page.findChild(QScrollArea).verticalScrollBar().setValue(100_000)


def _events(last: int) -> Iterator[JobEvent]:
    """Yield what a training of the small model tells, with curves as real ones have them."""
    random = Random(7)
    bodies: list[Event] = [StateChange(state=State.QUEUED), StateChange(state=State.RUNNING)]
    bodies.append(Log(code="prepared", text="Prepared 47 recordings: 3.1 minutes of speech."))
    for step in range(20, last + 1, 20):
        loss = 2.1 * 0.9985**step + 1.05 + 0.12 * random.random()
        values = {"loss_mel": loss, "loss_disc": 1.7 + 0.3 * random.random(), "loss_fm": 1.1 * loss}
        bodies.append(Metrics(step=step, values=values))
        if step % 400 == 0:
            held_out = 0.62 + 0.35 * 0.9987**step + (0.02 if step > 3000 else 0) + 0.005 * random.random()
            bodies.append(Metrics(step=step, values={"val_mel": held_out, "heard_mel": held_out - 0.06}))
            bodies.append(Preview(step=step, file=f"previews/step-{step:08d}.wav"))
            bodies.append(Checkpoint(step=step, file=f"work/training/checkpoints/step-{step}.pt"))
    bodies.append(JobProgress(phase="train", step=last, total=4000, fraction=0.43, left_s=1480))
    if last == 4000:
        bodies.append(Done(summary={"steps": 4000, "kept_step": 4000}))
    for number, body in enumerate(bodies, 1):
        yield JobEvent(number=number, time=NOW, body=body)


class _Silent:
    """A player without a device."""

    playing = None

    def play(self, file: Path, start_s: float = 0.0, *, gain_db: float = 0.0) -> None: ...

    def stop(self) -> None: ...


def _interval(mean: float, spread: float) -> dict[str, float]:
    return {"mean": mean, "low": mean - spread, "high": mean + spread, "count": 9}


REPORT = Report.model_validate(
    {
        "voice": {"name": "Mina Park", "steps": 4000},
        "rows": [],
        "intervals": {
            "reconstruction": {
                "similarity": _interval(0.71, 0.03),
                "log_mel_db": _interval(7.2, 0.4),
                "mcd_db": _interval(5.6, 0.3),
                "pitch_correlation": _interval(0.97, 0.01),
            },
            "reconstruction_original": {"similarity": _interval(0.83, 0.02)},
        },
        "findings": [
            {
                "standing": "good",
                "topic": "voice",
                "values": {"percent": "86", "value": "0.71", "ceiling": "0.83"},
            },
            {"standing": "good", "topic": "melody", "values": {"value": "0.97"}},
        ],
        "advice": ["advice_record"],
    }
)


def while_sending(app: App) -> None:
    """Show jobs while recordings are on their way to another computer."""
    _see(app)
    meter = Meter()
    service: Any = SimpleNamespace(meter=meter)
    app.studio.jobs._services["studio-pc"] = service
    meter._counts.append(Count(340_000_000, is_sent=True, done=120_000_000))
    app.studio.go("jobs")
