"""The page of what was deleted: everything on it can come back."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QCheckBox, QHeaderView, QTableView

from rvc.events import Reporter
from rvcstudio.library.bin import Deleted
from rvcstudio.library.files import size_of
from rvcstudio.ui import formats, icons
from rvcstudio.ui.page import Page
from rvcstudio.ui.widgets import Button, Card, EmptyState, IconButton

ICONS = {"voices": "user", "takes": "wave", "models": "models", "conversions": "convert"}
NAME, KIND, WHOSE, DELETED, SIZE = range(5)
SHOWN_FROM = {WHOSE: 600, KIND: 420}  # px of the table's width
WIDTHS = {KIND: 150, WHOSE: 150, DELETED: 110, SIZE: 90}  # px

Index = QModelIndex | QPersistentModelIndex
Found = tuple[Deleted, int]
"""A thing in the bin, and its bytes."""


class BinModel(QAbstractTableModel):
    """Rows of deleted things, what was deleted last first."""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Found] = []

    def show(self, found: list[Found]) -> None:
        self.beginResetModel()
        self._found = sorted(found, key=lambda one: one[0].deleted, reverse=True)
        self.endResetModel()

    def item(self, row: int) -> Deleted:
        return self._found[row][0]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's
        return 0 if parent.isValid() else len(self._found)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802 - Qt's
        if role == Qt.ItemDataRole.TextAlignmentRole and section == SIZE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Name"), self.tr("What"), self.tr("Of"), self.tr("Deleted"), self.tr("Size"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item, size = self._found[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (
                    item.name,
                    self._kind(item),
                    item.whose,
                    formats.day(item.deleted),
                    formats.size(size),
                )[index.column()]
            case Qt.ItemDataRole.ToolTipRole if index.column() == NAME:
                return item.name
            case Qt.ItemDataRole.DecorationRole if index.column() == NAME:
                return icons.icon(ICONS[item.table])
            case Qt.ItemDataRole.TextAlignmentRole if index.column() == SIZE:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _kind(self, item: Deleted) -> str:
        if item.is_version:
            return self.tr("Version of a take")
        return {
            "voices": self.tr("Voice"),
            "takes": self.tr("Take"),
            "models": self.tr("Model"),
            "conversions": self.tr("Conversion"),
        }[item.table]

    def retranslate(self) -> None:
        """Have the headings asked for again."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)


class BinTable(QTableView):
    """The table of the page."""

    def __init__(self, name: str) -> None:
        super().__init__(objectName=name)
        self.items = BinModel()
        self.setModel(self.items)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(36)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, width)

    def chosen(self) -> list[Deleted]:
        """Return the selected things."""
        return [self.items.item(index.row()) for index in self.selectionModel().selectedRows()]

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        for column, least in SHOWN_FROM.items():
            self.setColumnHidden(column, self.width() < least)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.items.retranslate()


