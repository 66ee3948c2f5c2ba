"""The icon in the system's tray: what runs, quiet mode, and notifications where the desktop has no other way."""

from functools import partial

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from rvc import paths
from rvcstudio.hub import Address
from rvcstudio.notify import News, Notifier
from rvcstudio.studio import Studio
from rvcstudio.ui import job_words, theme

SHOWN_MS = 8000
SHOWN_JOBS = 8  # in the menu
DRAW_MS = 1000
ICON_SIZES = (16, 22, 24, 32, 48, 64)  # px, as trays ask for them
DOT_SHARE = 0.42  # of the icon's side


class Tray(QObject):
    """Shown where the system has a tray, also one that comes later. Nothing can be done here only."""

    clicked = Signal(object)  # News
    shown = Signal()  # the window is wanted
    wanted = Signal(object)  # the address of a job

    def __init__(self, studio: Studio, notifier: Notifier) -> None:
        super().__init__(studio)
        self._studio, self._notifier = studio, notifier
        self._last: News | None = None
        self._colour: str | None = None
        self._icon = QSystemTrayIcon(_marked(None), self)
        self._menu = QMenu()
        self._quiet = QAction(self, checkable=True)  # the menu's own go whenever it is cleared
        self._quiet.toggled.connect(self._keep_quiet)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activate)
        self._icon.messageClicked.connect(self._click)
        self._draw = QTimer(self, singleShot=True, interval=DRAW_MS)
        self._draw.timeout.connect(self.refresh)
        studio.jobs.came.connect(lambda _addresses: self._soon())
        studio.jobs.gone.connect(lambda _addresses: self._soon())
        studio.languages.changed.connect(lambda _code: self._soon())
        notifier.changed.connect(self._soon)

    def open(self) -> None:
        """Show the icon."""
        self.refresh()
        self._icon.show()

    def close(self) -> None:
        self._draw.stop()
        self._icon.hide()

    @property
    def is_there(self) -> bool:
        """Whether the system shows the icon."""
        return self._icon.isVisible() and QSystemTrayIcon.isSystemTrayAvailable()

    def show(self, news: News) -> bool:
        """Show news beside the icon; tell whether that was possible."""
        if not self.is_there or not QSystemTrayIcon.supportsMessages():
            return False
        self._last = news
        self._icon.showMessage(news.title, news.text, _marked(None), SHOWN_MS)
        return True

    def _soon(self) -> None:
        if not self._draw.isActive():
            self._draw.start()

    def refresh(self) -> None:
        """Write the menu and the tooltip anew, and mark the icon by the state."""
        running = self._running()
        self._icon.setToolTip(self._tooltip(running))
        self._mark(self._state_colour(is_busy=bool(running)))
        self._menu.clear()
        for address, text in running[:SHOWN_JOBS]:
            self._menu.addAction(text, partial(self.wanted.emit, address))
        if not running:
            self._menu.addAction(self.tr("Nothing runs")).setEnabled(False)
        self._menu.addSeparator()
        self._quiet.setText(self.tr("Quiet mode"))
        self._quiet.setChecked(self._notifier.settings.quiet)
        self._menu.addAction(self._quiet)
        self._menu.addSeparator()
        self._menu.addAction(self.tr("Show RVC Studio"), self.shown.emit)
        self._menu.addAction(self.tr("Quit"), self._quit)

    def _state_colour(self, *, is_busy: bool) -> str | None:
        """Return the colour of what there is to know: something failed, needs attention, or runs."""
        colours = theme.current()
        unread = {news.kind for news in self._notifier.history.news if not news.read}
        if "failed" in unread:
            return colours.bad
        if "attention" in unread:
            return colours.warn
        return colours.good if is_busy else None

    def _mark(self, colour: str | None) -> None:
        if colour != self._colour:
            self._colour = colour
            self._icon.setIcon(_marked(colour))

    def _running(self) -> list[tuple[Address, str]]:
        """Return the running jobs of all computers, each with how far it is."""
        hub = self._studio.jobs
        found = []
        for address, job in hub.jobs().items():
            if str(job.state) not in ("running", "pausing"):
                continue
            percent = self.tr("{percent} %").format(percent=int(100 * job.progress))
            parts = (job.name, percent, job_words.left(hub.left_s(address)))
            found.append((address, " · ".join(part for part in parts if part).replace("&", "&&")))
        return found

    def _tooltip(self, running: list[tuple[Address, str]]) -> str:
        lines = ["RVC Studio", *(text.replace("&&", "&") for _, text in running[:3])]
        if unread := self._notifier.unread:
            lines.append(self.tr("%n new notification(s)", "", unread))
        return "\n".join(lines)

    def _keep_quiet(self, quiet: bool) -> None:
        if quiet != self._notifier.settings.quiet:
            self._notifier.keep_settings(self._notifier.settings.model_copy(update={"quiet": quiet}))

    def _activate(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (
            QSystemTrayIcon.ActivationReason.Trigger,
            QSystemTrayIcon.ActivationReason.DoubleClick,
        ):
            self.shown.emit()

    def _click(self) -> None:
        if self._last is not None:
            self.clicked.emit(self._last)

    @staticmethod
    def _quit() -> None:
        QApplication.closeAllWindows()


def _marked(colour: str | None) -> QIcon:
    """Return the app's icon, with a dot where there is something to know."""
    plain = QIcon(str(paths.resource("icons/app.svg")))
    if colour is None:
        return plain
    marked = QIcon()
    for size in ICON_SIZES:
        marked.addPixmap(_dotted(plain.pixmap(size, size), colour))
    return marked


def _dotted(picture: QPixmap, colour: str) -> QPixmap:
    side = picture.width()
    dot, edge = DOT_SHARE * side, side / 16
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(Qt.GlobalColor.white, edge))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(QRectF(side - dot - edge / 2, side - dot - edge / 2, dot, dot))
    painter.end()
    return picture
