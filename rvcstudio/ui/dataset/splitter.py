"""Parts above each other, parted by a handle that is seen but does not stand out."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle

from rvcstudio.ui import theme

HANDLE, GRIP_WIDTH, GRIP_HEIGHT = 12, 36, 4  # px


class Splitter(QSplitter):
    """A splitter whose parts cannot be closed by dragging."""

    def __init__(self, name: str) -> None:
        super().__init__(Qt.Orientation.Vertical, objectName=name)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(HANDLE)

    def createHandle(self) -> QSplitterHandle:  # noqa: N802 - Qt's name
        return Grip(self.orientation(), self)


class Grip(QSplitterHandle):
    """A short bar in the middle."""

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.current().line))
            grip = QRectF(0, 0, GRIP_WIDTH, GRIP_HEIGHT)
            grip.moveCenter(QRectF(self.rect()).center())
            painter.drawRoundedRect(grip, GRIP_HEIGHT / 2, GRIP_HEIGHT / 2)
