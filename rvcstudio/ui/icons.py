"""The app's own icons: strokes on a 24 px grid in `resources/icons`, drawn in the colours of the moment."""

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from rvc import paths
from rvcstudio.ui import theme

SIZE = 20  # px, in buttons


@cache
def _drawing(name: str) -> str:
    return paths.resource(f"icons/{name}.svg").read_text(encoding="utf-8")


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", colour).encode()))


class StrokeEngine(QIconEngine):
    """Draws an icon anew whenever it is painted, so that a change of theme needs no new icons."""

    def __init__(self, name: str, colour: str = "") -> None:
        """Draw in the colour of a token, or as the state of the button asks."""
        super().__init__()
        self._name, self._colour = name, colour

    def clone(self) -> QIconEngine:
        return StrokeEngine(self._name, self._colour)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _renderer(self._name, self._tint(mode, state)).render(painter, rect.toRectF())

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return picture

    def _tint(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        tokens = theme.current()
        if mode == QIcon.Mode.Disabled:
            return tokens.field_line
        if self._colour:
            return str(getattr(tokens, self._colour))
        return tokens.accent if state == QIcon.State.On else tokens.muted


def icon(name: str, colour: str = "") -> QIcon:
    """Return an icon by the stem of its file; `colour` is the name of a token, such as "accent" or "bad"."""
    return QIcon(StrokeEngine(name, colour))


def pixmap(name: str, colour: str = "text", size: int = SIZE, ratio: float = 2.0) -> QPixmap:
    """Return an icon as a picture of `size` px for labels; ask again when the theme changes."""
    picture = QPixmap(QSize(size, size) * ratio)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    _renderer(name, colour if colour.startswith("#") else str(getattr(theme.current(), colour))).render(
        painter
    )
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
