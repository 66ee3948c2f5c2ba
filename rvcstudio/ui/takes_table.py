"""Takes as a table, quick with ten thousand of them."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from rvcstudio.library import Take
from rvcstudio.ui import formats

Index = QModelIndex | QPersistentModelIndex
INCLUDED, PROMPT, LENGTH, LEVEL, ADVICE, DATE = range(6)


class TakesModel(QAbstractTableModel):
    """Rows of takes. The first column says whether a take is used, and can be switched."""

    switched = Signal(str, bool)  # a take, and whether it is left out

    def __init__(self) -> None:
        super().__init__()
        self._takes: list[Take] = []

    def show(self, takes: list[Take]) -> None:
        self.beginResetModel()
        self._takes = takes
        self.endResetModel()

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
                return take.prompt or take.file.stem
            case 2:
                return formats.clock(take.seconds)
            case 3:
                return "–" if take.peak_dbfs is None else f"{take.peak_dbfs:.1f} dBFS"
            case 4:
                return str(take.verdict.get("verdict", "–"))
            case 5:
                return formats.day(take.created)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != INCLUDED:
            return False
        self.switched.emit(self._takes[index.row()].id, Qt.CheckState(value) == Qt.CheckState.Unchecked)
        return True

    def retranslate(self) -> None:
        """Have the headings and dates asked for again."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)


class TakesTable(QTableView):
    """The table of takes of the voice page."""

    def __init__(self, name: str, takes: TakesModel | None = None) -> None:
        super().__init__(objectName=name)
        self.takes = takes or TakesModel()
        self.setModel(self.takes)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(36)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in range(self.takes.columnCount()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(PROMPT, QHeaderView.ResizeMode.Stretch)
        for column, width in ((INCLUDED, 56), (LENGTH, 76), (LEVEL, 96), (ADVICE, 96), (DATE, 100)):
            self.setColumnWidth(column, width)

    def chosen(self) -> list[Take]:
        """Return the selected takes."""
        return [self.takes.take(index.row()) for index in self.selectionModel().selectedRows()]

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.takes.retranslate()
