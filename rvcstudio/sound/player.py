"""Plays files. Importing it costs nothing: what decodes is loaded when something is played."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from rvc.errors import InputError
from rvcstudio.sound.devices import Sound

if TYPE_CHECKING:
    from collections.abc import Callable

    from rvcstudio.sound.playing import Outgoing


class Player(QObject):
    """Plays one file at a time on the chosen output device."""

    changed = Signal(object)  # the file that plays now, or None
    _ended = Signal(object)

    def __init__(self, sound: Sound, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sound = sound
        self._output = ""
        self._now: Outgoing | None = None
        self._ended.connect(self._end)

    def choose(self, output: str) -> None:
        """Play on the device with this key from the next file on; the default one where it is gone."""
        self._output = output

    def play(
        self,
        file: Path,
        start_s: float = 0.0,
        *,
        end_s: float | None = None,
        loop: bool = False,
        gain_db: float = 0.0,
    ) -> None:
        """Play a file from a second on, to `end_s` or its end, again and again with `loop`.

        Raises `InputError`: not_audio, no_output, device_not_opened.
        """
        from rvcstudio.sound.playing import Playing

        self._start(lambda: Playing(file, start_s, end_s, loop, gain_db))

    def follow(self, file: Path) -> None:
        """Play a wave that is still being made, from its beginning to where it ends at last. Raises as `play`."""
        from rvcstudio.sound.playing import Following

        self._start(lambda: Following(file))

    def _start(self, make: "Callable[[], Outgoing]") -> None:
        self.stop()
        device = self._sound.find_output(self._output)
        if device is None:
            raise InputError("no_output", "There is no device to play on.", "Connect headphones or speakers.")
        playing = make()
        channels = min(2, device.outputs)
        ended = _Report(self._ended, playing)
        try:
            playing.stream = self._sound.open_output(device, playing.rate, channels, playing.fill, ended)
        except InputError:
            playing.close()
            raise
        self._now = playing
        self.changed.emit(playing.file)

    def stop(self) -> None:
        """Fall silent."""
        if self._now is not None:
            self._end(self._now)

    def _end(self, playing: "Outgoing") -> None:
        if playing is not self._now:
            return  # it was stopped, and its stream reports so only now
        self._now = None
        self._sound.close(playing.stream)
        playing.close()
        self.changed.emit(None)

    @property
    def playing(self) -> Path | None:
        """The file that is heard now."""
        return self._now.file if self._now else None

    @property
    def position_s(self) -> float:
        """How far into the file playing is; 0 when nothing plays."""
        return self._now.position_s if self._now else 0.0


class _Report:
    """Tells the main thread that a stream has ended by itself."""

    def __init__(self, signal: Any, playing: "Outgoing") -> None:
        self._signal, self._playing = signal, playing

    def __call__(self) -> None:
        if not self._playing.is_closed:
            self._signal.emit(self._playing)
