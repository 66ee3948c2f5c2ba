"""Simple charts as SVG, drawn by hand: no plotting package is loaded, and colours are those of the page's classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

Anchor = Literal["start", "middle", "end"]

LEFT, RIGHT, TOP, BOTTOM = 40, 12, 16, 24  # room for the labels, in the picture's own units
NEAR_END = 0.92  # of the width: a name that is centred beyond would be cut off


@dataclass(frozen=True, slots=True)
class Axis:
    """Where values lie on one side of a picture, and which are labelled."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]] = ()

    def place(self, value: float) -> float:
        """Return 0 for the lowest value and 1 for the highest; what lies outside is moved to the edge."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Column:
    """A bar from `start` to `stop` on the horizontal axis; `text` is shown when it is pointed at."""

    start: float
    stop: float
    height: float
    kind: str = "bars"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A dashed line across a picture; its name stands before it, after it, or in the middle of it."""

    place: float
    name: str = ""
    anchor: Anchor = "middle"


class Chart:
    """One picture of `width` and `height` units with two axes; parts are drawn in the order they are added."""

    def __init__(self, across: Axis, up: Axis, width: int, height: int) -> None:
        self._across, self._up = across, up
        self._width, self._height = width, height
        self._parts: list[str] = []
        self._draw_axes()

    def add_columns(self, columns: Sequence[Column], gap: float = 0.5) -> None:
        for one in columns:
            left, right, top = self._x(one.start), self._x(one.stop), self._y(one.height)
            width, height = max(right - left - gap, 0.4), self._bottom - top
            title = f"<title>{escape(one.text)}</title>" if one.text else ""
            place = f'x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'
            self._parts.append(f'<rect class="{one.kind}" {place}>{title}</rect>')

    def add_line(self, points: Sequence[tuple[float, float]]) -> None:
        path = " ".join(f"{self._x(x):.1f},{self._y(y):.1f}" for x, y in points)
        self._parts.append(f'<polyline class="line" points="{path}"/>')

    def add_marks(self, marks: Sequence[Mark]) -> None:
        for mark in marks:
            x = self._x(mark.place)
            self._parts.append(
                f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{self._bottom}"/>'
            )
            anchor = "end" if self._across.place(mark.place) > NEAR_END else mark.anchor
            self._write(x, TOP - 4, mark.name, anchor, "mark-name")

    def svg(self) -> str:
        inside = "".join(self._parts)
        return f'<svg viewBox="0 0 {self._width} {self._height}" aria-hidden="true">{inside}</svg>'

    @property
    def _bottom(self) -> int:
        return self._height - BOTTOM

    def _x(self, value: float) -> float:
        return LEFT + self._across.place(value) * (self._width - LEFT - RIGHT)

    def _y(self, value: float) -> float:
        return self._bottom - self._up.place(value) * (self._bottom - TOP)

    def _draw_axes(self) -> None:
        right = self._width - RIGHT
        for value, label in self._up.ticks:
            y = self._y(value)
            self._parts.append(f'<line class="axis" x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
            self._write(LEFT - 6, y + 4, label, "end")
        for value, label in self._across.ticks:
            x = self._x(value)
            ends = f'y1="{self._bottom}" y2="{self._bottom + 4}"'
            self._parts.append(f'<line class="axis" x1="{x:.1f}" x2="{x:.1f}" {ends}/>')
            self._write(x, self._bottom + 17, label, "middle")
        self._parts.append(
            f'<line class="axis" x1="{LEFT}" x2="{right}" y1="{self._bottom}" y2="{self._bottom}"/>'
        )

    def _write(self, x: float, y: float, text: str, anchor: Anchor, kind: str = "") -> None:
        if text:
            extra = f' class="{kind}"' if kind else ""
            self._parts.append(
                f'<text{extra} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
            )
