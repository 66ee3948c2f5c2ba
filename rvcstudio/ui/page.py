"""What all pages are: a title with buttons, a body that scrolls, and a life of being shown and hidden."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from rvcstudio.studio import Studio
from rvcstudio.translation import Text
from rvcstudio.ui.tokens import SPACE
from rvcstudio.ui.widgets import Busy, Label, column, row, scrolled

if TYPE_CHECKING:
    from rvcstudio.ui.pages import Entry

NARROW, NARROW_MARGIN, MARGIN = 640, 3 * SPACE, 8 * SPACE  # px; pages narrower than that have less to spare
WIDEST = 1180  # px; longer lines are hard to read


class Page(QWidget):
    """Base of all pages. A subclass builds its widgets in `build` and sets all texts in `retranslate`."""

    scrolls = True  # whether the body scrolls as a whole

    def __init__(self, studio: Studio, entry: "Entry") -> None:
        super().__init__(objectName="page")
        self.studio = studio
        self.entry = entry
        self.shortcuts: list[tuple[QShortcut, Text]] = []
        self.title = Label("title", name=f"{entry.name}.title", wrap=True)
        self.subtitle = Label("muted", name=f"{entry.name}.subtitle", wrap=True)
        self.head = row(gap=4 * SPACE)
        self.buttons = row()
        self.body = column(gap=4 * SPACE)
        self._busy = Busy()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.area: QScrollArea | None = None  # where the body scrolls
        self._arrange()
        self.build()
        self.retranslate()

    def _arrange(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.head.addLayout(column(self.title, self.subtitle, gap=SPACE), 1)
        self.head.addLayout(self.buttons)
        self._set_margin(MARGIN)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self.head)
        layout.addWidget(self._busy)
        if self.scrolls:
            self.area = scrolled(self.body, f"{self.entry.name}.scroll")
            self.area.verticalScrollBar().rangeChanged.connect(lambda _low, _high: self._fit_margin())
        layout.addWidget(self.area or self._still(), 1)

    def _set_margin(self, margin: int) -> None:
        self._margin = margin
        self.head.setContentsMargins(margin, min(margin, 7 * SPACE), margin, 3 * SPACE)
        self.body.setContentsMargins(margin, 2 * SPACE, margin, margin)
        self._fit_margin()

    def _fit_margin(self) -> None:
        """Let a scroll bar take its room from the margin: what scrolls ends below the buttons, as what does not."""
        bar = self.area.verticalScrollBar() if self.area is not None else None
        taken = bar.sizeHint().width() if bar is not None and bar.maximum() else 0
        margins = self.body.contentsMargins()
        margins.setRight(max(0, self._margin - taken))
        self.body.setContentsMargins(margins)

    def _still(self) -> QWidget:
        still = QWidget(objectName="scrolled")
        still.setLayout(self.body)
        return still

    def build(self) -> None:
        """Make the widgets and put them into `body` and `buttons`. They get their texts in `retranslate`."""
        raise NotImplementedError

    def retranslate(self) -> None:
        """Set every text. Called after `build` and when the language changes; call it first in a subclass."""
        self.title.setText(self.entry.title)
        self.setAccessibleName(self.entry.title)
        self.subtitle.setVisible(bool(self.subtitle.text()))

    def open(self, **target: Any) -> None:
        """Show a part of the page, as `studio.go(page, **target)` names it. Called before `shown`."""

    def shown(self) -> None:
        """Begin what only a visible page does, such as meters and timers; read anew what may have changed."""

    def hidden(self) -> None:
        """End what only a visible page does."""

    def take_files(self, files: list[Path]) -> list[Path]:
        """Take of files that were dropped on the window those that are this page's business; return the others."""
        return files

    def undo(self) -> bool:
        """Take back what was last done here, and tell whether there was something."""
        return False

    def say_subtitle(self, text: str) -> None:
        self.subtitle.setText(text)
        self.subtitle.setVisible(bool(text))

    def set_busy(self, busy: bool) -> None:
        """Show or hide the moving line below the title."""
        self._busy.setVisible(busy)

    def add_shortcut(
        self, keys: QKeySequence.StandardKey | str, text: Text, do: Callable[[], object]
    ) -> QShortcut:
        """Let keys do something while the page is in front; `text` tells what, in the list that `?` shows."""
        shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: do())
        self.shortcuts.append((shortcut, text))
        return shortcut

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        if not event.spontaneous():
            self.shown()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        super().hideEvent(event)
        if not event.spontaneous():  # a minimised window goes on
            self.hidden()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        margin = NARROW_MARGIN if self.width() < NARROW else MARGIN
        if margin != self._margin:
            self._set_margin(margin)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
