"""The list of all keys, shown by `?`."""

from collections.abc import Sequence

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from rvcstudio.translation import Text
from rvcstudio.ui.widgets import Button, Label, column, row

Keys = Sequence[tuple[QShortcut, Text]]


class ShortcutsDialog(QDialog):
    """Keys of the page in front, and those that work everywhere."""

    def __init__(self, everywhere: Keys, page: str, on_page: Keys, parent: QWidget) -> None:
        super().__init__(parent, objectName="shortcuts")
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        close = Button("shortcuts.close", self.accept, look="primary")
        close.setText(self.tr("Close"))
        layout = column(gap=16)
        layout.setContentsMargins(28, 24, 28, 20)
        if on_page:
            layout.addWidget(Label("heading", text=page))
            layout.addLayout(_table(on_page))
        layout.addWidget(Label("heading", text=self.tr("Everywhere")))
        layout.addLayout(_table(everywhere))
        layout.addLayout(row(None, close))
        self.setLayout(layout)
        self.setMinimumWidth(380)


def _table(keys: Keys) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(32)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(0, 1)
    for number, (shortcut, text) in enumerate(keys):
        grid.addWidget(Label("body", text=text()), number, 0)
        native = shortcut.key().toString(QKeySequence.SequenceFormat.NativeText)
        grid.addWidget(Label("chip", text=native), number, 1)
    return grid
