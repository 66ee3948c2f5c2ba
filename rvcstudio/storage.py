"""What takes room on the disk, and how each of it is freed."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rvc import paths
from rvc.cache import Cache
from rvc.events import Reporter
from rvcstudio.library import Library
from rvcstudio.library.files import files_in, size_of
from rvcstudio.paths import log_dir, peaks_dir

AREAS = ("takes", "models", "conversions", "bin", "downloads", "features", "peaks", "jobs", "logs")


@dataclass(frozen=True, slots=True)
class Area:
    """A use of the disk; `free` makes room and returns how many bytes it could not free, None where nothing may.

    `freeable` is how many of the bytes it would free.
    """

    name: str
    size: int
    free: Callable[[Reporter], int] | None
    freeable: int = 0


def measure(library: Library, reporter: Reporter) -> list[Area]:
    """Return all areas with their sizes."""
    areas = []
    with reporter.phase("measure", len(AREAS)) as phase:
        for name in AREAS:
            areas.append(_area(name, library))
            phase.advance()
    return areas


def free_disk(library: Library) -> int:
    """Return the bytes that are free where the library is."""
    return shutil.disk_usage(library.folder).free


def _area(name: str, library: Library) -> Area:
    match name:
        case "takes":
            return Area(name, _sum(library.folder.glob("voices/*/takes")), None)
        case "models":
            folders = [*library.folder.glob("voices/*/models"), library.folder / "models"]
            return Area(name, _sum(folders), None)
        case "conversions":
            return Area(name, size_of(library.folder / "conversions"), None)
        case "bin":
            size = library.bin.size()
            return Area(name, size, library.bin.empty, size)
        case "jobs":
            size = size_of(paths.jobs_dir())
            return Area(name, size, _clean_jobs, _work_of_ended_jobs() if size else 0)
        case "logs":
            return Area(name, size_of(log_dir()), None)
        case "features":
            cache = Cache()
            size = sum(holding.size for holding in cache.holdings())
            return Area(name, size, cache.clear, size)
    folder = {"downloads": paths.weights_dir(), "peaks": peaks_dir()}[name]
    size = size_of(folder)
    return Area(name, size, lambda reporter: _clear(folder, reporter), size)


def _sum(folders: Iterable[Path]) -> int:
    return sum(size_of(folder) for folder in folders)


def _clear(folder: Path, reporter: Reporter) -> int:
    """Delete files that can be made or fetched again; return the bytes of those that are in use and stay."""
    files = [file for file in files_in(folder) if file.suffix != ".lock"]
    left = 0
    with reporter.phase("clear", len(files), unit="files") as phase:
        for file in files:
            size = size_of(file)
            try:
                file.unlink()
            except OSError:
                left += size
            phase.advance()
    return left


def _work_of_ended_jobs() -> int:
    """Return the bytes that `_clean_jobs` would delete."""
    from rvc.jobs import LocalJobs, Policy

    return sum(removal.size_bytes for removal in LocalJobs().clean(Policy(work_days=0), pretend=True))


def _clean_jobs(_reporter: Reporter) -> int:
    """Delete what ended jobs worked with; their results stay."""
    from rvc.jobs import LocalJobs, Policy

    LocalJobs().clean(Policy(work_days=0))
    return 0