class BinPage(Page):
    """Deleted things, to put back or to hand to the system's bin."""

    scrolls = False

    def build(self) -> None:
        self._found: list[Found] = []
        self._back = IconButton("bin.back", "arrow-left", lambda: self.studio.go("voices"))
        self.head.insertWidget(0, self._back)
        self._restore = Button("bin.restore", self.restore, look="primary", icon="undo")
        self._remove = Button("bin.remove", self.remove, look="danger", icon="trash")
        self.buttons.addWidget(self._remove)
        self.buttons.addWidget(self._restore)
        self._table = BinTable("bin.table")
        self._table.selectionModel().selectionChanged.connect(lambda *_: self._follow())
        self._table.activated.connect(lambda _index: self.restore())
        self._versions = QCheckBox(objectName="bin.versions")
        self._versions.toggled.connect(lambda _on: self._show())
        self._card = Card(self._table, self._versions)
        self._empty = EmptyState("trash", "bin.empty")
        self.body.addWidget(self._card, 1)
        self.body.addWidget(self._empty, 1)
        self.add_shortcut("R", lambda: self.tr("Put the selected things back"), self.restore)
        self.add_shortcut(
            "Delete", lambda: self.tr("Move the selected things to the system's bin"), self.remove_chosen
        )
        self.add_shortcut("Ctrl+A", lambda: self.tr("Select everything"), self._table.selectAll)
        self.studio.library_changed.connect(self._change_library)
        self._listen()

    def _listen(self) -> None:
        self.studio.library.changed.connect(self._follow_library)

    def _follow_library(self, _part: str) -> None:
        if self.isVisible():
            self.refresh()

    def _change_library(self) -> None:
        self._listen()
        if self.isVisible():
            self.refresh()

    def retranslate(self) -> None:
        super().retranslate()
        self._back.say(self.tr("Back to all voices"))
        self._restore.setText(self.tr("Put back"))
        self._table.setAccessibleName(self.tr("Deleted things"))
        self._empty.say(
            self.tr("Nothing is deleted"), self.tr("What you delete waits here until you want the room.")
        )
        self._show()

    def shown(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Look into the bin beside the window."""
        library = self.studio.library

        def look(_reporter: Reporter) -> list[Found]:
            return [(item, size_of(item.path) if item.path else 0) for item in library.bin.all()]

        self.studio.tasks.run(look, self._know, owner=self)

    def _know(self, found: list[Found]) -> None:
        self._found = found
        self._show()

    def _show(self) -> None:
        versions = sum(item.is_version for item, _ in self._found)
        shown = [one for one in self._found if self._versions.isChecked() or not one[0].is_version]
        self._table.items.show(shown)
        self._versions.setText(self.tr("Also %n other version(s) of edited takes", "", versions))
        self._versions.setVisible(versions > 0)
        self._card.setVisible(bool(self._found))
        self._empty.setVisible(not self._found)
        size = formats.size(sum(size for _, size in self._found))
        self.say_subtitle(
            self.tr(
                "All of it can come back, until you move it to the system's bin. It takes {size}."
            ).format(size=size)
            if self._found
            else ""
        )
        self._follow()

    def _follow(self) -> None:
        """Say whom the buttons are for."""
        chosen = len(self._table.chosen())
        self._remove.setText(
            self.tr("Move %n to the system's bin", "", chosen)
            if chosen
            else self.tr("Move all to the system's bin")
        )
        self._restore.setEnabled(chosen > 0)
        for button in (self._restore, self._remove):
            button.setVisible(bool(self._found))
        self._remove.setEnabled(self._table.items.rowCount() > 0)

    def restore(self) -> None:
        """Put the selected things back to where they were."""
        items, bin_ = self._table.chosen(), self.studio.library.bin
        if items:
            bin_.restore(items)
            self.studio.say(self.tr("%n thing(s) put back.", "", len(items)), lambda: bin_.take_back(items))

    def remove_chosen(self) -> None:
        """Move the selected things to the system's bin."""
        if chosen := self._table.chosen():
            self._remove_items(chosen)

    def remove(self) -> None:
        """Move the selected things, or else all that are shown, to the system's bin."""
        model = self._table.items
        self._remove_items(self._table.chosen() or [model.item(number) for number in range(model.rowCount())])

    def _remove_items(self, items: list[Deleted]) -> None:
        library = self.studio.library
        self.set_busy(True)
        self.studio.tasks.run(
            lambda reporter: library.bin.empty(reporter, items),
            lambda left: self._removed(len(items), left),
            owner=self,
            failed=self._could_not,
        )

    def _removed(self, count: int, left: int) -> None:
        self.set_busy(False)
        if left:
            self.studio.say(self.tr("%n thing(s) could not be moved to the bin and stay.", "", left))
        else:
            self.studio.say(self.tr("%n thing(s) moved to the system's bin.", "", count))

    def _could_not(self, error: BaseException) -> None:
        self.set_busy(False)
        self.studio.fail(error)
