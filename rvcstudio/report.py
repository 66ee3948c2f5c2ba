"""The report of a test as the app reads it: the averages, the verdict, and the recordings to listen to.

The engine's own model of it needs libraries that the app does without.
"""

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from rvc import paths
from rvc.errors import InputError

FILE = "report.json"
KINDS: tuple["Kind", ...] = ("reconstruction", "conversion")
MEASURES = (  # those that tell most, in the order in which they are read
    "similarity",
    "similarity_gap",
    "character_error_rate",
    "dnsmos",
    "log_mel_db",
    "mcd_db",
    "content_similarity",
    "pitch_correlation",
    "pitch_median_cents",
    "voicing_error",
)
UNITS = {"log_mel_db": " dB", "mcd_db": " dB", "pitch_median_cents": " ct"}
PERCENT = ("character_error_rate", "voicing_error")
PERFECT = {
    "similarity": 1.0,
    "similarity_gap": 1.0,
    "content_similarity": 1.0,
    "pitch_correlation": 1.0,
    "dnsmos": 5.0,
}

Kind = Literal["reconstruction", "conversion"]


class Part(BaseModel):
    """Base of what is read: frozen, and fields that newer programs add are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Interval(Part):
    """An average, and the range in which it lies 95 times in a hundred."""

    mean: float
    low: float | None = None
    high: float | None = None
    count: int = 0


class Finding(Part):
    """A sentence of the verdict: what it is about, how good that is, and the numbers in it."""

    standing: Literal["good", "fair", "weak"]
    topic: str
    values: dict[str, str] = {}


class Row(Part):
    """A recording: what it was and what the model made of it, as files beside the report where they were kept."""

    kind: Kind
    name: str
    seconds: float = 0.0
    original: str | None = None
    output: str | None = None


class VoicePart(Part):
    name: str
    steps: int | None = None


class Report(Part):
    """A report."""

    voice: VoicePart
    rows: list[Row] = []
    intervals: dict[str, dict[str, Interval]] = {}
    findings: list[Finding] = []
    advice: list[str] = []

    @classmethod
    def open(cls, folder: Path) -> "Report":
        """Read the report in a folder. Raises `InputError` no_report."""
        try:
            return cls.model_validate_json((folder / FILE).read_bytes())
        except (OSError, ValidationError) as error:
            raise InputError(
                "no_report", "The report of this test cannot be read.", "Run the test again."
            ) from error

    def to_hear(self, kind: Kind) -> list[Row]:
        """Return the recordings of a kind that were kept as files."""
        return [row for row in self.rows if row.kind == kind and row.original and row.output]


class Words:
    """The words of reports in a language, as the pages of the engine have them."""

    def __init__(self, language: str) -> None:
        self._text: dict[str, Any] = json.loads(
            paths.resource(f"report/{language}.json").read_text(encoding="utf-8")
        )

    def measure(self, name: str) -> tuple[str, str]:
        """Return what a measure is called, and what it means."""
        words = self._text["measures"][name]
        return words["name"], words["text"]

    def curve(self, name: str) -> str:
        return str(self._text["curves"].get(name, name))

    def verdict(self, finding: Finding) -> str:
        text = str(self._text.get(f"verdict_{finding.topic}_{finding.standing}", ""))
        return text.format(**finding.values)

    def __getitem__(self, key: str) -> str:
        return str(self._text.get(key, key))


def figure(measure: str, value: float) -> str:
    """Return a value with its unit."""
    if measure in PERCENT:
        return f"{100 * value:.1f} %"
    digits = 1 if measure in UNITS else 2
    return f"{value:.{digits}f}{UNITS.get(measure, '')}"


def is_nearer(measure: str, one: float, other: float) -> bool:
    """Tell whether one value is nearer to perfect than another."""
    perfect = PERFECT.get(measure, 0.0)
    return abs(one - perfect) < abs(other - perfect)
