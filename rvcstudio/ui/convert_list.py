"""The recordings to convert, with what became of each."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from rvcstudio.convert_queue import Item
from rvcstudio.ui import formats, icons
from rvcstudio.ui.errors import sentence

LEAST_HEIGHT, MOST_HEIGHT, ROW_HEIGHT = 130, 320, 34
ICONS = {
    "waiting": ("clock", "muted"),
    "working": ("convert", "accent"),
    "done": ("good", "good"),
    "failed": ("bad", "bad"),
}


class RecordingList(QTreeWidget):
    """Rows of recordings; `picked` tells which one is looked at, Delete takes the chosen ones out."""

    picked = Signal(object)  # an Item, or None

    def __init__(self, remove: Callable[[list[Item]], None]) -> None:
        super().__init__(objectName="convert.recordings")
        self._remove = remove
        self._rows: dict[Item, QTreeWidgetItem] = {}
        self.setRootIsDecorated(False)
        self.setColumnCount(3)
        self.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.setUniformRowHeights(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for number in (1, 2):
            header.setSectionResizeMode(number, QHeaderView.ResizeMode.ResizeToContents)
        self.currentItemChanged.connect(lambda *_: self.picked.emit(self.current))

    @property
    def current(self) -> Item | None:
        row = self.currentItem()
        return None if row is None else row.data(0, Qt.ItemDataRole.UserRole)

    def chosen(self) -> list[Item]:
        return [row.data(0, Qt.ItemDataRole.UserRole) for row in self.selectedItems()]

    def show_items(self, items: list[Item]) -> None:
        """Show these recordings; the one that is looked at stays, else it is the last."""
        current = self.current
        self.blockSignals(True)
        self.clear()
        self._rows = {}
        for item in items:
            row = QTreeWidgetItem(self)
            row.setData(0, Qt.ItemDataRole.UserRole, item)
            row.setText(0, item.source.name)
            row.setToolTip(0, str(item.source))
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._rows[item] = row
            self.refresh(item)
        kept = current if current in self._rows else (items[-1] if items else None)
        if kept is not None:
            self.setCurrentItem(self._rows[kept])
        self.blockSignals(False)
        self.setFixedHeight(min(MOST_HEIGHT, max(LEAST_HEIGHT, (len(items) + 2) * ROW_HEIGHT)))
        self.picked.emit(self.current)

    def look_at(self, item: Item) -> None:
        if item in self._rows:
            self.setCurrentItem(self._rows[item])

    def refresh(self, item: Item) -> None:
        """Show what became of a recording by now."""
        row = self._rows.get(item)
        if row is None:
            return
        row.setText(1, formats.clock(item.seconds) if item.seconds is not None else "")
        row.setText(2, self._state(item))
        row.setIcon(2, icons.icon(*ICONS[item.state]))
        row.setToolTip(2, sentence(item.error)[0] if item.error else "")

    def _state(self, item: Item) -> str:
        match item.state:
            case "waiting":
                return self.tr("Waiting")
            case "working":
                return self.tr("{percent} %").format(percent=round(100 * item.share))
            case "failed":
                return self.tr("Not converted")
            case _:
                return self.tr("Converted")

    def retranslate(self) -> None:
        self.setHeaderLabels([self.tr("Recording"), self.tr("Length"), self.tr("State")])
        self.setAccessibleName(self.tr("Recordings"))
        for item in self._rows:
            self.refresh(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._remove(self.chosen())
            return
        super().keyPressEvent(event)
