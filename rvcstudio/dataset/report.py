"""The engine's report on a voice's takes as the app reads it, kept in the cache until the takes are others."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from rvc import paths
from rvc.errors import InputError
from rvc.events import Reporter
from rvcstudio.companion import Engine
from rvcstudio.library import Take

log = logging.getLogger(__name__)

FOLDER, FILE = "reports", "answer.json"

Grade = Literal["good", "fair", "poor"]
Severity = Literal["info", "minor", "major", "critical"]
Verdict = Literal["ready", "usable", "record_again"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Fault(_Part):
    """Something wrong with a take."""

    code: str
    severity: Severity


class Measures(_Part):
    """Figures of a take; None where they cannot be told."""

    seconds: float
    usable_s: float
    loudness_lufs: float | None
    snr_db: float | None
    speech_dbfs: float
    bandwidth_hz: float


class Row(_Part):
    """A take: how good it is, and why."""

    name: str
    file: str
    grade: Grade
    faults: tuple[Fault, ...]
    measures: Measures

    @property
    def wrong(self) -> tuple[str, ...]:
        """The codes of what is wrong with it, the worst first; not what is only good to know."""
        return tuple(fault.code for fault in self.faults if fault.severity != "info")


class Finding(_Part):
    """Something to know of the set, and the takes that have it."""

    code: str
    severity: Severity
    takes: tuple[str, ...]


class Summary(_Part):
    """The set in figures."""

    recorded_s: float
    usable_s: float
    snr_db: float | None
    noise_dbfs: float | None
    speech_dbfs: float
    bandwidth_hz: float
    pitch_hz: float | None


class Report(_Part):
    """What the engine found."""

    verdict: Verdict
    summary: Summary
    findings: tuple[Finding, ...]
    takes: tuple[Row, ...]
    levels: tuple[int, ...]
    pitch: tuple[int, ...]
    spectrum_db: tuple[float, ...]


class Said(_Part):
    """A finding in words."""

    title: str
    text: str
    extent: str
    action: str


class Card(_Part):
    """A figure in words."""

    name: str
    value: str
    text: str


class Words(_Part):
    """The report in one language."""

    verdict: str
    verdict_text: str
    findings: tuple[Said, ...]
    cards: tuple[Card, ...]
    titles: dict[str, str]
    skipped: tuple[str, ...]


class Answer(_Part):
    """A report, what to say of it in each language, and what its histograms are over."""

    report: Report
    words: dict[str, Words]
    level_edges_dbfs: tuple[float, ...]
    pitch_edges_hz: tuple[float, ...]
    spectrum_band_hz: float
    files: tuple[str, ...] = ()
    """The names of the takes' files, sorted: an edited take has another."""

    def rows(self) -> dict[str, Row]:
        """Return the takes by the names of their files."""
        return {row.file: row for row in self.report.takes}

    def is_of(self, takes: Sequence[Take]) -> bool:
        """Tell whether these takes are what was looked at."""
        return self.files == _names(takes)

    def takes_of(self, finding: Finding, takes: Sequence[Take]) -> list[Take]:
        """Return the takes that have a finding, those that are left out by now not among them."""
        files = {row.name: row.file for row in self.report.takes}
        wanted = {files.get(name, name) for name in finding.takes}
        return [take for take in takes if take.file.name in wanted and not take.excluded]


def included(takes: Sequence[Take]) -> list[Take]:
    return [take for take in takes if not take.excluded]


def ask(engine: Engine, voice_id: str, takes: Sequence[Take], language: str, reporter: Reporter) -> Answer:
    """Have the engine look at the takes that are not left out. Raises `Error`; slow: for tasks."""
    used = included(takes)
    if not used:
        raise InputError("no_takes", "There are no takes to look at.", "Record some, or let some in again.")
    folder = _folder(voice_id)
    params = {"files": [take.file for take in used], "out": folder, "language": language}
    answer = Answer.model_validate({**engine.call("report", params, reporter), "files": _names(used)})
    paths.write_text(folder / FILE, answer.model_dump_json())
    return answer


def kept(voice_id: str) -> Answer | None:
    """Return the last report on a voice, None where there is none that can be read."""
    try:
        return Answer.model_validate_json((_folder(voice_id) / FILE).read_bytes())
    except OSError:
        return None
    except ValidationError:
        log.info("the kept report is of another version")
        return None


def page(voice_id: str) -> Path:
    """Return where the report is as a page for browsers."""
    return _folder(voice_id) / "quality.html"


def _folder(voice_id: str) -> Path:
    return paths.cache_dir() / FOLDER / voice_id


def _names(takes: Sequence[Take]) -> tuple[str, ...]:
    return tuple(sorted(take.file.name for take in included(takes)))
