"""Listening to a recording while it is converted."""

from pathlib import Path

from rvc.errors import InputError
from rvcstudio.convert_queue import ConvertQueue
from rvcstudio.sound.player import Player
from rvcstudio.studio import Studio
from rvcstudio.ui.widgets import Button


class EarlyButton(Button):
    """Plays what is spoken so far and what comes after it; it is there while there is such a thing."""

    def __init__(self, studio: Studio, queue: ConvertQueue) -> None:
        super().__init__("convert.early", self._toggle, icon="play")
        self._studio, self._queue = studio, queue
        self._heard: Path | None = None
        self.hide()
        queue.moved.connect(lambda _item: self.follow())
        queue.ended.connect(lambda summary: self._end(stopped=summary.stopped or summary.failed > 0))
        if isinstance(studio.player, Player):
            studio.player.changed.connect(self._hear_player)

    def retranslate(self) -> None:
        text = self.tr("Listen meanwhile") if self._heard is None else self.tr("Stop listening")
        self.setText(text)
        self.setToolTip(self.tr("Hear what is spoken so far. The result gets its loudness at the end."))

    def follow(self) -> None:
        """Be there while something can be heard."""
        self.setVisible(
            isinstance(self._studio.player, Player)
            and (self._heard is not None or self._queue.early is not None)
        )

    def _toggle(self) -> None:
        player, early = self._studio.player, self._queue.early
        if not isinstance(player, Player):
            return
        if self._heard is not None:
            player.stop()
        elif early is not None:
            try:
                player.follow(early)
            except InputError as error:
                self._studio.fail(error)

    def _hear_player(self, file: Path | None) -> None:
        self._heard = file if file is not None and file == self._queue.early else None
        self.retranslate()
        self.follow()

    def _end(self, *, stopped: bool) -> None:
        """Fall silent where nothing more will come; what is whole is heard to its end."""
        if stopped and self._heard is not None and self._studio.player is not None:
            self._studio.player.stop()
        self.follow()
