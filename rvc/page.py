"""The report as a page: one HTML file with pictures and players, without scripts and without the network."""

import base64
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rvc import metrics, paths, plots
from rvc.history import Row as HistoryRow
from rvc.report import KINDS, MEASURES, Kind, Language, Measure, Report, Row, Scores

FILE_NAME = "report.html"
EMBEDDED_MAX_BYTES = 7_500_000  # of audio inside the page (10 MB as base64); more stays in files beside it
HEADLINE = ("log_mel_db", "pitch_correlation", "content_similarity", "voicing_error")  # shown large
NARROW_SPACE = "\u202f"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A clip and what was made of it: waves (N,) at one rate, pitch tracks (T,) in Hz as heard in them."""

    row: Row
    original: plots.Array
    output: plots.Array
    rate: int
    original_f0: plots.Array
    output_f0: plots.Array

    @property
    def expected_f0(self) -> plots.Array:
        """The pitch that the output should have: the original's, shifted."""
        return self.original_f0 * np.float32(2 ** (self.row.pitch_shift / 12))


@dataclass(frozen=True, slots=True)
class Words:
    """The page's text in one language, with its numbers."""

    language: Language
    text: dict[str, Any]

    @classmethod
    def of(cls, language: Language) -> "Words":
        return cls(
            language, json.loads(paths.resource(f"report/{language}.json").read_text(encoding="utf-8"))
        )

    def __call__(self, key: str, **values: Any) -> str:
        return self.text[key].format(**values)

    def count(self, key: str, number: int, **values: Any) -> str:
        """Return the form of a sentence that fits a number: `zero` if there is one, `one`, or `many`."""
        forms = self.text[key]
        form = {0: "zero", 1: "one"}.get(abs(number), "many")
        return forms.get(form, forms["many"]).format(count=number, **values)

    def measure(self, measure: Measure) -> dict[str, str]:
        return self.text["measures"][measure.name]

    def curve(self, name: str) -> str:
        return self.text["curves"].get(name, name)

    def score(self, measure: Measure, value: float | None) -> str:
        """Write a score with its unit; a dash where it is not defined."""
        if value is None:
            return "–"
        if measure.unit == "%":
            value *= 100
        unit = NARROW_SPACE + self.text["units"][measure.unit] if measure.unit else ""
        return f"{value:.{measure.digits}f}{unit}".replace("-", "−")


def render(
    report: Report,
    exhibits: Sequence[Exhibit],
    history: Sequence[HistoryRow],
    folder: Path,
    language: Language = "en",
) -> str:
    """Return the page; audio is read from the files that the rows name in `folder`."""
    addresses = _audio_addresses([exhibit.row for exhibit in exhibits], folder)
    shown = [_show(exhibit, f"pair{number}", addresses) for number, exhibit in enumerate(exhibits)]
    words = Words.of(language)
    return (
        _environment()
        .get_template("page.html")
        .render(
            words=words,
            report=report,
            sections=[_section(report, kind, shown) for kind in KINDS if report.of(kind)],
            measures=MEASURES,
            headline=HEADLINE,
            facts=_facts(report, words),
            closeness=closeness,
            histogram=_histogram(exhibits),
            curves=_curves(history, report.voice.steps),
        )
    )


def write(
    report: Report,
    exhibits: Sequence[Exhibit],
    history: Sequence[HistoryRow],
    folder: Path,
    language: Language = "en",
) -> Path:
    """Write `report.html` into `folder`."""
    path = folder / FILE_NAME
    paths.write_text(path, render(report, exhibits, history, folder, language))
    return path


def closeness(measure: Measure, value: float | None, floor: float | None) -> int | None:
    """Return how far a value is on the way from the floor to perfect, in percent; None when unknown."""
    if value is None or floor is None or measure.gap(floor) < 1e-9:
        return None
    return round(100 * min(max(1 - measure.gap(value) / measure.gap(floor), 0.0), 1.0))


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two recordings of a pair, ready to be placed: its player's address and its picture."""

    audio: str | None
    picture: Markup


@dataclass(frozen=True, slots=True)
class Shown:
    """A pair, ready to be placed."""

    row: Row
    khz: float
    original: Side
    output: Side
    pitch: Markup


