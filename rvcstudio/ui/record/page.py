"""The page where a voice is recorded, sentence by sentence."""

import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QFileSystemWatcher, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QBoxLayout, QComboBox, QWidget

from rvc import paths
from rvc.errors import Error
from rvcstudio.recording.booth import Booth
from rvcstudio.sound import journal
from rvcstudio.ui.page import Page
from rvcstudio.ui.record.desk import Desk
from rvcstudio.ui.record.meter import ClipLight, LevelMeter
from rvcstudio.ui.record.microphone import MicrophonePanel
from rvcstudio.ui.record.progress import ProgressCard
from rvcstudio.ui.record.reader import PromptReader
from rvcstudio.ui.record.take_bar import TakeBar
from rvcstudio.ui.voice_dialog import VoiceDialog
from rvcstudio.ui.widgets import Button, Card, EmptyState, Label, Notice, column, line, row

FRAME_MS = 16
READOUT_S = 0.25  # how often numbers change; faster ones cannot be read
SIDE_WIDTH = 320
NARROW = 820  # px; below, the side column goes under the sentence
LOW = 600  # px; below, the sentence gives room to the meter
DEVICES = Path("/dev/snd")  # a microphone that comes or goes changes this folder on Linux
SETTLE_MS = 700  # after that, until PortAudio can open it
PREVIEW = "take.flac"


