"""Where jobs run: this computer first, and whatever other computers are added to it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from rvc.jobs import JobService

HERE = "here"


class JobHub(QObject):
    """The job services that the app knows, by the computer's name. This computer's opens when it is first used."""

    changed = Signal()  # computers came or went

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._makers: dict[str, Callable[[], JobService]] = {HERE: _local_jobs}
        self._services: dict[str, JobService] = {}

    def computers(self) -> list[str]:
        """Return the names of the computers, this one first."""
        return list(self._makers)

    def service(self, computer: str = HERE) -> "JobService":
        """Return the jobs of a computer; may block while it is reached, so ask in a task."""
        if computer not in self._services:
            self._services[computer] = self._makers[computer]()
        return self._services[computer]

    def add(self, computer: str, make: "Callable[[], JobService]") -> None:
        """Let jobs run on another computer, whose service `make` opens when it is needed."""
        self._makers[computer] = make
        self._services.pop(computer, None)
        self.changed.emit()

    def remove(self, computer: str) -> None:
        """Forget a computer."""
        self._makers.pop(computer, None)
        self._services.pop(computer, None)
        self.changed.emit()


def _local_jobs() -> "JobService":
    from rvc.jobs import LocalJobs  # not at the start of the app: it takes a third of a second

    return LocalJobs()