@dataclass(frozen=True, slots=True)
class Section:
    """All that the page shows of one kind of test."""

    kind: Kind
    rows: list[Row]
    mean: Scores
    worst: Scores
    shown: list[Shown]

    def measures(self) -> list[Measure]:
        """Return the measures that are defined for this kind."""
        return [measure for measure in MEASURES if getattr(self.mean, measure.name) is not None]


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve of the training, ready to be placed."""

    name: str
    first: tuple[int, float]
    last: tuple[int, float]
    picture: Markup


@dataclass(frozen=True, slots=True)
class Histogram:
    """How often each pitch occurs in the recordings and in what the model made of them."""

    original_hz: float
    output_hz: float
    picture: Markup


def _show(exhibit: Exhibit, name: str, addresses: Mapping[str, str]) -> Shown:
    row, rate = exhibit.row, exhibit.rate
    original = plots.spectrogram(exhibit.original, rate, exhibit.original_f0)
    output = plots.spectrogram(exhibit.output, rate, exhibit.output_f0)
    return Shown(
        row=row,
        khz=rate / 2000,
        original=Side(addresses.get(row.original or ""), _place(original, f"{name}-original")),
        output=Side(addresses.get(row.output or ""), _place(output, f"{name}-output")),
        pitch=_place(plots.pitch_tracks(exhibit.expected_f0, exhibit.output_f0), f"{name}-pitch"),
    )


def _place(svg: str, name: str) -> Markup:
    """Return a picture as part of the page; `name` keeps its inner references apart from those of others."""
    return Markup(plots.scoped(svg, name))


def _section(report: Report, kind: Kind, shown: Sequence[Shown]) -> Section:
    pairs = [pair for pair in shown if pair.row.kind == kind]
    return Section(kind, report.of(kind), report.mean(kind), report.worst(kind), pairs)


def _histogram(exhibits: Sequence[Exhibit]) -> Histogram | None:
    """Draw the pitch of the voice's own recordings; None where nothing was reconstructed or voiced."""
    own = [exhibit for exhibit in exhibits if exhibit.row.kind == "reconstruction"]
    if not own:
        return None
    original = np.concatenate([exhibit.original_f0 for exhibit in own])
    output = np.concatenate([exhibit.output_f0 for exhibit in own])
    original_hz, output_hz = metrics.median_pitch(original), metrics.median_pitch(output)
    if original_hz is None or output_hz is None:
        return None
    return Histogram(original_hz, output_hz, _place(plots.pitch_histogram(original, output), "histogram"))


def _curves(history: Sequence[HistoryRow], best_step: int | None) -> list[Curve]:
    """Draw every value of a training, those of the held-out part first."""
    points: dict[str, list[tuple[int, float]]] = {}
    for row in history:
        for name, value in row.values.items():
            if math.isfinite(value):
                points.setdefault(name, []).append((row.step, value))
    names = sorted(
        (name for name in points if len(points[name]) > 1), key=lambda name: not name.startswith("val")
    )
    return [
        Curve(
            name,
            points[name][0],
            points[name][-1],
            _place(plots.curve(points[name], best_step), f"curve{number}"),
        )
        for number, name in enumerate(names)
    ]


def _facts(report: Report, words: Words) -> list[tuple[str, str]]:
    """Return what is known of the model and the test, as pairs of a word's key and a value."""
    voice = report.voice
    trained_on = None
    if voice.trained_seconds and voice.trained_clips:
        minutes = f"{voice.trained_seconds / 60:.1f}"
        trained_on = words("minutes_clips", minutes=minutes, clips=voice.trained_clips)
    facts = [
        ("about_model", f"{voice.name} ({voice.architecture})"),
        ("about_rate", f"{voice.rate / 1000:g} kHz"),
        ("about_encoder", voice.content_encoder),
        ("about_steps", f"{voice.steps:,}".replace(",", NARROW_SPACE) if voice.steps else None),
        ("about_trained_on", trained_on),
        ("about_created", voice.created[:10]),
        ("about_testset", report.testset),
        ("about_pitch", report.pitch_estimator),
    ]
    return [(term, value) for term, value in facts if value]


def _environment() -> Environment:
    loader = FileSystemLoader(paths.resource("report"))
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _audio_addresses(rows: Sequence[Row], folder: Path) -> dict[str, str]:
    """Return where the page finds each audio file: inside itself while that is small, else beside itself."""
    names = [name for row in rows for name in (row.original, row.output) if name]
    if sum((folder / name).stat().st_size for name in names) > EMBEDDED_MAX_BYTES:
        return {name: quote(name) for name in names}
    return {name: _embedded(folder / name) for name in names}


def _embedded(path: Path) -> str:
    return "data:audio/flac;base64," + base64.b64encode(path.read_bytes()).decode("ascii")
