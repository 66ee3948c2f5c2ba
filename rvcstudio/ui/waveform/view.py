"""The widget that shows a take: zoom with Ctrl and the wheel, drag to select, click to place the cursor."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from rvcstudio.tasks import Tasks
from rvcstudio.ui.waveform.canvas import WaveCanvas

GRIP = 5  # px around a selection's edge, by which it is moved
LEAST_DRAG = 3  # px; less is a click
ZOOM = 1.25  # for a step of the wheel
KEY_STEP = 8  # px


class WaveView(WaveCanvas):
    """A take to look at and to select in, with the mouse or by key."""

    def __init__(self, name: str, tasks: Tasks) -> None:
        super().__init__(name, tasks)
        self._anchor: int | None = None  # the end of the selection that stays
        self._pressed: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() != Qt.MouseButton.LeftButton or self._peaks is None:
            return
        self._pressed = event.position()
        sample, edge = self.part.sample(event.position().x()), self._edge_at(event.position().x())
        if edge is not None and self.selection is not None:
            self._anchor = self.selection[1 - edge]
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._anchor = self._far_end(sample)
            self.select((self._anchor, sample))
        else:
            self._anchor = sample

    def _edge_at(self, x: float) -> int | None:
        """Return which edge of the selection is at a place, 0 or 1."""
        if self.selection is None:
            return None
        near = [abs(self.part.place(sample) - x) for sample in self.selection]
        return near.index(min(near)) if min(near) <= GRIP else None

    def _far_end(self, sample: int) -> int:
        """Return the end of the selection that is farther from a sample, or the cursor."""
        if self.selection is None:
            return self.caret
        start, stop = self.selection
        return start if abs(sample - start) > abs(sample - stop) else stop

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        x = event.position().x()
        if self._pressed is None or self._anchor is None:
            on_edge = self._edge_at(x) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if on_edge else Qt.CursorShape.IBeamCursor)
        elif abs(x - self._pressed.x()) >= LEAST_DRAG:
            self.select((self._anchor, self.part.sample(x)))
            self._look(self.part.showing(self.part.sample(x)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            return
        if abs(event.position().x() - pressed.x()) < LEAST_DRAG:
            if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.select(None)
                self.seek(self.part.sample(pressed.x()))
        elif self.selection is not None:
            self.seek(self.selection[0])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            self.select((0, self.frames))

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        turned, sideways = event.angleDelta().y(), event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and turned:
            self.zoom(ZOOM ** (-turned / 120), event.position().x())
        elif not self.part.is_whole:
            self._look(self.part.moved(-(sideways or turned) / 120 * self.part.samples / 8))
        else:
            event.ignore()
            return
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        step = max(1, round(KEY_STEP * self.part.samples / self.part.width))
        places = {
            Qt.Key.Key_Left: self.caret - step,
            Qt.Key.Key_Right: self.caret + step,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self.frames,
        }
        key = Qt.Key(event.key())
        if key in places:
            self._walk(places[key], extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1 / ZOOM)
        elif key == Qt.Key.Key_Minus:
            self.zoom(ZOOM)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_A and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.select((0, self.frames))
        elif key == Qt.Key.Key_Escape and self.selection is not None:
            self.select(None)
        else:
            super().keyPressEvent(event)

    def _walk(self, sample: int, *, extend: bool) -> None:
        """Move the cursor by key, with the selection growing from where it began."""
        sample = min(max(sample, 0), self.frames)
        if extend:
            if self.selection is None or self.caret not in self.selection:
                self._anchor = self.caret
            self.select((self._anchor if self._anchor is not None else self.caret, sample))
        self.seek(sample)
