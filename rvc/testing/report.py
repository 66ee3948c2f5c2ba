"""What an evaluation found: the report as data, `report.json`."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rvc import __version__, paths
from rvc.errors import InputError
from rvc.testing import intervals, metrics
from rvc.testing.intervals import Interval

Language = Literal["en", "ko"]
Kind = Literal["reconstruction", "conversion"]
TestsetKind = Literal["held_out", "another", "unknown"]
"""What a test set is to the training: its held-out part, another dataset, or plain recordings."""
KINDS: tuple[Kind, ...] = ("reconstruction", "conversion")

FILE_NAME = "report.json"
FORMAT = 2
DERIVED = ("scores", "intervals", "findings", "advice")  # written for other readers


def _finite(value: Any) -> Any:
    """Turn NaN and infinities into None: strict JSON has no word for them."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


Score = Annotated[float | None, BeforeValidator(_finite)]


@dataclass(frozen=True, slots=True)
class Measure:
    """How a score is to be read: its perfect value, its direction, its unit and the digits worth printing."""

    name: str
    perfect: float
    unit: Literal["dB", "cents", "%", "×", ""]
    digits: int

    def gap(self, value: float) -> float:
        """Return how far a value is from perfect, whichever direction is better."""
        return abs(value - self.perfect)


MEASURES = (
    Measure("log_mel_db", 0.0, "dB", 1),
    Measure("mcd_db", 0.0, "dB", 1),
    Measure("content_similarity", 1.0, "", 2),
    Measure("pitch_correlation", 1.0, "", 3),
    Measure("pitch_median_cents", 0.0, "cents", 0),
    Measure("pitch_rmse_cents", 0.0, "cents", 0),
    Measure("pitch_gross_share", 0.0, "%", 1),
    Measure("voicing_error", 0.0, "%", 1),
    Measure("duration_ratio", 1.0, "×", 3),
    Measure("similarity", 1.0, "", 2),
    Measure("source_similarity", 0.0, "", 2),
    Measure("similarity_gap", 1.0, "", 2),
    Measure("character_error_rate", 0.0, "%", 1),
    Measure("dnsmos", 5.0, "", 2),
    Measure("distillmos", 5.0, "", 2),
)
JUDGED = ("similarity", "character_error_rate", "dnsmos", "distillmos")  # scores that originals have as well


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scores(_Model):
    """The scores of one clip, or averages of them; None where a score is not defined."""

    log_mel_db: Score = None
    mcd_db: Score = None
    content_similarity: Score = None
    pitch_correlation: Score = None
    pitch_rmse_cents: Score = None
    pitch_median_cents: Score = None
    pitch_gross_share: Score = None
    voicing_error: Score = None
    duration_ratio: Score = None
    similarity: Score = None
    source_similarity: Score = None
    similarity_gap: Score = None
    character_error_rate: Score = None
    dnsmos: Score = None
    distillmos: Score = None

    @classmethod
    def mean(cls, many: Sequence["Scores"]) -> "Scores":
        """Average each score over the clips where it is defined."""
        return cls(**{name: metrics.mean(getattr(one, name) for one in many) for name in cls.model_fields})


class Row(_Model):
    """One clip: what it was, what was made of it, and its scores."""

    kind: Kind
    name: str
    seconds: float
    scores: Scores
    original_scores: Scores = Field(Scores(), description="of the original, by the judges that need no other")
    pitch_shift: int = Field(0, description="semitones, conversions only")
    original_pitch_hz: Score = None
    output_pitch_hz: Score = None
    original: str | None = Field(None, description="audio file of the original, relative to the report")
    output: str | None = Field(None, description="audio file of what the model made, relative to the report")


class VoiceSummary(_Model):
    """What the report says about the model."""

    name: str
    architecture: str
    rate: int
    content_encoder: str
    steps: int | None = None
    created: str = ""
    trained_seconds: Score = None
    trained_clips: int | None = None


class Absent(_Model):
    """A judge that is not on this machine: why, and the way to get it."""

    judge: str
    reason: Literal["no_package", "no_model", "no_weights"]
    text: str
    get: str


class Twin(_Model):
    """A clip that training has heard: in which take, and how alike they sound; None for the very same file.

    A file that only a model's card tells of has no name there.
    """

    clip: str
    take: str | None = None
    likeness: Score = None


class Overlap(_Model):
    """What of a test set training has heard; without datasets and marks, nothing was compared."""

    datasets: list[str] = []
    marks: int = Field(0, description="training recordings that are known by the hash of their file alone")
    twins: list[Twin] = []
    repeated: list[str] = Field(
        [], description="clips of sentences that training knows from other recordings"
    )
    untold: list[str] = Field([], description="clips too short or too quiet to be told")
    kept: bool = Field(False, description="whether the twins were tested all the same")


class Preference(_Model):
    """How often a model was preferred to another one, or to the recording itself (no name), and how often neither."""

    model: str
    other: str
    preferred: int
    undecided: int
    count: int


class Rating(_Model):
    """How natural listeners found a model, or the recordings (no name): 1 to 5."""

    what: str
    interval: Interval


