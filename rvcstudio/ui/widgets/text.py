"""Text and icons that only show."""

from typing import Literal

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from rvcstudio.ui import icons

Look = Literal[
    "display", "title", "heading", "strong", "body", "muted", "caption", "good", "warn", "bad",
    "chip", "chip-good", "chip-warn", "chip-bad", "chip-accent",
]  # fmt: skip


def dress(widget: QWidget, **properties: object) -> None:
    """Set properties that the style sheet asks for, and have it look again."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class Label(QLabel):
    """Plain text in one of the looks; long text wraps where it may."""

    def __init__(self, look: Look = "body", *, name: str = "", wrap: bool = False, text: str = "") -> None:
        super().__init__(text)
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)  # names may hold anything
        self.setWordWrap(wrap)
        self.setProperty("look", look)
        if look.startswith("chip"):
            self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_look(self, look: Look) -> None:
        dress(self, look=look)


class IconLabel(QLabel):
    """An icon that follows the theme. Give it an accessible name where it says more than the text beside it."""

    def __init__(self, icon: str, colour: str = "muted", size: int = icons.SIZE) -> None:
        super().__init__()
        self._icon, self._colour, self._size = icon, colour, size
        self.setFixedSize(size, size)
        self._draw()

    def show_icon(self, icon: str, colour: str) -> None:
        """Show another icon, in the colour of a token."""
        self._icon, self._colour = icon, colour
        self._draw()

    def _draw(self) -> None:
        self.setPixmap(icons.pixmap(self._icon, self._colour, self._size))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
