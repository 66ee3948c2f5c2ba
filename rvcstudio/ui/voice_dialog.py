"""Asks who a voice is: name, picture, language, tags, and how the person agreed."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

from rvc import paths
from rvc.errors import Error
from rvcstudio.library import Consent, Library, Voice
from rvcstudio.studio import Studio
from rvcstudio.translation import LANGUAGES
from rvcstudio.ui.convert_record import LineButton
from rvcstudio.ui.tokens import VOICE_COLOURS
from rvcstudio.ui.widgets import Avatar, Button, Choice, Field, IconButton, Label, column, row, scrolled

PHOTOS = "*.png *.jpg *.jpeg *.webp *.bmp"
OTHER_LANGUAGE = ""
WIDTH, MARGIN = 520, 60  # px; the margin is what windows have around them


class VoiceDialog(QDialog):
    """Makes a voice, or changes one. Nothing is asked that could not be left out but the name."""

    saved = Signal(object)

    def __init__(self, studio: Studio, voice: Voice | None, parent: QWidget) -> None:
        super().__init__(parent, objectName="voice")
        self._studio, self._voice = studio, voice
        self._photo = voice.photo if voice else None
        self._statement: Path | None = voice.statement if voice else None
        self._colour = voice.colour if voice else next_colour(studio)
        self._is_saving = False
        self._build()
        self._fill()
        self._say()
        self.setMinimumWidth(480)
        self._fit()
        self._name.setFocus()

    def _build(self) -> None:
        self._avatar = Avatar(72)
        self._name = QLineEdit(objectName="voice.name", maxLength=200)
        self._name.textChanged.connect(lambda _text: self._look())
        self._language = Choice("voice.language")
        self._tags = QLineEdit(objectName="voice.tags")
        self._note = QLineEdit(objectName="voice.note")
        self._name_field, self._language_field = Field(self._name), Field(self._language)
        self._tags_field, self._note_field = Field(self._tags), Field(self._note)
        self._add_photo = Button("voice.photo", self._choose_photo, look="link", icon="photo")
        self._consent = QButtonGroup(self)
        self._own = self._radio("own")
        self._permission = self._radio("permission")
        self._by = QLineEdit(objectName="voice.consent_by")
        self._by_field = Field(self._by)
        self._permission.toggled.connect(self._by_field.setVisible)
        self._consent_title, self._consent_text = Label("strong"), Label("caption", wrap=True)
        self._record_statement = StatementButton(self._studio, self._use_statement)
        self._add_statement = Button("voice.statement", self._choose_statement, look="link", icon="folder")
        self._play_statement = IconButton("voice.statement.play", "play", self._hear_statement)
        self._statement_name, self._to_say = Label("caption"), Label("caption", wrap=True)
        self._save = Button("voice.save", self.save, look="primary")
        self._save.setDefault(True)
        self._cancel = Button("voice.cancel", self.reject)
        self._lay_out()

    def _radio(self, name: str) -> QRadioButton:
        button = QRadioButton(objectName=f"voice.consent.{name}")
        self._consent.addButton(button)
        return button

    def _lay_out(self) -> None:
        picture = column(self._avatar, self._add_photo, None, gap=4)
        head = row(picture, column(self._name_field, row(*self._swatches(), None, gap=4)), gap=20)
        head.setStretch(1, 1)
        buttons = row(self._record_statement, self._add_statement, None)
        kept = row(self._play_statement, self._statement_name, None)
        statement = column(buttons, self._to_say, kept, gap=4)
        fields = column(
            head,
            self._language_field,
            column(self._consent_title, self._consent_text, self._own, self._permission, gap=4),
            self._by_field,
            statement,
            self._tags_field,
            self._note_field,
            gap=16,
        )
        fields.setContentsMargins(28, 26, 28, 4)
        self._fields = fields
        buttons = row(None, self._cancel, self._save)
        buttons.setContentsMargins(28, 8, 28, 22)
        self.setLayout(column(scrolled(fields), buttons, gap=0))

    def _fit(self) -> None:
        """Be as high as everything needs, or as the screen is."""
        height = self._fields.totalHeightForWidth(WIDTH) + self._save.sizeHint().height() + 34
        self.resize(WIDTH, min(height, self.screen().availableGeometry().height() - MARGIN))

    def _swatches(self) -> list[QPushButton]:
        group = QButtonGroup(self)
        made = []
        for number, colour in enumerate(VOICE_COLOURS, 1):
            button = QPushButton(objectName=f"voice.colour.{number}", checkable=True)
            button.setProperty("look", "swatch")
            button.setFixedSize(30, 30)
            button.setStyleSheet(f"background: {colour};")
            button.setChecked(colour == self._colour)
            button.setAccessibleName(self.tr("Colour {number}").format(number=number))
            button.clicked.connect(lambda _checked=False, colour=colour: self._choose_colour(colour))
            group.addButton(button)
            made.append(button)
        return made

    def _fill(self) -> None:
        self._language.offer([*LANGUAGES.items(), (OTHER_LANGUAGE, self.tr("Another language"))])
        voice = self._voice
        self._language.choose(voice.language if voice else self._studio.languages.current)
        if voice:
            self._name.setText(voice.name)
            self._tags.setText(", ".join(voice.tags))
            self._note.setText(voice.note)
            self._by.setText(voice.consent_by)
            self._own.setChecked(voice.consent == "own")
            self._permission.setChecked(voice.consent == "permission")
        self._by_field.setVisible(self._permission.isChecked())
        self._look()

    def _say(self) -> None:
        new = self._voice is None
        self.setWindowTitle(self.tr("New voice") if new else self.tr("Edit voice"))
        self._name_field.say(self.tr("Name"))
        self._language_field.say(self.tr("Language"), self.tr("What is spoken in the recordings."))
        self._consent_title.setText(self.tr("Whose voice is it?"))
        self._consent_text.setText(
            self.tr("Only clone voices of people who agreed. It is kept with the voice and its models.")
        )
        self._own.setText(self.tr("My own"))
        self._permission.setText(self.tr("Somebody else's, and I have permission"))
        self._by_field.say(self.tr("Who gave permission, and when"))
        self._add_statement.setText(self.tr("Choose a recording…"))
        self._record_statement.retranslate()
        self._play_statement.say(self.tr("Play the recorded statement"))
        self._statement_name.setText(self.tr("A statement is kept with the voice."))
        self._add_photo.setText(self.tr("Photo…"))
        self._tags_field.say(self.tr("Tags"), self.tr("Divided by commas, such as: narration, Korean"))
        self._note_field.say(self.tr("Note"))
        self._save.setText(self.tr("Add voice") if new else self.tr("Save"))
        self._cancel.setText(self.tr("Cancel"))

    def _look(self) -> None:
        self._avatar.show_parts(self._name.text(), self._colour, self._photo)
        self._play_statement.setVisible(self._statement is not None and self._studio.player is not None)
        self._statement_name.setVisible(self._statement is not None)
        name = self._name.text().strip() or "…"
        self._to_say.setText(
            self.tr("Say, for example: “I am {name}, and I agree that a model of my voice is made.”").format(
                name=name
            )
        )
        self._save.setEnabled(bool(self._name.text().strip()))

    def _choose_colour(self, colour: str) -> None:
        self._colour, self._photo = colour, None
        self._look()

    def _choose_photo(self) -> None:
        file, _ = QFileDialog.getOpenFileName(
            self, self.tr("Choose a photo"), "", self.tr("Pictures ({kinds})").format(kinds=PHOTOS)
        )
        if file:
            self._photo = Path(file)
            self._look()

    def _choose_statement(self) -> None:
        file, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Choose the recorded statement"),
            "",
            self.tr("Recordings ({kinds})").format(kinds="*.wav *.flac *.mp3 *.ogg *.m4a"),
        )
        if file:
            self._use_statement(Path(file))

    def _use_statement(self, file: Path) -> None:
        """Let a recording be the statement; it is kept when the voice is saved."""
        self._statement = file
        self._look()
        if self._is_saving:
            self.save()

    def _hear_statement(self) -> None:
        player = self._studio.player
        if player is None or self._statement is None:
            return
        if player.playing is not None:
            player.stop()
            return
        try:
            player.play(self._statement)
        except Error as error:
            self._studio.fail(error)

    def done(self, result: int) -> None:
        """Close, and let go of the microphone."""
        if self._record_statement.is_recording:
            self._record_statement.stop()
        super().done(result)

    @property
    def consent(self) -> Consent:
        if self._own.isChecked():
            return "own"
        return "permission" if self._permission.isChecked() else ""

    def save(self) -> None:
        """Write the voice and close; a statement that is recorded ends first."""
        if self._record_statement.is_recording:
            self._is_saving = True
            self._record_statement.stop()
            return
        voices = self._studio.library.voices
        values = {
            "colour": self._colour,
            "language": self._language.currentData(),
            "consent": self.consent,
            "consent_by": self._by.text().strip() if self.consent == "permission" else "",
            "note": self._note.text().strip(),
        }
        if self._voice is None:
            voice = voices.add(self._name.text(), **values)
        else:
            voice = voices.change(self._voice.id, name=self._name.text(), **values)
        if self._photo != voice.photo:
            voice = voices.attach(voice.id, "photo", self._photo)
        if self._statement != voice.statement:
            voice = voices.attach(voice.id, "statement", self._statement)
        voice = voices.tag(voice.id, self._tags.text().split(","))
        self.accept()
        self.saved.emit(voice)


class StatementButton(LineButton):
    """Records that somebody agrees."""

    def __init__(self, studio: Studio, then: Callable[[Path], None]) -> None:
        super().__init__(studio, then, "voice.statement.record", _new_statement, look="link")

    def retranslate(self) -> None:
        self._start.setText(self.tr("Record a statement"))


def _new_statement(_library: Library) -> Path:
    """Return a file until the voice is saved."""
    return paths.make_dir(paths.cache_dir() / "statements") / f"{uuid4().hex}.flac"


def next_colour(studio: Studio) -> str:
    """Return the colour that fewest voices have."""
    taken = [voice.colour for voice in studio.library.voices.all()]
    return min(VOICE_COLOURS, key=taken.count)