class Identity(_Model):
    """How often listeners heard the same person: in a recording of the voice, and in what this names."""

    what: Literal["model", "voice", "source"]
    model: str
    agreed: int
    count: int


class Listening(_Model):
    """What people answered to the blind listening page."""

    listeners: int
    answers: int
    preferences: list[Preference]
    ratings: list[Rating]
    identities: list[Identity]


class Entrant(_Model):
    """A model of a comparison, with what it made of the same recordings."""

    label: str
    voice: VoiceSummary
    index: bool
    rows: list[Row]

    def of(self, kind: Kind) -> list[Row]:
        return [row for row in self.rows if row.kind == kind]

    def values(self, kind: Kind, measure: str) -> list[float | None]:
        return [getattr(row.scores, measure) for row in self.of(kind)]


class Report(_Model):
    """A whole evaluation."""

    format: int = FORMAT
    program: str = f"RVC Studio {__version__}"
    created: str = Field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    language: Language = "en"
    title: str = ""
    notes: list[str] = []
    voice: VoiceSummary
    testset: str
    testset_kind: TestsetKind
    settings: dict[str, Any]
    pitch_estimator: str
    index: bool
    rows: list[Row]
    unrelated: Scores = Field(
        Scores(), description="reconstruction scores of clips that have nothing in common: the floor"
    )
    skipped: list[str] = []
    label: str = Field("", description="the model's name among the others")
    others: list[Entrant] = Field([], description="other models that were given the same recordings")
    ceiling: list[float] = Field([], description="similarity of recordings of the voice to each other")
    overlap: Overlap = Overlap()
    absent: list[Absent] = []
    listening: Listening | None = None

    @property
    def entrants(self) -> list[Entrant]:
        """The model and those that it is compared with."""
        own = Entrant(label=self.label, voice=self.voice, index=self.index, rows=self.rows)
        return [own, *self.others]

    @property
    def seed(self) -> int:
        return int(self.settings.get("seed", 0))

    def of(self, kind: Kind) -> list[Row]:
        return [row for row in self.rows if row.kind == kind]

    def mean(self, kind: Kind) -> Scores:
        return Scores.mean([row.scores for row in self.of(kind)])

    def worst(self, kind: Kind) -> Scores:
        """Return for each score the value that is farthest from perfect."""
        return Scores(**{measure.name: self._worst(kind, measure) for measure in MEASURES})

    def interval(self, kind: Kind, measure: str) -> Interval | None:
        """Return a score's average and its range over the clips."""
        return intervals.of_mean([getattr(row.scores, measure) for row in self.of(kind)], self.seed)

    def original(self, kind: Kind, measure: str) -> Interval | None:
        """Return what originals score: for the likeness of the voice's own recordings, the ceiling."""
        if measure == "similarity" and kind == "reconstruction":
            return intervals.of_mean(self.ceiling, self.seed)
        values = [getattr(row.original_scores, measure) for row in self.of(kind)]
        return intervals.of_mean(values, self.seed)

    def intervals(self) -> dict[str, dict[str, Interval]]:
        """Return all averages with their ranges, the originals' under `..._original`."""
        names = [measure.name for measure in MEASURES]
        found = {
            name: {key: interval for key in names if (interval := of(kind, key))}
            for kind in KINDS
            for name, of in ((kind, self.interval), (f"{kind}_original", self.original))
        }
        return {name: part for name, part in found.items() if part}

    def scores(self) -> dict[str, float | int | None]:
        """Return the averages as one flat mapping, for a result line and for the model's card."""
        flat: dict[str, float | int | None] = {}
        for kind in KINDS:
            rows = self.of(kind)
            flat[f"{kind}_clips"] = len(rows)
            means = self.mean(kind).model_dump(exclude_none=True) if rows else {}
            flat |= {f"{kind}_{name}": round(value, 4) for name, value in means.items()}
        return flat

    def write(self, folder: Path) -> Path:
        """Write `report.json`: the report, with its averages and its verdict for readers that compute nothing.

        The verdict's topics and the advice are keys of the words in `resources/report`.
        """
        from rvc.testing import verdict  # which reads reports

        findings = verdict.judge(self)
        ranges = {
            kind: {name: asdict(interval) for name, interval in part.items()}
            for kind, part in self.intervals().items()
        }
        derived = {
            "scores": self.scores(),
            "intervals": ranges,
            "findings": [asdict(finding) for finding in findings],
            "advice": verdict.advise(self, findings),
        }
        data = {**derived, **self.model_dump(mode="json")}
        path = folder / FILE_NAME
        paths.write_text(path, json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
        return path

    @classmethod
    def open(cls, folder: Path) -> "Report":
        """Read a report back; raises `InputError` when there is none in the folder."""
        try:
            data = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
            return cls.model_validate({key: value for key, value in data.items() if key not in DERIVED})
        except (OSError, ValueError, AttributeError) as error:
            raise InputError(
                "no_report",
                f"There is no report in {folder} that can be read.",
                "Make one with `rvc evaluate`.",
            ) from error

    def _worst(self, kind: Kind, measure: Measure) -> float | None:
        values = [getattr(row.scores, measure.name) for row in self.of(kind)]
        defined = [value for value in values if value is not None]
        return max(defined, key=measure.gap, default=None)
