"""The round picture of a voice: its photo, or its initial on its colour."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImageReader, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from rvcstudio.library import Voice
from rvcstudio.ui import icons

MAX_PIXELS = 40_000_000  # of a photo that is decoded at all


class Avatar(QWidget):
    """Draws a voice; colour alone never tells voices apart, their initials do."""

    def __init__(self, size: int = 48) -> None:
        super().__init__()
        self.setFixedSize(size, size)
        self._colour, self._initial = "#5A4FCF", ""
        self._photo: Path | None = None

    def show_voice(self, voice: Voice) -> None:
        self.show_parts(voice.name, voice.colour, voice.photo)
        self.setAccessibleName(voice.name)

    def show_parts(self, name: str, colour: str, photo: Path | None) -> None:
        self._initial, self._colour, self._photo = initial(name), colour, photo
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        circle = QPainterPath()
        circle.addEllipse(QRectF(self.rect()))
        painter.fillPath(circle, QColor(self._colour))
        photo = _photo(self._photo, round(self.width() * self.devicePixelRatioF()))
        if photo is not None:
            painter.setClipPath(circle)
            painter.drawPixmap(self.rect(), photo)
            return
        if not self._initial:
            side = round(self.width() * 0.5)
            corner = (self.width() - side) // 2
            painter.drawPixmap(corner, corner, icons.pixmap("user", "#FFFFFF", side))
            return
        painter.setPen(QColor("#FFFFFF"))
        font = QFont(self.font())
        font.setPixelSize(round(self.width() * 0.42))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._initial)


def initial(name: str) -> str:
    """Return the first letter of a name, or its first character where it has none."""
    return next((letter.upper() for letter in name if letter.isalnum()), name[:1])


@lru_cache(maxsize=200)
def _photo(file: Path | None, size: int) -> QPixmap | None:
    """Read the middle square of a photo, or None where there is none that can be read."""
    if file is None:
        return None
    reader = QImageReader(str(file))
    reader.setAutoTransform(True)
    found = reader.size()
    if found.isEmpty() or found.width() * found.height() > MAX_PIXELS:
        return None
    reader.setScaledSize(found.scaled(QSize(size, size), Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    if image.isNull():
        return None
    left, top = (image.width() - size) // 2, (image.height() - size) // 2
    return QPixmap.fromImage(image.copy(left, top, size, size))
