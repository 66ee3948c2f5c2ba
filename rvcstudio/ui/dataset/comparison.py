"""Two takes, heard one against the other at the same place and equally loud, to keep the better one."""

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QSizePolicy

from rvcstudio.dataset import waves
from rvcstudio.library import Take
from rvcstudio.studio import Studio
from rvcstudio.ui.dataset.playback import Playback
from rvcstudio.ui.dataset.sounding import TakeView
from rvcstudio.ui.widgets import Button, IconButton, Label, column, row

NAMES = ("A", "B")
KEYS = (Qt.Key.Key_A, Qt.Key.Key_B)


class Comparison(QFrame):
    """Shows two takes below each other; A and B switch between them while they are heard."""

    kept = Signal(object, object)  # the take to keep, and the one to leave out
    closed = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._studio = studio
        self._takes: tuple[Take, Take] | None = None
        self._gains_db = (0.0, 0.0)
        self._heard = 0
        self.playback = Playback(studio, self)
        self.sounds = tuple(TakeView(f"dataset.compare.{name}.wave", studio.tasks) for name in NAMES)
        self._titles = [Label("strong") for _ in NAMES]
        self._listen = [self._listen_button(number) for number in range(2)]
        self._keep = [
            Button(f"dataset.compare.{name}.keep", partial(self._choose, number), icon="tick")
            for number, name in enumerate(NAMES)
        ]
        self._close = IconButton("dataset.compare.close", "close", self.close_)
        self._hint = Label("caption", wrap=True)
        self._arrange()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.playback.changed.connect(self._show_playing)
        self.playback.moved.connect(self._move)

    def _listen_button(self, number: int) -> Button:
        button = Button(f"dataset.compare.{NAMES[number]}.play", lambda: self.hear(number), icon="play")
        button.setCheckable(True)
        return button

    def _arrange(self) -> None:
        layout = column(gap=6)
        head = row(self._hint, self._close)
        head.setStretch(0, 1)
        layout.addLayout(head)
        for number, sound in enumerate(self.sounds):
            self._titles[number].setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            line = row(self._listen[number], self._titles[number], self._keep[number])
            line.setStretch(1, 1)
            layout.addLayout(line)
            layout.addWidget(sound, 1)
            sound.view.sought.connect(lambda number=number: self._jump(number))
            sound.failed.connect(self._studio.fail)
        layout.setContentsMargins(16, 10, 16, 12)
        self.setLayout(layout)

    def compare(self, one: Take, other: Take) -> None:
        """Show two takes, and make them equally loud."""
        self._takes, self._gains_db = (one, other), (0.0, 0.0)
        for sound, title, take in zip(self.sounds, self._titles, self._takes, strict=True):
            sound.show_take(take)
            title.setText(take.title)
        self._studio.tasks.run(lambda _: loudness_gains(one, other), self._match, owner=self)
        self.setFocus()

    def _match(self, gains_db: tuple[float, float]) -> None:
        self._gains_db = gains_db

    def hear(self, number: int, start_s: float | None = None) -> None:
        """Hear one of the two: from a second on, or from where the other is; again, to stop."""
        if self._takes is None:
            return
        is_heard = self.playback.file is not None
        if is_heard and number == self._heard and start_s is None:
            self.playback.stop()
            return
        take = self._takes[number]
        if start_s is None:
            view = self.sounds[number].view
            start_s = self.playback.position_s if is_heard else view.caret / view.rate
        self._heard = number
        self.playback.play(
            take.file, start_s if start_s < take.seconds else 0.0, gain_db=self._gains_db[number]
        )

    def _jump(self, number: int) -> None:
        view = self.sounds[number].view
        if self.playback.file is not None:
            self.hear(number, view.caret / view.rate)

    def _show_playing(self) -> None:
        for number, button in enumerate(self._listen):
            heard = self.playback.file is not None and number == self._heard
            button.setChecked(heard)
            if not heard:
                self.sounds[number].view.play_at(None)

    def _move(self, second: float) -> None:
        view = self.sounds[self._heard].view
        view.play_at(round(second * view.rate))

    def _choose(self, number: int) -> None:
        if self._takes is not None:
            takes = self._takes
            self.close_()
            self.kept.emit(takes[number], takes[1 - number])

    def close_(self) -> None:
        """End the comparison."""
        self.playback.stop()
        self._takes = None
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        key = Qt.Key(event.key())
        if key in KEYS:
            self.hear(KEYS.index(key))
        elif key == Qt.Key.Key_Space:
            self.hear(self._heard)
        elif key == Qt.Key.Key_Escape:
            self.close_()
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        self._hint.setText(
            self.tr("Press A or B to switch between them at the same place. Both are equally loud.")
        )
        self._close.say(self.tr("End the comparison"))
        for name, sound, listen, keep in zip(NAMES, self.sounds, self._listen, self._keep, strict=True):
            listen.setText(name)
            listen.setAccessibleName(self.tr("Listen to {name}").format(name=name))
            keep.setText(self.tr("Keep this, leave the other out"))
            sound.say(self.tr("Waveform of {name}").format(name=name))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def loudness_gains(one: Take, other: Take) -> tuple[float, float]:
    """Return the gains, dB, that turn the louder of two takes down to the other. Slow: for tasks."""
    levels = [waves.speech_dbfs(waves.frame_levels(take.file)) for take in (one, other)]
    if levels[0] is None or levels[1] is None:
        return 0.0, 0.0
    least = min(levels[0], levels[1])
    return least - levels[0], least - levels[1]
