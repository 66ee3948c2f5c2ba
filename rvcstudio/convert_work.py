"""Conversions as work for tasks: with the engine beside the app, or as a job on another computer."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rvc import paths
from rvc.errors import Error
from rvc.events import Reporter
from rvcstudio.companion import Engine
from rvcstudio.convert import Order, free_place
from rvcstudio.library import Conversion, Library
from rvcstudio.library.orders import Piece, SentOrder

if TYPE_CHECKING:
    from rvc.jobs import Job, JobService

RESULTS = "converted/"  # where a job keeps them
DIGITS = 5  # of the numbers that recordings are called by


def convert_here(
    engine: Engine, library: Library, recording: Path, order: Order, early: Path, reporter: Reporter
) -> Conversion:
    """Convert a recording with the warm engine, and remember it; what is spoken grows in `early` meanwhile.

    Raises `Error` and `Paused` as `Engine.call`.
    """
    answer = engine.call(
        "convert",
        {
            "model": str(order.model.file),
            "recording": str(recording),
            "out": str(order.folder),
            "stem": order.stem(recording),
            "config": order.config,
            "early": str(early),
        },
        reporter,
    )
    return library.conversions.add(
        recording,
        Path(answer["file"]),
        model_name=order.model.name,
        model_id=order.model.id,
        settings=order.as_kept,
        seconds=answer["seconds"],
    )


def send(service: "JobService", library: Library, recordings: Sequence[Path], order: Order) -> "Job":
    """Ask another computer to convert recordings as one job, and remember that; `deliver` brings the results.

    The job's files are called by numbers, so that results are known by them and no name leaves this computer.
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
    pieces = tuple(Piece(file, order.stem(file)) for file in recordings)
    library.orders.add(
        SentOrder(
            order.computer, job.id, order.model.id, order.model.name, order.folder, pieces, order.as_kept
        )
    )
    return job


def deliver(library: Library, service: "JobService", order: SentOrder) -> None:
    """Fetch the results of a job that has ended, and remember them; the next try goes on where one was cut off.

    A job with a broken recording fails, and keeps the others; one that was cancelled, what it had made.
    """
    found = _numbered([file.name for file in service.files(order.job)])
    conversions: dict[int, str] = {}
    for number, piece in enumerate(order.pieces):
        if number not in found or piece.conversion is not None:
            continue
        file = _fetch(service, order, found[number], piece)
        conversion = library.conversions.add(
            piece.source,
            file,
            model_name=order.model_name,
            model_id=order.model,
            settings=order.settings,
            seconds=length_s(file) or 0.0,
        )
        conversions[number] = conversion.id
        library.orders.note(order, conversions)
    library.orders.complete(order)


def _numbered(names: list[str]) -> dict[int, str]:
    """Return the results among the files of a job, by the numbers of their recordings."""
    stems = {name: Path(name).name[:DIGITS] for name in names if name.startswith(RESULTS)}
    return {int(stem): name for name, stem in stems.items() if stem.isdecimal()}


def why_not(job: "Job", order: SentOrder) -> Error:
    """Return why a recording of a job that has ended was not converted."""
    nothing = all(piece.conversion is None for piece in order.pieces)
    if job.failure is not None and nothing:
        return Error(job.failure.code, job.failure.text, job.failure.hint)
    return Error(
        "not_converted",
        "The other computer could not use this recording.",
        "Its log, on the page of the job, says why.",
    )


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


def _fetch(service: "JobService", order: SentOrder, name: str, piece: Piece) -> Path:
    """Bring a result to its folder, under a name that is not taken."""
    folder = paths.make_dir(order.folder)
    with TemporaryDirectory(prefix=".", dir=folder) as temporary:
        came = service.fetch(order.job, name, Path(temporary) / f"result{Path(name).suffix}")
        place = free_place(folder, piece.stem, came.suffix)
        return came.replace(place)


def length_s(file: Path) -> float | None:
    """Return how long a recording is; None where only the engine can read it."""
    import soundfile

    try:
        return float(soundfile.info(file).duration)
    except (soundfile.LibsndfileError, OSError):
        return None
