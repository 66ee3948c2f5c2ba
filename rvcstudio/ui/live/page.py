"""The page where one speaks in a voice."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QWidget

from rvcstudio.companion import is_installed
from rvcstudio.keys import keyboard_of_system
from rvcstudio.library import Model
from rvcstudio.live.line import LiveLine
from rvcstudio.ui.live.booth import LiveBooth
from rvcstudio.ui.live.cable import CableGuide
from rvcstudio.ui.live.devices_panel import DevicesPanel
from rvcstudio.ui.live.keys_panel import KeysPanel
from rvcstudio.ui.live.sound_panel import SoundPanel
from rvcstudio.ui.page import Page
from rvcstudio.ui.widgets import Button, Card, Choice, EmptyState, Field, Label, Notice, column

SIDE_WIDTH = 320
NARROW = 820  # px; below, the side column goes under the rest


class LivePage(Page):
    """A voice to speak in, devices, sliders, meters."""

    def build(self) -> None:
        self._line = LiveLine(self.studio.settings, self)
        self._models: list[Model] = []
        self._model = Choice("live.model")
        self._model.chosen.connect(self._choose_model)
        self._model_field = Field(self._model)
        self._booth = LiveBooth(self._line, self._model_field)
        self._booth.switch.clicked.connect(self.switch)
        self._booth.record.clicked.connect(self._switch_recording)
        self._longer = Button("live.longer_block", self._use_longer_block, look="link")
        self._trouble, self._trouble_code = Notice("warn", "live.trouble", self._longer), ""
        self._trouble.hide()
        self._devices, self._sound = DevicesPanel(self.studio, self._line), SoundPanel(self._line)
        self._keys = KeysPanel(self._line, keyboard_of_system())
        self._cable = CableGuide(self.studio)
        self._titles = [Label("heading") for _ in range(4)]
        self._build_empty()
        self._arrange_columns()
        self._connect()

    def _build_empty(self) -> None:
        self._train = Button("live.train", lambda: self.studio.go("voices"), look="primary", icon="voices")
        self._empty = EmptyState("live", "live.empty", self._train)
        self.body.addWidget(self._empty)

    def _arrange_columns(self) -> None:
        sound, devices, keys, cable = self._titles
        main, self._side = QWidget(), QWidget()
        main.setLayout(
            column(
                Card(self._booth, self._trouble, gap=16),
                Card(sound, self._sound),
                None,
                gap=16,
            )
        )
        cards = (Card(devices, self._devices), Card(keys, self._keys), Card(cable, self._cable))
        self._side.setLayout(column(*cards, None, gap=16))
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.addWidget(main, 1)
        self._columns.addWidget(self._side)
        self._work = QWidget()
        self._work.setLayout(self._columns)
        self.body.addWidget(self._work)
        self.body.addStretch(1)

    def _connect(self) -> None:
        QCoreApplication.instance().aboutToQuit.connect(self._line.close)  # type: ignore[union-attr]
        self._line.failed.connect(self.studio.fail)
        self._line.warned.connect(self._warn)
        self._line.changed.connect(self._refresh)
        self._line.recorded.connect(self._tell_recorded)
        self.studio.library_changed.connect(self._follow_library)
        self._follow_library()
        self.add_shortcut("L", lambda: self.tr("Go live, or stop"), self.switch)
        self.add_shortcut("B", lambda: self.tr("Your own voice, or the other"), self._booth.toggle_bypass)

    def _follow_library(self) -> None:
        self.studio.library.changed.connect(lambda what: self._read_models() if what == "models" else None)
        self._read_models()

    def retranslate(self) -> None:
        super().retranslate()
        self.say_subtitle(self.tr("Speak, and be heard in another voice. Use headphones."))
        self._model_field.say(self.tr("Voice"))
        texts = (self.tr("Sound"), self.tr("Devices"), self.tr("Keys"), self.tr("In calls and games"))
        for title, text in zip(self._titles, texts, strict=True):
            title.setText(text)
        for part in (self._booth, self._devices, self._sound, self._keys, self._cable):
            part.say()
        self._say_empty()
        self._refresh()

    def _say_empty(self) -> None:
        if is_installed():
            self._empty.say(
                self.tr("No model to speak with"),
                self.tr("Train a voice, or drop a model file on this window."),
            )
        else:
            self._empty.say(
                self.tr("This computer has no engine"),
                self.tr("Live conversion runs here, so the engine must be installed here."),
            )
        self._train.setText(self.tr("To the voices"))

    def open(self, **target: Any) -> None:
        if model := target.get("model"):
            self._line.change(model=model)
            self._read_models()

    def shown(self) -> None:
        self._devices.list_devices()
        self._read_models()

    def hidden(self) -> None:
        self._line.talk(False)  # nobody sees the key any more

    def _read_models(self) -> None:
        self._models = self.studio.library.models.all()
        self._model.offer([(model.id, model.name) for model in self._models])
        self._model.choose(self._line.settings.model)
        usable = bool(self._models) and is_installed()
        self._empty.setVisible(not usable)
        self._work.setVisible(usable)

    def _choose_model(self, model_id: str) -> None:
        """Speak with another model; one that is loaded is left."""
        self._line.change(model=model_id)
        if self._line.state != "off":
            self._line.stop()
            self.studio.say(self.tr("Go live again to speak with this voice."))

    def switch(self) -> None:
        """Go live, or stop."""
        if self._line.state != "off":
            self._line.stop()
            return
        model = next((model for model in self._models if model.id == self._model.currentData()), None)
        if model is not None and self._work.isVisible():
            self._trouble.hide()
            self._line.start(
                model.file, self._devices.name("input_device"), self._devices.name("output_device")
            )

    def _switch_recording(self) -> None:
        if self._line.recording is not None:
            self._line.record(None)
            return
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Record the voice"), "live.flac", self.tr("Audio (*.flac *.wav *.mp3 *.ogg)")
        )
        if name:
            self._line.record(Path(name))

    def _tell_recorded(self, file: str) -> None:
        self.studio.say(self.tr("Recorded: {name}").format(name=Path(file).name))

    def _warn(self, code: str, text: str) -> None:
        """Say what the engine warns of, below the buttons."""
        known = {
            "short_block": self.tr("This voice needs blocks of {ms} ms or more on this computer.").format(
                ms=self._line.shortest_block_ms
            ),
            "voice_too_slow": self.tr("This computer is too slow for this voice. Choose a lite voice."),
            "too_slow": self.tr("The computer did not keep up, and a moment was left out."),
            "no_echo": self.tr(
                "No click came back. Hold the microphone to the loudspeaker, and measure again."
            ),
            "no_usual_pitch": self.tr("This voice does not say how high it speaks. Set the pitch yourself."),
        }
        self._trouble_code = code
        self._trouble.say(known.get(code, text))
        self._longer.setText(self.tr("Use {ms} ms").format(ms=self._line.shortest_block_ms))
        self._longer.setVisible(code == "short_block")
        self._trouble.show()

    def _use_longer_block(self) -> None:
        self._line.change(block_ms=self._line.shortest_block_ms)

    def _refresh(self) -> None:
        needed = self._line.shortest_block_ms
        if self._trouble_code == "short_block" and needed and self._line.settings.block_ms >= needed:
            self._trouble.hide()
        self.set_busy(self._line.state in ("starting", "stopping"))
        if self.studio.awake is not None:
            self.studio.awake.want("live", None if self._line.state == "off" else "work")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_T and self._line.settings.push_to_talk:
            self._line.talk(True)
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_T and not event.isAutoRepeat():
            self._line.talk(False)
            return
        super().keyReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        self._side.setMaximumWidth(16777215 if narrow else SIDE_WIDTH)
        self._side.setMinimumWidth(0 if narrow else SIDE_WIDTH)
