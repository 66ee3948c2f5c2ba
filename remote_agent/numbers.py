"""What an agent counts of itself, as Prometheus reads it."""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

Labels = TypeVar("Labels", bound=tuple[str, ...])

MEDIA_TYPE = "text/plain; version=0.0.4"


@dataclass(slots=True)
class Numbers:
    """Counts since the start. Touched by the event loop only."""

    started: float = field(default_factory=time.monotonic)
    requests: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By method, route and status."""
    seconds: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    received_bytes: int = 0
    sent_bytes: int = 0

    def count(self, labels: tuple[str, str, str], seconds: float) -> None:
        self.requests[labels] += 1
        self.seconds[labels] += seconds  # type: ignore[assignment]  # a Counter adds floats as well

    @property
    def up_s(self) -> float:
        return time.monotonic() - self.started


REQUEST_LABELS = ("method", "route", "status")


def family(
    name: str, kind: str, help_text: str, samples: Mapping[Labels, float], labels: Iterable[str] = ()
) -> str:
    """Write a family of numbers: one for every combination of its labels' values."""
    lines = [f"# HELP {name} {help_text}", f"# TYPE {name} {kind}"]
    for values, number in sorted(samples.items()):
        pairs = ",".join(f'{label}="{_escape(value)}"' for label, value in zip(labels, values, strict=True))
        lines.append(f"{name}{{{pairs}}} {number:.10g}" if pairs else f"{name} {number:.10g}")
    return "\n".join(lines) + "\n"


def _escape(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
