"""At the start: takes that a crash left unfinished come into the library, and the user is told."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from rvc.events import Reporter
from rvcstudio.studio import Studio

if TYPE_CHECKING:
    from rvcstudio.library import Take

FOLDER = "unfinished"  # of `recording.unfinished`, which is loaded only where there is something to recover


class Recovery(QObject):
    """Looks into every library that is opened."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        studio.library_changed.connect(self.look)

    def look(self) -> None:
        """Recover what there is, beside the window."""
        library = self._studio.library
        if not any((library.folder / FOLDER).glob("*.part")):
            return

        def work(_reporter: Reporter) -> list["Take"]:
            from rvcstudio.recording import unfinished

            return unfinished.recover(library)

        self._studio.tasks.run(work, self._tell, owner=self)

    def _tell(self, takes: list["Take"]) -> None:
        if not takes:
            return
        library = self._studio.library
        seconds = round(sum(take.seconds for take in takes))
        text = self.tr("%n unsaved take(s) of last time are in the library now: {seconds} s.", "", len(takes))
        self._studio.say(
            text.format(seconds=seconds),
            lambda: library.takes.delete([take.id for take in takes]),
        )
