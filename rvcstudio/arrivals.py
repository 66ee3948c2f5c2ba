"""Brings finished models home: from the job that made them, here or elsewhere, into the library, by itself."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from rvc.errors import Error
from rvcstudio.hub import Address
from rvcstudio.job_files import inside
from rvcstudio.library import Library, Model
from rvcstudio.studio import Studio

if TYPE_CHECKING:
    from rvc.jobs import Job, JobService

AGAIN_MS = 30_000  # after a transfer that failed
BROUGHT = ("model", "report", "previews")  # folders of a training's results
OPTIONAL = ("model/steps",)  # models of other moments: fetched when somebody wants one


class Arrivals(QObject):
    """Fetches the model of every training that this library has asked for, once it is done."""

    came = Signal(object, object)  # the job's address, the Model in the library
    failed = Signal(object, object)  # the job's address, why it could not be fetched; it is tried again

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self._on_their_way: set[Address] = set()
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(lambda: self.look(list(studio.jobs.jobs())))
        studio.jobs.came.connect(self.look)
        studio.library_changed.connect(lambda: self.look(list(studio.jobs.jobs())))

    def look(self, addresses: list[Address]) -> None:
        """Fetch what is ready among some jobs."""
        done = [address for address in addresses if _is_done(self._studio.jobs.job(address))]
        if not done:
            return
        waiting = self._studio.library.trainings.waiting()
        for address in done:
            if tuple(address) in waiting and address not in self._on_their_way:
                self._fetch(address)

    def _fetch(self, address: Address) -> None:
        studio, job = self._studio, self._studio.jobs.job(address)
        assert job is not None
        self._on_their_way.add(address)

        def arrived(model: Model) -> None:
            self._on_their_way.discard(address)
            self.came.emit(address, model)

        def failed(error: BaseException) -> None:
            self._on_their_way.discard(address)
            self.failed.emit(address, error)
            if not isinstance(error, Error):
                studio.fail(error)
            self._again.start()

        studio.tasks.run(
            lambda _reporter: bring_home(studio.library, studio.jobs.service(address.computer), address, job),
            arrived,
            owner=self,
            failed=failed,
        )


def _is_done(job: "Job | None") -> bool:
    return job is not None and job.kind == "train" and str(job.state) == "done"


def bring_home(library: Library, service: "JobService", address: Address, job: "Job") -> Model:
    """Copy the results of a training into the library and add its model: all of it, or nothing."""
    training = library.trainings.find(*address)
    voice_id = training.voice if training else None
    folder = library.models.new_folder(job.name, voice_id)
    try:
        for file in service.files(job.id):
            if file.name.startswith(OPTIONAL) or not file.name.startswith(
                tuple(f"{one}/" for one in BROUGHT)
            ):
                continue
            to = inside(folder, file.name.removeprefix("model/"))
            to.parent.mkdir(parents=True, exist_ok=True)
            service.fetch(job.id, file.name, to)
        model = folder / Path(job.artifacts["model"]).name
        made = library.models.add(job.name, model, voice_id=voice_id, summary=_summary(address, job))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    library.trainings.complete(*address, made.id)
    return made


def _summary(address: Address, job: "Job") -> dict[str, Any]:
    """Return what is told of a model in short."""
    return {**job.summary, "computer": address.computer, "job": address.job}
