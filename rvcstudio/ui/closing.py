"""Asks, when the window closes while this computer trains, or sends to another one, what shall become of that."""

from typing import Literal

from pydantic import BaseModel, ConfigDict
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from rvcstudio.hub import HERE, Address
from rvcstudio.studio import Studio
from rvcstudio.ui import question
from rvcstudio.ui.question import Answer, Role

SECTION = "closing"

Wish = Literal["ask", "keep", "pause"]


class ClosingSettings(BaseModel):
    """What to do with running jobs when the window closes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    jobs: Wish = "ask"


class ClosingGuard(QObject):
    """Holds a closing window up until the user has said what shall become of the jobs that run here.

    Jobs of other computers go on in any case, and nobody is asked about them.
    """

    def __init__(self, studio: Studio, window: QWidget) -> None:
        super().__init__(window)
        self._studio, self._window = studio, window
        self._is_decided = False
        self._may_stop_sending = False
        self._box: QMessageBox | None = None
        window.installEventFilter(self)

    def let_go(self) -> None:
        """Ask nothing any more: the program ends."""
        self._is_decided = True

    def running(self) -> list[Address]:
        """Return the jobs that run on this computer."""
        return [
            address
            for address, job in self._studio.jobs.jobs().items()
            if address.computer == HERE and str(job.state) == "running"
        ]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() != QEvent.Type.Close or watched is not self._window or self._is_decided:
            return super().eventFilter(watched, event)
        computers = list(self._studio.jobs.sendings())
        if computers and not self._may_stop_sending:
            event.ignore()
            self._ask_about_sending(computers)
            return True
        running = self.running()
        if not running:
            return super().eventFilter(watched, event)
        answer = self._studio.settings.section(SECTION, ClosingSettings).jobs
        if answer == "ask":
            event.ignore()
            self._ask(len(running))
            return True
        if answer == "pause":
            self._pause(running)
        return super().eventFilter(watched, event)

    def _ask(self, count: int) -> None:
        if self._box is not None:
            self._box.raise_()
            return
        always = QCheckBox(self.tr("Do this always"), objectName="closing.always")
        box = self._box = question.ask(
            self._window,
            "closing",
            ("train", "accent"),
            self.tr("%n job(s) still run on this computer.", "", count),
            self.tr("They can go on without this window. When you open it again, everything is here."),
            (
                Answer(
                    "keep",
                    self.tr("Keep running"),
                    lambda: self._decide("keep", always=always.isChecked()),
                    look="primary",
                ),
                Answer(
                    "pause",
                    self.tr("Pause and quit"),
                    lambda: self._decide("pause", always=always.isChecked()),
                    role=Role.DestructiveRole,
                ),
                Answer("cancel", self.tr("Cancel"), role=Role.RejectRole),
            ),
        )
        box.setCheckBox(always)
        box.finished.connect(self._forget_box)

    def _ask_about_sending(self, computers: list[str]) -> None:
        if self._box is not None:
            self._box.raise_()
            return
        text = self.tr("Recordings are still being sent to {computers}.").format(
            computers=", ".join(computers)
        )
        self._box = question.ask(
            self._window,
            "closing.sending",
            ("server", "accent"),
            text,
            self.tr(
                "The job is asked for once all have arrived. What has arrived is kept for the next time."
            ),
            (
                Answer("wait", self.tr("Keep sending"), look="primary"),
                Answer("quit", self.tr("Quit anyway"), self._stop_sending, role=Role.DestructiveRole),
            ),
        )
        self._box.setEscapeButton(self._box.defaultButton())
        self._box.finished.connect(self._forget_box)

    def _stop_sending(self) -> None:
        """Send no more, and close."""
        for computer in self._studio.jobs.sendings():
            self._studio.jobs.stop_sending(computer)
        self._may_stop_sending = True
        self._window.close()
        self._may_stop_sending = False

    def _forget_box(self) -> None:
        self._box = None

    def _decide(self, answer: Wish, *, always: bool) -> None:
        if always:
            self._studio.settings.keep_section(SECTION, ClosingSettings(jobs=answer))
        if answer == "pause":
            self._pause(self.running())
        self._is_decided = True
        self._window.close()
        self._is_decided = False

    def _pause(self, addresses: list[Address]) -> None:
        """Ask for a pause; the workers see to it, also when the app is gone."""
        for address in addresses:
            self._studio.jobs.ask(address, "pause")  # at once: a task might not be done when the app ends
