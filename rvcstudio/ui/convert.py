"""The page where recordings are spoken in another voice."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QProgressBar, QWidget

from rvcstudio import companion
from rvcstudio.convert import SECTION, ConvertSettings, SoundSettings, order_of, recordings
from rvcstudio.convert_queue import ConvertQueue, Item, Summary
from rvcstudio.hub import HERE
from rvcstudio.library import Conversion, Model
from rvcstudio.ui import job_words
from rvcstudio.ui.compare import CompareView
from rvcstudio.ui.convert_early import EarlyButton
from rvcstudio.ui.convert_history import HistoryCard
from rvcstudio.ui.convert_list import RecordingList
from rvcstudio.ui.convert_output import OutputCard
from rvcstudio.ui.convert_record import LineButton
from rvcstudio.ui.convert_sound import SoundCard
from rvcstudio.ui.errors import sentence
from rvcstudio.ui.page import Page
from rvcstudio.ui.places import LEAST_BUSY, least_busy
from rvcstudio.ui.sending import SendingView
from rvcstudio.ui.widgets import (
    Button,
    Card,
    Choice,
    EmptyState,
    Field,
    IconButton,
    Label,
    Notice,
    column,
    row,
)

SIDE_WIDTH = 320
NARROW = 860  # px; below, the side column goes under the rest
ASK_MS = 300  # how long a recording is looked at before its pitch is asked for


class ConvertPage(Page):
    """Recordings on the left with what became of them, the voice and its settings on the right."""

    def build(self) -> None:
        self._kept = self.studio.settings.section(SECTION, ConvertSettings)
        self._models: list[Model] = []
        self._asked: tuple[str, Path] | None = None  # whose pitch is known, or on its way
        self.queue = ConvertQueue(self.studio, self)
        self._build_buttons()
        self._recordings, self._listen = self._recordings_card(), self._listen_card()
        self._history = HistoryCard(self.studio)
        self._voice = self._voice_card()
        self._sound, self._output = SoundCard(), OutputCard()
        self._train = Button("convert.train", lambda: self.studio.go("voices"), look="primary", icon="voices")
        self._empty = EmptyState("convert", "convert.empty", self._train)
        self._ask = QTimer(self, singleShot=True, interval=ASK_MS)
        self._arrange_columns()
        self._connect()

    def _build_buttons(self) -> None:
        self._to_models = Button("convert.models", lambda: self.studio.go("models"), icon="models")
        self._to_models.setVisible(self.studio.has_page("models"))
        self._start = Button("convert.start", self.start, look="primary", icon="convert")
        self._stop = Button("convert.stop", lambda: self.queue.stop(), look="danger", icon="stop")
        for button in (self._to_models, self._stop, self._start):
            self.buttons.addWidget(button)

    def _recordings_card(self) -> Card:
        self._list_title = Label("heading")
        self._add = Button("convert.add", self._ask_files, icon="folder")
        self._line = LineButton(self.studio, lambda file: self._queue([file]))
        self._clear = IconButton("convert.clear", "trash", self._remove_all)
        self._drop = EmptyState("import", "convert.drop")
        self._list = RecordingList(self.queue.remove)
        self._bar = QProgressBar(objectName="convert.progress")
        self._summary = Notice("good", "convert.summary")
        self._reason = Notice("bad", "convert.reason")
        self._early = EarlyButton(self.studio, self.queue)
        for part in (self._bar, self._summary, self._reason):
            part.hide()
        head = row(self._list_title, None, self._clear, self._line, self._add)
        listen = row(self._early, None)
        parts = (head, self._drop, self._list, self._bar, listen, self._reason, self._summary)
        return Card(*parts, name="convert.card")

    def _listen_card(self) -> Card:
        self._listen_title = Label("heading")
        self._compare = CompareView("convert.compare", self.studio)
        return Card(self._listen_title, self._compare, name="convert.listen")

    def _voice_card(self) -> Card:
        self._model, self._computer = Choice("convert.model"), Choice("convert.computer")
        self._model.chosen.connect(lambda value: self._keep(model=value))
        self._computer.chosen.connect(lambda value: self._keep(computer=value))
        self._model_field, self._computer_field = Field(self._model), Field(self._computer)
        self._set_up = Button("convert.setup", lambda: self.studio.go("settings", part="engine"), look="link")
        self._no_engine = Notice("warn", "convert.no_engine", self._set_up)
        return Card(self._model_field, self._computer_field, self._no_engine, name="convert.voice")

    def _arrange_columns(self) -> None:
        main, self._side = QWidget(), QWidget()
        main.setLayout(column(self._recordings, self._listen, self._history, None, gap=16))
        self._side.setLayout(column(self._voice, self._sound, self._output, None, gap=16))
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.addWidget(main, 1)
        self._columns.addWidget(self._side)
        self._work = QWidget()
        self._work.setLayout(self._columns)
        self._sending = SendingView(self.studio.jobs, "convert.sending")
        for part in (self._sending, self._empty, self._work):
            self.body.addWidget(part)
        self.body.addStretch(1)

    def _connect(self) -> None:
        self.queue.changed.connect(self._show_items)
        self.queue.moved.connect(self._show_item)
        self.queue.ended.connect(self._show_summary)
        self._list.picked.connect(self._look_at)
        self._sound.changed.connect(lambda sound: self._keep(sound=sound))
        self._sound.presets_changed.connect(lambda presets: self._keep(presets=presets))
        self._output.changed.connect(lambda values: self._keep(**values))
        self._ask.timeout.connect(self._ask_pitch)
        self._history.heard.connect(self._hear_earlier)
        self._history.again.connect(self._again)
        self.studio.jobs.changed.connect(self._offer_computers)
        self.studio.library_changed.connect(self._follow_library)
        self._follow_library()
        self._look_at(None)
        self.add_shortcut("Ctrl+Return", lambda: self.tr("Convert"), self.start)
        self.add_shortcut("A", lambda: self.tr("Hear the recording"), lambda: self._compare.hear(0))
        self.add_shortcut("B", lambda: self.tr("Hear the result"), lambda: self._compare.hear(1))

    def _follow_library(self) -> None:
        self.studio.library.changed.connect(self._hear_library)
        self._read_models()
        self._history.refresh()

    def _hear_library(self, what: str) -> None:
        if what == "models":
            self._read_models()
        elif what == "conversions":
            self._history.refresh()

    def retranslate(self) -> None:
        super().retranslate()
        self.say_subtitle(self.tr("Drop recordings anywhere on this page, and hear them in another voice."))
        self._to_models.setText(self.tr("Models"))
        self._stop.setText(self.tr("Stop"))
        self._set_up.setText(self.tr("Set up the engine…"))
        self._list_title.setText(self.tr("Recordings"))
        self._add.setText(self.tr("Add files…"))
        self._clear.say(self.tr("Remove all"))
        self._drop.say(
            self.tr("Nothing to convert yet"),
            self.tr("Drop recordings or folders here, add files, or record a line."),
        )
        self._listen_title.setText(self.tr("Listen"))
        self._model_field.say(self.tr("Voice"))
        self._train.setText(self.tr("To the voices"))
        self._empty.say(
            self.tr("No model to convert with"),
            self.tr("Train a voice, or drop a model of another program (.pth, .zip) on this window."),
        )
        for part in (self._line, self._list, self._early, self._sound, self._output, self._history):
            part.retranslate()
        self._sound.show_sound(self._kept.sound, self._kept.presets)
        self._output.show_settings(self._kept)
        self._offer_computers()
        self._follow()

    def open(self, **target: Any) -> None:
        """Convert with `model=id`, and `files=[...]`."""
        if model := target.get("model"):
            self._keep(model=model)
            self._read_models()
        if files := target.get("files"):
            self.take_files(list(files))

    def shown(self) -> None:
        self._read_models()
        self._history.refresh()
        if companion.is_installed() and self._models:
            self.studio.tasks.run(lambda _: self.studio.engine.warm(), owner=self)
        self._ask.start()
        self._sending.start()
        if self.studio.computers.all():
            self.studio.computers.start_looking(self)

    def hidden(self) -> None:
        self._sending.stop()
        self.studio.computers.stop_looking(self)
        self._compare.stop()
        if self._line.is_recording:
            self._line.stop()

    def take_files(self, files: list[Path]) -> list[Path]:
        """Put recordings, and those in folders, into the queue."""
        rest = [file for file in files if not file.is_dir() and not list(recordings([file]))]
        mine = [file for file in files if file not in rest]
        if mine:
            self.studio.tasks.run(lambda _: list(recordings(mine)), self._queue, owner=self)
        return rest

    def _queue(self, files: list[Path]) -> None:
        if not files:
            self.studio.say(self.tr("There are no recordings in it."))
            return
        items = self.queue.add(files)
        self._list.look_at(items[-1])

    def _ask_files(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Choose recordings"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda names: self.take_files([Path(name) for name in names]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _remove_all(self) -> None:
        self.queue.remove(list(self.queue.items))
        self._summary.hide()

    def _keep(self, **values: Any) -> None:
        """Remember another choice."""
        self._kept = ConvertSettings.model_validate({**dict(self._kept), **values})
        self.studio.settings.keep_section(SECTION, self._kept)
        self._follow()
        if "model" in values:
            self._ask.start()

    def _read_models(self) -> None:
        self._models = self.studio.library.models.all()
        self._model.offer([(model.id, model.name) for model in self._models])
        self._model.choose(self._kept.model)
        self._empty.setVisible(not self._models)
        self._work.setVisible(bool(self._models))
        self._follow()

    def _offer_computers(self) -> None:
        names = self.studio.jobs.computers()
        lines: list[tuple[object, str]] = [(name, job_words.computer(name)) for name in names]
        if len(names) > 1:
            lines.append((LEAST_BUSY, self.tr("The least busy one")))
        self._computer.offer(lines)
        self._computer.choose(self._kept.computer)
        self._computer_field.say(self.tr("Computer"))
        self._computer_field.setVisible(len(names) > 1)

    @property
    def model(self) -> Model | None:
        """The model that is chosen."""
        return next((model for model in self._models if model.id == self._model.currentData()), None)

    @property
    def computer(self) -> str:
        """Where it will be done."""
        chosen = self._computer.currentData()
        return least_busy(self.studio) if chosen == LEAST_BUSY else chosen or HERE

    def start(self) -> None:
        """Convert what waits; where nothing does, everything again with the settings of now."""
        if self.model is None or not self._start.isEnabled() or self.queue.is_running:
            return
        self._compare.stop()
        self._summary.hide()
        settings = self._kept.model_copy(update={"computer": self.computer})
        self.queue.start(order_of(self.studio.library, settings, self.model))
        self._follow()

    def _follow(self) -> None:
        """Show what fits the state of things."""
        items, running = self.queue.items, self.queue.is_running
        able = self.computer != HERE or companion.is_installed()
        self._no_engine.setVisible(not able)
        self._no_engine.say(
            self.tr("This computer has no engine. Choose another computer, or set it up here.")
        )
        self._start.setVisible(bool(self._models) and not running)
        self._start.setEnabled(bool(items) and able)
        again = bool(items) and all(item.state != "waiting" for item in items)
        self._start.setText(self.tr("Convert again") if again else self.tr("Convert"))
        self._stop.setVisible(running)
        self._bar.setVisible(running)
        self._drop.setVisible(not items)
        self._list.setVisible(bool(items))
        self._clear.setVisible(bool(items) and not running)
        self.set_busy(running)

    def _show_items(self) -> None:
        self._list.show_items(self.queue.items)
        self._follow()

    def _show_item(self, item: Item) -> None:
        self._list.refresh(item)
        items = self.queue.items
        self._bar.setRange(0, 100 * max(1, len(items)))
        self._bar.setValue(round(sum(100 * (1 if one.state == "failed" else one.share) for one in items)))
        if item is self._list.current:
            self._look_at(item)

    def _show_summary(self, summary: Summary) -> None:
        self._follow()
        texts = []
        if summary.done:
            texts.append(self.tr("%n recording(s) converted.", "", summary.done))
        if summary.failed:
            texts.append(self.tr("%n could not be converted: choose it to see why.", "", summary.failed))
        if summary.stopped:
            texts.append(self.tr("The rest was stopped."))
        self._summary.say(" ".join(texts), "warn" if summary.failed or summary.stopped else "good")
        self._summary.setVisible(bool(texts))

    def _look_at(self, item: Item | None) -> None:
        """Show a recording and what was made of it last."""
        self._listen.setVisible(item is not None)
        self._reason.setVisible(item is not None and item.error is not None)
        if item is not None and item.error is not None:
            self._reason.say(" ".join(sentence(item.error)))
        if item is None:
            self._compare.show_files([])
            return
        self._show_pair(item.source, item.conversion)
        self._ask.start()

    def _show_pair(self, source: Path, conversion: Conversion | None) -> None:
        named = [(self.tr("Recording: {name}").format(name=source.name), source)] if source.exists() else []
        if conversion is not None and conversion.output.exists():
            text = self.tr("Result: {name} ({voice})")
            name, voice = conversion.output.name, conversion.model_name
            named.append((text.format(name=name, voice=voice), conversion.output))
        self._listen.setVisible(bool(named))
        self._compare.show_files(named)

    def _ask_pitch(self) -> None:
        """Ask the engine how high recording and voice are, once for each pair."""
        item, model = self._list.current, self.model
        if item is None or model is None or not companion.is_installed() or self.queue.is_running:
            return
        asked = (model.id, item.source)
        if asked == self._asked or not self.isVisible():
            return
        self._asked = asked
        self._sound.propose(None)
        params = {"model": str(model.file), "recording": str(item.source), "config": {}}
        self.studio.tasks.run(
            lambda reporter: self.studio.engine.call("propose", params, reporter),
            partial(self._propose, asked),
            owner=self,
            failed=lambda _error: None,  # converting it will say what is wrong
        )

    def _propose(self, asked: tuple[str, Path], answer: dict[str, Any]) -> None:
        if asked == self._asked:
            self._sound.propose(answer)

    def _hear_earlier(self, conversion: Conversion) -> None:
        self._show_pair(conversion.source, conversion)
        self._compare.hear(1 if conversion.source.exists() else 0)

    def _again(self, conversion: Conversion) -> None:
        """Load an earlier conversion's recording, voice and settings."""
        if not conversion.source.exists():
            self.studio.say(
                self.tr("The recording is no longer there: {name}").format(name=conversion.source.name)
            )
            return
        sound = SoundSettings.read(conversion.settings)
        kept = {
            name: conversion.settings[name] for name in ("format", "naming") if name in conversion.settings
        }
        known = {model.id for model in self._models}
        self._keep(sound=sound, **kept, **({"model": conversion.model} if conversion.model in known else {}))
        self._read_models()
        self._sound.show_sound(sound, self._kept.presets)
        self._output.show_settings(self._kept)
        (item,) = self.queue.add([conversion.source])
        item.conversion, item.state = conversion, "waiting"
        self._show_items()
        self._list.look_at(item)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        self._side.setMaximumWidth(16777215 if narrow else SIDE_WIDTH)
        self._side.setMinimumWidth(0 if narrow else SIDE_WIDTH)
