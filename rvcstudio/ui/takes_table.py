"""Takes as a table, quick with ten thousand of them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from rvcstudio.library import Take
from rvcstudio.ui import formats, icons

Index = QModelIndex | QPersistentModelIndex
INCLUDED, PROMPT, LENGTH, LEVEL, ADVICE, DATE = range(6)
WIDTHS = {INCLUDED: 56, LENGTH: 76, LEVEL: 96, ADVICE: 110, DATE: 100}  # px
SHOWN_FROM = {LEVEL: 640, DATE: 720}  # px of the table's width

GRADES = {"good": "good", "fair": "fair", "poor": "poor", "bad": "poor"}
"""A recorder's word on a take, and a report's, as one."""
ICONS = {"good": ("good", "good"), "fair": ("warn", "warn"), "poor": ("bad", "bad")}
ORDER = ("poor", "fair", "good", "")
SILENCE_DBFS = -200.0

KEYS: Mapping[int, Callable[[Take], Any]] = {
    INCLUDED: lambda take: take.excluded,
    PROMPT: lambda take: take.title.casefold(),
    LENGTH: lambda take: take.seconds,
    LEVEL: lambda take: SILENCE_DBFS if take.peak_dbfs is None else take.peak_dbfs,
    DATE: lambda take: take.created,
}


class TakesModel(QAbstractTableModel):
    """Rows of takes, to sort. The first column says whether a take is used, and can be switched."""

    switched = Signal(str, bool)  # a take, and whether it is left out

    def __init__(self) -> None:
        super().__init__()
        self._takes: list[Take] = []
        self._sorted_by = (DATE, Qt.SortOrder.DescendingOrder)

    @property
    def shown(self) -> list[Take]:
        return self._takes

    def show(self, takes: list[Take]) -> None:
        self.beginResetModel()
        self._takes = self._in_order(takes)
        self.endResetModel()

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
        return GRADES.get(str(take.verdict.get("verdict", "")), "")

    def take(self, row: int) -> Take:
        return self._takes[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's
        return 0 if parent.isValid() else len(self._takes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's
        return 0 if parent.isValid() else 6

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == INCLUDED else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802 - Qt's
        if role == Qt.ItemDataRole.TextAlignmentRole and section in (LENGTH, LEVEL):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            self.tr("Use"),
            self.tr("What is said"),
            self.tr("Length"),
            self.tr("Peak"),
            self.tr("Judged"),
            self.tr("Recorded"),
        )[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        take, column = self._takes[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(take, column)
            case Qt.ItemDataRole.ToolTipRole if column == PROMPT:
                return take.prompt or take.file.name
            case Qt.ItemDataRole.ToolTipRole if column == ADVICE:
                return self.judgement(take)
            case Qt.ItemDataRole.DecorationRole if column == ADVICE:
                grade = self.grade(take)
                return icons.icon(*ICONS[grade]) if grade else None
            case Qt.ItemDataRole.CheckStateRole if column == INCLUDED:
                return Qt.CheckState.Unchecked if take.excluded else Qt.CheckState.Checked
            case Qt.ItemDataRole.AccessibleTextRole if column == INCLUDED:
                return self.tr("Left out") if take.excluded else self.tr("Used")
            case Qt.ItemDataRole.TextAlignmentRole if column in (LENGTH, LEVEL):
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole if take.excluded and column != INCLUDED:
                font = QFont()
                font.setStrikeOut(True)
                return font
        return None

    def _text(self, take: Take, column: int) -> str | None:
        match column:
            case 1:
                return take.title
            case 2:
                return formats.clock(take.seconds)
            case 3:
                return "–" if take.peak_dbfs is None else f"{take.peak_dbfs:.1f} dBFS"
            case 4:
                return self.judgement(take)
            case 5:
                return formats.day(take.created)
        return None

    def judgement(self, take: Take) -> str:
        """Return in a word how good a take is."""
        words = {"good": self.tr("Good"), "fair": self.tr("Fair"), "poor": self.tr("Poor")}
        return words.get(self.grade(take), "–")

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != INCLUDED:
            return False
        self.switched.emit(self._takes[index.row()].id, Qt.CheckState(value) == Qt.CheckState.Unchecked)
        return True

    def retranslate(self) -> None:
        """Have the headings and dates asked for again."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)


class TakesTable(QTableView):
    """A table of takes: what was selected stays so when they are read anew or sorted."""

    always_one = False  # whether one take is selected also where the user has selected none

    def __init__(self, name: str, takes: TakesModel | None = None) -> None:
        super().__init__(objectName=name)
        self.takes = takes or TakesModel()
        self.setModel(self.takes)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(36)
        self._arrange_header(self.horizontalHeader())

    def _arrange_header(self, header: QHeaderView) -> None:
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in range(self.takes.columnCount()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(PROMPT, QHeaderView.ResizeMode.Stretch)
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, width)
        self.setSortingEnabled(True)
        self.sortByColumn(DATE, Qt.SortOrder.DescendingOrder)
        header.sortIndicatorChanged.disconnect()
        header.sortIndicatorChanged.connect(self._sort)

    def chosen(self) -> list[Take]:
        """Return the selected takes."""
        return [self.takes.take(index.row()) for index in self.selectionModel().selectedRows()]

    @property
    def current(self) -> Take | None:
        """The take that the focus is on."""
        index = self.currentIndex()
        return self.takes.take(index.row()) if index.isValid() else None

    def show_takes(self, takes: list[Take]) -> None:
        """Show takes, with those selected that were; in place of one that is gone, the one after it."""
        chosen, current = {take.id for take in self.chosen()}, self.current
        row = max(self.currentIndex().row(), 0)
        self.takes.show(takes)
        self.select(chosen, current.id if current else "", row if chosen or self.always_one else None)

    def select(self, take_ids: Collection[str], current: str = "", otherwise: int | None = 0) -> None:
        """Select takes, and let one of them be the current one; where that is gone, the one of row `otherwise`."""
        shown = self.takes.shown
        rows = [number for number, take in enumerate(shown) if take.id in take_ids]
        selection = QItemSelection()
        for first, last in runs(rows):
            selection.append(QItemSelectionRange(self.takes.index(first, 0), self.takes.index(last, DATE)))
        place = next((number for number, take in enumerate(shown) if take.id == current), None)
        if place is None and rows:
            place = rows[0]
        elif place is None and shown and otherwise is not None:
            place = min(otherwise, len(shown) - 1)
        if place is not None:
            self.selectionModel().setCurrentIndex(
                self.takes.index(place, PROMPT), QItemSelectionModel.SelectionFlag.NoUpdate
            )
            if not rows and otherwise is not None:
                self.selectRow(place)
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.Select)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        for column, least in SHOWN_FROM.items():
            self.setColumnHidden(column, self.width() < least)

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        chosen, current = {take.id for take in self.chosen()}, self.current
        self.takes.sort(column, order)
        self.select(chosen, current.id if current else "")
        self.scrollTo(self.currentIndex())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.takes.retranslate()


def runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of every run of rows without a gap; thousands of ranges would be slow."""
    starts = [place for place, row in enumerate(rows) if place == 0 or row != rows[place - 1] + 1]
    stops = [*starts[1:], len(rows)] if starts else []
    for start, stop in zip(starts, stops, strict=True):
        yield rows[start], rows[stop - 1]
