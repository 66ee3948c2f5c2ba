"""Listening to several recordings of the same sentence: one after the other, or one against the other in its middle."""

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from rvc.errors import Error
from rvcstudio.loudness import gain_db
from rvcstudio.studio import Studio

LOOK_MS = 100  # how soon the end of a recording is noticed


class Listening(QObject):
    """Plays through the app's player, all in one loudness; `changed` tells which recording is heard, or None."""

    changed = Signal(object)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._now: Path | None = None
        self._began = 0.0
        self._next: list[Path] = []
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def can_play(self) -> bool:
        return self._studio.player is not None

    @property
    def now(self) -> Path | None:
        """What is heard."""
        return self._now

    @property
    def position_s(self) -> float:
        """How far into the recording playing is."""
        return 0.0 if self._now is None else time.monotonic() - self._began

    def play(self, file: Path, start_s: float = 0.0) -> None:
        """Play a recording from a second on."""
        self._next = []
        self._start(file, start_s)

    def play_all(self, files: Sequence[Path]) -> None:
        """Play recordings one after the other."""
        if files:
            self._start(files[0], 0.0)
            self._next = list(files[1:])

    def switch(self, file: Path) -> None:
        """Go on with another recording of the same sentence, at the same place in it."""
        self.play(file, self.position_s)

    def stop(self) -> None:
        """Fall silent."""
        self._next = []
        if self._now is not None and self._studio.player is not None:
            self._studio.player.stop()
        self._set(None)

    def _start(self, file: Path, start_s: float) -> None:
        if self._studio.player is None:
            return
        try:
            self._studio.player.play(file, start_s, gain_db=gain_db(file))
        except Error as error:
            self.stop()
            self._studio.fail(error)
            return
        self._began = time.monotonic() - start_s
        self._set(file)

    def _look(self) -> None:
        """Notice the end of a recording, or that somebody else plays something."""
        playing = self._studio.player.playing if self._studio.player else None
        if playing == self._now:
            return
        if playing is None and self._next:
            following, self._next = self._next[0], self._next[1:]
            self._start(following, 0.0)
        else:
            self._next = []
            self._set(None)

    def _set(self, file: Path | None) -> None:
        if file is None:
            self._timer.stop()
        else:
            self._timer.start()
        if file != self._now:
            self._now = file
            self.changed.emit(file)
