"""What was converted before: to hear, to do again with other settings, to find on the disk."""

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from rvcstudio.library import Conversion
from rvcstudio.studio import Studio
from rvcstudio.ui import formats
from rvcstudio.ui.widgets import Button, Card, IconButton, Label, SearchField, row

SHOWN = 100
HEIGHT = 240


class HistoryCard(Card):
    """`again` asks to load a conversion's recording and settings, `heard` to listen to it."""

    again = Signal(object)
    heard = Signal(object)

    def __init__(self, studio: Studio) -> None:
        super().__init__(name="convert.history")
        self._studio = studio
        self._heading = Label("heading")
        self._search = SearchField("convert.history.search")
        self._search.searched.connect(lambda _text: self.refresh())
        self._list = QTreeWidget(objectName="convert.history.list")
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.setColumnCount(3)
        self._list.setFixedHeight(HEIGHT)
        self._list.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        header = self._list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for number in (1, 2):
            header.setSectionResizeMode(number, QHeaderView.ResizeMode.ResizeToContents)
        self._list.itemSelectionChanged.connect(self._follow)
        self._list.itemDoubleClicked.connect(lambda *_: self._tell(self.heard))
        self._hear = Button("convert.history.hear", lambda: self._tell(self.heard), icon="play")
        self._again = Button("convert.history.again", lambda: self._tell(self.again), icon="loop")
        self._show = IconButton("convert.history.show", "folder", self._open_folder)
        self._delete = IconButton("convert.history.delete", "trash", self._remove)
        self.content.addLayout(row(self._heading, None, self._search))
        self.content.addWidget(self._list)
        self.content.addLayout(row(self._hear, self._again, None, self._show, self._delete))

    def refresh(self) -> None:
        """Read the history anew."""
        found = self._studio.library.conversions.all(self._search.text(), limit=SHOWN)
        self.setVisible(bool(found) or bool(self._search.text()))
        self._list.clear()
        for conversion in found:
            line = QTreeWidgetItem(self._list)
            line.setData(0, Qt.ItemDataRole.UserRole, conversion)
            line.setText(0, conversion.output.name)
            line.setToolTip(0, str(conversion.output))
            line.setText(1, conversion.model_name)
            line.setText(2, formats.day(conversion.created))
        self._follow()

    def _chosen(self) -> list[Conversion]:
        return [line.data(0, Qt.ItemDataRole.UserRole) for line in self._list.selectedItems()]

    def _follow(self) -> None:
        chosen = self._chosen()
        self._delete.setEnabled(bool(chosen))
        for button in (self._hear, self._again, self._show):
            button.setEnabled(len(chosen) == 1)

    def _tell(self, signal: object) -> None:
        chosen = self._chosen()
        if len(chosen) == 1:
            signal.emit(chosen[0])  # type: ignore[attr-defined]

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._chosen()[0].output.parent)))

    def _remove(self) -> None:
        ids = [conversion.id for conversion in self._chosen()]
        conversions = self._studio.library.conversions
        conversions.delete(ids)
        self._studio.say(self.tr("%n conversion(s) deleted.", "", len(ids)), lambda: conversions.restore(ids))

    def retranslate(self) -> None:
        self._heading.setText(self.tr("Earlier conversions"))
        self._search.say(self.tr("Search"))
        self._list.setHeaderLabels([self.tr("Result"), self.tr("Voice"), self.tr("Day")])
        self._list.setAccessibleName(self.tr("Earlier conversions"))
        self._hear.setText(self.tr("Listen"))
        self._again.setText(self.tr("Again with other settings"))
        self._show.say(self.tr("Show in folder"))
        self._delete.say(self.tr("Delete"))
