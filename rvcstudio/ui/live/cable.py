"""How another program hears the voice: a virtual cable, on this system."""

import sys

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from rvcstudio.studio import Studio
from rvcstudio.ui.widgets import Button, Label, column, row

PAGES = {"win32": "https://vb-audio.com/Cable/", "darwin": "https://existential.audio/blackhole/"}
LINUX = (
    "pactl load-module module-null-sink sink_name=voice\n"
    "pactl load-module module-remap-source source_name=voice-microphone master=voice.monitor"
)


class CableGuide(QWidget):
    """Three steps, and the way to the first one."""

    def __init__(self, studio: Studio, system: str = sys.platform) -> None:
        super().__init__()
        self._studio, self._system = studio, system
        self._steps = [Label("body", wrap=True) for _ in range(3)]
        self._commands = Label("caption", name="live.cable_commands", wrap=True, text=LINUX)
        self._commands.setVisible(system not in PAGES)
        self._get = Button("live.cable", self._open, icon="external" if system in PAGES else "copy")
        self.setLayout(column(self._steps[0], self._commands, row(self._get, None), *self._steps[1:], gap=10))

    def say(self) -> None:
        """Set every text."""
        first = {
            "win32": self.tr("1. Install VB-CABLE, a free cable between programs."),
            "darwin": self.tr("1. Install BlackHole 2ch, a free cable between programs."),
        }.get(self._system, self.tr("1. Make a cable with these two lines in a terminal."))
        speak = {"win32": "CABLE Input", "darwin": "BlackHole 2ch"}.get(self._system, "voice")
        hear = {"win32": "CABLE Output", "darwin": "BlackHole 2ch"}.get(self._system, "voice-microphone")
        self._steps[0].setText(first)
        self._steps[1].setText(self.tr('2. Speak to "{device}" here.').format(device=speak))
        self._steps[2].setText(
            self.tr(
                '3. Choose "{device}" as the microphone of the other program, and switch off its noise suppression.'
            ).format(device=hear)
        )
        self._get.setText(self.tr("Get it") if self._system in PAGES else self.tr("Copy"))

    def _open(self) -> None:
        if self._system in PAGES:
            QDesktopServices.openUrl(QUrl(PAGES[self._system]))
            return
        QGuiApplication.clipboard().setText(LINUX)
        self._studio.say(self.tr("Copied."))
