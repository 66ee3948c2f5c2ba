"""A movable, self-contained folder with everything of the user's: database and files, by relative paths."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from rvcstudio.library.bin import Bin
from rvcstudio.library.conversions import Conversions
from rvcstudio.library.database import Database
from rvcstudio.library.models import Models
from rvcstudio.library.orders import Orders
from rvcstudio.library.takes import Takes
from rvcstudio.library.trainings import Trainings
from rvcstudio.library.voices import Voices


class Library(QObject):
    """An open library. May be used from any thread; `changed` tells which part is another now."""

    changed = Signal(str)  # voices, takes, models, conversions, datasets, trainings, orders

    def __init__(self, folder: Path) -> None:
        """Open the library in a folder, or make one there. Raises `Error`, see `Database`."""
        super().__init__()
        self.folder = folder.absolute()
        self.database = Database(self.folder)
        parts = (self.database, self.folder, self.changed.emit)
        self.voices = Voices(*parts)
        self.takes = Takes(*parts)
        self.models = Models(*parts)
        self.conversions = Conversions(*parts)
        self.trainings = Trainings(*parts)
        self.orders = Orders(*parts)
        self.bin = Bin(*parts)

    def close(self) -> None:
        self.database.close()
