"""The list of pages at the window's left."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout

from rvcstudio.ui import icons
from rvcstudio.ui.pages import Entry
from rvcstudio.ui.widgets import Label, row
from rvcstudio.ui.widgets.text import IconLabel

WIDE, NARROW = 212, 64
LAST = ("settings",)  # stands apart, at the lower end


class Sidebar(QFrame):
    """One button a page; up and down go through them. Narrow windows see the icons only."""

    chosen = Signal(str)
    helped = Signal()

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__(objectName="sidebar")
        self._entries = [entry for entry in entries if entry.in_sidebar]
        self._group = QButtonGroup(self, exclusive=True)
        self._brand = Label("body", name="brand", text="RVC Studio")
        self._buttons = {entry.name: self._button(entry.name, entry.icon) for entry in self._entries}
        self._help = self._button("help", "keyboard", checkable=False)
        self._narrow = False
        self._news: dict[str, int] = {}
        self._arrange()
        self.retranslate()

    def _button(self, name: str, icon: str, *, checkable: bool = True) -> QToolButton:
        button = QToolButton(objectName=f"sidebar.{name}", checkable=checkable)
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(icons.SIZE, icons.SIZE))
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        if checkable:
            self._group.addButton(button)
            button.clicked.connect(lambda: self.chosen.emit(name))
        else:
            button.clicked.connect(lambda: self.helped.emit())
        return button

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 20, 12, 12)
        layout.setSpacing(4)
        head = row(AppMark(), self._brand, None, gap=10)
        head.setContentsMargins(6, 0, 0, 18)
        layout.addLayout(head)
        for name, button in self._buttons.items():
            if name not in LAST:
                layout.addWidget(button)
        layout.addStretch(1)
        for name in LAST:
            if name in self._buttons:
                layout.addWidget(self._buttons[name])
        layout.addWidget(self._help)
        self._fold()

    def retranslate(self) -> None:
        for entry in self._entries:
            self._say(self._buttons[entry.name], entry.title, self._news.get(entry.name, 0))
        self._say(self._help, self.tr("Shortcuts"))
        self.setAccessibleName(self.tr("Pages"))

    def _say(self, button: QToolButton, text: str, news: int = 0) -> None:
        spoken = self.tr("{page}, %n new", "", news).format(page=text) if news else text
        button.setText(f" {text} ({news})" if news else f" {text}")
        button.setAccessibleName(spoken)
        button.setToolTip(spoken if self._narrow else "")

    def tell_news(self, name: str, count: int) -> None:
        """Show how many news there are on a page."""
        if self._news.get(name, 0) != count:
            self._news[name] = count
            entry = next(entry for entry in self._entries if entry.name == name)
            self._buttons[name].setIcon(icons.icon(entry.icon, "accent" if count else ""))
            self.retranslate()

    def mark(self, name: str) -> None:
        """Show which page is in front; pages outside the list leave the mark where it was."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)

    def set_narrow(self, narrow: bool) -> None:
        if narrow != self._narrow:
            self._narrow = narrow
            self._fold()
            self.retranslate()

    def _fold(self) -> None:
        self.setFixedWidth(NARROW if self._narrow else WIDE)
        self._brand.setVisible(not self._narrow)
        styles = Qt.ToolButtonStyle
        style = styles.ToolButtonIconOnly if self._narrow else styles.ToolButtonTextBesideIcon
        for button in (*self._buttons.values(), self._help):
            button.setToolButtonStyle(style)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        moves = {Qt.Key.Key_Down: self.focusNextChild, Qt.Key.Key_Up: self.focusPreviousChild}
        move = moves.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
        else:
            move()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


class AppMark(IconLabel):
    """The app's sign."""

    def __init__(self) -> None:
        super().__init__("app", size=28)
        self.setAccessibleName("RVC Studio")
