"""Asks, when the window closes, what shall become of trainings here, and of what would end with the window."""

from typing import Literal

from pydantic import BaseModel, ConfigDict
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from rvcstudio.convert_queue import ConvertQueue
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
        self._may_break_off = False
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
        unfinished = None if self._may_break_off else self._unfinished()
        if unfinished is not None:
            event.ignore()
            self._ask_about_unfinished(*unfinished)
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

    def _unfinished(self) -> tuple[str, str] | None:
        """Return in words what would end with the window, and what that means; None where nothing would."""
        computers = self._studio.jobs.sendings()
        if computers:
            text = self.tr("Recordings are still being sent to {computers}.").format(
                computers=", ".join(computers)
            )
            if self._studio.trainings.unsent:
                return text, self.tr(
                    "The job is asked for once all have arrived. The rest is sent when you open the app again."
                )
            return text, self.tr(
                "The job is asked for once all have arrived. What has arrived is kept for the next time."
            )
        queue = self._window.findChild(ConvertQueue)
        if queue is not None and queue.converts_here:
            text = self.tr("Recordings are still being converted on this computer.")
            return text, self.tr("What is done stays. The rest is not converted when you quit now.")
        return None

    def _ask_about_unfinished(self, text: str, more: str) -> None:
        if self._box is not None:
            self._box.raise_()
            return
        wait = Answer("wait", self.tr("Wait"), look="primary")
        stop = Answer("quit", self.tr("Quit anyway"), self._break_off, role=Role.DestructiveRole)
        self._box = question.ask(
            self._window, "closing.unfinished", ("clock", "accent"), text, more, (wait, stop)
        )
        self._box.setEscapeButton(self._box.defaultButton())
        self._box.finished.connect(self._forget_box)

    def _break_off(self) -> None:
        """End what has to end with the window, and close."""
        self._studio.trainings.end()
        for computer in self._studio.jobs.sendings():
            self._studio.jobs.stop_sending(computer)
        queue = self._window.findChild(ConvertQueue)
        if queue is not None and queue.converts_here:
            queue.stop()
        self._may_break_off = True
        self._window.close()
        self._may_break_off = False

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
