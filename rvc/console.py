"""What a person or a script sees of the events: bars and sentences, or one JSON object a line."""

import math
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column

from rvc import events

LIST_MAX = 8
PLAIN_INTERVAL_S = 15.0  # between two lines of one phase where no bar can be drawn

PHASES = {
    "inspect": "Checking the recordings",
    "estimate": "Measuring this machine",
    "prepare": "Preparing",
    "listen": "Listening to the voice",
    "train": "Training",
    "index": "Building the index",
    "convert": "Converting",
    "reconstruct": "Testing on held-out takes",
    "overlap": "Comparing with the training",
    "judge": "Judging the results",
    "report": "Writing the report",
    "separate": "Taking voice and music apart",
    "live": "Converting block by block",
    "look": "Looking",
    "fetch": "Fetching",
    "check": "Checking",
    "compare": "Comparing",
    "measure": "Measuring",
    "growth": "Measuring growth",
    "load": "Measuring loading",
    "examine": "Examining packages",
    "install": "Installing",
    "undo": "Undoing",
    "export": "Exporting",
    "unpack": "Unpacking",
    "clear": "Clearing",
}
"""What is done in a phase, by its name or, where a name follows, its first word."""


def duration(seconds: float) -> str:
    """Say a duration the way people do: "8 s", "3 min 20 s", "1 h 05 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def size(count: float) -> str:
    """Say a number of bytes the way people do: "340 kB", "12.5 MB", "1.2 GB"."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6)):
        if count >= scale:
            return f"{count / scale:.1f} {unit}"
    return f"{count / 1e3:.0f} kB"


def amount(event: events.Progress) -> str:
    """Say how much of a phase is done in what it counts, or the share of what nobody would count by hand."""
    done, total = event.step, event.total
    match event.unit:
        case "steps":
            return f"step {done} of {total}"
        case "seconds":
            return f"{duration(done)} of {duration(total)} of audio"
        case "bytes":
            return f"{size(done)} of {size(total)}"
        case "files" | "takes" | "clips" | "packages" | "runs" as unit:
            return f"{done} of {total} {unit if total != 1 else unit[:-1]}"
    return f"{100 * done // total}%"


class JsonLines:
    """Prints every event as a JSON line on standard output."""

    def __call__(self, event: events.Event) -> None:
        print(event.model_dump_json(), flush=True)

    def close(self) -> None:
        sys.stdout.flush()


class Plain:
    """Prints sentences, and a line of progress now and then: for log files and pipes."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def __call__(self, event: events.Event) -> None:
        match event:
            case events.Progress():
                self._progress(event)
            case events.Log():
                print(_sentence(event), file=sys.stderr, flush=True)
            case events.Done() | events.Failed():
                say_end(event)

    def _progress(self, event: events.Progress) -> None:
        finished = 0 < event.total <= event.step
        last = 0.0 if event.step == 0 else self._last.get(event.phase, 0.0)
        if not event.total:
            return
        due = time.monotonic() - last >= PLAIN_INTERVAL_S
        if not (due or (finished and last < math.inf)):
            return
        self._last[event.phase] = math.inf if finished else time.monotonic()
        left = "" if finished or event.eta_s is None else f", {duration(event.eta_s)} left"
        print(f"{_title(event.phase)}: {amount(event)}{left}", file=sys.stderr, flush=True)

    def close(self) -> None:
        sys.stderr.flush()


class Bars:
    """Draws a bar with the time left for every phase, and sentences above the bars."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._tasks: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}", table_column=Column(min_width=26)),
            BarColumn(bar_width=36),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            TextColumn("[dim]{task.fields[note]}"),
            console=self._console,
        )
        self._progress.start()

    def __call__(self, event: events.Event) -> None:
        match event:
            case events.Progress():
                self._advance(event)
            case events.Log():
                style = "yellow" if event.level == "warning" else "default"
                self._console.print(f"[{style}]{escape(_sentence(event))}[/]")
            case events.Metrics():
                self._note(event)
            case events.Done() | events.Failed():
                self.close()
                say_end(event)

    def _advance(self, event: events.Progress) -> None:
        task = self._tasks.get(event.phase)
        if task is None or event.step < self._progress.tasks[task].completed:
            task = self._progress.add_task(_title(event.phase), total=event.total or None, left="", note="")
            self._tasks[event.phase] = task
        left = f"{duration(event.eta_s)} left" if event.eta_s else ""
        self._progress.update(task, completed=event.step, total=event.total or None, left=left)

    def _note(self, event: events.Metrics) -> None:
        if "train" in self._tasks:
            name, value = next(iter(event.values.items()))
            self._progress.update(self._tasks["train"], note=f"{name.removeprefix('loss_')} {value:.3g}")

    def close(self) -> None:
        self._progress.stop()


def say_end(event: events.Done | events.Failed) -> None:
    """Print how the work ended: the result on standard output, a failure on standard error."""
    if isinstance(event, events.Failed):
        print(f"{event.text} {event.hint}".strip(), file=sys.stderr, flush=True)
        return
    for line in [*_lines(event.summary), *_lines(event.artifacts)]:
        print(line)
    sys.stdout.flush()


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    """Lay out names and values in two columns; a `note` stands by itself."""
    if note := values.get("note"):
        yield from (str(note), "")
    shown = {name: value for name, value in values.items() if name != "note" and value is not None}
    width = max(map(len, shown), default=0)
    for name, value in shown.items():
        yield f"{name.replace('_', ' '):<{width}}  {_readable(value)}"


def _readable(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_readable(part)}" for name, part in value.items() if part is not None)
    if isinstance(value, list):
        return ", ".join(map(_readable, value)) if len(value) <= LIST_MAX else f"{len(value)} of them"
    return str(value)


def _title(phase: str) -> str:
    verb, _, rest = phase.partition(" ")
    return f"{PHASES.get(verb, verb[:1].upper() + verb[1:])} {rest}".rstrip()


def _sentence(event: events.Log) -> str:
    return f"Warning: {event.text}" if event.level == "warning" else event.text


def listener(*, as_json: bool) -> JsonLines | Plain | Bars:
    """Choose how events are shown: JSON when asked for, bars on a terminal, plain lines elsewhere."""
    if as_json:
        return JsonLines()
    return Bars() if sys.stderr.isatty() else Plain()
