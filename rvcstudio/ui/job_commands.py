"""What can be asked of jobs, in which states, and how it is asked."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from rvc.events import Reporter
from rvcstudio.hub import Address
from rvcstudio.studio import Studio
from rvcstudio.ui.question import Answer, Role, ask

if TYPE_CHECKING:
    from rvc.jobs import Job

translate = QCoreApplication.translate

PAUSE, RESUME, FINISH, CANCEL, RETRY, REMOVE = "pause", "resume", "finish", "cancel", "retry", "remove"
EARLIER, LATER = "earlier", "later"
VERBS = (PAUSE, RESUME, FINISH, RETRY, CANCEL, REMOVE, EARLIER, LATER)
TEXTS = {
    PAUSE: QT_TRANSLATE_NOOP("JobCommands", "Pause"),
    RESUME: QT_TRANSLATE_NOOP("JobCommands", "Resume"),
    FINISH: QT_TRANSLATE_NOOP("JobCommands", "Stop and keep the best"),
    CANCEL: QT_TRANSLATE_NOOP("JobCommands", "Cancel"),
    RETRY: QT_TRANSLATE_NOOP("JobCommands", "Try again"),
    REMOVE: QT_TRANSLATE_NOOP("JobCommands", "Delete…"),
    EARLIER: QT_TRANSLATE_NOOP("JobCommands", "Earlier in the queue"),
    LATER: QT_TRANSLATE_NOOP("JobCommands", "Later in the queue"),
}
ICONS = {
    PAUSE: "pause",
    RESUME: "play",
    FINISH: "star",
    CANCEL: "stop",
    RETRY: "refresh",
    REMOVE: "trash",
    EARLIER: "chevron-up",
    LATER: "chevron-down",
}
POSSIBLE = {
    "queued": {PAUSE, CANCEL, EARLIER, LATER},
    "running": {PAUSE, CANCEL},
    "pausing": {RESUME, CANCEL},
    "paused": {RESUME, CANCEL, REMOVE},
    "done": {REMOVE},
    "failed": {RETRY, REMOVE},
    "cancelled": {RETRY, REMOVE},
}


def text(verb: str) -> str:
    return translate("JobCommands", str(TEXTS[verb]))


def possible(job: "Job") -> set[str]:
    """Return what can be asked of a job as it is now."""
    if job.cancelling:
        return set()
    verbs = set(POSSIBLE[str(job.state)])
    trains = job.kind == "train" and job.phase == "train" and not job.finishing
    return verbs | {FINISH} if trains and str(job.state) in ("running", "paused") else verbs


class JobCommands(QObject):
    """Asks jobs in the background, and says what came of it."""

    def __init__(self, studio: Studio, owner: QWidget) -> None:
        super().__init__(owner)
        self._studio, self._owner = studio, owner

    def give(self, verb: str, addresses: Sequence[Address]) -> None:
        """Ask something of those jobs that it can be asked of now."""
        hub = self._studio.jobs
        chosen = [one for one in addresses if (job := hub.job(one)) is not None and verb in possible(job)]
        if not chosen:
            return
        if verb == REMOVE:
            self._confirm(chosen)
        elif verb in (EARLIER, LATER):
            self._move(chosen[0], -1 if verb == EARLIER else 1)
        else:
            self._ask(verb, chosen)
            if verb == CANCEL:
                said = self.tr("%n job(s) cancelled.", "", len(chosen))
                self._studio.say(said, lambda: self._ask(RETRY, chosen))

    def prioritise(self, address: Address, priority: int) -> None:
        hub = self._studio.jobs
        self._studio.tasks.run(lambda _: hub.ask(address, "prioritise", priority), owner=self._owner)

    def _ask(self, verb: str, addresses: Sequence[Address]) -> None:
        for address in addresses:
            self._studio.tasks.run(partial(_ask, self._studio, address, verb), owner=self._owner)

    def _move(self, address: Address, by: int) -> None:
        """Let a job change places with a neighbour in its computer's queue."""
        hub = self._studio.jobs
        waiting = queue(hub.jobs(), address.computer)
        place = waiting.index(address) + by
        if not 0 <= place < len(waiting):
            return
        following = waiting[place] if by < 0 else (waiting[place + 1] if place + 1 < len(waiting) else None)
        before = following.job if following else None
        self._studio.tasks.run(lambda _: hub.ask(address, "move", before), owner=self._owner)

    def _confirm(self, addresses: Sequence[Address]) -> None:
        ask(
            self._owner.window(),
            "jobs.delete",
            ("trash", "bad"),
            self.tr("Delete %n job(s)?", "", len(addresses)),
            self.tr("Their checkpoints, results and logs go with them. Models in your library stay."),
            (
                Answer(
                    "yes",
                    self.tr("Delete"),
                    lambda: self._ask(REMOVE, addresses),
                    look="danger",
                    role=Role.DestructiveRole,
                ),
                Answer("no", self.tr("Keep"), role=Role.RejectRole),
            ),
        )


def _ask(studio: Studio, address: Address, verb: str, _reporter: Reporter) -> object:
    answer = studio.jobs.ask(address, verb)
    if verb == RETRY:
        studio.library.orders.reopen(*address)
    return answer


def queue(jobs: "dict[Address, Job]", computer: str) -> list[Address]:
    """Return the jobs that wait on a computer, in the order in which they were placed."""
    waiting = [
        (address, job)
        for address, job in jobs.items()
        if address.computer == computer and str(job.state) == "queued"
    ]
    return [address for address, job in sorted(waiting, key=lambda one: (-one[1].priority, one[1].position))]
