"""The takes of a dataset as a table: to sort, and with what the report says of each."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QItemSelectionRange, Qt
from PySide6.QtGui import QResizeEvent

from rvcstudio.dataset.report import Row
from rvcstudio.library import Take
from rvcstudio.ui import icons
from rvcstudio.ui.dataset.editor import called
from rvcstudio.ui.takes_table import (
    ADVICE,
    DATE,
    INCLUDED,
    LENGTH,
    LEVEL,
    PROMPT,
    Index,
    TakesModel,
    TakesTable,
)

GRADES = {"good": "good", "fair": "fair", "poor": "poor", "bad": "poor"}
"""A recorder's word on a take, and a report's, as one."""
ICONS = {"good": ("good", "good"), "fair": ("warn", "warn"), "poor": ("bad", "bad")}
ORDER = ("poor", "fair", "good", "")
SILENCE_DBFS = -200.0
SHOWN_FROM = {LEVEL: 640, DATE: 720}  # px of the table's width

KEYS: Mapping[int, Callable[[Take], Any]] = {
    INCLUDED: lambda take: take.excluded,
    PROMPT: lambda take: called(take).casefold(),
    LENGTH: lambda take: take.seconds,
    LEVEL: lambda take: SILENCE_DBFS if take.peak_dbfs is None else take.peak_dbfs,
    DATE: lambda take: take.created,
}


class DatasetModel(TakesModel):
    """Takes with their grades: the report's, or the word of when they were recorded."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: Mapping[str, Row] = {}
        self._titles: Mapping[str, str] = {}
        self._sorted_by = (DATE, Qt.SortOrder.DescendingOrder)

    @property
    def shown(self) -> list[Take]:
        return self._takes

    def judge(self, rows: Mapping[str, Row], titles: Mapping[str, str]) -> None:
        """Show what a report says of takes, by the names of their files; `titles` are the faults' names."""
        self._rows, self._titles = rows, titles
        if self._takes:
            self.dataChanged.emit(self.index(0, ADVICE), self.index(len(self._takes) - 1, ADVICE))

    def show(self, takes: list[Take]) -> None:
        super().show(self._in_order(takes))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put the takes in another order; who shows them selects anew."""
        self._sorted_by = (column, order)
        self.show(self._takes)

    def _in_order(self, takes: list[Take]) -> list[Take]:
        column, order = self._sorted_by
        key = KEYS.get(column, lambda take: ORDER.index(self.grade(take)))
        return sorted(takes, key=key, reverse=order == Qt.SortOrder.DescendingOrder)

    def grade(self, take: Take) -> str:
        """Return good, fair, poor, or nothing where it is not known."""
        row = self._rows.get(take.file.name)
        return row.grade if row else GRADES.get(str(take.verdict.get("verdict", "")), "")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.column() == ADVICE:
            take = self._takes[index.row()]
            grade = self.grade(take)
            if role == Qt.ItemDataRole.DecorationRole:
                return icons.icon(*ICONS[grade]) if grade else None
            if role == Qt.ItemDataRole.ToolTipRole:
                return self._faults(take) or self._said(grade)
        return super().data(index, role)

    def _text(self, take: Take, column: int) -> str | None:
        if column == PROMPT:
            return called(take)
        if column == ADVICE:
            return self._faults(take) or self._said(self.grade(take))
        return super()._text(take, column)

    def _faults(self, take: Take) -> str:
        row = self._rows.get(take.file.name)
        return ", ".join(self._titles.get(code, code) for code in row.wrong) if row else ""

    def _said(self, grade: str) -> str:
        return {"good": self.tr("Good"), "fair": self.tr("Fair"), "poor": self.tr("Poor")}.get(grade, "–")


class DatasetTable(TakesTable):
    """The table of the dataset page: what was selected stays so when the takes are read anew."""

    def __init__(self, name: str) -> None:
        super().__init__(name, DatasetModel())
        self.setSortingEnabled(True)
        self.sortByColumn(DATE, Qt.SortOrder.DescendingOrder)
        self.setColumnWidth(ADVICE, 190)
        self.setMinimumHeight(76)
        self.horizontalHeader().sortIndicatorChanged.disconnect()
        self.horizontalHeader().sortIndicatorChanged.connect(self._sort)

    @property
    def dataset(self) -> DatasetModel:
        model = self.takes
        assert isinstance(model, DatasetModel)
        return model

    @property
    def current(self) -> Take | None:
        """The take that the focus is on."""
        index = self.currentIndex()
        return self.dataset.take(index.row()) if index.isValid() else None

    def show_takes(self, takes: list[Take]) -> None:
        """Show takes, with those selected that were; in place of one that is gone, the one after it."""
        chosen, current = {take.id for take in self.chosen()}, self.current
        row = self.currentIndex().row()
        self.dataset.show(takes)
        self.select(chosen, current.id if current else "", row)

    def select(self, take_ids: Collection[str], current: str = "", otherwise: int = 0) -> None:
        """Select takes, and let one of them be the current one; where that is gone, the one of row `otherwise`."""
        shown = self.dataset.shown
        rows = [number for number, take in enumerate(shown) if take.id in take_ids]
        selection = QItemSelection()
        for first, last in runs(rows):
            selection.append(
                QItemSelectionRange(self.dataset.index(first, 0), self.dataset.index(last, DATE))
            )
        place = next((number for number, take in enumerate(shown) if take.id == current), None)
        if place is None and shown:
            place = rows[0] if rows else min(max(otherwise, 0), len(shown) - 1)
        if place is not None:
            self.selectionModel().setCurrentIndex(
                self.dataset.index(place, PROMPT), QItemSelectionModel.SelectionFlag.NoUpdate
            )
            if not rows:
                self.selectRow(place)
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.Select)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        for column, least in SHOWN_FROM.items():
            self.setColumnHidden(column, self.width() < least)

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        chosen, current = {take.id for take in self.chosen()}, self.current
        self.dataset.sort(column, order)
        self.select(chosen, current.id if current else "")
        self.scrollTo(self.currentIndex())


def runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of every run of rows without a gap; thousands of ranges would be slow."""
    starts = [place for place, row in enumerate(rows) if place == 0 or row != rows[place - 1] + 1]
    stops = [*starts[1:], len(rows)] if starts else []
    for start, stop in zip(starts, stops, strict=True):
        yield rows[start], rows[stop - 1]
