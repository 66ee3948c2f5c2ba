"""What else is known of a job: its log, and facts for those who want them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale
from PySide6.QtWidgets import QFormLayout, QPlainTextEdit

from rvcstudio.hub import Address
from rvcstudio.story import Story
from rvcstudio.ui import formats, job_words
from rvcstudio.ui.widgets import Button, Card, Label, row

if TYPE_CHECKING:
    from rvc.jobs import Job

LOG_HEIGHT = 180


class DetailsCard(Card):
    """Folded until somebody looks."""

    def __init__(self) -> None:
        super().__init__(name="job.details")
        self._heading = Label("heading")
        self._toggle = Button("job.details.toggle", look="link")
        self._toggle.setCheckable(True)
        self._toggle.toggled.connect(lambda _on: self._fold())
        self._facts = QFormLayout()
        self._facts.setHorizontalSpacing(24)
        self._log = QPlainTextEdit(objectName="job.log", readOnly=True)
        self._log.setFixedHeight(LOG_HEIGHT)
        self._shown: tuple[Address, Job, Story] | None = None
        self.content.addLayout(row(self._heading, None, self._toggle))
        self.content.addLayout(self._facts)
        self.content.addWidget(self._log)

    def retranslate(self) -> None:
        self._heading.setText(self.tr("Details and log"))
        self._log.setAccessibleName(self.tr("Log"))
        self._fold()

    def show_job(self, address: Address, job: "Job", story: Story) -> None:
        """Show a job; facts and log are filled while they are in sight."""
        self._shown = (address, job, story)
        if self._toggle.isChecked():
            self._fill()

    def _fold(self) -> None:
        on = self._toggle.isChecked()
        self._toggle.setText(self.tr("Hide") if on else self.tr("Show"))
        self._log.setVisible(on)
        if on:
            self._fill()
        else:
            self._clear()

    def _clear(self) -> None:
        while self._facts.rowCount():
            self._facts.removeRow(0)

    def _fill(self) -> None:
        if self._shown is None:
            return
        address, job, story = self._shown
        self._clear()
        for name, value in self._known(address, job):
            if value:
                self._facts.addRow(Label("muted", text=name), Label("body", text=value, wrap=True))
        lines = [*(f"{said.time.astimezone():%H:%M:%S}  {said.text}" for said in story.said)]
        lines += job.failure.log if job.failure else []
        text = "\n".join(lines) or self.tr("Nothing was said yet.")
        if text != self._log.toPlainText():
            self._log.setPlainText(text)
            self._log.verticalScrollBar().setValue(self._log.verticalScrollBar().maximum())

    def _known(self, address: Address, job: "Job") -> list[tuple[str, str]]:
        locale = QLocale()
        steps = job.summary.get("steps")
        return [
            (self.tr("Computer"), job_words.computer(address.computer)),
            (self.tr("Devices"), ", ".join(job.devices)),
            (self.tr("Number"), f"{job.number} · {job.id}"),
            (self.tr("Asked for"), _moment(job.created.timestamp())),
            (self.tr("Started"), _moment(job.started.timestamp()) if job.started else ""),
            (self.tr("Ended"), _moment(job.ended.timestamp()) if job.ended else ""),
            (self.tr("Attempts"), locale.toString(job.attempt) if job.attempt > 1 else ""),
            (self.tr("Steps"), locale.toString(steps) if isinstance(steps, int) else ""),
            (self.tr("Size"), formats.size(job.size_bytes) if job.size_bytes else ""),
            (self.tr("Consent"), str(job.spec.get("consent") or "")),
        ]


def _moment(seconds: float) -> str:
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(seconds)), QLocale.FormatType.ShortFormat)
