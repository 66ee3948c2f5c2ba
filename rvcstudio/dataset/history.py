"""What was done to the takes of a voice since its page was opened, to be undone and done again."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from rvcstudio.dataset.versions import Step, Versions

STEPS = 200  # remembered; the recordings themselves stay in the bin


@dataclass(frozen=True, slots=True)
class Deed:
    """A step, and what it is called."""

    text: str
    step: Step


class History(QObject):
    """Steps that were done, and steps that were undone."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._done: list[Deed] = []
        self._undone: list[Deed] = []

    @property
    def last(self) -> Deed | None:
        return self._done[-1] if self._done else None

    @property
    def next(self) -> Deed | None:
        """What would be done again."""
        return self._undone[-1] if self._undone else None

    def add(self, deed: Deed) -> None:
        """Remember what was just done."""
        self._done = [*self._done[1 - STEPS :], deed]
        self._undone.clear()
        self.changed.emit()

    def undo(self, versions: Versions, deed: Deed | None = None) -> Deed | None:
        """Take the last deed back, and return it; only if it is `deed`, where that is given."""
        if not self._done or (deed is not None and self._done[-1] is not deed):
            return None
        versions.undo(self._done[-1].step)
        self._undone.append(self._done.pop())
        self.changed.emit()
        return self._undone[-1]

    def redo(self, versions: Versions) -> Deed | None:
        """Do again what was last undone, and return it."""
        if not self._undone:
            return None
        versions.redo(self._undone[-1].step)
        self._done.append(self._undone.pop())
        self.changed.emit()
        return self._done[-1]

    def clear(self) -> None:
        """Forget: the takes of another voice are shown."""
        self._done.clear()
        self._undone.clear()
        self.changed.emit()
