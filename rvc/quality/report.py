"""What is known of a set of recordings: the report as data, `quality.json`."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from rvc import paths
from rvc.datasets.dataset import Skipped
from rvc.quality.findings import Code, Fault, Grade, Params, Severity, rank
from rvc.quality.measures import Measures

FILE_NAME = "quality.json"
FORMAT = 1
WIDESPREAD = 1 / 3  # of the speech: a fault of fewer takes costs these takes, not the set

Verdict = Literal["ready", "usable", "record_again"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Finding(_Model):
    """One thing that a person should know of a set: how bad, in how much of it, in which takes."""

    code: Code
    severity: Severity
    worst: Severity
    """Of a single take."""
    share: float
    """Of the speech that has it."""
    params: Params = {}
    takes: list[str] = []

    @property
    def is_of_few(self) -> bool:
        """Whether it costs a few takes, and not the set."""
        return self.share < WIDESPREAD and rank(self.worst) > rank(self.severity)


class TakeRow(_Model):
    """A recording: its figures, what is wrong with it, and which of the voices in the set it is."""

    name: str
    file: str
    grade: Grade
    faults: list[Fault]
    voice: int | None
    measures: Measures

    @property
    def is_usable(self) -> bool:
        """Whether it should be learnt from: good enough, no copy, and of the voice that the set is of."""
        return self.grade != "poor" and not self.voice and all(fault.code != "copy" for fault in self.faults)


class Summary(_Model):
    """The set in figures: sums of seconds, and of other measures what the median take has."""

    takes: int
    recorded_s: float
    usable_s: float
    loudness_lufs: float | None
    loudness_spread_lu: float | None
    """From the 10th to the 90th percentile."""
    snr_db: float | None
    noise_dbfs: float | None
    speech_dbfs: float
    bandwidth_hz: float
    clipped_share: float
    decay_s: float | None
    silence_share: float
    pitch_hz: float | None
    pitch_low_hz: float | None
    pitch_high_hz: float | None
    """The 5th and 95th percentile of all frames."""
    voices: int | None
    """None where no speaker encoder is at hand."""


class QualityReport(_Model):
    """Everything that is known of a set, as `quality.json` has it."""

    format: int = FORMAT
    program: str
    created: str
    verdict: Verdict
    reason: Code | None
    """The finding that the verdict rests on."""
    rates: dict[str, int]
    """The sample rate to choose, Hz, by architecture."""
    summary: Summary
    findings: list[Finding]
    """Worst first."""
    takes: list[TakeRow]
    skipped: list[Skipped]
    levels: list[int]
    pitch: list[int]
    spectrum_db: list[float]
    """As in `Measured`, of all takes together."""

    def write(self, folder: Path) -> Path:
        """Write `quality.json`."""
        path = folder / FILE_NAME
        paths.write_text(path, self.model_dump_json(indent=1) + "\n")
        return path
