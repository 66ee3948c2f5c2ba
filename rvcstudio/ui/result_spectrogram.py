"""Pictures of short recordings: frequency up to 12 kHz over time, as dark or light as it is loud."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

WINDOW_S, HOP_S = 0.032, 0.008
TOP_HZ = 12_000
RANGE_DB = 80
LONGEST_S = 20.0
HEIGHT = 96
COLOURS = ((0.0, (12, 12, 28)), (0.45, (92, 60, 160)), (0.75, (226, 110, 110)), (1.0, (255, 236, 190)))


def draw(file: Path) -> QImage | None:
    """Return the picture of a recording, None where it cannot be read. Takes a while: call it in a task."""
    try:
        import soundfile

        wave, rate = soundfile.read(file, dtype="float32", always_2d=True, frames=-1)
    except (ImportError, RuntimeError, OSError):
        return None
    levels = _levels(wave[: int(LONGEST_S * rate)].mean(axis=1), rate)
    if levels is None:
        return None
    pixels = np.ascontiguousarray(_table()[(255 * levels).astype(np.uint8)])
    height, width, _ = pixels.shape
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _levels(wave: np.ndarray, rate: int) -> np.ndarray | None:
    """Return how loud a wave (N,) is, 0 to 1 over 80 dB: (frequencies from high to low, times)."""
    size, hop = int(WINDOW_S * rate), int(HOP_S * rate)
    if len(wave) < size:
        return None
    frames = np.lib.stride_tricks.sliding_window_view(wave, size)[::hop] * np.hanning(size)
    power = np.abs(np.fft.rfft(frames)) ** 2
    kept = power[:, : max(2, int(TOP_HZ * size / rate))]
    decibels = 10 * np.log10(np.maximum(kept, 1e-12))
    return np.clip((decibels - decibels.max() + RANGE_DB) / RANGE_DB, 0, 1).T[::-1]


def _table() -> np.ndarray:
    """Return the colours (256, 3) of levels."""
    places = [place for place, _ in COLOURS]
    at = np.linspace(0, 1, 256)
    return np.stack(
        [np.interp(at, places, [colour[band] for _, colour in COLOURS]) for band in range(3)], axis=1
    ).astype(np.uint8)


class SpectrogramView(QWidget):
    """Shows a picture over its whole width."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._image: QImage | None = None
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_image(self, image: QImage | None) -> None:
        self._image = image
        self.setVisible(image is not None)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._image is None:
            painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.AlternateBase))
        else:
            painter.drawImage(QRect(0, 0, self.width(), self.height()), self._image)
