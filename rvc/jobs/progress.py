"""What a worker makes of its stages' events: one progress over all phases, and entries in the job's journal."""

import shutil
import time
from collections.abc import Mapping
from pathlib import Path

from rvc.events import Checkpoint, Event, Log, Preview, Progress
from rvc.jobs.folder import JobFolder
from rvc.jobs.journal import Journal
from rvc.jobs.record import Timing
from rvc.jobs.wire import JobProgress

INTERVAL_S = 0.5  # a day of training stays readable
PREVIEWS = "previews"
LEAST_SHARE = 0.02  # of a phase, to foretell the rest by
ALMOST = 0.99  # the last hundredth is that the results are there


class Overall:
    """One progress out of phases whose lengths were foretold, and are corrected by what is seen; it never goes back."""

    def __init__(self, expected_s: Mapping[str, float], fraction: float = 0.0) -> None:
        self._expected_s = dict(expected_s)
        self._names = list(expected_s)
        self._fraction = fraction
        self._left_s: float | None = None

    def update(self, phase: str, share: float, eta_s: float | None) -> tuple[float, float | None]:
        """Take in that `share` of a phase is done; return the fraction of all, and the seconds left or None.

        Phases that were not foretold are short, and change nothing.
        """
        if phase in self._names:
            place = self._names.index(phase)
            if eta_s is not None and LEAST_SHARE <= share < 1:
                self._expected_s[phase] = eta_s / (1 - share)
            here_s = self._expected_s[phase] * (1 - share)
            self._left_s = here_s + sum(self._expected_s[name] for name in self._names[place + 1 :])
            total_s = sum(self._expected_s.values())
            done = 1 - self._left_s / total_s if total_s else 0.0
            self._fraction = max(self._fraction, min(done, ALMOST))
        return self._fraction, self._left_s


class Narrator:
    """Listens to a stage and writes what it hears to the job's journal."""

    def __init__(self, folder: JobFolder, journal: Journal, overall: Overall) -> None:
        self._folder = folder
        self._journal = journal
        self._overall = overall
        self._newest: JobProgress | None = None
        self._told: JobProgress | None = None
        self._told_at = 0.0
        self._begun: dict[str, tuple[float, float]] = {}
        self.timings: dict[str, Timing] = {}

    def __call__(self, event: Event) -> None:
        match event:
            case Progress():
                self._progress(event)
            case Preview():
                self._journal.append(event.model_copy(update={"file": self._publish(Path(event.file))}))
            case Checkpoint():
                self._journal.append(event.model_copy(update={"file": self._name(Path(event.file))}))
            case Log():
                self._log(event)
            case _:
                self._journal.append(event)

    def _log(self, event: Log) -> None:
        """Write what was said, with files named as others can know them."""
        said = self._folder.relative
        params = {name: said(one) if isinstance(one, str) else one for name, one in event.params.items()}
        self._journal.append(event.model_copy(update={"text": said(event.text), "params": params}))

    def _progress(self, event: Progress) -> None:
        """Write progress now and then, and always where a phase begins and ends."""
        now = time.monotonic()
        share = min(event.step / event.total, 1.0) if event.total else 0.0
        begun_at, begun_share = self._begun.setdefault(event.phase, (now, share))
        self.timings[event.phase] = Timing(seconds=now - begun_at, share=max(share - begun_share, 0.0))
        fraction, left_s = self._overall.update(event.phase, share, event.eta_s)
        self._newest = JobProgress(
            phase=event.phase,
            step=event.step,
            total=event.total,
            unit=event.unit,
            eta_s=event.eta_s,
            fraction=fraction,
            left_s=left_s,
        )
        if (
            self._told is None
            or self._told.phase != event.phase
            or share == 1
            or now - self._told_at > INTERVAL_S
        ):
            self._tell(now)

    def _tell(self, now: float) -> None:
        if self._newest is not None and not _is_same(self._newest, self._told):
            self._journal.append(self._newest)
            self._told, self._told_at = self._newest, now

    def has_begun(self, phase: str) -> bool:
        """Tell whether a step of the present phase, and this is the one, was taken."""
        newest = self._newest
        return newest is not None and newest.phase == phase and newest.step > 0

    def close(self) -> None:
        """Write the progress that was made since the last one written."""
        self._tell(time.monotonic())

    def _publish(self, preview: Path) -> str:
        """Put a preview where it can be fetched while the job runs, and return its name there."""
        target = self._folder.artifacts / PREVIEWS / preview.name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(preview, target)
        return f"{PREVIEWS}/{preview.name}"

    def _name(self, path: Path) -> str:
        """Name a file of the job by its place in the job's folder."""
        return (
            path.relative_to(self._folder.path).as_posix()
            if path.is_relative_to(self._folder.path)
            else path.name
        )


def _is_same(one: JobProgress, other: JobProgress | None) -> bool:
    return other is not None and (one.phase, one.step) == (other.phase, other.step)
