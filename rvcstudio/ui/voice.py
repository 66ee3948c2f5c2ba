"""The page of one voice: how much is recorded, how the person agreed, models and takes."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QWidget

from rvc.errors import InputError
from rvcstudio.library import Model, Take, Voice
from rvcstudio.library.exchange import SUFFIX
from rvcstudio.ui import formats
from rvcstudio.ui.exchange import ask_and_export
from rvcstudio.ui.page import Page
from rvcstudio.ui.takes_table import TakesTable
from rvcstudio.ui.voice_card import consent_shown
from rvcstudio.ui.voice_dialog import VoiceDialog
from rvcstudio.ui.widgets import (
    Avatar,
    Button,
    Card,
    IconButton,
    IconLabel,
    Label,
    MenuButton,
    SearchField,
    column,
    line,
    row,
)
from rvcstudio.ui.widgets.buttons import Look as ButtonLook

GOAL_S = 600.0  # of speech; less gives models that mumble
MODELS_SHOWN = 4
WAYS: dict[str, ButtonLook] = {"dataset": "plain", "train": "plain", "record": "primary"}


class VoicePage(Page):
    """Everything of a voice, and the ways on: record, dataset, train, convert."""

    def build(self) -> None:
        self._voice: Voice | None = None
        self._reading = self._read_again = False
        self._build_head()
        self._build_progress()
        self._build_models()
        self._build_takes()
        top = row(self._progress_card, self._models_card, gap=16)
        top.setStretch(0, 1)
        top.setStretch(1, 1)
        self.body.addLayout(top)
        self.body.addWidget(self._takes_card, 1)
        self.add_shortcut("Delete", lambda: self.tr("Delete the selected takes"), self.delete_takes)
        self.add_shortcut("Space", lambda: self.tr("Play the selected take"), self.play)
        self.add_shortcut("X", lambda: self.tr("Use or leave out the selected takes"), self.switch_takes)
        self.add_shortcut("Ctrl+F", lambda: self.tr("Search"), self._search.setFocus)
        self._listen()
        self.studio.library_changed.connect(self._change_library)

    def _build_head(self) -> None:
        self._back = IconButton("voice.back", "arrow-left", lambda: self.studio.go("voices"))
        self._avatar = Avatar(44)
        self.head.insertWidget(0, self._back)
        self.head.insertWidget(1, self._avatar)
        self._menu = MenuButton("voice.more")
        self._edit = self._menu.list.addAction("", self._edit_voice)
        self._export = self._menu.list.addAction("", self._export_voice)
        self._delete = self._menu.list.addAction("", self._delete_voice)
        self.buttons.addWidget(self._menu)
        self._ways = {
            name: Button(f"voice.{name}", partial(self._go, name), look=look, icon=name)
            for name, look in WAYS.items()
        }
        for button in self._ways.values():
            self.buttons.addWidget(button)

    def _go(self, page: str) -> None:
        if self._voice is not None:
            self.studio.go(page, voice=self._voice.id)

    def _build_progress(self) -> None:
        self._minutes = Label("display")
        self._goal = Label("muted")
        self._bar = QProgressBar(objectName="voice.progress", maximum=round(GOAL_S), textVisible=False)
        self._next = Label("muted", wrap=True)
        self._consent_icon = IconLabel("consent")
        self._consent = Label("body", wrap=True)
        self._statement = IconButton("voice.statement", "play", self._play_statement)
        consent = row(self._consent_icon, self._consent, self._statement)
        consent.setStretch(1, 1)
        self._progress_card = Card(
            column(self._minutes, self._goal, gap=0), self._bar, self._next, line(), consent, gap=10
        )

    def _build_models(self) -> None:
        self._models_title = Label("heading")
        self._models = column(gap=6)
        self._models_empty = Label("muted", wrap=True)
        self._all_models = Button("voice.models", lambda: self._go("models"), look="link")
        self._models_card = Card(self._models_title, self._models_empty, self._models, None, self._all_models)

    def _build_takes(self) -> None:
        self._takes_title = Label("heading")
        self._search = SearchField("voice.search")
        self._search.searched.connect(lambda _text: self._read_takes())
        self._table = TakesTable("voice.takes")
        self._table.setMinimumHeight(260)
        self._table.takes.switched.connect(self._switch)
        self._table.doubleClicked.connect(lambda _index: self.play())
        self._play = IconButton("voice.play", "play", self.play)
        self._leave_out = IconButton("voice.exclude", "filter", self.switch_takes)
        self._remove = IconButton("voice.delete", "trash", self.delete_takes)
        tools = row(self._takes_title, None, self._search, self._play, self._leave_out, self._remove)
        self._takes_empty = Label("muted", wrap=True)
        self._takes_card = Card(tools, self._takes_empty, self._table)

    def _listen(self) -> None:
        self.studio.library.changed.connect(self._follow)

    def _change_library(self) -> None:
        self._listen()
        if self.isVisible():
            self.refresh()

    def _follow(self, _part: str) -> None:
        if self.isVisible():
            self.refresh()

    def open(self, **target: Any) -> None:
        """Show a voice, by its id in `voice`."""
        self._voice = self.studio.library.voices.find(target["voice"])
        self._search.clear()
        self.refresh()

    def take_files(self, files: list[Path]) -> list[Path]:
        """Lead to the dataset, which imports recordings of the voice."""
        recordings = [file for file in files if file.suffix.lower() != SUFFIX]
        if not recordings or self._voice is None or not self.studio.has_page("dataset"):
            return files
        self.studio.go("dataset", voice=self._voice.id, files=recordings)
        return [file for file in files if file not in recordings]

    def retranslate(self) -> None:
        self._back.say(self.tr("Back to all voices"))
        self._menu.say(self.tr("More"))
        self._edit.setText(self.tr("Edit…"))
        self._export.setText(self.tr("Export as one file…"))
        self._delete.setText(self.tr("Delete"))
        texts = {"dataset": self.tr("Dataset"), "train": self.tr("Train"), "record": self.tr("Record")}
        for name, button in self._ways.items():
            button.setText(texts[name])
            button.setVisible(self.studio.has_page(name))
        self._models_title.setText(self.tr("Models"))
        self._models_empty.setText(
            self.tr(
                "A model is made by training, and speaks with this voice. Ten minutes of takes are a good start."
            )
        )
        self._all_models.setText(self.tr("All models"))
        self._takes_title.setText(self.tr("Takes"))
        self._search.say(self.tr("Search takes"))
        self._play.say(self.tr("Play"))
        self._leave_out.say(self.tr("Use or leave out"))
        self._remove.say(self.tr("Delete"))
        self._statement.say(self.tr("Play the recorded statement"))
        self._table.setAccessibleName(self.tr("Takes"))
        self._bar.setAccessibleName(self.tr("How much of ten minutes is recorded"))
        self._takes_empty.setText(
            self.tr("Nothing is recorded yet. Record prompts, or drop recordings here.")
        )
        self.refresh()

    def shown(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Show what the library has of the voice now; a voice that is gone leads back to all of them."""
        if self._voice is None:
            return
        try:
            self._voice = self.studio.library.voices.find(self._voice.id)
        except InputError:
            self._voice = None
            self.studio.go("voices")
            return
        self._show_voice(self._voice)
        self._show_models()
        self._read_takes()

    def _show_voice(self, voice: Voice) -> None:
        self.title.setText(voice.name)
        self.setAccessibleName(voice.name)
        self.say_subtitle(" · ".join(voice.tags) or voice.note)
        self._avatar.show_voice(voice)
        self._minutes.setText(formats.minutes(voice.seconds))
        self._goal.setText(self.tr("of {goal} are recorded").format(goal=formats.minutes(GOAL_S)))
        self._bar.setValue(round(min(voice.seconds, GOAL_S)))
        self._next.setText(self._advice(voice))
        icon, colour, text = consent_shown(voice)
        self._consent_icon.show_icon(icon, colour)
        self._consent.setText(f"{text}: {voice.consent_by}" if voice.consent_by else text)
        self._statement.setVisible(voice.statement is not None and self.studio.player is not None)

    def _advice(self, voice: Voice) -> str:
        if voice.seconds >= GOAL_S:
            return self.tr("Enough for a good model. More variety helps more than more minutes.")
        if voice.seconds >= GOAL_S / 4:
            return self.tr("Enough for a draft to hear where it goes. Keep recording for a good one.")
        return self.tr("Read some prompts, in a quiet room and close to the microphone.")

    def _show_models(self) -> None:
        assert self._voice is not None
        while (item := self._models.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        models = self.studio.library.models.all(voice_id=self._voice.id)
        for model in models[:MODELS_SHOWN]:
            self._models.addWidget(ModelRow(model, self))
        self._models_empty.setVisible(not models)
        self._all_models.setVisible(len(models) > MODELS_SHOWN and self.studio.has_page("models"))

    def _read_takes(self) -> None:
        """Read the takes beside the window: there may be thousands, and many may come at once."""
        if self._reading or self._voice is None:
            self._read_again = self._voice is not None
            return
        self._reading, self._read_again = True, False
        library, voice_id, search = self.studio.library, self._voice.id, self._search.text()
        self.studio.tasks.run(
            lambda _reporter: library.takes.all(voice_id, search),
            self._show_takes,
            owner=self,
            failed=self._not_read,
        )

    def _not_read(self, error: BaseException) -> None:
        self._reading = False
        self.studio.fail(error)

    def _show_takes(self, takes: list[Take]) -> None:
        self._reading = False
        if self._read_again:
            self._read_takes()
            return
        if self._voice is None:
            return
        self._table.show_takes(takes)
        for widget in (self._table, self._search, self._play, self._leave_out, self._remove):
            widget.setVisible(self._voice.takes > 0)
        self._takes_empty.setVisible(not self._voice.takes)

    def _switch(self, take_id: str, excluded: bool) -> None:
        self.studio.library.takes.exclude([take_id], excluded)

    def switch_takes(self) -> None:
        """Leave the selected takes out, or use them again where all of them are left out."""
        takes = self._table.chosen()
        if takes:
            self.studio.library.takes.exclude(
                [take.id for take in takes], not all(take.excluded for take in takes)
            )

    def delete_takes(self) -> None:
        """Delete the selected takes, and offer the way back."""
        ids = [take.id for take in self._table.chosen()]
        if not ids:
            return
        takes = self.studio.library.takes
        takes.delete(ids)
        self.studio.say(self.tr("%n take(s) deleted.", "", len(ids)), lambda: takes.restore(ids))

    def play(self) -> None:
        """Play the first of the selected takes, or stop it."""
        chosen: list[Take] = self._table.chosen()
        if chosen:
            self._hear(chosen[0].file)

    def _play_statement(self) -> None:
        if self._voice is not None and self._voice.statement is not None:
            self._hear(self._voice.statement)

    def _hear(self, file: Path) -> None:
        player = self.studio.player
        if player is None:
            return
        if player.playing == file:
            player.stop()
        else:
            player.play(file)

    def _edit_voice(self) -> None:
        VoiceDialog(self.studio, self._voice, self.window()).open()

    def _export_voice(self) -> None:
        if self._voice is not None:
            ask_and_export(self.studio, self._voice, self)

    def _delete_voice(self) -> None:
        if self._voice is None:
            return
        voice, voices = self._voice, self.studio.library.voices
        self._voice = None
        voices.delete(voice.id)
        self.studio.go("voices")
        self.studio.say(
            self.tr("{name} was deleted.").format(name=voice.name), lambda: voices.restore(voice.id)
        )


class ModelRow(QWidget):
    """A model in a voice's card, with what its card says in short."""

    def __init__(self, model: Model, page: VoicePage) -> None:
        super().__init__(objectName=f"voice.model.{model.id}")
        rate = model.summary.get("rate")
        facts = [formats.day(model.created)]
        if isinstance(rate, int):
            facts.append(f"{rate / 1000:g} kHz")
        text = column(Label("strong", text=model.name), Label("caption", text=" · ".join(facts)), gap=0)
        use = Button(
            f"voice.model.{model.id}.use", lambda: page.studio.go("convert", model=model.id), look="link"
        )
        use.setText(self.tr("Convert with it"))
        use.setVisible(page.studio.has_page("convert"))
        layout = row(IconLabel("models", "accent"), text, None, use, gap=12)
        self.setLayout(layout)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, False)
