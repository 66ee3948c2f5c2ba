"""Recordings of the same words below each other: switching goes on at the same place, and all are equally loud."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from rvcstudio.dataset import peaks as peaks_
from rvcstudio.dataset import waves
from rvcstudio.dataset.peaks import Peaks
from rvcstudio.studio import Studio
from rvcstudio.ui.dataset.playback import Playback
from rvcstudio.ui.waveform import WaveView
from rvcstudio.ui.widgets import Button, Label, column, row

LETTERS = ("A", "B")
KEYS = (Qt.Key.Key_A, Qt.Key.Key_B)
WAVE_HEIGHT = 96


class Strip(QWidget):
    """A waveform with its letter and what it is."""

    def __init__(self, name: str, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self.file: Path | None = None
        self.listen = Button(f"{name}.play", icon="play")
        self.listen.setCheckable(True)
        self.label = Label("strong", name=f"{name}.label")
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.view = WaveView(f"{name}.wave", studio.tasks)
        self.view.setFixedHeight(WAVE_HEIGHT)
        head = row(self.listen, self.label)
        head.setStretch(1, 1)
        self.setLayout(column(head, self.view, gap=6))

    def show_file(self, file: Path | None) -> None:
        """Show a recording; one that only the engine can decode has no picture."""
        self.file = file
        self.view.show_peaks(None)
        self.setVisible(file is not None)
        if file is not None:
            self._studio.tasks.run(
                lambda _: peaks_.load(file), self._come, owner=self, failed=lambda _: self.view.hide()
            )

    def _come(self, peaks: Peaks) -> None:
        if peaks.file == self.file:
            self.view.show()
            self.view.show_peaks(peaks)


class CompareView(QWidget):
    """Two recordings; A and B, or the buttons, switch between them while they are heard."""

    def __init__(self, name: str, studio: Studio) -> None:
        super().__init__(objectName=name)
        self._name, self._studio = name, studio
        self._gains_db = (0.0, 0.0)
        self._heard = 0
        self.playback = Playback(studio, self)
        self.strips = tuple(Strip(f"{name}.{letter}", studio) for letter in LETTERS)
        self._hint = Label("caption", wrap=True)
        self.setLayout(column(self._hint, *self.strips, gap=10))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for number, strip in enumerate(self.strips):
            strip.listen.clicked.connect(partial(self._press, number))
            strip.view.sought.connect(partial(self._jump, number))
        self.playback.changed.connect(self._show_playing)
        self.playback.moved.connect(self._move)
        self.retranslate()

    def show_files(self, named: Sequence[tuple[str, Path]]) -> None:
        """Show one or two recordings by their names; nothing for none."""
        files = tuple(file for _, file in named)
        if files == tuple(strip.file for strip in self.strips if strip.file):
            for strip, (name, _) in zip(self.strips, named, strict=False):
                strip.label.setText(name)
            return
        self.playback.stop()
        self._gains_db = (0.0, 0.0)
        for number, strip in enumerate(self.strips):
            strip.show_file(files[number] if number < len(files) else None)
            strip.label.setText(named[number][0] if number < len(named) else "")
        self._hint.setVisible(len(files) == 2)
        if len(files) == 2:
            self._studio.tasks.run(
                lambda _: gains(files), partial(self._match, files), owner=self, failed=lambda _: None
            )

    def _match(self, files: tuple[Path, ...], gains_db: tuple[float, float]) -> None:
        if files == tuple(strip.file for strip in self.strips):
            self._gains_db = gains_db

    @property
    def gains_db(self) -> tuple[float, float]:
        """By how much each is turned down."""
        return self._gains_db

    def _press(self, number: int, _checked: bool = False) -> None:
        self.hear(number)

    def hear(self, number: int, start_s: float | None = None) -> None:
        """Hear one of the two: from a second on, or from where the other is; again, to stop."""
        strip = self.strips[number]
        if strip.file is None:
            return
        is_heard = self.playback.file is not None
        if is_heard and number == self._heard and start_s is None:
            self.playback.stop()
            return
        if start_s is None:
            start_s = self.playback.position_s if is_heard else strip.view.caret / strip.view.rate
        length_s = strip.view.frames / strip.view.rate
        self._heard = number
        self.playback.play(strip.file, start_s if start_s < length_s else 0.0, gain_db=self._gains_db[number])
        self._show_playing()

    def stop(self) -> None:
        """Fall silent."""
        self.playback.stop()

    def _jump(self, number: int) -> None:
        view = self.strips[number].view
        if self.playback.file is not None:
            self.hear(number, view.caret / view.rate)

    def _show_playing(self) -> None:
        for number, strip in enumerate(self.strips):
            heard = self.playback.file is not None and number == self._heard
            strip.listen.setChecked(heard)
            if not heard:
                strip.view.play_at(None)

    def _move(self, second: float) -> None:
        view = self.strips[self._heard].view
        view.play_at(round(second * view.rate))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        key = Qt.Key(event.key())
        if key in KEYS:
            self.hear(KEYS.index(key))
        elif key == Qt.Key.Key_Space:
            self.hear(self._heard)
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        self._hint.setText(
            self.tr("Press A or B to switch between them at the same place. Both are equally loud.")
        )
        for letter, strip in zip(LETTERS, self.strips, strict=True):
            strip.listen.setText(letter)
            strip.listen.setAccessibleName(self.tr("Listen to {name}").format(name=letter))
            strip.view.setAccessibleName(self.tr("Waveform of {name}").format(name=letter))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def gains(files: Sequence[Path]) -> tuple[float, float]:
    """Return the gains, dB, that turn the louder of two recordings down to the other. Slow: for tasks."""
    one, other = (waves.speech_dbfs(waves.frame_levels(file)) for file in files)
    if one is None or other is None:
        return 0.0, 0.0
    least = min(one, other)
    return least - one, least - other
