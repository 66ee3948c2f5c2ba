"""The dataset report for the app: figures for its pictures, and what there is to say, in both languages."""

from pathlib import Path
from typing import Any, get_args

from rvc.config import PrepareConfig
from rvc.events import Reporter
from rvc.names import shown
from rvc.quality import page
from rvc.quality.inspection import inspect
from rvc.quality.measures import LEVEL_EDGES_DBFS, PITCH_EDGES_HZ, Listeners
from rvc.quality.report import QualityReport
from rvc.quality.spectrum import BAND_HZ
from rvc.testing.report import Language


def report(params: dict[str, Any], reporter: Reporter, loaded: dict[str, Any]) -> dict[str, Any]:
    """Report on `files` as `inspect` does, with `quality.json` and `quality.html` in the folder `out`."""
    if "listeners" not in loaded:
        loaded["listeners"] = Listeners.load()
    files, language = [Path(file) for file in params["files"]], params.get("language", "en")
    out, config = Path(params["out"]), PrepareConfig()
    found = inspect(files, out, config, reporter, language=language, listeners=loaded["listeners"])
    return {
        "report": found.model_dump(mode="json"),
        "words": {language: _words(found, page.Words.of(language)) for language in get_args(Language)},
        "level_edges_dbfs": LEVEL_EDGES_DBFS.tolist(),
        "pitch_edges_hz": PITCH_EDGES_HZ.tolist(),
        "spectrum_band_hz": BAND_HZ,
    }


def _words(found: QualityReport, words: page.Words) -> dict[str, Any]:
    """Say the report in one language."""
    total = len(found.takes)
    return {
        "verdict": words.text["verdict"][found.verdict],
        "verdict_text": words.text["verdict_text"][found.verdict],
        "findings": [_finding(words.finding(finding, total)) for finding in found.findings],
        "cards": page.cards(found, words),
        "titles": {code: text["title"] for code, text in words.text["findings"].items()},
        "skipped": [shown(f"{one.file} {one.reason}.") for one in found.skipped],
    }


def _finding(finding: page.ShownFinding) -> dict[str, str]:
    return {"title": finding.title, "text": finding.text, "extent": finding.extent, "action": finding.action}
