"""The main window: the sidebar, the page in front, and what belongs to all pages."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from rvcstudio.studio import Studio
from rvcstudio.translation import Text
from rvcstudio.ui import errors
from rvcstudio.ui.page import Page
from rvcstudio.ui.pages import PAGES, Entry
from rvcstudio.ui.shortcuts import ShortcutsDialog
from rvcstudio.ui.sidebar import Sidebar
from rvcstudio.ui.toasts import Toast

FIRST_SIZE = QSize(1180, 780)
LEAST_SIZE = QSize(640, 400)  # a screen of 1280 x 800 at 200 %


class MainWindow(QMainWindow):
    """Shows the pages of `PAGES`, each made when it is first wanted."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(objectName="window")
        self.studio = studio
        self.pages: dict[str, Page] = {}
        self.shortcuts: list[tuple[QShortcut, Text]] = []
        self._entries = {entry.name: entry for entry in PAGES}
        studio.pages = frozenset(self._entries)
        self._sidebar = Sidebar(PAGES)
        self._stack = QStackedWidget(objectName="stack")
        self._toast = Toast(self)
        self._arrange()
        self._add_shortcuts()
        self._connect()
        self._restore()

    def _arrange(self) -> None:
        centre = QWidget()
        layout = QHBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._sidebar)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(centre)
        self.setMinimumSize(LEAST_SIZE)
        self.setAcceptDrops(True)
        self.setWindowTitle("RVC Studio")

    def tell_news(self, count: int) -> None:
        """Show how many notifications are unread: their list is behind the page of jobs."""
        self._sidebar.tell_news("jobs", count)

    def _connect(self) -> None:
        self._sidebar.chosen.connect(self.studio.go)
        self._sidebar.helped.connect(self.show_shortcuts)
        self.studio.wanted.connect(self.show_page)
        self.studio.said.connect(self._toast.say)
        self.studio.failed.connect(self._show_error)
        self.studio.downloads.failed.connect(self._show_error)
        self.studio.welcome_wanted.connect(self.welcome)

    def _add_shortcuts(self) -> None:
        for number, entry in enumerate((entry for entry in PAGES if entry.in_sidebar), 1):
            self._add_shortcut(f"Ctrl+{number}", partial(_title, entry), partial(self.studio.go, entry.name))
        self._add_shortcut("Ctrl+,", lambda: self.tr("Open the settings"), lambda: self.studio.go("settings"))
        self._add_shortcut(QKeySequence.StandardKey.Undo, lambda: self.tr("Undo"), self.undo)
        self._add_shortcut("?", lambda: self.tr("Show all shortcuts"), self.show_shortcuts)
        self._add_shortcut("Ctrl+Q", lambda: self.tr("Quit"), self.close)

    def _add_shortcut(self, keys: QKeySequence.StandardKey | str, text: Text, do: Any) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(lambda: do())
        self.shortcuts.append((shortcut, text))

    def _restore(self) -> None:
        settings = self.studio.settings.value
        geometry = QByteArray.fromBase64(settings.geometry.encode())
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            self.resize(FIRST_SIZE.boundedTo(self.screen().availableSize()))
        self.show_page(
            settings.page
            if settings.page in {entry.name for entry in PAGES if entry.in_sidebar}
            else PAGES[0].name,
            {},
        )

    @property
    def page(self) -> Page:
        """The page in front."""
        page = self._stack.currentWidget()
        assert isinstance(page, Page)
        return page

    def show_page(self, name: str, target: dict[str, Any]) -> None:
        """Bring a page to the front, and the part of it that `target` names."""
        page = self.pages.get(name) or self._make(name)
        before = self._stack.currentWidget()
        if target:
            page.open(**target)
        if before is not page:
            self._stack.setCurrentWidget(page)
            page.setFocus()
        self._sidebar.mark(self._entries[name].under or name)

    def _make(self, name: str) -> Page:
        page = self._entries[name].make(self.studio)
        self.pages[name] = page
        self._stack.addWidget(page)
        return page

    def undo(self) -> bool:
        """Take back what the toast tells, or else what was last done on the page in front."""
        return self._toast.undo() or self.page.undo()

    def welcome(self) -> None:
        """Show what is shown at the first start."""
        from rvcstudio.ui.welcome import Welcome  # once in the life of an installation

        Welcome(self.studio, self).open()

    def show_shortcuts(self) -> None:
        """List all keys that do something here."""
        ShortcutsDialog(self.shortcuts, self.page.entry.title, self.page.shortcuts, self).exec()

    def _show_error(self, error: BaseException) -> None:
        errors.show(error, self)

    def come_forward(self) -> None:
        """Be seen, wherever the window was."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        self.page.setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        if _files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        event.acceptProposedAction()
        self.take_files(_files(event))

    def take_files(self, files: list[Path]) -> None:
        """Give files to the page in front, or to whoever else knows what to do with them."""
        page = self.page
        rest = page.take_files(files)
        if rest and self.page is not page:  # it led to the page that knows them
            rest = self.page.take_files(rest)
        if rest:
            self.studio.take(rest)

    def resizeEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._sidebar.set_narrow(self.width() < 900)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        self.studio.settings.update(geometry=geometry, page=self.page.entry.name)
        super().closeEvent(event)


def _title(entry: Entry) -> str:
    return entry.title


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
