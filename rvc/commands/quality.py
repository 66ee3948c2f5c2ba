"""The command that says whether recordings are fit to train on."""

import argparse
from pathlib import Path

from rvc import options
from rvc.commands.command import Command
from rvc.config import PrepareConfig
from rvc.events import Done, Reporter

CUTTING = ("speakers", "silence_dbfs", "window_s", "overlap_s", "min_clip_s")
"""The settings of a preparation that decide what is usable."""


def _report_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="recordings, or folders of them")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the report")
    parser.add_argument("--language", choices=("en", "ko"), default="en", help="of the report (default: en)")
    others = tuple(name for name in PrepareConfig.model_fields if name not in CUTTING)
    options.add(parser, PrepareConfig, skip=others)


def _report(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    config = options.read(arguments, PrepareConfig)
    return report(arguments.paths, arguments.out, config, reporter, arguments.language)


def report(paths: list[Path], out: Path, config: PrepareConfig, reporter: Reporter, language: str) -> Done:
    """Write the report on recordings into `out`, and return what it comes to."""
    from rvc.quality.inspection import inspect

    found = inspect(paths, out, config, reporter, language="ko" if language == "ko" else "en")
    summary = {
        "verdict": found.verdict,
        "reason": found.reason,
        "usable minutes": found.summary.usable_s / 60,
        "findings": {finding.code: finding.severity for finding in found.findings},
    }
    return Done(
        artifacts={"report": str(out / "quality.html"), "figures": str(out / "quality.json")}, summary=summary
    )


REPORT = Command(
    "report",
    "say whether recordings are fit to train a voice on",
    """
    Measures noise, clipping, room, bandwidth, loudness and pitch, finds copies and other voices, and says what to do.
    Writes quality.html and quality.json. The verdict is one of: ready, usable, record again.

    Example: rvc report recordings/ --out report
    """,
    _report_arguments,
    _report,
)
