"""Curves over the steps of a training: as measured, smoothed, and with the step that is kept."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QWidget

from rvcstudio.ui import theme
from rvcstudio.ui.widgets import Label, column

SMOOTHING = 0.8  # weight of the past from one point to the next
HEIGHT = 168
FAINT = 90  # of 255: how much of the unsmoothed curve is seen
FEW = 12  # points that are drawn as they are, with marks


def smooth(values: Sequence[float], weight: float = SMOOTHING) -> np.ndarray:
    """Return a running mean (N,) whose weights fall off exponentially to both sides, so that it does not lag."""
    wave = np.asarray(values, float)
    sums = _fading(wave, weight) + _fading(wave[::-1], weight)[::-1] - wave
    ones = (1 - weight ** np.arange(1, len(wave) + 1)) / (1 - weight)  # the same of ones
    return sums / (ones + ones[::-1] - 1)


def _fading(wave: np.ndarray, weight: float) -> np.ndarray:
    """Return running sums (N,) in which what is past fades by `weight` with every step."""
    sums, total = np.empty(len(wave)), 0.0
    for place, value in enumerate(wave.tolist()):
        total = weight * total + value
        sums[place] = total
    return sums


class CurveChart(QWidget):
    """One or two curves with a name, a sentence for those who do not see them, and the mark of the best step."""

    def __init__(self, name: str, colours: Sequence[str] = ("accent",)) -> None:
        super().__init__()
        self.setObjectName(name)
        self._tokens = colours
        self._name = Label("strong")
        self._text = Label("caption", wrap=True)
        self._plot = pyqtgraph.PlotWidget(background=None)
        self._plot.setStyleSheet("background: transparent; border: none")
        self._plot.setFixedHeight(HEIGHT)
        self._plot.setMenuEnabled(False)
        self._plot.hideButtons()
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setClipToView(True)
        self._plot.setDownsampling(auto=True, mode="peak")
        self._raw = [self._plot.plot() for _ in colours]
        self._smooth = [self._plot.plot() for _ in colours]
        self._best = pyqtgraph.InfiniteLine(angle=90)
        self._best.setVisible(False)
        self._plot.addItem(self._best)
        layout = column(self._name, self._plot, self._text, gap=4)
        self.setLayout(layout)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._dress()

    def say(self, name: str, text: str) -> None:
        """Set what the curves are, and what they tell."""
        self._name.setText(name)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(name)
        self.setAccessibleDescription(text)

    def show_curve(self, steps: Sequence[int], values: Sequence[float], number: int = 0) -> None:
        """Draw a curve in place of what it was before."""
        few = len(values) <= FEW
        raw, line = self._raw[number], self._smooth[number]
        raw.setData([] if few else steps, [] if few else values)
        line.setData(steps, values if few else smooth(values))
        line.setSymbol("o" if few else None)

    def mark(self, step: int | None) -> None:
        """Mark the step whose model is kept."""
        self._best.setVisible(step is not None)
        if step is not None:
            self._best.setValue(step)

    @property
    def marked(self) -> float | None:
        return float(self._best.value()) if self._best.isVisible() else None

    def _dress(self) -> None:
        colours = theme.current()
        for token, raw, line in zip(self._tokens, self._raw, self._smooth, strict=True):
            ink = QColor(getattr(colours, token))
            line.setPen(pyqtgraph.mkPen(ink, width=2))
            line.setSymbolBrush(ink)
            line.setSymbolPen(ink)
            line.setSymbolSize(6)
            faint = QColor(ink)
            faint.setAlpha(FAINT)
            raw.setPen(pyqtgraph.mkPen(faint, width=1))
        self._best.setPen(pyqtgraph.mkPen(colours.good, width=2, style=Qt.PenStyle.DashLine))
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(pyqtgraph.mkPen(colours.line))
            axis.setTextPen(pyqtgraph.mkPen(colours.muted))
            axis.setStyle(tickLength=-4)
        self._plot.getAxis("bottom").enableAutoSIPrefix(False)
        self._plot.getAxis("left").enableAutoSIPrefix(False)
        self._plot.showGrid(y=True, alpha=0.15)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(220, HEIGHT + 40)


class Legend(Label):
    """Names of curves in their colours, each with the sign that tells it apart without them."""

    def __init__(self, tokens: Sequence[str]) -> None:
        super().__init__("caption")
        self.setTextFormat(Qt.TextFormat.RichText)
        self._tokens, self._names = tokens, tuple("" for _ in tokens)

    def say(self, *names: str) -> None:
        self._names = names
        colours = theme.current()
        self.setText(
            " &nbsp; ".join(
                f'<span style="color:{getattr(colours, token)}">━</span> {name}'
                for token, name in zip(self._tokens, names, strict=True)
            )
        )

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and all(self._names):
            self.say(*self._names)
