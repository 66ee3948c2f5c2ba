"""The page of settings."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit

from rvcstudio import awake, diagnostics
from rvcstudio.library import Library
from rvcstudio.library.moving import copy_library, discard, is_library
from rvcstudio.settings import Settings
from rvcstudio.translation import LANGUAGES
from rvcstudio.ui.downloads import DownloadList
from rvcstudio.ui.engine_card import EngineCard
from rvcstudio.ui.page import Page
from rvcstudio.ui.storage import StorageList
from rvcstudio.ui.widgets import Button, Card, Choice, Field, Label, Segments, row

MODES = ("system", "light", "dark")


class SettingsPage(Page):
    """Everything about the app that can be chosen, in cards by what it is about."""

    def build(self) -> None:
        self._build_look()
        self._build_work()
        self._build_library()
        self._storage_title, self._storage = Label("heading"), StorageList(self.studio)
        self.body.addWidget(Card(self._storage_title, self._storage))
        self._engine = EngineCard(self.studio)
        self.body.addWidget(self._engine)
        self._build_downloads()
        self._build_help()
        self.body.addStretch(1)
        self.studio.settings.changed.connect(self._follow)
        self.studio.library_changed.connect(self._show_library)

    def _build_look(self) -> None:
        self._look_title = Label("heading")
        self._language = Choice("settings.language")
        self._language.chosen.connect(lambda code: self.studio.settings.update(language=code))
        self._theme = Segments("settings.theme", MODES)
        self._theme.chosen.connect(lambda mode: self.studio.settings.update(theme=mode))
        self._language_field, self._theme_field = Field(self._language), Field(self._theme)
        self.body.addWidget(
            Card(self._look_title, row(self._language_field, self._theme_field, None, gap=40))
        )

    def _build_work(self) -> None:
        self._work_title = Label("heading")
        self._awake = QCheckBox(objectName="settings.awake")
        self._awake.toggled.connect(
            lambda on: self.studio.settings.keep_section(awake.SECTION, awake.AwakeSettings(on=on))
        )
        self.body.addWidget(Card(self._work_title, self._awake))

    def _build_library(self) -> None:
        self._library_title, self._library_text = Label("heading"), Label("muted", wrap=True)
        self._folder = Label("strong", name="settings.folder", wrap=True)
        self._move = Button("settings.move", self._ask_move, icon="move")
        self._other = Button("settings.other", self._ask_other, icon="folder")
        self._reveal = Button("settings.reveal", self._show_folder, look="link")
        buttons = row(self._move, self._other, self._reveal, None)
        self.body.addWidget(Card(self._library_title, self._library_text, self._folder, buttons))

    def _build_downloads(self) -> None:
        self._downloads_title, self._downloads_text = Label("heading"), Label("muted", wrap=True)
        self._downloads = DownloadList(self.studio, "settings.downloads")
        self._mirror = QLineEdit(objectName="settings.mirror")
        self._mirror.editingFinished.connect(
            lambda: self.studio.settings.update(mirror=self._mirror.text().strip())
        )
        self._mirror_field = Field(self._mirror)
        self.body.addWidget(
            Card(self._downloads_title, self._downloads_text, self._downloads, self._mirror_field)
        )

    def _build_help(self) -> None:
        self._help_title, self._help_text = Label("heading"), Label("muted", wrap=True)
        self._copy = Button("settings.diagnostics", self.copy_diagnostics, icon="copy")
        self._logs = Button("settings.logs", self._show_logs, look="link")
        self._again = Button("settings.welcome", lambda: self.studio.welcome_wanted.emit(), look="link")
        self.body.addWidget(
            Card(self._help_title, self._help_text, row(self._copy, self._logs, self._again, None))
        )

    def retranslate(self) -> None:
        super().retranslate()
        self._look_title.setText(self.tr("Look and language"))
        self._language.offer([("system", self.tr("As the system")), *LANGUAGES.items()])
        self._language_field.say(self.tr("Language"))
        texts = (self.tr("System"), self.tr("Light"), self.tr("Dark"))
        self._theme_field.say(self.tr("Colours"))
        self._theme.say(self.tr("Colours"), texts)
        self._work_title.setText(self.tr("This computer"))
        self._awake.setText(self.tr("Keep it awake while it trains, converts, records, or speaks live"))
        self._library_title.setText(self.tr("Library"))
        self._library_text.setText(
            self.tr("One folder holds everything of yours. Copy it, move it, or take it to another computer.")
        )
        self._move.setText(self.tr("Move…"))
        self._other.setText(self.tr("Open another…"))
        self._reveal.setText(self.tr("Show the folder"))
        self._storage_title.setText(self.tr("Room on the disk"))
        self._engine.retranslate()
        self._downloads_title.setText(self.tr("Pretrained files"))
        self._downloads_text.setText(
            self.tr("Light models need none of these. A download that was cut goes on where it was.")
        )
        self._mirror_field.say(
            self.tr("Mirror"),
            self.tr("An address that begins with https:// and is asked before the files' own host."),
        )
        self._help_title.setText(self.tr("Help"))
        self._help_text.setText(
            self.tr("Nothing is sent anywhere by itself. Diagnostics are copied without names and folders.")
        )
        self._copy.setText(self.tr("Copy diagnostics"))
        self._logs.setText(self.tr("Show the logs"))
        self._again.setText(self.tr("First start again"))
        self._follow(self.studio.settings.value)
        self._show_library()

    def _follow(self, settings: Settings) -> None:
        self._language.choose(settings.language)
        self._theme.choose(settings.theme)
        self._awake.setChecked(self.studio.settings.section(awake.SECTION, awake.AwakeSettings).on)
        if not self._mirror.hasFocus():
            self._mirror.setText(settings.mirror)

    def _show_library(self) -> None:
        self._folder.setText(str(self.studio.library.folder))

    def open(self, **target: Any) -> None:
        """Scroll to a card, by its name in `part`: library, storage, engine, downloads."""
        widgets = {"library": self._move, "storage": self._storage, "downloads": self._downloads}
        widgets["engine"] = self._engine
        if target.get("part") in widgets and self.area is not None:
            self.area.ensureWidgetVisible(widgets[target["part"]])

    def shown(self) -> None:
        self._storage.refresh()
        self.studio.downloads.look()

    def _ask_move(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Move the library into an empty folder"))
        if folder:
            self.move_library(Path(folder))

    def move_library(self, to: Path) -> None:
        """Copy the library, use the copy, and delete the old one."""
        library = self.studio.library
        self.set_busy(True)
        self._move.setEnabled(False)
        self.studio.tasks.run(
            lambda reporter: copy_library(library, to, reporter),
            lambda folder: self._moved(library.folder, folder),
            owner=self,
            failed=self._could_not_move,
        )

    def _moved(self, old: Path, new: Path) -> None:
        self.set_busy(False)
        self._move.setEnabled(True)
        self.studio.use_library(Library(new))
        self.studio.tasks.run(lambda _reporter: discard(old), owner=self.studio)
        self.studio.say(self.tr("The library is in its new place."))

    def _could_not_move(self, error: BaseException) -> None:
        self.set_busy(False)
        self._move.setEnabled(True)
        self.studio.fail(error)

    def _ask_other(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, self.tr("Open another library, or an empty folder for a new one")
        )
        if folder:
            self.open_library(Path(folder))

    def open_library(self, folder: Path) -> None:
        """Use the library in a folder; an empty folder becomes one."""
        if not is_library(folder) and any(folder.iterdir()):
            self.studio.say(self.tr("There is no library in this folder, and it is not empty."))
            return
        self.studio.use_library(Library(folder))
        self._storage.refresh()

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.studio.library.folder)))

    def _show_logs(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(diagnostics.log_file().parent)))

    def copy_diagnostics(self) -> None:
        """Put versions, devices and the log into the clipboard, without names and folders."""
        names = tuple(voice.name for voice in self.studio.library.voices.all())
        QGuiApplication.clipboard().setText(diagnostics.report(private=names))
        self.studio.say(self.tr("Copied."))
