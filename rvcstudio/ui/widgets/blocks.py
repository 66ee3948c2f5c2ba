"""Surfaces, and the arrangement of things on them."""

from typing import Literal, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from rvcstudio.ui.tokens import SPACE
from rvcstudio.ui.widgets.buttons import Button
from rvcstudio.ui.widgets.text import IconLabel, Label, dress

Box = TypeVar("Box", QHBoxLayout, QVBoxLayout)
Part = QWidget | QLayout | int | None
"""A widget, a layout, a gap in px, or None for a stretch."""


def row(*parts: Part, gap: int = 2 * SPACE) -> QHBoxLayout:
    """Return parts beside each other."""
    return _filled(QHBoxLayout(), parts, gap)


def column(*parts: Part, gap: int = 2 * SPACE) -> QVBoxLayout:
    """Return parts below each other."""
    return _filled(QVBoxLayout(), parts, gap)


def _filled(layout: Box, parts: tuple[Part, ...], gap: int) -> Box:
    layout.setSpacing(gap)
    layout.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        match part:
            case None:
                layout.addStretch(1)
            case int():
                layout.addSpacing(part)
            case QLayout():
                layout.addLayout(part)
            case _:
                layout.addWidget(part)
    return layout


def line() -> QFrame:
    """Return a thin line between parts of a card."""
    frame = QFrame()
    frame.setProperty("look", "line")
    return frame


def scrolled(layout: QLayout, name: str = "") -> QScrollArea:
    """Return an area in which a layout scrolls up and down, and never sideways."""
    area = QScrollArea(widgetResizable=True, objectName=name)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    inner = QWidget(objectName="scrolled")
    inner.setLayout(layout)
    area.setWidget(inner)
    return area


class Card(QFrame):
    """A surface for what belongs together; a clickable one is also a button for the keyboard."""

    clicked = Signal()

    def __init__(self, *parts: Part, name: str = "", clickable: bool = False, gap: int = 3 * SPACE) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("look", "card")
        self.setProperty("clickable", clickable)
        self._clickable = clickable
        if clickable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.content = column(*parts, gap=gap)
        self.content.setContentsMargins(20, 18, 20, 18)
        self.setLayout(self.content)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        inside = self.rect().contains(event.position().toPoint())
        if self._clickable and event.button() == Qt.MouseButton.LeftButton and inside:
            self.clicked.emit()
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if self._clickable and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
            return
        super().keyPressEvent(event)


Kind = Literal["info", "good", "warn", "bad"]
KIND_COLOURS = {"info": "accent", "good": "good", "warn": "warn", "bad": "bad"}


class Notice(QFrame):
    """A sentence that stays, with an icon beside its colour, and at most one thing to do about it."""

    def __init__(self, kind: Kind = "info", name: str = "", action: Button | None = None) -> None:
        super().__init__()
        self.setObjectName(name)
        self._icon = IconLabel(kind)
        self._text = Label("body", wrap=True)
        self.content = row(self._icon, self._text, gap=10)
        self.content.setStretch(1, 1)
        if action is not None:
            self.content.addWidget(action)
        self.content.setContentsMargins(14, 10, 14, 10)
        self.setLayout(self.content)
        self._dress(kind)

    def say(self, text: str, kind: Kind | None = None) -> None:
        """Set the sentence, and what kind of news it is."""
        self._text.setText(text)
        self.setAccessibleName(text)
        if kind is not None:
            self._dress(kind)

    def _dress(self, kind: Kind) -> None:
        self._icon.show_icon(kind, KIND_COLOURS[kind])
        dress(self, look=f"notice-{kind}")


class EmptyState(QWidget):
    """What a page shows while there is nothing on it: what would be here, and the way to it."""

    def __init__(self, icon: str, name: str = "", *actions: QWidget) -> None:
        super().__init__()
        self.setObjectName(name)
        picture = IconLabel(icon, "accent", 48)
        self._title = Label("heading")
        self._text = Label("muted", wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._text.setFixedWidth(440)
        centred = column(gap=12)
        for part in (picture, self._title, self._text):
            centred.addLayout(row(None, part, None))
        centred.addLayout(row(None, *actions, None))
        layout = column(None, centred, None)
        layout.setContentsMargins(0, 48, 0, 48)
        self.setLayout(layout)

    def say(self, title: str, text: str) -> None:
        self._title.setText(title)
        self._text.setText(text)


class Busy(QProgressBar):
    """A thin line below a page's title that moves while something is on its way."""

    def __init__(self) -> None:
        super().__init__(objectName="busy")
        self.setRange(0, 0)
        self.setTextVisible(False)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()
