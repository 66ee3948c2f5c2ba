"""The recordings that a test is made of: those of the voice itself, and those of others to be converted."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from rvc.names import AUDIO_SUFFIXES
from rvcstudio.ui.widgets import Button, Label, column, row


class TestSet(QWidget):
    """Files and folders of one kind; `changed` tells of others."""

    __test__ = False  # its name begins as those of test classes do
    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__(objectName=name)
        self.files: list[Path] = []
        self._title, self._explained = Label("strong"), Label("caption", wrap=True)
        self._ask, self._none = "", ""
        self._add = Button(f"{name}.add", self._ask_files, icon="folder")
        self._chosen = Label("muted", name=f"{name}.set", wrap=True)
        self._remove = Button(f"{name}.clear", self.clear, look="link", icon="close")
        material = row(self._add, self._chosen, self._remove)
        material.setStretch(1, 1)
        self.setLayout(column(self._title, self._explained, material, gap=6))

    def say(self, title: str, explained: str, none: str) -> None:
        """Set what they are, what they are for, and what is said where there are none."""
        self._title.setText(title)
        self._explained.setText(explained)
        self._ask, self._none = title, none
        self._add.setText(self.tr("Choose recordings…"))
        self._add.setAccessibleName(f"{title}: {self._add.text()}")
        self._remove.setText(self.tr("Remove"))
        self._remove.setAccessibleName(f"{title}: {self._remove.text()}")
        self._show()

    def take(self, files: list[Path]) -> list[Path]:
        """Add what can be a recording; return the rest."""
        found = [file for file in files if file.is_dir() or file.suffix.lower() in AUDIO_SUFFIXES]
        self.files += [file for file in found if file not in self.files]
        self._show()
        return [file for file in files if file not in found]

    def clear(self) -> None:
        self.files = []
        self._show()

    def _ask_files(self) -> None:
        dialog = QFileDialog(self.window(), self._ask)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.take([Path(name) for name in names]))
        dialog.open()

    def _show(self) -> None:
        count = len(self.files)
        chosen = self.tr("%n file(s) or folder(s) chosen.", "", count)
        self._chosen.setText(chosen if count else self._none)
        self._remove.setVisible(bool(count))
        self.changed.emit()
