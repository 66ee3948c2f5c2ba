"""Brings home by itself what jobs have made, here or elsewhere: models of trainings, results of conversions."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from rvc import paths
from rvc.errors import Error
from rvcstudio.convert_work import deliver
from rvcstudio.hub import Address
from rvcstudio.job_files import inside
from rvcstudio.library import Library, Model
from rvcstudio.studio import Studio

if TYPE_CHECKING:
    from rvc.jobs import Job, JobService

AGAIN_MS = 30_000  # after a transfer that failed
BROUGHT = ("model", "report", "previews")  # folders of a training's results
OPTIONAL = ("model/steps",)  # models of other moments: fetched when somebody wants one
ENDS = {
    "train": ("done",),
    "convert": ("done", "failed", "cancelled"),
}  # what was converted before is worth keeping


class Arrivals(QObject):
    """Fetches what came of every training and conversion that this library has asked for, once it has ended.

    What cannot be fetched now is tried again; until then the hub knows why (`JobHub.held_up`).
    """

    came = Signal(object, object)  # the job's address; the Model in the library, or None for a conversion

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
        ended = [address for address in addresses if _has_ended(self._studio.jobs.job(address))]
        if not ended:
            return
        library = self._studio.library
        trainings = library.trainings.waiting()
        orders = {Address(order.computer, order.job): order for order in library.orders.waiting()}
        for address in ended:
            job = self._studio.jobs.job(address)
            assert job is not None
            if tuple(address) in trainings:
                self._fetch(address, partial(bring_home, library, address=address, job=job))
            elif address in orders:
                self._fetch(address, partial(deliver, library, order=orders[address]))

    def _fetch(self, address: Address, bring: "Callable[[JobService], Model | None]") -> None:
        if address in self._on_their_way:
            return
        studio = self._studio
        self._on_their_way.add(address)

        def arrived(model: Model | None) -> None:
            self._on_their_way.discard(address)
            studio.jobs.hold_up(address, None)
            self.came.emit(address, model)

        def failed(error: BaseException) -> None:
            self._on_their_way.discard(address)
            if isinstance(error, Error):
                studio.jobs.hold_up(address, error)
            else:
                studio.fail(error)
            self._again.start()

        studio.tasks.run(
            lambda _reporter: bring(studio.jobs.service(address.computer)),
            arrived,
            owner=self,
            failed=failed,
        )


def _has_ended(job: "Job | None") -> bool:
    return job is not None and str(job.state) in ENDS.get(job.kind, ())


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
            paths.make_dir(to.parent)
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
