"""Who reads and what is read: the choices of voice and prompts, and what the voice has by now."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from rvc.errors import Error
from rvc.events import Reporter
from rvcstudio.library import Take, Voice
from rvcstudio.recording import script
from rvcstudio.recording.booth import Booth
from rvcstudio.recording.script import Progress, Script
from rvcstudio.recording.settings import Reading
from rvcstudio.studio import Studio
from rvcstudio.ui.widgets import Choice, row

FILE = "file"  # the line that asks for one
TEXT_FILES = "*.txt"


class Desk(QWidget):
    """Two lists, and the script that is open."""

    changed = Signal()  # the voice, the script or the place in it
    counted = Signal(object)  # a Progress

    def __init__(self, studio: Studio, booth: Booth) -> None:
        super().__init__(objectName="record.desk")
        self._studio, self._booth = studio, booth
        self.voice: Voice | None = None
        self.script = Script("free", [], "")
        self._voices = Choice("record.voice")
        self._voices.chosen.connect(self.choose_voice)
        self._readings = Choice("record.reading")
        self._readings.chosen.connect(self._choose_reading)
        self.setLayout(row(self._voices, self._readings))

    def say(self) -> None:
        """Set every text."""
        self._voices.setAccessibleName(self.tr("Voice"))
        self._readings.setAccessibleName(self.tr("What is read"))
        own = self._booth.settings.own_file
        lines: list[tuple[object, str]] = [
            ("en", self.tr("English sentences")),
            ("ko", self.tr("Korean sentences")),
            ("free", self.tr("Free recording")),
        ]
        if own is not None:
            lines.append(("own", own.name))
        self._readings.offer([*lines, (FILE, self.tr("A file of your own…"))])
        self._readings.choose(self.script.reading)

    def read_voices(self) -> None:
        """Show the voices of the library, and go on with the one that was recorded last."""
        voices = self._studio.library.voices.all(order="changed")
        self._voices.offer([(voice.id, voice.name) for voice in voices])
        wanted = self._booth.settings.voice
        self._show(next((voice for voice in voices if voice.id == wanted), voices[0] if voices else None))

    def choose_voice(self, voice_id: Any) -> None:
        """Record another voice."""
        self._booth.change(voice=voice_id)
        self.read_voices()

    def _show(self, voice: Voice | None) -> None:
        self.voice = voice
        self.setVisible(voice is not None)
        if voice is None:
            self.changed.emit()
            return
        self._voices.choose(voice.id)
        settings = self._booth.settings
        fallback: Reading = "ko" if voice.language == "ko" else "en"
        if not self._load(settings.reading or fallback, settings.own_file):
            self._load(fallback, None)

    def _choose_reading(self, reading: Any) -> None:
        if reading == FILE:
            self._readings.choose(self.script.reading)
            self._ask_file()
        elif self._load(reading, self._booth.settings.own_file):
            self._booth.change(reading=reading)

    def _ask_file(self) -> None:
        kinds = self.tr("Text, one line a sentence ({kinds})").format(kinds=TEXT_FILES)
        file, _ = QFileDialog.getOpenFileName(self, self.tr("Choose sentences"), "", kinds)
        if file:
            self.use_file(Path(file))

    def use_file(self, file: Path) -> None:
        """Read from a prompt file of the user's."""
        if self._load("own", file):
            self._booth.change(reading="own", own_file=file)
            self.say()

    def _load(self, reading: Reading, own_file: Path | None) -> bool:
        """Open a script, and tell whether that was possible."""
        language = self.voice.language if self.voice else ""
        try:
            self.script = script.load(reading, own_file, language)
        except Error as error:
            self._studio.fail(error)
        is_open = self.script.reading == reading
        self._readings.choose(self.script.reading)
        self.count(find_place=True)
        return is_open

    def turn(self, steps: int) -> None:
        """Go to another sentence."""
        self.script.move(steps)
        self.changed.emit()

    def go_on(self) -> None:
        """Go to the next sentence that is not read yet."""
        self.script.go_on()
        self.changed.emit()

    def count(self, *, find_place: bool = False) -> None:
        """Count what the voice has, beside the window; with `find_place`, go to the first sentence it has not."""
        self.changed.emit()
        if self.voice is None:
            return
        library, voice, current = self._studio.library, self.voice, self.script

        def work(_reporter: Reporter) -> tuple[list[Take], Progress]:
            takes = library.takes.all(voice.id)
            return takes, script.progress(takes, current.language)

        def show(found: tuple[list[Take], Progress]) -> None:
            takes, progress = found
            if current is self.script:
                current.note(takes, find_place=find_place)
                self.counted.emit(progress)
                self.changed.emit()

        self._studio.tasks.run(work, show, owner=self)
