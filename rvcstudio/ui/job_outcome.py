"""What came of a job: the model in the library, or the files of a conversion, and the way there."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from rvc.errors import Error
from rvcstudio import job_files
from rvcstudio.hub import Address
from rvcstudio.story import Story
from rvcstudio.studio import Studio
from rvcstudio.ui import formats
from rvcstudio.ui.errors import sentence
from rvcstudio.ui.widgets import Button, Card, IconLabel, Label, Notice, column, row

if TYPE_CHECKING:
    from rvc.jobs import Job


class OutcomeCard(Card):
    """Shown when a job is done."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(name="job.outcome")
        self._studio = studio
        self._address: Address | None = None
        self._job: Job | None = None
        self._heading = Label("heading", name="job.outcome.heading")
        self._text = Label("muted", wrap=True)
        self._held_up = Notice("warn", "job.outcome.held_up")
        self._voice = Button("job.outcome.voice", self._open_voice, look="primary", icon="user")
        self._convert = Button("job.outcome.convert", self._open_convert, icon="convert")
        self._save = Button("job.outcome.save", self._ask_folder, icon="download")
        told = column(self._heading, self._text, gap=4)
        buttons = row(self._save, self._convert, self._voice)
        parts = row(IconLabel("good", "good", 28), told, buttons, gap=16)
        parts.setStretch(1, 1)
        self.content.addLayout(parts)
        self.content.addWidget(self._held_up)
        studio.library_changed.connect(self._listen)
        self._listen()

    def _listen(self) -> None:
        self._studio.library.changed.connect(self._follow)

    def _follow(self, part: str) -> None:
        if part in ("trainings", "orders"):
            self.refresh()

    def retranslate(self) -> None:
        self._voice.setText(self.tr("Open the voice"))
        self._convert.setText(self.tr("Convert with it"))
        self._save.setText(self.tr("Save files…"))
        self.refresh()

    def show_job(self, address: Address, job: "Job", _story: Story) -> None:
        if (address, job) != (self._address, self._job):
            self._address, self._job = address, job
            self.refresh()
        self._say_what_holds_up(address)

    def _say_what_holds_up(self, address: Address) -> None:
        error = self._studio.jobs.held_up(address)
        self._held_up.setVisible(isinstance(error, Error))
        if isinstance(error, Error):
            again = self.tr("It is tried again every half minute.")
            self._held_up.say(" ".join(filter(None, (*sentence(error), again))))

    def refresh(self) -> None:
        """Show where the results are now."""
        job = self._job
        self.setVisible(job is not None and str(job.state) == "done" and job.kind != "evaluate")
        if job is None or self._address is None:
            return
        training = self._studio.library.trainings.find(*self._address)
        here = training is not None and training.model is not None
        self._voice.setVisible(here and training is not None and training.voice is not None)
        self._convert.setVisible(here)
        if job.kind != "train":
            order = self._studio.library.orders.find(*self._address)
            self._heading.setText(self.tr("The files are ready"))
            self._text.setText(self.tr("They are in the history of the page Convert.") if order else "")
        elif here:
            self._heading.setText(self.tr("The model is in your library"))
            self._text.setText(self._figures(job))
        elif training is not None:
            self._heading.setText(self.tr("The model is on its way into your library"))
            self._text.setText(self._figures(job))
        else:
            self._heading.setText(self.tr("The model is ready"))
            self._text.setText(
                self.tr("Another library or program asked for it: save its files to use them.")
            )
        self._text.setVisible(bool(self._text.text()))

    def _figures(self, job: "Job") -> str:
        parts = []
        if isinstance(steps := job.summary.get("steps"), int):
            parts.append(self.tr("%n step(s)", "", steps))
        if isinstance(speech_s := job.summary.get("speech_s"), float | int):
            parts.append(self.tr("learnt from {minutes} of speech").format(minutes=formats.minutes(speech_s)))
        if job.summary.get("finished_early"):
            parts.append(self.tr("stopped early"))
        return " · ".join(parts)

    def _open_voice(self) -> None:
        training = self._address and self._studio.library.trainings.find(*self._address)
        if training and training.voice:
            self._studio.go("voice", voice=training.voice)

    def _open_convert(self) -> None:
        training = self._address and self._studio.library.trainings.find(*self._address)
        if training and training.model:
            self._studio.go("convert", model=training.model)

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Save the files of this job"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.open()

    def save(self, folder: Path) -> None:
        """Copy all results into a folder."""
        if self._address is None:
            return
        hub, address = self._studio.jobs, self._address

        def fetch(_reporter: object) -> int:
            service = hub.service(address.computer)
            files = service.files(address.job)
            for file in files:
                to = job_files.inside(folder, file.name)
                to.parent.mkdir(parents=True, exist_ok=True)
                service.fetch(address.job, file.name, to)
            return len(files)

        self._studio.tasks.run(fetch, partial(self._tell_saved, folder), owner=self)

    def _tell_saved(self, folder: Path, count: int) -> None:
        self._studio.say(self.tr("%n file(s) saved.", "", count))
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
