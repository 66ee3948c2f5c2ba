"""What every page is given: the library, the settings, work in the background, and ways to speak to the user."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from rvcstudio.companion import Engine
from rvcstudio.downloads import Downloads
from rvcstudio.hub import JobHub
from rvcstudio.installing import Installing
from rvcstudio.library import Library
from rvcstudio.remote.computers import Computers
from rvcstudio.settings import SettingsStore
from rvcstudio.sound.devices import Sound
from rvcstudio.tasks import Tasks
from rvcstudio.training_requests import TrainingRequests
from rvcstudio.translation import Languages

NAMES_SHOWN = 3

if TYPE_CHECKING:
    from rvcstudio.awake import Awake
    from rvcstudio.notify import Notifier

Undo = Callable[[], None]
Taker = Callable[[list[Path]], list[Path]]
"""Takes of some files those that it knows what to do with, and returns the others."""


class Player(Protocol):
    """Plays files through the user's output device."""

    def play(self, file: Path, start_s: float = 0.0, *, gain_db: float = 0.0) -> None:
        """Play a file from a second on, in place of what plays now."""

    def stop(self) -> None:
        """Fall silent."""

    @property
    def playing(self) -> Path | None:
        """What is heard now."""


class Studio(QObject):
    """The services of the running app. Pages speak to each other and to the user through its signals."""

    wanted = Signal(str, dict)  # a page by its name, and what it shall show
    said = Signal(str, object)  # a sentence, and how to undo what it tells or None
    failed = Signal(object)  # an exception, to be shown as its kind asks for
    library_changed = Signal()  # another folder
    welcome_wanted = Signal()  # the first start, again

    def __init__(
        self, settings: SettingsStore, languages: Languages, library: Library, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.settings = settings
        self.languages = languages
        self.tasks = Tasks(self.fail, self)
        self.downloads = Downloads(settings, self.tasks, self)
        self.jobs = JobHub(self)
        self.computers = Computers(settings, self.jobs, self.fail, self)
        self.engine = Engine()
        self.installing = Installing(self)
        self.trainings = TrainingRequests(self)
        self.sound = Sound()
        self.player: Player | None = None
        self.notifier: Notifier | None = None  # the desk makes it
        self.awake: Awake | None = None  # and this
        self.takers: list[Taker] = []
        self.pages: frozenset[str] = frozenset()  # their names; the window knows them
        self.microphone_check: Callable[[], QWidget] | None = None  # for the first start
        self.library = library

    def go(self, page: str, **target: Any) -> None:
        """Show a page; `target` says what of it, such as `voice=...`."""
        self.wanted.emit(page, target)

    def has_page(self, page: str) -> bool:
        """Tell whether there is such a page."""
        return page in self.pages

    def say(self, text: str, undo: Undo | None = None) -> None:
        """Tell the user in passing what was done, with a way back where there is one."""
        self.said.emit(text, undo)

    def fail(self, error: BaseException) -> None:
        """Show what went wrong: a sentence with the next step, or a bug with its diagnostics."""
        self.failed.emit(error)

    def take(self, files: list[Path]) -> None:
        """Give files that came from outside to those who know them, and say once which nobody knows."""
        for taker in self.takers:
            files = taker(files) if files else files
        if files:
            names = ", ".join(file.name for file in files[:NAMES_SHOWN]) + (
                "…" if len(files) > NAMES_SHOWN else ""
            )
            self.say(self.tr("%n file(s) cannot be used here: {names}", "", len(files)).format(names=names))

    def use_library(self, library: Library) -> None:
        """Work with the library in another folder from now on."""
        self.tasks.stop()  # it is about the old one
        old, self.library = self.library, library
        self.settings.update(library=library.folder)
        self.library_changed.emit()
        old.close()

    def close(self) -> None:
        """End all work and close the library."""
        self.downloads.close()
        self.installing.close()
        self.computers.close()
        self.computers.secrets.close()
        self.tasks.stop()
        self.engine.close()
        self.library.close()
