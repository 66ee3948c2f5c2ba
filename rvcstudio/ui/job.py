"""The page of one job: live while it runs, and its result when it is done."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from rvcstudio import job_files
from rvcstudio.hub import HERE, Address
from rvcstudio.report import Report
from rvcstudio.ui import job_words
from rvcstudio.ui.job_curves import CurvesCard
from rvcstudio.ui.job_details import DetailsCard
from rvcstudio.ui.job_outcome import OutcomeCard
from rvcstudio.ui.job_previews import PreviewCard
from rvcstudio.ui.job_status import StatusCard
from rvcstudio.ui.listening import Listening
from rvcstudio.ui.page import Page
from rvcstudio.ui.result import ResultView
from rvcstudio.ui.widgets import Button, EmptyState

if TYPE_CHECKING:
    from rvc.jobs import Job

DRAW_MS = 250  # between two drawings of what came meanwhile
COUNT_DOWN_MS = 1000


class JobPage(Page):
    """Follows the job that `studio.go("job", computer=..., job=...)` names."""

    def build(self) -> None:
        self._address: Address | None = None
        self._report_of: Address | None = None
        self._listening = Listening(self.studio, self)
        self._back = Button("job.back", lambda: self.studio.go("jobs"), icon="arrow-left")
        self.buttons.addWidget(self._back)
        self._status = StatusCard(self.studio)
        self._outcome = OutcomeCard(self.studio)
        self._previews = PreviewCard(self.studio, self._listening)
        self._curves = CurvesCard(self.studio)
        self._result = ResultView(self.studio, self._listening)
        self._details = DetailsCard()
        self._gone = EmptyState("jobs", "job.gone")
        self._parts = (self._status, self._outcome, self._previews, self._curves, self._result, self._details)
        for part in (*self._parts, self._gone):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self._draw = QTimer(self, singleShot=True, interval=DRAW_MS)
        self._draw.timeout.connect(self.refresh)
        self._count_down = QTimer(self, interval=COUNT_DOWN_MS)
        self._count_down.timeout.connect(self._draw.start)
        hub = self.studio.jobs
        hub.came.connect(self._follow)
        hub.gone.connect(self._follow)
        hub.told.connect(lambda address, _events: self._follow([address]))
        self.add_shortcut("Escape", lambda: self.tr("Back to all jobs"), lambda: self.studio.go("jobs"))

    def retranslate(self) -> None:
        super().retranslate()
        self._back.setText(self.tr("All jobs"))
        for part in self._parts:
            part.retranslate()
        self._gone.say(
            self.tr("This job is no more"), self.tr("It was deleted. What came of it is with its voice.")
        )
        self.refresh()

    def open(self, **target: Any) -> None:
        """Show a job."""
        self._listening.stop()
        self._address = Address(target.get("computer", HERE), target["job"])
        self._report_of = None
        self._result.show_reports(())
        self.refresh()

    @property
    def address(self) -> Address | None:
        """The job that is shown."""
        return self._address

    def shown(self) -> None:
        self._count_down.start()
        self.refresh()

    def hidden(self) -> None:
        self._count_down.stop()
        self._listening.stop()

    def _follow(self, addresses: list[Address]) -> None:
        if self._address in addresses and self.isVisible() and not self._draw.isActive():
            self._draw.start()

    def refresh(self) -> None:
        """Show the job as it is now."""
        job = self.studio.jobs.job(self._address) if self._address else None
        self._gone.setVisible(job is None)
        if job is None or self._address is None:
            for part in self._parts:
                part.hide()
            self.say_subtitle("")
            return
        story = self.studio.jobs.story(self._address)
        self.title.setText(job.name)
        self.say_subtitle(f"{job_words.kind(job)} · {job_words.computer(self._address.computer)}")
        self._status.show()
        self._status.show_job(self._address, job, story)
        self._outcome.show_job(self._address, job, story)
        self._previews.show_story(self._address, story)
        self._curves.show_story(story)
        self._details.show()
        self._details.show_job(self._address, job, story)
        if str(job.state) == "done" and "report" in job.artifacts and self._report_of != self._address:
            self._fetch_report(self._address, job)

    def _fetch_report(self, address: Address, job: "Job") -> None:
        self._report_of = address
        hub = self.studio.jobs

        def show(found: tuple[Report, Path]) -> None:
            if address == self._address:
                self._result.show_reports([(job.name, *found)])

        self.studio.tasks.run(lambda _: job_files.fetch_report(hub, address), show, owner=self)
