"""How a take is drawn: its wave as lines from the lowest to the highest sample, or its spectrum in shades."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from rvcstudio.dataset import spectrogram, waves
from rvcstudio.dataset.peaks import Peaks
from rvcstudio.ui.style import mix
from rvcstudio.ui.tokens import Tokens
from rvcstudio.ui.waveform.window import Window

DOTS_FROM = 6.0  # px between samples
SHADES = 256
LABELS_HZ = ((200, "200"), (1000, "1 k"), (3000, "3 k"), (6000, "6 k"), (12000, "12 k"))
HALF = 0.5  # of full scale: -6 dBFS


def draw_wave(painter: QPainter, peaks: Peaks, window: Window, area: QRectF, colour: QColor) -> None:
    """Draw what of a take is in the window into the area."""
    if window.samples < window.width:
        _draw_samples(painter, peaks, window, area, colour)
        return
    lows, highs = peaks.between(window.start, window.stop, window.width)
    middle, scale = area.center().y(), area.height() / 2
    tops, bottoms = middle - highs * scale, middle - lows * scale + 1
    xs = area.left() + np.arange(window.width)
    outline = np.concatenate([np.stack([xs, tops], 1), np.stack([xs, bottoms], 1)[::-1]])
    painter.setPen(QPen(colour, 1))
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in outline.tolist()]))


def _draw_samples(painter: QPainter, peaks: Peaks, window: Window, area: QRectF, colour: QColor) -> None:
    """Draw single samples, joined, and as dots where there is room."""
    first = max(0, int(window.start) - 1)
    wave = waves.read(peaks.file, first, int(window.stop) + 2)
    xs = [area.left() + window.place(first + number) for number in range(len(wave))]
    ys = (area.center().y() - wave * area.height() / 2).tolist()
    points = [QPointF(x, y) for x, y in zip(xs, ys, strict=True)]
    painter.setPen(QPen(colour, 1.5))
    painter.drawPolyline(QPolygonF(points))
    if window.width / window.samples >= DOTS_FROM:
        painter.setBrush(colour)
        for point in points:
            painter.drawEllipse(point, 2.5, 2.5)


def draw_scale(painter: QPainter, area: QRectF, tokens: Tokens) -> None:
    """Draw the zero line, and the lines of -6 dBFS."""
    painter.setPen(QPen(QColor(tokens.line), 1))
    for level in (-HALF, 0.0, HALF):
        y = round(area.center().y() - level * area.height() / 2) + 0.5
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))


def spectrum(peaks: Peaks, window: Window, rows: int) -> QImage:
    """Return the shades of a take's spectrum, without their colours. Slow: for tasks."""
    levels = spectrogram.load(peaks.file, window.start, window.stop, window.width, rows)
    image = QImage(
        levels.data, levels.shape[1], levels.shape[0], levels.strides[0], QImage.Format.Format_Indexed8
    )
    return image.copy()  # with memory of its own


def colour_table(tokens: Tokens) -> list[int]:
    """Return a colour for every shade, from the ground over the accent to the text."""
    ground, accent, text = tokens.field, tokens.accent, tokens.text
    half = SHADES // 2
    quiet = [mix(ground, accent, (shade / half) ** 1.5) for shade in range(half)]
    loud = [mix(accent, text, shade / half) for shade in range(half)]
    return [QColor(colour).rgb() for colour in quiet + loud]


def draw_frequencies(painter: QPainter, area: QRectF, highest: float, tokens: Tokens) -> None:
    """Write frequencies along the left edge of a spectrum."""
    painter.setPen(QColor(tokens.muted))
    for hertz, label in LABELS_HZ:
        if hertz < 0.95 * highest:
            y = area.bottom() - float(spectrogram.place(hertz, highest)) * area.height()
            painter.drawLine(QPointF(area.left(), y), QPointF(area.left() + 4, y))
            painter.drawText(QPointF(area.left() + 7, y + 4), label)
