"""Small charts of bars and lines, painted in the theme's colours; what is pointed at is told in words."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from rvcstudio.ui import theme

LEFT, RIGHT, TOP, BOTTOM = 44, 12, 20, 24  # px for labels
HEIGHT = 190
WRITING = 11  # px
NICE = (1, 2, 2.5, 5, 10)

Kind = Literal["accent", "good", "warn", "bad", "wave"]


@dataclass(frozen=True, slots=True)
class Axis:
    """Which values a side shows, and which of them are labelled."""

    low: float
    high: float
    ticks: Sequence[tuple[float, str]] = ()

    def share(self, value: float) -> float:
        """Return 0 for the lowest value and 1 for the highest; what lies outside is moved to the edge."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `start` to `stop` on the horizontal axis; `text` is told when it is pointed at."""

    start: float
    stop: float
    height: float
    kind: Kind = "wave"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A dashed line across the chart with its name."""

    place: float
    name: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that a chart shows."""

    across: Axis = Axis(0, 1)
    up: Axis = Axis(0, 1)
    bars: Sequence[Bar] = ()
    line: Sequence[tuple[float, float]] = ()
    marks: Sequence[Mark] = ()
    gap: float = field(default=1.0)
    """Px between bars."""


class Chart(QWidget):
    """A chart; `picked` tells the number of a bar that was clicked."""

    picked = Signal(int)

    def __init__(self, name: str, height: int = HEIGHT) -> None:
        super().__init__(objectName=name)
        self._drawing = Drawing()
        self._height = height
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(320, self._height)

    def show_drawing(self, drawing: Drawing, description: str) -> None:
        """Show something else; the description is for those who do not see it."""
        self._drawing = drawing
        self.setAccessibleName(description)
        self.update()

    @property
    def drawing(self) -> Drawing:
        return self._drawing

    @property
    def _area(self) -> QRectF:
        return QRectF(LEFT, TOP, self.width() - LEFT - RIGHT, self.height() - TOP - BOTTOM)

    def _x(self, value: float) -> float:
        return self._area.left() + self._drawing.across.share(value) * self._area.width()

    def _y(self, value: float) -> float:
        return self._area.bottom() - self._drawing.up.share(value) * self._area.height()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            font = self.font()
            font.setPixelSize(WRITING)
            painter.setFont(font)
            self._draw_axes(painter)
            self._draw_bars(painter)
            self._draw_curve(painter)
            self._draw_marks(painter)

    def _draw_axes(self, painter: QPainter) -> None:
        tokens, area = theme.current(), self._area
        for value, label in self._drawing.up.ticks:
            y = self._y(value)
            painter.setPen(QPen(QColor(tokens.line), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(tokens.muted))
            place = QRectF(0, y - 8, LEFT - 6, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, label)
        painter.setPen(QPen(QColor(tokens.field_line), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        for value, label in self._drawing.across.ticks:
            x = self._x(value)
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 4))
            painter.setPen(QColor(tokens.muted))
            painter.drawText(QRectF(x - 40, area.bottom() + 6, 80, 16), Qt.AlignmentFlag.AlignCenter, label)

    def _draw_bars(self, painter: QPainter) -> None:
        tokens = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        for bar in self._drawing.bars:
            left, right, top = self._x(bar.start), self._x(bar.stop), self._y(bar.height)
            width = max(right - left - self._drawing.gap, 1.0)
            painter.setBrush(QColor(getattr(tokens, bar.kind)))
            painter.drawRoundedRect(QRectF(left, top, width, self._area.bottom() - top), 1.5, 1.5)

    def _draw_curve(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(theme.current().accent), 1.75))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([QPointF(self._x(x), self._y(y)) for x, y in self._drawing.line]))

    def _draw_marks(self, painter: QPainter) -> None:
        tokens, area = theme.current(), self._area
        for mark in self._drawing.marks:
            x = self._x(mark.place)
            painter.setPen(QPen(QColor(tokens.text), 1.25, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(QColor(tokens.text))
            width = painter.fontMetrics().horizontalAdvance(mark.name)
            left = min(max(x - width / 2, 0.0), self.width() - width - 2.0)
            painter.drawText(QPointF(left, area.top() - 6), mark.name)

    def _bar_at(self, x: float) -> int | None:
        found = (
            number
            for number, bar in enumerate(self._drawing.bars)
            if self._x(bar.start) <= x <= max(self._x(bar.stop), self._x(bar.start) + 1)
        )
        return next(found, None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        number = self._bar_at(event.position().x())
        self.setToolTip("" if number is None else self._drawing.bars[number].text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        number = self._bar_at(event.position().x())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(number)


def ticks(highest: float, count: int, unit: str = "") -> list[tuple[float, str]]:
    """Return about so many round values from 0 to the highest, with their labels."""
    rough = max(highest, 1e-9) / count
    power = 10 ** math.floor(math.log10(rough))
    step = next(nice * power for nice in NICE if nice * power >= rough)
    return [(place * step, f"{place * step:.6g}{unit}") for place in range(int(highest / step + 1e-9) + 1)]
