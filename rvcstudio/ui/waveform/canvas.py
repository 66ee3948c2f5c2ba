"""What the waveform widget shows: a take's wave or spectrum, a cursor, a selection, and where playing is."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from rvcstudio.dataset.cutting import Span
from rvcstudio.dataset.peaks import Peaks
from rvcstudio.tasks import Tasks
from rvcstudio.ui import theme
from rvcstudio.ui.style import mix
from rvcstudio.ui.tokens import Tokens
from rvcstudio.ui.waveform import painting, ruler
from rvcstudio.ui.waveform.window import Window

Mode = Literal["wave", "spectrum"]

RULER_HEIGHT = 22
SMALL = 11  # px; of the writing


@dataclass(frozen=True, slots=True)
class Wanted:
    """A spectrum to compute."""

    peaks: Peaks
    window: Window
    rows: int


class WaveCanvas(QWidget):
    """Shows a part of a take. `WaveView` lets it be moved and selected in."""

    selected = Signal()  # another selection, or none
    sought = Signal()  # the cursor was placed
    moved = Signal()  # another part is in view

    def __init__(self, name: str, tasks: Tasks) -> None:
        super().__init__(objectName=name)
        self._tasks = tasks
        self._peaks: Peaks | None = None
        self._mode: Mode = "wave"
        self._picture: tuple[object, QPixmap] | None = None
        self._spectrum: tuple[Wanted, QImage] | None = None
        self._is_asking = False
        self.part = Window()
        self.selection: Span | None = None
        self.caret = 0
        self.playhead: int | None = None
        self.setMinimumHeight(64)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(600, 180)

    @property
    def rate(self) -> int:
        return self._peaks.facts.rate if self._peaks else 1

    @property
    def frames(self) -> int:
        return self._peaks.facts.frames if self._peaks else 0

    def show_peaks(self, peaks: Peaks | None) -> None:
        """Show a take from its beginning, or nothing."""
        self._peaks = peaks
        self.caret, self.selection, self.playhead = 0, None, None
        self._look(Window.whole(self.frames, self.width()))
        self.selected.emit()

    def show_mode(self, mode: Mode) -> None:
        self._mode = mode
        self.update()

    def select(self, span: Span | None) -> None:
        """Select a part, or nothing."""
        if span is not None:
            span = (max(0, min(span)), min(self.frames, max(span)))
            span = span if span[1] > span[0] else None
        self.selection = span
        self.selected.emit()
        self.update()

    def seek(self, sample: int) -> None:
        """Place the cursor, and have it in view."""
        self.caret = min(max(sample, 0), self.frames)
        self._look(self.part.showing(self.caret))
        self.sought.emit()

    def play_at(self, sample: int | None) -> None:
        """Show where playing is; a view that is zoomed in turns the page."""
        self.playhead = sample
        if sample is not None and not self.part.start <= sample <= self.part.stop:
            self._look(self.part.moved(sample - self.part.start))
        self.update()

    def zoom(self, factor: float, place: float | None = None) -> None:
        """Show more of the take, or with a factor below 1 less, around a place, px, or the cursor."""
        if place is None:
            cursor = self.part.place(self.caret)
            place = cursor if 0 <= cursor <= self.width() else self.width() / 2
        self._look(self.part.zoomed(factor, place))

    def fit(self) -> None:
        """Show the selection, or the whole take where that is in view or there is none."""
        whole = Window.whole(self.frames, self.width())
        closer = self.part.around(*self.selection) if self.selection else whole
        self._look(whole if closer == self.part else closer)

    def scroll_to(self, start: float) -> None:
        self._look(self.part.moved(start - self.part.start))

    def _look(self, window: Window) -> None:
        changed = window != self.part
        self.part = window
        self.update()
        if changed:
            self.moved.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        tokens = theme.current()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(tokens.field))
            if self._peaks is not None:
                self._draw_ground(painter)
                painter.drawPixmap(0, RULER_HEIGHT, self._drawn(self._peaks))
                self._draw_selection(painter)
                self._draw_ruler(painter)
                self._draw_line(painter, self.caret, tokens.text)
                if self.playhead is not None:
                    self._draw_line(painter, self.playhead, tokens.record, 2)
            self._draw_frame(painter, tokens)

    def _draw_frame(self, painter: QPainter, tokens: Tokens) -> None:
        focused = self.hasFocus()
        painter.setPen(QPen(QColor(tokens.accent if focused else tokens.line), 2 if focused else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    @property
    def _area(self) -> QRectF:
        return QRectF(0, 0, self.width(), max(1, self.height() - RULER_HEIGHT))

    def _draw_ground(self, painter: QPainter) -> None:
        if self.selection is not None and self._mode == "wave":
            left, right = (self.part.place(sample) for sample in self.selection)
            ground = QRectF(left, RULER_HEIGHT, right - left, self.height() - RULER_HEIGHT)
            painter.fillRect(ground, QColor(theme.current().accent_soft))

    def _drawn(self, peaks: Peaks) -> QPixmap:
        """Return the picture of the wave or the spectrum in view, painted anew only when something of it changed."""
        tokens, ratio = theme.current(), self.devicePixelRatioF()
        key = (peaks.file, self._mode, self.part, self.height(), ratio, tokens, self._spectrum)
        if self._picture is None or self._picture[0] != key:
            pixmap = QPixmap(round(self.width() * ratio), round(self._area.height() * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setFont(self._small_font())
                if self._mode == "spectrum":
                    self._draw_spectrum(painter, peaks)
                else:
                    painting.draw_scale(painter, self._area, tokens)
                    painting.draw_wave(painter, peaks, self.part, self._area, QColor(tokens.accent))
            self._picture = (key, pixmap)
        return self._picture[1]

    def _draw_spectrum(self, painter: QPainter, peaks: Peaks) -> None:
        wanted = Wanted(peaks, self.part, max(1, int(self._area.height())))
        if self._spectrum is None or self._spectrum[0] != wanted:
            self._ask_spectrum(wanted)
        if self._spectrum is not None and self._spectrum[0].peaks is peaks:
            shown, image = self._spectrum[0].window, self._spectrum[1]
            image.setColorTable(painting.colour_table(theme.current()))
            left, right = self.part.place(shown.start), self.part.place(shown.stop)
            painter.drawImage(QRectF(left, 0, right - left, self._area.height()), image)
        painting.draw_frequencies(painter, self._area, self.rate / 2, theme.current())

    def _ask_spectrum(self, wanted: Wanted) -> None:
        """Have a spectrum computed, one at a time; when it comes, painting asks for the next that is wanted."""
        if self._is_asking:
            return
        self._is_asking = True

        def come(image: QImage | None) -> None:
            self._is_asking = False
            if image is not None:
                self._spectrum = (wanted, image)
                self.update()

        self._tasks.run(
            lambda _: painting.spectrum(wanted.peaks, wanted.window, wanted.rows),
            come,
            owner=self,
            failed=lambda _: come(None),
        )

    def _draw_selection(self, painter: QPainter) -> None:
        if self.selection is None:
            return
        colour = QColor(theme.current().accent)
        for sample in self.selection:
            x = self.part.place(sample)
            painter.setPen(QPen(colour, 1.5))
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
            painter.fillRect(QRectF(x - 3, self.height() / 2 - 8, 6, 16), colour)
        if self._mode == "spectrum":
            left, right = (self.part.place(sample) for sample in self.selection)
            painter.setPen(QPen(colour, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(left, RULER_HEIGHT, right - left, self.height() - RULER_HEIGHT - 1))

    def _draw_ruler(self, painter: QPainter) -> None:
        tokens = theme.current()
        painter.fillRect(QRectF(0, 0, self.width(), RULER_HEIGHT), QColor(tokens.raised))
        if self.selection is not None:
            left, right = (self.part.place(sample) for sample in self.selection)
            painter.fillRect(QRectF(left, RULER_HEIGHT - 4, right - left, 4), QColor(tokens.accent))
        painter.setFont(self._small_font())
        for x, text in ruler.ticks(self.part, self.rate):
            painter.setPen(QColor(mix(tokens.muted, tokens.raised, 0.5)))
            painter.drawLine(QPointF(x, RULER_HEIGHT - 6), QPointF(x, RULER_HEIGHT))
            painter.setPen(QColor(tokens.muted))
            painter.drawText(QPointF(x + 4, RULER_HEIGHT - 7), text)

    def _draw_line(self, painter: QPainter, sample: int, colour: str, width: int = 1) -> None:
        x = self.part.place(sample)
        painter.setPen(QPen(QColor(colour), width))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def _small_font(self) -> QFont:
        font = self.font()
        font.setPixelSize(11)
        return font

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._look(self.part.resized(self.width()))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
