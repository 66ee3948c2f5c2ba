"""Recordings measured, judged and reported on: what `rvc report` and `rvc prepare --report` do."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import ModuleType

from rvc.config import PrepareConfig
from rvc.datasets.dataset import Skipped
from rvc.datasets.recordings import Recording, collect
from rvc.errors import Error, InputError
from rvc.events import Reporter
from rvc.names import shown
from rvc.quality.judgement import Take, judge
from rvc.quality.measures import Listeners, Measured, MeasureStore, measure
from rvc.quality.report import QualityReport
from rvc.sound import audio
from rvc.testing.report import Language

READERS = 2  # threads that decode and measure


def inspect(
    paths: Sequence[Path],
    out: Path,
    config: PrepareConfig,
    reporter: Reporter,
    *,
    language: Language = "en",
    listeners: Listeners | None = None,
) -> QualityReport:
    """Measure and judge recordings; write `quality.json` and `quality.html` into the folder `out`.

    `config` says what a preparation would cut from them. Raises `InputError`: missing_path, empty_dataset,
    no_speakers, too_many_speakers, missing_extra; `Paused` on a stop request, with all that was measured kept.
    """
    page = _load_page()
    recordings, skipped = collect(paths, speakers=config.speakers)
    takes, unreadable = _measure(recordings, config, listeners or Listeners.load(), reporter)
    report = judge(takes, [*skipped, *unreadable])
    report.write(out)
    page.write(report, out, language)
    text = page.Words.of("en").verdict(report)
    reporter.log("inspected", text, verdict=report.verdict, reason=report.reason)
    return report


def _measure(
    recordings: Sequence[Recording], config: PrepareConfig, listeners: Listeners, reporter: Reporter
) -> tuple[list[Take], list[Skipped]]:
    """Measure what was not measured before; name the recordings that cannot be read."""
    store = MeasureStore(config, listeners)
    found = {one: measured for one in recordings if (measured := store.find(one.sha256))}
    missing = [one for one in recordings if one not in found]
    unreadable: list[Skipped] = []
    started = time.monotonic()
    with reporter.phase("inspect", sum(_steps(one) for one in recordings), unit="seconds") as phase:
        phase.advance(sum(_steps(one) for one in found))
        for recording, result in _measure_each(missing, config, listeners):
            if isinstance(result, InputError):
                unreadable.append(_unreadable(recording, result, reporter))
            else:
                found[recording] = result
                with suppress(Error):  # a cache that cannot be written costs time later, and nothing now
                    store.add(recording.sha256, result)
            phase.advance(_steps(recording))
    seconds = sum(found[one].measures.seconds for one in missing if one in found)
    _tell_speed(seconds, time.monotonic() - started, reporter)
    return [Take(one, found[one]) for one in recordings if one in found], unreadable


def _measure_each(
    recordings: Sequence[Recording], config: PrepareConfig, listeners: Listeners
) -> Iterator[tuple[Recording, Measured | InputError]]:
    """Yield what is measured of recordings, in order, or why one cannot be read."""

    def measure_one(recording: Recording) -> Measured | InputError:
        try:
            return measure(*audio.read(recording.path), config, listeners)
        except InputError as error:
            return error

    pool = ThreadPoolExecutor(READERS)
    try:
        yield from zip(recordings, pool.map(measure_one, recordings), strict=True)
    finally:
        pool.shutdown(cancel_futures=True)


def _steps(recording: Recording) -> int:
    """Return how much a recording counts in the progress: its seconds."""
    return max(1, round(recording.seconds))


def _unreadable(recording: Recording, error: InputError, reporter: Reporter) -> Skipped:
    reason = error.text.removeprefix(shown(recording.path)).strip().rstrip(".")
    reporter.warn("skipped_file", f"{recording.file} {reason}.", file=recording.file, reason=error.code)
    return Skipped(file=recording.file, code=error.code, reason=reason)


def _tell_speed(seconds: float, elapsed_s: float, reporter: Reporter) -> None:
    if seconds:
        text = f"Measured {seconds / 60:.1f} min of recordings in {elapsed_s:.1f} s."
        factor = elapsed_s / seconds
        reporter.log("measured", text, seconds=seconds, elapsed_s=elapsed_s, real_time_factor=factor)


def _load_page() -> ModuleType:
    """Import what writes the page; raises `InputError` when its packages are not installed."""
    try:
        from rvc.quality import page
    except ImportError as error:
        raise InputError(
            "missing_extra",
            f"Reports need the package {error.name}, which is not installed.",
            "Install it with: pip install 'rvc-studio[evaluate]'",
        ) from error
    return page
