"""Where results go, as what, and what they are called."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog

from rvcstudio.convert import FORMATS, ConvertSettings
from rvcstudio.ui.widgets import Button, Card, Choice, Label, row
from rvcstudio.ui.widgets.inputs import Field


class OutputCard(Card):
    """`changed` tells of another choice, as fields of `ConvertSettings`."""

    changed = Signal(dict)

    def __init__(self) -> None:
        super().__init__(name="convert.output")
        self._folder = ""
        self._heading = Label("heading")
        self._format = Choice("convert.format")
        self._format.offer([(name, name.upper()) for name in FORMATS])
        self._format.chosen.connect(lambda value: self.changed.emit({"format": value}))
        self._naming = Choice("convert.naming")
        self._naming.chosen.connect(lambda value: self.changed.emit({"naming": value}))
        self._place = Label("muted", name="convert.folder", wrap=True)
        self._choose = Button("convert.folder.choose", self._ask_folder, icon="folder")
        self._usual = Button("convert.folder.usual", lambda: self._take_folder(""), look="link")
        self._format_field, self._naming_field = Field(self._format), Field(self._naming)
        self._place_title = Label("strong")
        for part in (self._heading, self._format_field, self._naming_field, self._place_title, self._place):
            self.content.addWidget(part)
        self.content.addLayout(row(self._choose, self._usual, None))

    def show_settings(self, settings: ConvertSettings) -> None:
        self._format.choose(settings.format)
        self._naming.choose(settings.naming)
        self._folder = settings.folder
        self._say_folder()

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Choose a folder for results"), self._folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._take_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_folder(self, folder: str) -> None:
        self._folder = str(Path(folder)) if folder else ""
        self._say_folder()
        self.changed.emit({"folder": self._folder})

    def _say_folder(self) -> None:
        self._place.setText(self._folder or self.tr("In the library"))
        self._usual.setVisible(bool(self._folder))

    def retranslate(self) -> None:
        self._heading.setText(self.tr("Result"))
        self._format_field.say(self.tr("Format"))
        self._naming_field.say(
            self.tr("Name"), self.tr("A name that is taken gets a number; nothing is replaced.")
        )
        self._naming.offer(
            [
                ("both", self.tr("Recording and voice")),
                ("recording", self.tr("As the recording")),
                ("model", self.tr("As the voice")),
            ]
        )
        self._place_title.setText(self.tr("Folder"))
        self._choose.setText(self.tr("Choose…"))
        self._usual.setText(self.tr("In the library"))
        self._say_folder()
