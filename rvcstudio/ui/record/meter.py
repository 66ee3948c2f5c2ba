"""The level meter: peak, RMS and held peak in dBFS, and a clip light that stays lit."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from rvcstudio.sound.levels import METER_FLOOR_DBFS, Needles
from rvcstudio.ui import theme
from rvcstudio.ui.tokens import CAPTION
from rvcstudio.ui.widgets import Button
from rvcstudio.ui.widgets.text import dress

STEP_DB = 6
ZONES = ((-12.0, "good"), (-6.0, "warn"), (0.0, "bad"))  # as Audacity colours them: aim for -12 to -6
BAR, TICKS = 18, 24  # px
MARGIN = 14  # px, for half a number at each end
LABEL_ROOM = 40  # px between numbers
HOLD_WIDTH = 3


class LevelMeter(QWidget):
    """Shows needles. Its scale is painted once; a frame draws a few rectangles."""

    def __init__(self, name: str) -> None:
        super().__init__(objectName=name)
        self._needles = Needles()
        self._scale: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(360, BAR + TICKS)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(200, BAR + TICKS)

    def show_needles(self, needles: Needles) -> None:
        """Paint the needles where they are now."""
        self._needles = needles
        self.update(0, 0, self.width(), BAR)

    def _place(self, level: float) -> float:
        share = (min(0.0, level) - METER_FLOOR_DBFS) / -METER_FLOOR_DBFS
        return MARGIN + max(0.0, share) * (self.width() - 2 * MARGIN)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        if self._scale is None:
            self._scale = self._paint_scale()
        painter.drawPixmap(0, 0, self._scale)
        painter.setPen(Qt.PenStyle.NoPen)
        self._fill(painter, self._needles.peak, 0.45)
        self._fill(painter, self._needles.rms, 1.0)
        if self._needles.held > METER_FLOOR_DBFS:
            tokens = theme.current()
            at = self._place(self._needles.held)
            painter.fillRect(QRectF(at - HOLD_WIDTH / 2, 0, HOLD_WIDTH, BAR), QColor(tokens.text))

    def _fill(self, painter: QPainter, level: float, opacity: float) -> None:
        """Fill the bar up to a level, each zone in its colour."""
        tokens, start = theme.current(), METER_FLOOR_DBFS
        painter.setOpacity(opacity)
        for end, token in ZONES:
            if level <= start:
                break
            left, right = self._place(start), self._place(min(level, end))
            painter.fillRect(QRectF(left, 3, right - left, BAR - 6), QColor(getattr(tokens, token)))
            start = end
        painter.setOpacity(1.0)

    def _paint_scale(self) -> QPixmap:
        """Return the empty bar with its zones, ticks and numbers."""
        tokens, ratio = theme.current(), self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        start = METER_FLOOR_DBFS
        for end, token in ZONES:
            left, right = self._place(start), self._place(end)
            ground = QColor(tokens.line if token == "good" else getattr(tokens, f"{token}_soft"))
            painter.fillRect(QRectF(left, 0, right - left, BAR), ground)
            start = end
        self._paint_numbers(painter)
        painter.end()
        return picture

    def _paint_numbers(self, painter: QPainter) -> None:
        painter.setPen(QColor(theme.current().muted))
        font = QFont(self.font())
        font.setPixelSize(CAPTION)
        painter.setFont(font)
        apart = self._place(STEP_DB - 60) - self._place(-60)
        every = STEP_DB if apart >= LABEL_ROOM else 2 * STEP_DB
        for level in range(round(METER_FLOOR_DBFS), 1, STEP_DB):
            at = self._place(level)
            painter.fillRect(QRectF(at - 0.5, BAR, 1, 4), QColor(theme.current().field_line))
            if level % every == 0:
                place = QRectF(at - 20, BAR + 5, 40, TICKS - 5)
                painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, str(level))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._scale = None

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._scale = None
            self.update()


class ClipLight(Button):
    """Says how often full scale was reached, until it is clicked."""

    def __init__(self, name: str) -> None:
        super().__init__(name, self.reset, look="link")
        self._seen = 0
        self._before = 0

    def reset(self) -> None:
        """Go out."""
        self._before = self._seen
        self.show_clips(self._seen)

    def say(self) -> None:
        """Set the text, in the language of the moment."""
        self.show_clips(self._seen)

    def show_clips(self, clips: int) -> None:
        """Show a counter that only grows; a smaller one is another microphone's."""
        if clips < self._seen:
            self._before = 0
        self._seen = clips
        count = clips - self._before
        text = self.tr("Clipped %n time(s)", "", count) if count else self.tr("No clipping")
        if text != self.text():
            self.setText(text)
            self.setToolTip(self.tr("Turn the gain down. Click to reset the count.") if count else "")
            dress(self, look="danger" if count else "link")
            self.setEnabled(bool(count))
