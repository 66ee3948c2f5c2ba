"""What an import came to, in one dialog however many files there were."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QWidget

from rvc.errors import InputError
from rvcstudio.dataset.imports import Imported
from rvcstudio.ui import formats
from rvcstudio.ui.errors import sentence
from rvcstudio.ui.icons import icon
from rvcstudio.ui.widgets import Button, IconLabel, Label, column, row

WIDTH, LIST_HEIGHT = 560, 220


class ImportSummary(QDialog):
    """Counts of what was imported, what was there already and what could not be read, with the reason of each."""

    def __init__(self, done: Imported, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("import")
        self.setWindowTitle(self.tr("Import"))
        self._done = done
        self._list = QListWidget(objectName="import.list")
        self._list.setAccessibleName(self.tr("Files that were not imported"))
        self._list.setMinimumHeight(LIST_HEIGHT)
        self._list.setWordWrap(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for icon_name, colour, text in self._lines():
            self._list.addItem(QListWidgetItem(icon(icon_name, colour), text))
        copy = Button("import.copy", self._copy, icon="copy")
        copy.setText(self.tr("Copy the list"))
        close = Button("import.close", self.accept, look="primary")
        close.setText(self.tr("Close"))
        close.setDefault(True)
        layout = column(gap=10)
        layout.addWidget(Label("heading", name="import.title", text=self._title()))
        for icon_name, colour, text in self._counts():
            line = row(IconLabel(icon_name, colour, 18), Label("body", text=text, wrap=True), gap=10)
            line.setStretch(1, 1)
            layout.addLayout(line)
        if self._list.count():
            layout.addWidget(self._list, 1)
        layout.addLayout(row(copy if self._list.count() else 0, None, close))
        layout.setContentsMargins(24, 20, 24, 20)
        self.setLayout(layout)
        self.resize(WIDTH, self.sizeHint().height())

    @staticmethod
    def is_needed(done: Imported) -> bool:
        """Tell whether there is more to say than that everything was imported."""
        return bool(done.twice or done.refused or done.others or done.left)

    def _title(self) -> str:
        if not self._done.added:
            return self.tr("Nothing was imported")
        return self.tr("%n take(s) imported", "", len(self._done.added))

    def _counts(self) -> list[tuple[str, str, str]]:
        """Return icon, colour and sentence of everything that there was."""
        done, counts = self._done, []
        if done.added:
            text = self.tr("%n recording(s) of {length} are takes now.", "", len(done.added))
            counts.append(("good", "good", text.format(length=formats.clock(done.seconds))))
        if done.twice:
            counts.append(("copy", "muted", self.tr("%n file(s) are takes already.", "", len(done.twice))))
        if done.refused:
            counts.append(("warn", "warn", self.tr("%n file(s) could not be used.", "", len(done.refused))))
        if done.others:
            counts.append(("file", "muted", self.tr("%n other file(s) are no recordings.", "", done.others)))
        if done.left:
            text = self.tr("%n file(s) were not looked at, as you stopped the import.", "", done.left)
            counts.append(("stop", "muted", text))
        return counts

    def _lines(self) -> list[tuple[str, str, str]]:
        refused = [
            ("warn", "warn", f"{one.name}\n{sentence(InputError(one.code, one.text))[0]}")
            for one in self._done.refused
        ]
        text = self.tr("{name}\nThe same as the take {take}.")
        twice = [
            ("copy", "muted", text.format(name=name, take=take)) for name, take in self._done.twice.items()
        ]
        return refused + twice

    def _copy(self) -> None:
        lines = [self._title(), *(text for _, _, text in self._counts()), ""]
        lines += [text.replace("\n", ": ") for _, _, text in self._lines()]
        QGuiApplication.clipboard().setText("\n".join(lines))
