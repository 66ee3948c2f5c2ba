"""Buttons. Their texts are set in `retranslate`; where there is none, `say` gives tooltip and accessible name."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QToolButton

from rvcstudio.ui import icons

Look = Literal["plain", "primary", "danger", "record", "link"]
ICON_COLOURS = {"primary": "on_accent", "danger": "bad", "record": "on_accent", "link": "accent"}

Clicked = Callable[[], object] | None


class Button(QPushButton):
    """A button with a verb on it."""

    def __init__(self, name: str, clicked: Clicked = None, *, look: Look = "plain", icon: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("look", look)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if icon:
            self.setIcon(icons.icon(icon, ICON_COLOURS.get(look, "")))
            self.setIconSize(QSize(18, 18))
        if clicked is not None:
            self.clicked.connect(lambda: clicked())


class IconButton(QToolButton):
    """A button with an icon only."""

    def __init__(self, name: str, icon: str, clicked: Clicked = None, *, colour: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(QSize(icons.SIZE, icons.SIZE))
        self.show_icon(icon, colour)
        if clicked is not None:
            self.clicked.connect(lambda: clicked())

    def show_icon(self, icon: str, colour: str = "") -> None:
        self.setIcon(icons.icon(icon, colour))

    def say(self, text: str) -> None:
        """Set what the button does, for tooltips and screen readers."""
        self.setToolTip(text)
        self.setAccessibleName(text)


class MenuButton(IconButton):
    """An icon that opens a menu."""

    def __init__(self, name: str, icon: str = "more") -> None:
        super().__init__(name, icon)
        self.list = QMenu(self)
        self.setMenu(self.list)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
