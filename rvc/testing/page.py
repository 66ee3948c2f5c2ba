"""The report as a page: one HTML file with pictures and players, without scripts and without the network."""

import base64
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import numpy as np
from markupsafe import Markup

from rvc import paths
from rvc.learning.history import Row as HistoryRow
from rvc.testing import intervals, metrics, plots, verdict
from rvc.testing.intervals import Interval
from rvc.testing.report import JUDGED, KINDS, MEASURES, Entrant, Kind, Measure, Report, Row, Scores
from rvc.testing.words import NARROW_SPACE, Words, environment

FILE_NAME = "report.html"
EMBEDDED_MAX_BYTES = 7_500_000  # of audio inside the page (10 MB as base64); more stays in files beside it
HEADLINE = (
    "similarity",
    "similarity_gap",
    "character_error_rate",
    "dnsmos",
    "log_mel_db",
    "pitch_correlation",
    "content_similarity",
    "voicing_error",
)
HEADLINES = 4  # of them are shown large: the first that are there
LISTENING = re.compile(r"<!-- listening -->.*?<!-- /listening -->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Made:
    """What a model made of a clip: wave (N,), pitch track (T,) in Hz."""

    label: str
    row: Row
    wave: plots.Array
    rate: int
    f0: plots.Array


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A clip, wave (N,) and pitch track (T,) in Hz as heard in it, and what every model made of it."""

    row: Row
    original: plots.Array
    rate: int
    original_f0: plots.Array
    made: list[Made]

    @property
    def output_f0(self) -> plots.Array:
        """The pitch of what the model under test made."""
        return self.made[0].f0

    @property
    def expected_f0(self) -> plots.Array:
        """The pitch that the output should have: the original's, shifted."""
        return self.original_f0 * np.float32(2 ** (self.row.pitch_shift / 12))


def render(report: Report, exhibits: Sequence[Exhibit], history: Sequence[HistoryRow], folder: Path) -> str:
    """Return the page; audio is read from the files that the rows name in `folder`."""
    rows = [made.row for exhibit in exhibits for made in exhibit.made]
    addresses = _audio_addresses(rows, folder)
    words = Words.of(report.language)
    shown = [_show(exhibit, f"clip{number}", addresses) for number, exhibit in enumerate(exhibits)]
    findings = verdict.judge(report)
    return (
        environment()
        .get_template("page.html")
        .render(
            words=words,
            report=report,
            sections=[_section(report, kind, shown) for kind in KINDS if report.of(kind)],
            findings=findings,
            advice=verdict.advise(report, findings),
            comparisons=[_comparison(report, kind) for kind in KINDS if report.others and report.of(kind)],
            measures=[measure for measure in MEASURES if _is_anywhere(report, measure)],
            headline=HEADLINE,
            facts=_facts(report, words),
            closeness=closeness,
            histogram=_histogram(exhibits),
            curves=_curves(history, report.voice.steps),
        )
    )


def write(report: Report, exhibits: Sequence[Exhibit], history: Sequence[HistoryRow], folder: Path) -> Path:
    """Write `report.html` into `folder`."""
    path = folder / FILE_NAME
    paths.write_text(path, render(report, exhibits, history, folder))
    return path


def show_listening(report: Report, folder: Path) -> None:
    """Put what people answered into the page that lies in `folder`, in place of earlier answers."""
    template = environment().get_template("listening.html")
    part = template.render(words=Words.of(report.language), report=report)
    path = folder / FILE_NAME
    if path.is_file():
        html = path.read_text(encoding="utf-8")
        paths.write_text(path, LISTENING.sub(lambda _: part.strip(), html, count=1))


def closeness(measure: Measure, value: float | None, floor: float | None) -> int | None:
    """Return how far a value is on the way from the floor to perfect, in percent; None when unknown."""
    if value is None or floor is None or measure.gap(floor) < 1e-9:
        return None
    return round(100 * min(max(1 - measure.gap(value) / measure.gap(floor), 0.0), 1.0))


@dataclass(frozen=True, slots=True)
class Side:
    """One recording of a clip, ready to be placed: whose it is (no label: the original's), player, picture."""

    label: str
    audio: str | None
    picture: Markup


@dataclass(frozen=True, slots=True)
class Shown:
    """A clip, ready to be placed: the original, then what every model made of it."""

    row: Row
    khz: float
    sides: list[Side]
    pitch: Markup


@dataclass(frozen=True, slots=True)
class Section:
    """All that the page shows of one kind of test."""

    kind: Kind
    rows: list[Row]
    mean: Scores
    worst: Scores
    ranges: dict[str, Interval]
    originals: dict[str, Interval]
    shown: list[Shown]

    def measures(self) -> list[Measure]:
        """Return the measures that are defined for this kind."""
        return [measure for measure in MEASURES if getattr(self.mean, measure.name) is not None]

    def headlines(self) -> list[Measure]:
        """Return the few that are shown large."""
        defined = {measure.name: measure for measure in self.measures()}
        return [defined[name] for name in HEADLINE if name in defined][:HEADLINES]


@dataclass(frozen=True, slots=True)
class Cell:
    """A model's score beside those of others: its range on their common axis in percent, and whether it differs."""

    interval: Interval | None
    left: float
    width: float
    dot: float
    than_first: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """All models side by side in one kind of test."""

    kind: Kind
    labels: list[str]
    lines: list[tuple[Measure, list[Cell]]]


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
    sides = [Side("", addresses.get(row.original or ""), _place(original, f"{name}-original"))]
    for number, made in enumerate(exhibit.made):
        picture = plots.spectrogram(made.wave, made.rate, made.f0)
        sides.append(
            Side(made.label, addresses.get(made.row.output or ""), _place(picture, f"{name}-made{number}"))
        )
    pitch = plots.pitch_tracks(exhibit.expected_f0, exhibit.output_f0)
    return Shown(row=row, khz=rate / 2000, sides=sides, pitch=_place(pitch, f"{name}-pitch"))


def _place(svg: str, name: str) -> Markup:
    """Return a picture as part of the page; `name` keeps its inner references apart from those of others."""
    return Markup(plots.scoped(svg, name))


def _section(report: Report, kind: Kind, shown: Sequence[Shown]) -> Section:
    names = [measure.name for measure in MEASURES]
    return Section(
        kind=kind,
        rows=report.of(kind),
        mean=report.mean(kind),
        worst=report.worst(kind),
        ranges={name: found for name in names if (found := report.interval(kind, name))},
        originals={name: found for name in JUDGED if (found := report.original(kind, name))},
        shown=[one for one in shown if one.row.kind == kind],
    )


def _comparison(report: Report, kind: Kind) -> Comparison:
    """Lay out the scores of all models in one table."""
    models = report.entrants
    lines = []
    for measure in MEASURES:
        found = [intervals.of_mean(one.values(kind, measure.name), report.seed) for one in models]
        if any(found):
            lines.append((measure, _cells(measure, models, kind, found, report.seed)))
    return Comparison(kind, [one.label for one in models], lines)


def _cells(
    measure: Measure, models: Sequence[Entrant], kind: Kind, found: Sequence[Interval | None], seed: int
) -> list[Cell]:
    ends = [end for one in found if one for end in (one.low, one.high, one.mean) if end is not None]
    low, high = min(ends), max(ends)
    span = high - low

    def percent(value: float) -> float:
        return round(100 * (value - low) / span, 1) if high > low else 50.0

    cells = []
    for model, one in zip(models, found, strict=True):
        if one is None:
            cells.append(Cell(None, 0, 0, 0, ""))
            continue
        left = percent(one.mean if one.low is None else one.low)
        right = percent(one.mean if one.high is None else one.high)
        verdict_of = "" if model is models[0] else _than_first(measure, models[0], model, kind, seed)
        cells.append(Cell(one, left, round(right - left, 1), percent(one.mean), verdict_of))
    return cells


def _than_first(measure: Measure, first: Entrant, other: Entrant, kind: Kind, seed: int) -> str:
    """Say whether the other model is better, worse or not clearly different, clip by clip."""
    gaps = [
        [None if value is None else measure.gap(value) for value in one.values(kind, measure.name)]
        for one in (first, other)
    ]
    difference = intervals.of_difference(gaps[0], gaps[1], seed)
    if difference is None or not difference.is_clear:
        return "no_difference"
    return "better" if difference.mean > 0 else "worse"


def _is_anywhere(report: Report, measure: Measure) -> bool:
    return any(getattr(row.scores, measure.name) is not None for row in report.rows)


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


def _audio_addresses(rows: Sequence[Row], folder: Path) -> dict[str, str]:
    """Return where the page finds each audio file: inside itself while that is small, else beside itself."""
    names = [name for row in rows for name in (row.original, row.output) if name]
    if sum((folder / name).stat().st_size for name in names) > EMBEDDED_MAX_BYTES:
        return {name: quote(name) for name in names}
    return {name: _embedded(folder / name) for name in names}


def _embedded(path: Path) -> str:
    return "data:audio/flac;base64," + base64.b64encode(path.read_bytes()).decode("ascii")
