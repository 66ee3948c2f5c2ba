"""The microphone at the first start: which one, whether it hears, and how quiet the room is."""

import time

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from rvc.errors import Error
from rvcstudio.recording.booth import Booth
from rvcstudio.studio import Studio
from rvcstudio.ui.record.meter import LevelMeter
from rvcstudio.ui.record.microphone import MicrophonePanel
from rvcstudio.ui.widgets import Card, Label, column

FRAME_MS = 16


class MicrophoneCheck(QWidget):
    """Listens while it is seen."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(objectName="check")
        self._booth = Booth(studio, self)
        self._panel = MicrophonePanel(studio, self._booth, "check", brief=True)
        self._say_something = Label("muted", wrap=True)
        self._meter = LevelMeter("check.meter")
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._tick)
        self._ticked_at = time.monotonic()
        self.setLayout(column(Card(self._panel, self._say_something, self._meter)))
        self._say()

    def _say(self) -> None:
        self._say_something.setText(self.tr("Say something: the bar should reach the yellow part."))
        self._meter.setAccessibleName(self.tr("Level of the microphone"))
        self._panel.say()

    def _tick(self) -> None:
        now = time.monotonic()
        self._booth.tick(now - self._ticked_at)
        self._ticked_at = now
        self._meter.show_needles(self._booth.needles)
        self._panel.tick()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        super().showEvent(event)
        try:
            self._booth.open()
        except Error:
            self._booth.close()  # the list says that there is none
        self._panel.list_devices()
        heard = self._booth.capture is not None
        self._say_something.setVisible(heard)
        self._meter.setVisible(heard)
        self._ticked_at = time.monotonic()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self._timer.stop()
        self._booth.close()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._say()
