"""Takes heard: a part, again and again, with the place that is heard told while it moves."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict
from PySide6.QtCore import QObject, QTimer, Signal

from rvc.errors import Error
from rvcstudio.sound.player import Player
from rvcstudio.studio import Studio

TOLD_MS = 30


class PlaybackSettings(BaseModel):
    """Where takes are heard."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    output: str = ""


class Playback(QObject):
    """Plays one take at a time. What another page plays does not concern it."""

    changed = Signal()  # it plays something else, or nothing
    moved = Signal(float)  # seconds into the take

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._file: Path | None = None
        self._timer = QTimer(self, interval=TOLD_MS)
        self._timer.timeout.connect(self._tell)
        if isinstance(self._player, Player):
            self._player.changed.connect(self._follow)
            self._player.choose(self.output)

    @property
    def _player(self) -> Player | None:
        player = self._studio.player
        return player if isinstance(player, Player) else None

    @property
    def can_play(self) -> bool:
        return self._player is not None

    @property
    def file(self) -> Path | None:
        """The take that is heard."""
        return self._file

    @property
    def position_s(self) -> float:
        return self._player.position_s if self._player and self._file else 0.0

    def outputs(self) -> list[tuple[str, str]]:
        """Return the devices that can be played on, by key and name, the default one first."""
        try:
            return [(device.key, device.name) for device in self._studio.sound.outputs()]
        except Error as error:
            self._studio.fail(error)
            return []

    @property
    def output(self) -> str:
        """The key of the device that was chosen; empty for the default one."""
        return self._studio.settings.section("playback", PlaybackSettings).output

    def choose_output(self, key: str) -> None:
        """Play on a device from now on, here and everywhere."""
        self._studio.settings.keep_section("playback", PlaybackSettings(output=key))
        if self._player is not None:
            self._player.choose(key)

    def play(
        self,
        file: Path,
        start_s: float = 0.0,
        end_s: float | None = None,
        *,
        loop: bool = False,
        gain_db: float = 0.0,
    ) -> None:
        """Play a take from a second on, to another or its end; what goes wrong is shown."""
        if self._player is None:
            return
        try:
            self._player.play(file, start_s, end_s=end_s, loop=loop, gain_db=gain_db)
        except Error as error:
            self._studio.fail(error)
            return
        self._file = file
        self._timer.start()
        self.changed.emit()

    def stop(self) -> None:
        """Fall silent, unless somebody else plays."""
        if self._file is not None and self._player is not None:
            self._player.stop()

    def _follow(self, playing: Path | None) -> None:
        """Hear of the end, and of others who play."""
        if self._file is not None and playing != self._file:
            self._file = None
            self._timer.stop()
            self.changed.emit()

    def _tell(self) -> None:
        self.moved.emit(self.position_s)