class RecordPage(Page):
    """A sentence to read, a meter, a button; minutes and sounds beside them."""

    def build(self) -> None:
        self._booth = Booth(self.studio, self)
        self._desk = Desk(self.studio, self._booth)
        self.buttons.addWidget(self._desk)
        self._ticked_at = time.monotonic()
        self._read_out_at = 0.0
        self._build_main()
        self._build_side()
        self._build_empty()
        self._arrange_columns()
        self._connect()
        self._add_keys()

    def _build_main(self) -> None:
        self._reader = PromptReader()
        self._reader.moved.connect(self.turn)
        self._bar = TakeBar(
            self._booth, record=self.switch, play=self.play, retake=self.retake, keep=self.keep
        )
        self._meter = LevelMeter("record.meter")
        self._clips = ClipLight("record.clips")
        self._readout = Label("caption", name="record.levels")
        below = row(self._readout, None, self._clips, gap=16)
        self._main = Card(self._reader, line(), self._bar, line(), self._meter, below, gap=16)

    def _build_side(self) -> None:
        self._progress = ProgressCard()
        self._microphone_title = Label("heading")
        self._microphone = MicrophonePanel(self.studio, self._booth)
        self._howl = Notice("warn", "record.howled")
        self._howl.hide()
        self._side = QWidget()
        card = Card(self._microphone_title, self._howl, self._microphone)
        self._side.setLayout(column(self._progress, card, None, gap=16))

    def _build_empty(self) -> None:
        self._new = Button("record.new_voice", self._add_voice, look="primary", icon="plus")
        self._empty = EmptyState("record", "record.empty", self._new)
        self.body.addWidget(self._empty)

    def _arrange_columns(self) -> None:
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._columns.addWidget(self._main, 1, Qt.AlignmentFlag.AlignTop)
        self._columns.addWidget(self._side)
        self._work = QWidget()
        self._work.setLayout(self._columns)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(self._work)
        self.body.addStretch(1)

    def _connect(self) -> None:
        booth = self._booth
        booth.changed.connect(self._refresh)
        self._desk.changed.connect(self._refresh)
        self._desk.counted.connect(self._progress.show_progress)
        booth.kept.connect(lambda _take: self._desk.count())
        booth.lost.connect(self._tell_lost)
        booth.howled.connect(self._tell_howled)
        self._timer = QTimer(self, interval=FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._settled = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settled.timeout.connect(self._look_for_devices)
        if sys.platform.startswith("linux") and DEVICES.is_dir():
            self._watcher = QFileSystemWatcher([str(DEVICES)], self)
            self._watcher.directoryChanged.connect(self._settled.start)
        QGuiApplication.instance().applicationStateChanged.connect(self._come_back)  # type: ignore[union-attr]
        if self.studio.player is not None and hasattr(self.studio.player, "changed"):
            self.studio.player.changed.connect(lambda file: self._bar.show_playing(file is not None))

    def _add_keys(self) -> None:
        self.add_shortcut("Space", lambda: self.tr("Record, stop, or play the take"), self._press_space)
        self.add_shortcut("Return", lambda: self.tr("Keep the take and go on"), self._press_enter)
        self.add_shortcut("Enter", lambda: self.tr("Keep the take and go on"), self._press_enter)
        self.add_shortcut("Backspace", lambda: self.tr("Read the sentence again"), self.retake)
        self.add_shortcut("R", lambda: self.tr("Record or stop"), self.switch)
        self.add_shortcut("Left", lambda: self.tr("Previous sentence"), lambda: self.turn(-1))
        self.add_shortcut("Right", lambda: self.tr("Next sentence"), lambda: self.turn(1))

    def retranslate(self) -> None:
        super().retranslate()
        self.say_subtitle(self.tr("Read aloud, listen, keep what is good. Ten minutes make a voice."))
        self._microphone_title.setText(self.tr("Microphone"))
        self._meter.setAccessibleName(self.tr("Level of the microphone"))
        self._empty.say(
            self.tr("Whose voice will you record?"),
            self.tr("Takes belong to a voice. Make one, and read to it."),
        )
        self._new.setText(self.tr("New voice"))
        self._howl.say(self.tr("It howled, so you no longer hear yourself. Use headphones."))
        for part in (self._desk, self._reader, self._bar, self._progress, self._microphone, self._clips):
            part.say()
        self._refresh()

    def open(self, **target: Any) -> None:
        if voice := target.get("voice"):
            self._desk.choose_voice(voice)

    def take_files(self, files: list[Path]) -> list[Path]:
        texts = [file for file in files if file.suffix.lower() == ".txt"]
        if self._desk.voice is None or not texts:
            return files
        self._desk.use_file(texts[0])
        return [file for file in files if file != texts[0]]

    def _add_voice(self) -> None:
        dialog = VoiceDialog(self.studio, None, self.window())
        dialog.saved.connect(lambda voice: self.studio.go("record", voice=voice.id))
        dialog.open()

    def switch(self) -> None:
        """Begin a take, or end it."""
        if self._booth.state == "recording":
            self._booth.stop()
        elif self._booth.state == "ready" and self._desk.voice is not None:
            self._stop_playing()
            try:
                self._booth.record(self._desk.voice.id, self._desk.script.prompt)
            except Error as error:
                self.studio.fail(error)

    def keep(self) -> None:
        """Put the take into the library and go on to the next sentence."""
        if self._booth.recorded is None:
            return
        self._stop_playing()
        prompt = self._booth.recorded.prompt
        self._booth.keep()
        if prompt is not None and prompt == self._desk.script.prompt:
            self._desk.go_on()
        self._refresh()

    def retake(self) -> None:
        """Put the take aside and begin anew."""
        if self._booth.recorded is None:
            return
        self._stop_playing()
        self._booth.discard()
        self.studio.say(self.tr("The take was put aside."), self._booth.bring_back)
        self.switch()

    def play(self) -> None:
        """Play the take, or fall silent."""
        player, recorded = self.studio.player, self._booth.recorded
        if player is None or recorded is None:
            return
        if player.playing is not None:
            player.stop()
            return
        preview = paths.cache_dir() / PREVIEW
        self.studio.tasks.run(
            lambda _: journal.encode(recorded.path, preview), lambda _: player.play(preview), owner=self
        )

    def _stop_playing(self) -> None:
        if self.studio.player is not None:
            self.studio.player.stop()

    def turn(self, steps: int) -> None:
        """Go to another sentence; a take that waits belongs to its own."""
        if self._booth.state in ("ready", "closed", "measuring") and self._booth.recorded is None:
            self._desk.turn(steps)

    def _press_space(self) -> None:
        if self._press_focused():
            return
        if self._booth.recorded is not None:
            self.play()
        else:
            self.switch()

    def _press_enter(self) -> None:
        if self._press_focused():
            return
        if self._booth.state == "recording":
            self._booth.stop()
        else:
            self.keep()

    def _press_focused(self) -> bool:
        """Let a control that was reached with Tab have the key."""
        focused = QApplication.focusWidget()
        if isinstance(focused, QComboBox):
            focused.showPopup()
            return True
        if isinstance(focused, QAbstractButton):
            focused.click()
            return True
        return False

    def shown(self) -> None:
        self._desk.read_voices()
        self._open()
        self._ticked_at = time.monotonic()
        self._timer.start()

    def hidden(self) -> None:
        self._timer.stop()
        self._stop_playing()
        self._booth.close()

    def _open(self) -> None:
        """Listen to the microphone, where there is one."""
        try:
            self._booth.open()
        except Error as error:
            if error.code != "no_sound":
                self.studio.fail(error)
        self._microphone.list_devices()

    def _come_back(self, state: Qt.ApplicationState) -> None:
        """Look for a microphone that was connected while another program was in front."""
        if state == Qt.ApplicationState.ApplicationActive and self._booth.state == "closed":
            self._look_for_devices()

    def _look_for_devices(self) -> None:
        if self.isVisible() and self._booth.recorder is None:
            self._microphone.reread()

    def _tell_lost(self, name: str) -> None:
        self.studio.say(self.tr("{name} is gone. What was recorded is kept.").format(name=name))
        self._microphone.list_devices()

    def _tell_howled(self) -> None:
        self._howl.show()
        self._microphone.refresh()

    def _tick(self) -> None:
        now = time.monotonic()
        self._booth.tick(now - self._ticked_at)
        self._ticked_at = now
        self._meter.show_needles(self._booth.needles)
        self._bar.tick()
        self._microphone.tick()
        if now - self._read_out_at >= READOUT_S:
            self._read_out_at = now
            self._read_out()

    def _read_out(self) -> None:
        capture, needles = self._booth.capture, self._booth.needles
        if capture is None:
            self._readout.setText("")
            return
        levels = self.tr("Peak {peak} dB · RMS {rms} dB").format(
            peak=self.locale().toString(needles.held, "f", 1), rms=self.locale().toString(needles.rms, "f", 1)
        )
        overruns = self.tr("%n overrun(s)", "", capture.overruns) if capture.overruns else ""
        self._readout.setText(f"{levels} · {overruns}" if overruns else levels)
        self._clips.show_clips(capture.levels.clips)

    def _refresh(self) -> None:
        """Show what the booth is at."""
        state, focused = self._booth.state, QApplication.focusWidget()
        if focused is not None and self._bar.isAncestorOf(focused):
            self.setFocus()  # before its button goes, and the focus with it to any other
        busy = state in ("recording", "judging") or self._booth.recorded is not None
        self._reader.show_script(self._desk.script, busy=busy)
        self._desk.setEnabled(not busy)
        has_voice = self._desk.voice is not None
        self._empty.setVisible(not has_voice)
        self._work.setVisible(has_voice)
        self._bar.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        self._reader.set_low(self.height() < LOW)
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        self._side.setMaximumWidth(16777215 if narrow else SIDE_WIDTH)
        self._side.setMinimumWidth(0 if narrow else SIDE_WIDTH)
