"""What is said about jobs: their kinds, states, phases and ends, in words."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from rvc.errors import Error
from rvcstudio.hub import HERE, Address, JobHub
from rvcstudio.ui import amounts, errors, formats
from rvcstudio.ui.widgets.text import Look

if TYPE_CHECKING:
    from rvc.jobs import Failure, Job, JobProgress

SOON_S = 10.0
translate = QCoreApplication.translate

KINDS = {
    "train": QT_TRANSLATE_NOOP("Jobs", "Training"),
    "convert": QT_TRANSLATE_NOOP("Jobs", "Conversion"),
    "evaluate": QT_TRANSLATE_NOOP("Jobs", "Test"),
}
ICONS = {"train": "train", "convert": "convert", "evaluate": "chart"}
STATES = {
    "queued": QT_TRANSLATE_NOOP("Jobs", "Waiting"),
    "running": QT_TRANSLATE_NOOP("Jobs", "Running"),
    "pausing": QT_TRANSLATE_NOOP("Jobs", "Pausing"),
    "paused": QT_TRANSLATE_NOOP("Jobs", "Paused"),
    "done": QT_TRANSLATE_NOOP("Jobs", "Done"),
    "failed": QT_TRANSLATE_NOOP("Jobs", "Failed"),
    "cancelled": QT_TRANSLATE_NOOP("Jobs", "Cancelled"),
}
LOOKS: dict[str, Look] = {
    "queued": "chip",
    "running": "chip-accent",
    "pausing": "chip-warn",
    "paused": "chip-warn",
    "done": "chip-good",
    "failed": "chip-bad",
    "cancelled": "chip",
}
PHASES = {
    "prepare": QT_TRANSLATE_NOOP("Jobs", "Preparing the recordings"),
    "train": QT_TRANSLATE_NOOP("Jobs", "Learning the voice"),
    "index": QT_TRANSLATE_NOOP("Jobs", "Building the index"),
    "reconstruct": QT_TRANSLATE_NOOP("Jobs", "Testing the voice"),
    "judge": QT_TRANSLATE_NOOP("Jobs", "Judging the test"),
    "report": QT_TRANSLATE_NOOP("Jobs", "Writing the report"),
    "overlap": QT_TRANSLATE_NOOP("Jobs", "Comparing with the training"),
    "convert": QT_TRANSLATE_NOOP("Jobs", "Converting"),
    "separate": QT_TRANSLATE_NOOP("Jobs", "Taking voice and music apart"),
    "fetch": QT_TRANSLATE_NOOP("Jobs", "Fetching files"),
}


def kind(job: "Job") -> str:
    return _said(KINDS, job.kind)


def state(job: "Job") -> str:
    """Return a job's state as people say it, with what it was asked."""
    if job.cancelling:
        return translate("Jobs", "Cancelling")
    if job.finishing and str(job.state) in ("running", "queued"):
        return translate("Jobs", "Finishing")
    return _said(STATES, str(job.state))


def phase(name: str) -> str:
    verb = name.partition(" ")[0]  # what follows is the name of a file
    return _said(PHASES, verb) if verb in PHASES else name


def _said(table: "dict[str, object]", key: str) -> str:
    return translate("Jobs", str(table[key])) if key in table else key


def computer(name: str) -> str:
    return translate("Jobs", "This computer") if name == HERE else name


def left(seconds: float | None) -> str:
    """Return how long something will take from now on."""
    if seconds is None:
        return ""
    if seconds < SOON_S:
        return translate("Jobs", "a few seconds left")
    return translate("Jobs", "{time} left").format(time=span(seconds))


def span(seconds: float) -> str:
    """Return a length of time as people say it: in seconds, minutes, or hours and minutes."""
    if seconds < formats.MINUTE_S:
        return translate("Jobs", "{number} s").format(number=max(1, round(seconds)))
    if seconds < formats.HOUR_S:
        return translate("Jobs", "{number} min").format(number=round(seconds / formats.MINUTE_S))
    hours, minutes = divmod(round(seconds / formats.MINUTE_S), 60)
    return translate("Jobs", "{hours} h {minutes} min").format(hours=hours, minutes=minutes)


def doing(job: "Job", left_s: float | None, progress: "JobProgress | None" = None) -> str:
    """Return what a job does now, or how it ended, in a line."""
    now = str(job.state)
    parts = []
    if now in ("running", "pausing"):
        parts.append(phase(job.phase) if job.phase else translate("Jobs", "Starting"))
        if progress is not None and progress.phase == job.phase:
            parts.append(amounts.text(progress))
        parts.append(left(left_s))
    elif now == "queued":
        parts.append(_wait(job))
    elif now == "paused":
        parts.append(translate("Jobs", "{percent} % done").format(percent=int(job.progress * 100)))
    elif now == "failed" and job.failure is not None:
        parts.append(failure(job.failure)[0])
    elif job.ended is not None:
        parts.append(_length(job))
    return " · ".join(part for part in parts if part)


def _wait(job: "Job") -> str:
    if job.starts_in_s is None:
        return translate("Jobs", "Starts when its turn comes")
    if job.starts_in_s < SOON_S:
        return translate("Jobs", "Starts now")
    return translate("Jobs", "Starts in about {time}").format(time=span(job.starts_in_s))


def _length(job: "Job") -> str:
    if job.started is None or job.ended is None:
        return ""
    took = span((job.ended - job.started).total_seconds())
    return translate("Jobs", "{day}, took {time}").format(day=formats.day(job.ended), time=took)


def failure(failed: "Failure") -> tuple[str, str]:
    """Return why a job failed and what to do, in the user's language where there is a translation."""
    return errors.sentence(Error(failed.code, failed.text, failed.hint))


def sentence(hub: JobHub, address: Address, job: "Job") -> str:
    """Return everything about a job in one sentence, for screen readers."""
    parts = (job.name, kind(job), computer(address.computer), state(job), doing(job, hub.left_s(address)))
    return ", ".join(part for part in parts if part)
