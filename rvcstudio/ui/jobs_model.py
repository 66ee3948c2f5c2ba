"""The jobs of all computers as a list for views: what goes on first, then what waits, then what has ended."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from rvcstudio.hub import Address, JobHub
from rvcstudio.ui import job_words

if TYPE_CHECKING:
    from rvc.jobs import Job

ADDRESS = Qt.ItemDataRole.UserRole
FEW = 50  # rows that are put in one by one; more are shown anew as a whole
RANKS = {"running": 0, "pausing": 0, "queued": 1, "paused": 2, "failed": 3, "done": 3, "cancelled": 3}

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class JobsModel(QAbstractListModel):
    """The jobs of a hub, narrowed to a search, a computer, and whether they have ended."""

    def __init__(self, hub: JobHub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub
        self._rows: list[Address] = []
        self._search, self._computer, self._ended = "", "", False
        self._rows = self._wanted()
        hub.came.connect(self._update)
        hub.gone.connect(lambda _addresses: self._update([]))

    def narrow(self, search: str, computer: str, *, ended: bool) -> None:
        """Show the jobs with `search` in their names, of a computer or all, that have ended or have not."""
        self._search, self._computer, self._ended = search.strip().casefold(), computer, ended
        self.refresh()

    def refresh(self) -> None:
        """Show everything anew."""
        self.beginResetModel()
        self._rows = self._wanted()
        self.endResetModel()

    def rowCount(self, parent: Index = NO_INDEX) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        address = self._rows[index.row()]
        job = self._hub.job(address)
        if job is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return job.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return job_words.sentence(self._hub, address, job)
            case Qt.ItemDataRole.ToolTipRole:
                return job.failure.text if job.failure else None
            case _:
                return address if role == ADDRESS else None

    def address(self, row: int) -> Address:
        return self._rows[row]

    def row_of(self, address: Address) -> int | None:
        return self._rows.index(address) if address in self._rows else None

    def _wanted(self) -> list[Address]:
        jobs = self._hub.jobs()
        found = [(self._key(job), address) for address, job in jobs.items() if self._matches(address, job)]
        return [address for _, address in sorted(found)]

    def _matches(self, address: Address, job: "Job") -> bool:
        return (
            (RANKS[str(job.state)] == 3) == self._ended
            and self._computer in ("", address.computer)
            and self._search in job.name.casefold()
        )

    @staticmethod
    def _key(job: "Job") -> tuple[int, int, int, float]:
        """Sort by what is going on; the queue in its own order, what has ended by when that was."""
        rank = RANKS[str(job.state)]
        if rank == 3:
            return rank, 0, 0, -(job.ended or job.created).timestamp()
        return rank, -job.priority, job.position, job.created.timestamp()

    def _update(self, changed: list[Address]) -> None:
        """Follow what has changed, keeping what is selected and what is in sight."""
        wanted = self._wanted()
        if wanted != self._rows:
            self._rearrange(wanted)
        places = {address: row for row, address in enumerate(self._rows)} if changed else {}
        for address in changed:
            if address in places:
                index = self.index(places[address])
                self.dataChanged.emit(index, index)

    def _rearrange(self, wanted: list[Address]) -> None:
        old, new = set(self._rows), set(wanted)
        if len(old ^ new) > FEW:
            self.beginResetModel()
            self._rows = wanted
            self.endResetModel()
            return
        for row in reversed([row for row, address in enumerate(self._rows) if address not in new]):
            self.beginRemoveRows(NO_INDEX, row, row)
            del self._rows[row]
            self.endRemoveRows()
        if added := [address for address in wanted if address not in old]:
            self.beginInsertRows(NO_INDEX, len(self._rows), len(self._rows) + len(added) - 1)
            self._rows += added
            self.endInsertRows()
        if self._rows != wanted:
            self._sort(wanted)

    def _sort(self, wanted: list[Address]) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = {address: row for row, address in enumerate(wanted)}
        after = [self.index(places[self._rows[index.row()]]) for index in before]
        self._rows = wanted
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
