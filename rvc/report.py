"""What an evaluation found: the report as data, `report.json`."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rvc import __version__, metrics, paths

Language = Literal["en", "ko"]
Kind = Literal["reconstruction", "conversion"]
TestsetKind = Literal["held_out", "another", "unknown"]
"""What a test set is to the training: its held-out part, another dataset, or plain recordings."""
KINDS: tuple[Kind, ...] = ("reconstruction", "conversion")

FILE_NAME = "report.json"
FORMAT = 1


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
)


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


class Report(_Model):
    """A whole evaluation."""

    format: int = FORMAT
    program: str = f"RVC Studio {__version__}"
    created: str = Field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
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

    def of(self, kind: Kind) -> list[Row]:
        return [row for row in self.rows if row.kind == kind]

    def mean(self, kind: Kind) -> Scores:
        return Scores.mean([row.scores for row in self.of(kind)])

    def worst(self, kind: Kind) -> Scores:
        """Return for each score the value that is farthest from perfect."""
        return Scores(**{measure.name: self._worst(kind, measure) for measure in MEASURES})

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
        """Write `report.json`: the report, and its averages for readers that want no more than those."""
        data = {"scores": self.scores(), **self.model_dump(mode="json")}
        path = folder / FILE_NAME
        paths.write_text(path, json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n")
        return path

    @classmethod
    def open(cls, folder: Path) -> "Report":
        """Read a report back."""
        data = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        return cls.model_validate({key: value for key, value in data.items() if key != "scores"})

    def _worst(self, kind: Kind, measure: Measure) -> float | None:
        values = [getattr(row.scores, measure.name) for row in self.of(kind)]
        defined = [value for value in values if value is not None]
        return max(defined, key=measure.gap, default=None)
