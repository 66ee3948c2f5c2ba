"""Conversions as work for tasks: with the engine beside the app, or as a job on another computer."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rvc import paths
from rvc.errors import Error, Paused
from rvc.events import Progress, Reporter
from rvcstudio.companion import Engine
from rvcstudio.convert import Order, free_place
from rvcstudio.library import Conversion, Library

if TYPE_CHECKING:
    from rvc.jobs import Job, JobService

LOOK_S = 1.0  # how soon a wish to stop is heard while nothing comes
RESULTS = "converted/"  # where a job keeps them
DIGITS = 5  # of the numbers that recordings are called by

Told = Callable[[int, Conversion | Error], None]
"""Is told what became of the recording with a number."""


def convert_here(
    engine: Engine, library: Library, recording: Path, order: Order, reporter: Reporter
) -> Conversion:
    """Convert a recording with the warm engine, and remember it. Raises `Error` and `Paused` as `Engine.call`."""
    answer = engine.call(
        "convert",
        {
            "model": str(order.model.file),
            "recording": str(recording),
            "out": str(order.folder),
            "stem": order.stem(recording),
            "config": order.config,
        },
        reporter,
    )
    return _remember(library, recording, Path(answer["file"]), order, answer["seconds"])


def convert_there(
    service: "JobService",
    library: Library,
    recordings: Sequence[Path],
    order: Order,
    reporter: Reporter,
    submitted: Callable[["Job"], None],
    told: Told,
) -> None:
    """Convert recordings as one job, fetch its results and remember them; `told` hears of each.

    The job's files are called by numbers, so that results are known by them and no name leaves this computer.
    Raises `Error` as the job failed, and `Paused` when it was cancelled.
    """
    from rvc.config import ConvertConfig
    from rvc.jobs import ConvertSpec

    spec = ConvertSpec(name=order.model.name[:100], convert=ConvertConfig.model_validate(order.config))
    with TemporaryDirectory() as folder:
        numbered = [
            _linked(file, Path(folder) / f"{number:0{DIGITS}}{file.suffix}")
            for number, file in enumerate(recordings)
        ]
        job = service.submit(spec, _inputs(order, numbered))
    submitted(job)
    job = _followed(service, job, reporter)
    names = [
        file.name for file in service.files(job.id)
    ]  # a job with a broken recording fails, and keeps the others
    found = {int(Path(name).name[:DIGITS]): name for name in names if name.startswith(RESULTS)}
    failure = job.failure
    why = Error(failure.code, failure.text, failure.hint) if failure and not found else _left_out()
    for number, recording in enumerate(recordings):
        if number not in found:
            told(number, why)
            continue
        file = _fetch(service, job, found[number], order, recording)
        told(number, _remember(library, recording, file, order, 0.0))


def _inputs(order: Order, recordings: list[Path]) -> dict[str, list[Path]]:
    index = order.model.file.with_suffix(".index")
    inputs = {"model": [order.model.file], "recordings": recordings}
    return inputs | ({"index": [index]} if index.exists() else {})


def _linked(file: Path, place: Path) -> Path:
    """Give a file a second name; a copy where the disk is another."""
    try:
        os.link(file, place)
    except OSError:
        shutil.copyfile(file, place)
    return place


def _followed(service: "JobService", job: "Job", reporter: Reporter) -> "Job":
    """Return the job once it has ended, its progress passed on."""
    from rvc.jobs import State

    seen = 0
    while job.state not in (State.DONE, State.FAILED, State.CANCELLED):
        if reporter.stopping:
            service.cancel(job.id)
            raise Paused
        for event in service.events(job.id, seen, wait_s=LOOK_S):
            seen = event.number
            if isinstance(event.body, Progress):
                reporter.emit(event.body)
            if reporter.stopping:
                break
        job = service.job(job.id)
    if job.state == State.CANCELLED:
        raise Paused
    return job


def _fetch(service: "JobService", job: "Job", name: str, order: Order, recording: Path) -> Path:
    """Bring a result to its folder, under a name that is not taken."""
    folder = paths.make_dir(order.folder)
    with TemporaryDirectory(prefix=".", dir=folder) as temporary:
        came = service.fetch(job.id, name, Path(temporary) / f"result{Path(name).suffix}")
        place = free_place(folder, order.stem(recording), came.suffix)
        return came.replace(place)


def _left_out() -> Error:
    return Error(
        "not_converted",
        "The other computer could not use this recording.",
        "Its log, on the page of the job, says why.",
    )


def _remember(library: Library, recording: Path, file: Path, order: Order, seconds: float) -> Conversion:
    settings = {**order.config, "naming": order.naming, "computer": order.computer}
    return library.conversions.add(
        recording,
        file,
        model_name=order.model.name,
        model_id=order.model.id,
        settings=settings,
        seconds=seconds or length_s(file) or 0.0,
    )


def length_s(file: Path) -> float | None:
    """Return how long a recording is; None where only the engine can read it."""
    import soundfile

    try:
        return float(soundfile.info(file).duration)
    except (soundfile.LibsndfileError, OSError):
        return None
