"""The button that records a line to convert."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from rvc.errors import Error
from rvcstudio.library import Library
from rvcstudio.studio import Studio
from rvcstudio.ui import formats
from rvcstudio.ui.widgets import Button, row
from rvcstudio.ui.widgets.buttons import Look

LOOK_MS = 100


class LineButton(QWidget):
    """Records from one click to the next, into a file that `where` names, and gives it to `then`."""

    def __init__(
        self,
        studio: Studio,
        then: Callable[[Path], None],
        name: str = "convert.record",
        where: Callable[[Library], Path] | None = None,
        *,
        look: Look = "plain",
    ) -> None:
        super().__init__()
        self._studio, self._then, self._where = studio, then, where
        self._recorder: object | None = None
        self._start = Button(name, self.start, look=look, icon="record")
        self._stop = Button(f"{name}.stop", self.stop, look="record", icon="stop")
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.setLayout(row(self._start, self._stop))
        self._follow()

    @property
    def is_recording(self) -> bool:
        return self._recorder is not None

    def start(self) -> None:
        """Begin to record; what plays falls silent, so that it is not recorded."""
        from rvcstudio.convert_line import LineRecorder  # NumPy and PortAudio

        if self._studio.player is not None:
            self._studio.player.stop()
        try:
            self._recorder = LineRecorder(self._studio, self._where)
        except Error as error:
            self._studio.fail(error)
            return
        self._timer.start()
        self._follow()

    def stop(self) -> None:
        """End the recording, and have it converted like a file."""
        from rvcstudio.convert_line import LineRecorder

        recorder, self._recorder = self._recorder, None
        self._timer.stop()
        self._follow()
        if isinstance(recorder, LineRecorder):
            self._studio.tasks.run(lambda _: recorder.stop(), self._then, owner=self)

    def _look(self) -> None:
        from rvcstudio.convert_line import LineRecorder

        assert isinstance(self._recorder, LineRecorder)
        if self._recorder.has_ended:
            self.stop()
        self._follow()

    def _follow(self) -> None:
        self._start.setVisible(self._recorder is None)
        self._stop.setVisible(self._recorder is not None)
        seconds = getattr(self._recorder, "seconds", 0.0)
        self._stop.setText(self.tr("Stop ({time})").format(time=formats.clock(seconds)))

    def retranslate(self) -> None:
        self._start.setText(self.tr("Record a line"))
        self._follow()
