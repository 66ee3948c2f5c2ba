"""The report as a page, `quality.html`: one file with pictures, without scripts and without the network."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rvc import paths
from rvc.quality import pictures
from rvc.quality.findings import Severity, rank
from rvc.quality.measures import LEVEL_EDGES_DBFS, Measures
from rvc.quality.report import Finding, QualityReport, TakeRow
from rvc.testing.report import Language

FILE_NAME = "quality.html"
MAX_NAMES = 60  # of recordings told with a finding
MAX_ATTENTION = 100  # rows of the table of recordings
NARROW_SPACE = "\u202f"


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in words."""

    severity: Severity
    title: str
    text: str
    extent: str
    action: str
    names: list[str]
    count: int


@dataclass(frozen=True, slots=True)
class Words:
    """The page's text in one language."""

    language: Language
    text: dict[str, Any]

    @classmethod
    def of(cls, language: Language) -> "Words":
        path = paths.resource(f"report/quality.{language}.json")
        return cls(language, json.loads(path.read_text(encoding="utf-8")))

    def __call__(self, key: str, **values: Any) -> str:
        return self.text[key].format(**values)

    def count(self, key: str, number: int, **values: Any) -> str:
        return self._form(self.text[key], number).format(count=number, **values)

    def verdict(self, report: QualityReport) -> str:
        """Say the verdict, and what it rests on, in one line."""
        label = self.text["verdict"][report.verdict]
        if report.reason is None:
            return f"{label}. {self.text['verdict_text'][report.verdict]}"
        finding = self.finding(report.findings[0], len(report.takes))
        return f"{label}. {finding.title}: {finding.text} {finding.action}"

    def finding(self, finding: Finding, total: int) -> ShownFinding:
        """Say a finding of a set of `total` takes."""
        words = self.text["findings"][finding.code]
        of_takes = finding.takes and finding.code not in ("unreadable", "same_file")
        extent = self.count("in_takes", len(finding.takes), total=total) if of_takes else ""
        action = self.text["few_action"] if finding.is_of_few else words["action"]
        return ShownFinding(
            severity=finding.severity,
            title=words["title"],
            text=_signed(self._form(words["text"], int(finding.params.get("files", 2))), finding.params),
            extent=extent,
            action=_signed(action, finding.params),
            names=finding.takes[:MAX_NAMES] if len(finding.takes) < total else [],
            count=len(finding.takes),
        )

    def figures(self, measures: Measures) -> list[str]:
        """Return what the table of recordings says of one in figures."""
        snr = self.text["unknown"] if measures.snr_db is None else f"{measures.snr_db:.0f}{NARROW_SPACE}dB"
        return [
            f"{measures.seconds:.1f}{NARROW_SPACE}s",
            snr.replace("-", "−"),
            f"{measures.peak_dbfs:.1f}{NARROW_SPACE}dBFS".replace("-", "−"),
            f"{measures.bandwidth_hz / 1000:.1f}{NARROW_SPACE}kHz",
        ]

    def faults(self, row: TakeRow) -> str:
        """Name what a recording has, the worst first."""
        found = [fault for fault in row.faults if rank(fault.severity)]
        return ", ".join(self.text["findings"][fault.code]["title"] for fault in found)

    @staticmethod
    def _form(forms: str | Mapping[str, str], number: int) -> str:
        """Return the form of a text that fits a number."""
        return forms if isinstance(forms, str) else forms["one" if number == 1 else "many"]


def render(report: QualityReport, language: Language = "en") -> str:
    """Return the page."""
    words = Words.of(language)
    total = len(report.takes)
    grades = Counter(row.grade for row in report.takes)
    texts = [f"{row.name}: {words.faults(row) or words.text['grade'][row.grade]}" for row in report.takes]
    pitch = pictures.pitch(report)
    return (
        _environment()
        .get_template("quality.html")
        .render(
            words=words,
            report=report,
            cards=cards(report, words),
            findings=[words.finding(finding, total) for finding in report.findings],
            grades={grade: grades[grade] for grade in ("good", "fair", "poor")},
            attention=_attention(report.takes),
            loudest=int(LEVEL_EDGES_DBFS[report.levels.index(max(report.levels))]),
            timeline=Markup(pictures.timeline(report.takes, texts)),
            levels=Markup(pictures.levels(report, words.text["levels"]["marks"])),
            spectrum=Markup(pictures.spectrum(report)),
            pitch=Markup(pitch) if pitch else None,
        )
    )


def write(report: QualityReport, folder: Path, language: Language = "en") -> Path:
    """Write `quality.html` into `folder`."""
    path = folder / FILE_NAME
    paths.write_text(path, render(report, language))
    return path


def _attention(rows: Sequence[TakeRow]) -> list[TakeRow]:
    """Return the recordings that are not good, the worst first."""
    bad = [row for row in rows if row.grade != "good"]
    return sorted(bad, key=lambda row: (row.grade != "poor", -len(row.faults)))[:MAX_ATTENTION]


def cards(report: QualityReport, words: Words) -> list[dict[str, str]]:
    """Return the figures that the page shows large; those that are not known are left out."""
    one = report.summary
    minutes = {"usable": one.usable_s / 60, "recorded": one.recorded_s / 60, "takes": one.takes}
    rates = {name: rate / 1000 for name, rate in report.rates.items()}
    figures: dict[str, dict[str, Any]] = {
        "usable": minutes,
        "snr": {"snr_db": one.snr_db, "noise_dbfs": one.noise_dbfs},
        "bandwidth": {"khz": one.bandwidth_hz / 1000, **rates},
        "loudness": {"lufs": one.loudness_lufs, "spread": one.loudness_spread_lu or 0.0},
        "pitch": {"middle": one.pitch_hz, "low": one.pitch_low_hz, "high": one.pitch_high_hz},
        "clipped": {"percent": 100 * one.clipped_share},
        "decay": {"decay_s": one.decay_s},
        "voices": {"voices": one.voices},
    }
    return [
        {part: _signed(text, values) for part, text in words.text["cards"][name].items()}
        for name, values in figures.items()
        if all(value is not None for value in values.values())
    ]


def _signed(text: str, values: Mapping[str, Any]) -> str:
    """Fill values into a text; negative ones get a proper minus."""
    filled = text.format(**values)
    return filled.replace(" -", " −") if not filled.startswith("-") else "−" + filled[1:]


def _environment() -> Environment:
    loader = FileSystemLoader(paths.resource("report"))
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
