"""The command that looks at this machine."""

import argparse
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from rvc.commands.command import Command
from rvc.commands.output import show
from rvc.errors import Error
from rvc.events import Done, Reporter

if TYPE_CHECKING:
    from rvc.doctor.finding import Finding

STYLES = {"ok": "green", "warning": "yellow", "problem": "bold red"}


def _doctor_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--folder", nargs="+", type=Path, default=[], metavar="DIR", help="look at these folders too"
    )


def _doctor(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.doctor.diagnosis import diagnose

    findings: list[Finding] = []
    for finding in diagnose({f"folder {number}": path for number, path in enumerate(arguments.folder, 1)}):
        reporter.emit(finding)
        findings.append(finding)
    if not arguments.json:
        show(line for finding in findings for line in rows(finding))
    counts = Counter(finding.level for finding in findings)
    if counts["problem"]:
        raise Error(
            "not_ready",
            f"RVC Studio cannot work here yet: {count(counts['problem'], 'problem')}.",
            "Do what stands beside each, and run `rvc doctor` again.",
        )
    summary = {"ok": counts["ok"], "warnings": counts["warning"], "problems": 0}
    return Done(summary=summary if arguments.json else {"note": _verdict(counts["warning"])})


def rows(finding: "Finding") -> list[tuple[str | Text, ...]]:
    """Lay a finding out: its level and sentence, and what to do about it."""
    lines: list[tuple[str | Text, ...]] = [(Text(finding.level, STYLES[finding.level]), finding.text)]
    if finding.action:
        lines.append(("", Text(f"→ {finding.action}", "dim" if finding.level == "ok" else "")))
    return lines


def _verdict(warnings: int) -> str:
    rest = f", with {count(warnings, 'warning')}" if warnings else ""
    return f"RVC Studio can work here{rest}."


def count(number: int, noun: str) -> str:
    """Say how many there are of a thing."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


DOCTOR = Command(
    "doctor",
    "look at this machine: what works, what is missing, and what to do about it",
    """
    Every line is ok, a warning, or a problem that prevents work; each of the latter two has one thing to do.
    Ends with 0 unless there is a problem.

    Example: rvc doctor
    """,
    _doctor_arguments,
    _doctor,
)
