"""A take's waveform with what belongs to it: the scroll bar, and peaks that are loaded beside the window."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollBar, QWidget

from rvcstudio.dataset import peaks as peaks_
from rvcstudio.dataset.peaks import Peaks
from rvcstudio.library import Take
from rvcstudio.tasks import Tasks
from rvcstudio.ui.waveform import WaveView
from rvcstudio.ui.widgets import column

SCALE = 10_000  # of the scroll bar


class TakeView(QWidget):
    """Shows a take as soon as its peaks are there."""

    loaded = Signal()
    failed = Signal(object)

    def __init__(self, name: str, tasks: Tasks) -> None:
        super().__init__()
        self._tasks = tasks
        self._take: Take | None = None
        self.view = WaveView(name, tasks)
        self._bar = QScrollBar(Qt.Orientation.Horizontal, objectName=f"{name}.bar")
        self._bar.valueChanged.connect(self._scroll)
        self.view.moved.connect(self._follow)
        layout = column(self.view, self._bar, gap=2)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    @property
    def take(self) -> Take | None:
        return self._take

    def show_take(self, take: Take | None) -> None:
        """Show another take, or nothing; the same recording again stays as it is."""
        is_same = take is not None and self._take is not None and take.file == self._take.file
        self._take = take
        if is_same:
            return
        self.view.show_peaks(None)
        if take is not None:
            self._tasks.run(lambda _: peaks_.load(take.file), self._come, owner=self, failed=self.failed.emit)

    def _come(self, peaks: Peaks) -> None:
        if self._take is not None and peaks.file == self._take.file:
            self.view.show_peaks(peaks)
            self.loaded.emit()

    def _follow(self) -> None:
        part = self.view.part
        shown = part.samples / part.frames
        self._bar.blockSignals(True)
        self._bar.setRange(0, round(SCALE * (1 - shown)))
        self._bar.setPageStep(max(1, round(SCALE * shown)))
        self._bar.setSingleStep(max(1, round(SCALE * shown / 10)))
        self._bar.setValue(round(SCALE * part.start / part.frames))
        self._bar.blockSignals(False)
        self._bar.setEnabled(not part.is_whole)

    def _scroll(self, value: int) -> None:
        self.view.scroll_to(value / SCALE * self.view.part.frames)

    def say(self, text: str) -> None:
        """Set what is shown here, for screen readers."""
        self.view.setAccessibleName(text)
        self._bar.setAccessibleName(text)
