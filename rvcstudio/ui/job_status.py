"""Where a job is: its state and phase in words, its progress, and what can be asked of it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QProgressBar, QSpinBox

from rvcstudio.hub import Address
from rvcstudio.story import Story
from rvcstudio.studio import Studio
from rvcstudio.ui import job_commands, job_words
from rvcstudio.ui.job_commands import JobCommands
from rvcstudio.ui.widgets import Button, Card, Label, Notice, row

if TYPE_CHECKING:
    from rvc.jobs import Job

FINE = 1000  # parts of the progress bar
STEERS = tuple(verb for verb in job_commands.VERBS if verb not in (job_commands.EARLIER, job_commands.LATER))


class StatusCard(Card):
    """The head of a job's page."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(name="job.status")
        self._studio = studio
        self._address: Address | None = None
        self._commands = JobCommands(studio, self)
        self._state = Label("chip", name="job.state")
        self._doing = Label("body", name="job.doing", wrap=True)
        self._percent = Label("strong", name="job.percent")
        self._bar = QProgressBar(objectName="job.progress", maximum=FINE, textVisible=False)
        self._failure = Notice("bad", "job.failure")
        self._overtraining = Notice("warn", "job.overtraining")
        self._verbs = {
            verb: Button(
                f"job.{verb}",
                partial(self._give, verb),
                icon=job_commands.ICONS[verb],
                look="danger" if verb == job_commands.REMOVE else "plain",
            )
            for verb in STEERS
        }
        self._priority = QSpinBox(objectName="job.priority", minimum=-10, maximum=10)
        self._priority.setKeyboardTracking(False)
        self._priority.valueChanged.connect(self._prioritise)
        self._priority_name = Label("muted")
        head = row(self._state, self._doing, self._percent)
        head.setStretch(1, 1)
        self.content.addLayout(head)
        for part in (self._bar, self._failure, self._overtraining):
            self.content.addWidget(part)
        self.content.addLayout(row(*self._verbs.values(), None, self._priority_name, self._priority))

    def retranslate(self) -> None:
        for verb, button in self._verbs.items():
            button.setText(job_commands.text(verb))
        self._priority_name.setText(self.tr("Priority"))
        self._priority.setAccessibleName(self.tr("Priority"))
        self._bar.setAccessibleName(self.tr("Progress"))

    def show_job(self, address: Address, job: "Job", story: Story) -> None:
        """Show a job as it is now."""
        self._address = address
        left_s = self._studio.jobs.left_s(address)
        self._state.setText(job_words.state(job))
        self._state.set_look(job_words.LOOKS[str(job.state)])
        self._doing.setText(job_words.doing(job, left_s, story.progress))
        share = 1.0 if str(job.state) == "done" else job.progress
        self._bar.setValue(round(FINE * share))
        self._percent.setText(f"{int(100 * share)} %")
        self._show_news(job, story)
        offered = job_commands.possible(job)
        for verb, button in self._verbs.items():
            button.setVisible(verb in offered)
        waits = str(job.state) in ("queued", "paused")
        self._priority.setVisible(waits)
        self._priority_name.setVisible(waits)
        if waits and not self._priority.hasFocus():
            self._priority.blockSignals(True)
            self._priority.setValue(job.priority)
            self._priority.blockSignals(False)

    def _show_news(self, job: "Job", story: Story) -> None:
        failed = job.failure is not None and str(job.state) == "failed"
        self._failure.setVisible(failed)
        if failed and job.failure is not None:
            self._failure.say(" ".join(part for part in job_words.failure(job.failure) if part))
        said = story.overtraining
        self._overtraining.setVisible(said is not None)
        if said is not None:
            self._overtraining.say(self._words_on_overtraining(said.params))

    def _words_on_overtraining(self, params: dict[str, object]) -> str:
        then, now = (float(str(params.get(name, 1))) for name in ("then", "now"))
        return self.tr(
            "Since step {step} the voice only learns its recordings by heart: takes it has never heard are {percent} % "
            "further away than they were. Training on will not help; more recordings will."
        ).format(step=params.get("since_step", 0), percent=round(100 * (now / then - 1)))

    def _give(self, verb: str) -> None:
        if self._address is not None:
            self._commands.give(verb, [self._address])

    def _prioritise(self, priority: int) -> None:
        if self._address is not None:
            self._commands.prioritise(self._address, priority)
