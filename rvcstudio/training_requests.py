"""Trainings that are asked for: of this computer at once, of another once all recordings have arrived there.

What is on its way when the app ends is remembered, and taken up when it starts again; the other computer knows what
has arrived, and by a request's key also whether the job is there already.
"""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field
from PySide6.QtCore import QObject

from rvc.errors import Error, InputError
from rvcstudio.hub import HERE
from rvcstudio.library import Library

if TYPE_CHECKING:
    from rvc.jobs import Job
    from rvcstudio.studio import Studio

SECTION = "training_requests"


class TrainingRequest(BaseModel):
    """A training to ask for: what a job is told, and where its recordings are."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    computer: str
    spec: dict[str, Any]
    voice: str
    dataset: str = ""
    base: Path | None = None
    key: str = Field(default_factory=lambda: uuid.uuid4().hex)

    def submit(self, studio: "Studio", library: Library) -> "Job":
        """Send what the job needs and ask for it; blocks."""
        from rvc.jobs import TrainSpec

        takes = library.takes.all(self.voice, dataset=self.dataset, included_only=True)
        inputs = {"recordings": [take.file for take in takes]}
        inputs |= {"base_generator": [self.base]} if self.base else {}
        service = studio.jobs.service(self.computer)
        job = service.submit(TrainSpec.model_validate(self.spec), inputs, key=self.key)
        if library.trainings.find(self.computer, job.id) is None:
            library.trainings.add(self.computer, job.id, self.voice)
        return job


class Unsent(BaseModel):
    """What was on its way to other computers when the app was last there."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    requests: tuple[TrainingRequest, ...] = ()


class TrainingRequests(QObject):
    """Asks for trainings, and remembers those whose recordings are on their way."""

    def __init__(self, studio: "Studio") -> None:
        super().__init__(studio)
        self._studio = studio
        self._on_their_way: set[str] = set()
        self._is_ending = False

    @property
    def unsent(self) -> tuple[TrainingRequest, ...]:
        """What is to be taken up at the next start, as things are."""
        return self._studio.settings.section(SECTION, Unsent).requests

    def send(
        self,
        request: TrainingRequest,
        done: "Callable[[Job], None]",
        failed: Callable[[BaseException], None],
        cancelled: Callable[[], None],
    ) -> None:
        """Ask for a training, beside the window."""
        studio, library = self._studio, self._studio.library
        if request.computer != HERE:
            self._keep(request)
        self._on_their_way.add(request.key)

        def sent(job: "Job") -> None:
            self._end(request)
            studio.jobs.take(request.computer, job)
            done(job)

        def stopped(_nothing: object) -> None:
            self._end(request, for_now=self._is_ending)
            cancelled()

        def broke(error: BaseException) -> None:
            self._end(request)
            failed(error)

        studio.tasks.run(
            lambda _reporter: request.submit(studio, library),
            sent,
            owner=self,
            failed=broke,
            cancelled=stopped,
        )

    def end(self) -> None:
        """Remember what is on its way from now on, although it is stopped: the app ends."""
        self._is_ending = True

    def open(self) -> None:
        """Take up what was on its way when the app last ended; what cannot be reached now, when it can be."""
        self._studio.jobs.reached.connect(self._try_again)
        for request in self.unsent:
            self._take_up(request)

    def _try_again(self, computer: str, error: BaseException | None) -> None:
        if error is None:
            for request in self.unsent:
                if request.computer == computer:
                    self._take_up(request)

    def _take_up(self, request: TrainingRequest) -> None:
        if request.key in self._on_their_way:
            return
        studio, name = self._studio, request.spec.get("name", "")
        if request.computer not in studio.jobs.computers():
            self._forget(request)
            return

        def done(_job: object) -> None:
            text = self.tr("The recordings of {name} have arrived at {computer}: its training is in Jobs.")
            studio.say(text.format(name=name, computer=request.computer))

        def failed(error: BaseException) -> None:
            if isinstance(error, Error) and not isinstance(error, InputError):
                self._keep(request)  # as when it is not reached
            else:
                studio.fail(error)

        text = self.tr("The rest of the recordings of {name} is being sent to {computer}.")
        studio.say(text.format(name=name, computer=request.computer))
        self.send(request, done, failed, lambda: None)

    def _end(self, request: TrainingRequest, *, for_now: bool = False) -> None:
        self._on_their_way.discard(request.key)
        if not for_now:
            self._forget(request)

    def _keep(self, request: TrainingRequest) -> None:
        if request not in self.unsent:
            self._write((*self.unsent, request))

    def _forget(self, request: TrainingRequest) -> None:
        if request in self.unsent:
            self._write(tuple(one for one in self.unsent if one != request))

    def _write(self, requests: tuple[TrainingRequest, ...]) -> None:
        self._studio.settings.keep_section(SECTION, Unsent(requests=requests))
