"""Files of jobs on this computer: fetched once, and kept in the cache."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from PySide6.QtCore import QObject

from rvc import paths
from rvc.errors import Error
from rvc.names import UNSAFE, file_stem
from rvcstudio.hub import Address, JobHub
from rvcstudio.report import Report
from rvcstudio.studio import Studio

FOLDER = "jobs"
REPORT = "report/"


def inside(folder: Path, name: str) -> Path:
    """Return the place of a job's file in a folder. Raises `Error` bad_name for a name that leads out of it."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or any(UNSAFE.search(part) for part in parts):
        raise Error("bad_name", f"A computer named a file {name}, which cannot be.")
    return folder.joinpath(*parts)


def place(address: Address, name: str) -> Path:
    """Return where a file of a job is kept here. Raises `Error` bad_name."""
    return inside(paths.cache_dir() / FOLDER / file_stem(address.computer) / file_stem(address.job), name)


def fetch(hub: JobHub, address: Address, name: str) -> Path:
    """Return a file of a job, brought here if it is not. Blocks: call it in a task."""
    to = place(address, name)
    if not to.exists():
        to.parent.mkdir(parents=True, exist_ok=True)
        hub.service(address.computer).fetch(address.job, name, to)
    return to


def fetch_report(hub: JobHub, address: Address) -> tuple[Report, Path]:
    """Return the report of a test and its folder, with recordings to hear. Raises `InputError` no_report; blocks."""
    names = [file.name for file in hub.service(address.computer).files(address.job)]
    for name in names:
        if name.startswith(REPORT) and not name.endswith(".html"):
            fetch(hub, address, name)
    folder = place(address, REPORT)
    return Report.open(folder), folder


def bring(studio: Studio, address: Address, name: str, then: Callable[[Path], None], owner: QObject) -> None:
    """Fetch a file in the background, and do something with it."""
    try:
        known = place(address, name)
    except Error as error:
        studio.fail(error)
        return
    if known.exists():
        then(known)
    else:
        studio.tasks.run(lambda _: fetch(studio.jobs, address, name), then, owner=owner)
