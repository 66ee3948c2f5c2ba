"""The steps of the first start."""

from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from rvcstudio.library import Library
from rvcstudio.library.moving import is_library
from rvcstudio.studio import Studio
from rvcstudio.translation import LANGUAGES
from rvcstudio.ui.downloads import FIRST, DownloadList
from rvcstudio.ui.findings import SOUND, Findings
from rvcstudio.ui.widgets import Button, Card, Field, IconLabel, Label, Notice, Segments, column, row


class Step(QWidget):
    """One step: its title and text, and what to do."""

    icon = "app"

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.studio = studio
        self.content = column(gap=16)
        self.setLayout(self.content)
        self.build()
        self.retranslate()

    def build(self) -> None:
        """Make the widgets and put them into `content`."""

    def retranslate(self) -> None:
        """Set every text."""

    def words(self) -> tuple[str, str]:
        """Return title and text."""
        raise NotImplementedError

    def shown(self) -> None:
        """Begin what only a visible step does."""

    def hidden(self) -> None:
        """End what only a visible step does."""

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


class LanguageStep(Step):
    """Language and colours."""

    def build(self) -> None:
        self._language = Segments("welcome.language", list(LANGUAGES))
        self._language.chosen.connect(lambda code: self.studio.settings.update(language=code))
        self._theme = Segments("welcome.theme", ("system", "light", "dark"))
        self._theme.chosen.connect(lambda mode: self.studio.settings.update(theme=mode))
        self._language_field, self._theme_field = Field(self._language), Field(self._theme)
        self.content.addWidget(Card(self._language_field, self._theme_field, gap=20))

    def words(self) -> tuple[str, str]:
        return (
            self.tr("Welcome to RVC Studio"),
            self.tr(
                "Record a voice, train a model of it, and let it say and sing anything. On your own computer."
            ),
        )

    def retranslate(self) -> None:
        self._language_field.say(self.tr("Language"))
        self._language.say(self.tr("Language"), list(LANGUAGES.values()))
        self._theme_field.say(self.tr("Colours"))
        self._theme.say(self.tr("Colours"), (self.tr("System"), self.tr("Light"), self.tr("Dark")))
        self._language.choose(self.studio.languages.current)
        self._theme.choose(self.studio.settings.value.theme)


class FolderStep(Step):
    """Where the library is."""

    icon = "folder"

    def build(self) -> None:
        self._folder = Label("strong", name="welcome.folder", wrap=True)
        self._news = Notice("info", "welcome.folder.news")
        self._choose = Button("welcome.choose", self._ask, icon="folder")
        self.content.addWidget(Card(self._folder, row(self._choose, None)))
        self.content.addWidget(self._news)

    def words(self) -> tuple[str, str]:
        return (
            self.tr("Where your voices live"),
            self.tr("One folder holds recordings, models and results. It can be moved at any time."),
        )

    def retranslate(self) -> None:
        self._choose.setText(self.tr("Choose another folder…"))
        self._show()

    def _show(self) -> None:
        library = self.studio.library
        self._folder.setText(str(library.folder))
        count = len(library.voices.all())
        self._news.say(self.tr("There are %n voice(s) in it already.", "", count), "good")
        self._news.setVisible(count > 0)

    def _ask(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Choose an empty folder, or a library"))
        if folder:
            self.use(Path(folder))

    def use(self, folder: Path) -> None:
        """Use a folder: the library in it, or a new one where it is empty; else a new one inside it."""
        if not is_library(folder) and any(folder.iterdir()):
            folder = folder / "RVC Studio"
        self.studio.use_library(Library(folder))
        self._show()


class ComputerStep(Step):
    """What this computer can do."""

    icon = "computers"

    def build(self) -> None:
        self._findings = Findings(self.studio, "welcome.computer", without=SOUND)
        self.content.addWidget(Card(self._findings))

    def words(self) -> tuple[str, str]:
        return (
            self.tr("What this computer can do"),
            self.tr(
                "A GPU makes training quick. Without one, light models run here, and full ones on another computer."
            ),
        )

    def shown(self) -> None:
        self._findings.look()

    def hidden(self) -> None:
        self._findings.stop()


class MicrophoneStep(Step):
    """Whether something can be recorded."""

    icon = "record"

    def build(self) -> None:
        self._check: QWidget | None = None
        self._findings = Findings(self.studio, "welcome.microphone", only=SOUND)
        self._card = Card(self._findings)
        self.content.addWidget(self._card)

    def words(self) -> tuple[str, str]:
        return (
            self.tr("Can you be heard?"),
            self.tr(
                "Any microphone will do for a start; a quiet room matters more. You can choose another one later."
            ),
        )

    def shown(self) -> None:
        if self.studio.microphone_check is None:
            self._findings.look()
        elif self._check is None:
            self._card.hide()
            self._check = self.studio.microphone_check()
            self.content.addWidget(self._check)

    def hidden(self) -> None:
        self._findings.stop()
        if self._check is not None:  # it may hold the microphone
            self._check.deleteLater()
            self._check = None


class DownloadsStep(Step):
    """What has to come from elsewhere, and how large it is."""

    icon = "download"

    def build(self) -> None:
        self._list = DownloadList(self.studio, "welcome.downloads", only=FIRST)
        self._later = Notice("info", "welcome.downloads.later")
        self.content.addWidget(Card(self._list))
        self.content.addWidget(self._later)

    def words(self) -> tuple[str, str]:
        return (
            self.tr("Pretrained files"),
            self.tr("Light models work at once, without a network. Full RVC V2 models need these files."),
        )

    def retranslate(self) -> None:
        self._later.say(
            self.tr(
                "You can go on while they come, stop and continue later, or skip this: it is in the settings too."
            )
        )


class ConsentStep(Step):
    """Whose voices may be cloned."""

    icon = "consent"

    def build(self) -> None:
        self._points = [Label("body", wrap=True) for _ in range(3)]
        lines = []
        for icon, point in zip(("user", "consent", "tag"), self._points, strict=True):
            line = row(IconLabel(icon, "accent", 24), point, gap=16)
            line.setStretch(1, 1)
            lines.append(line)
        self.content.addWidget(Card(*lines, gap=20))

    def words(self) -> tuple[str, str]:
        return (
            self.tr("A voice belongs to a person"),
            self.tr("Clone your own, or the voice of somebody who agreed."),
        )

    def retranslate(self) -> None:
        texts = (
            self.tr("For every voice you say whose it is. You can keep a recorded statement with it."),
            self.tr("It travels with the voice and its models, so that others can see it."),
            self.tr(
                "Everything that is converted carries the note that it was made by AI. Please leave it there."
            ),
        )
        for point, text in zip(self._points, texts, strict=True):
            point.setText(text)


STEPS: tuple[type[Step], ...] = (
    LanguageStep,
    FolderStep,
    ComputerStep,
    MicrophoneStep,
    DownloadsStep,
    ConsentStep,
)
