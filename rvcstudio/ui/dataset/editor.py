"""A take to look at, to hear and to edit."""

from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import QT_TRANSLATE_NOOP, QEvent, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy

from rvc.events import Reporter
from rvcstudio.dataset.cutting import Span
from rvcstudio.dataset.editing import Editing
from rvcstudio.dataset.versions import Step
from rvcstudio.library import Take
from rvcstudio.studio import Studio
from rvcstudio.ui.dataset.gain_dialog import GainDialog
from rvcstudio.ui.dataset.playback import Playback
from rvcstudio.ui.dataset.sounding import TakeView
from rvcstudio.ui.waveform.ruler import clock
from rvcstudio.ui.waveform.view import ZOOM
from rvcstudio.ui.widgets import Button, IconButton, Label, MenuButton, Segments, column, row

Edit: TypeAlias = Callable[[Editing, Reporter], Step]

ROOMY = 760  # px; narrower, buttons show their icons only
KHZ = 1000

# fmt: off
TEXTS = {
    "trim": QT_TRANSLATE_NOOP("TakeEditor", "Trim to selection"),
    "cut": QT_TRANSLATE_NOOP("TakeEditor", "Delete selection"),
    "split": QT_TRANSLATE_NOOP("TakeEditor", "Split"),
    "gain": QT_TRANSLATE_NOOP("TakeEditor", "Gain…"),
}
# fmt: on


class TakeEditor(QFrame):
    """The waveform or spectrum of one take, with its transport and its edits."""

    wanted = Signal(str, object)  # a sentence, and the edit that it tells

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._studio = studio
        self._take: Take | None = None
        self.playback = Playback(studio, self)
        self.sound = TakeView("dataset.wave", studio.tasks)
        self.view = self.sound.view
        self._build()
        self._connect()
        self.show_take(None)

    def _build(self) -> None:
        self._name = Label("strong")
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._facts = Label("caption")
        self._facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._mode = Segments("dataset.mode", ("wave", "spectrum"))
        self._mode.choose("wave")
        self._zoom_in = IconButton("dataset.zoom_in", "zoom-in", lambda: self.view.zoom(1 / ZOOM**2))
        self._zoom_out = IconButton("dataset.zoom_out", "zoom-out", lambda: self.view.zoom(ZOOM**2))
        self._fit = IconButton("dataset.fit", "fit", self.view.fit)
        head = row(
            column(self._name, self._facts, gap=0), self._mode, self._zoom_out, self._zoom_in, self._fit
        )
        head.setStretch(0, 1)
        self._play = IconButton("dataset.play", "play", self.play, colour="accent")
        self._loop = IconButton("dataset.loop", "loop")
        self._loop.setCheckable(True)
        self._output = MenuButton("dataset.output", "headphones")
        self._time = Label("caption", name="dataset.time")
        self._time.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._edits = {
            "trim": Button("dataset.trim", self.trim, icon="trim"),
            "cut": Button("dataset.cut", self.cut, icon="cut"),
            "split": Button("dataset.split", self.split, icon="split"),
            "gain": Button("dataset.gain", self.ask_gain, icon="gain"),
        }
        foot = row(self._play, self._loop, self._output, self._time, *self._edits.values())
        foot.setStretch(3, 1)
        layout = column(head, self.sound, foot, gap=8)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setStretch(1, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self._mode.chosen.connect(self.view.show_mode)
        self.view.selected.connect(self._say_time)
        self.view.sought.connect(self._say_time)
        self.view.sought.connect(self._jump)
        self.sound.failed.connect(self._studio.fail)
        self.sound.loaded.connect(self._say_time)
        self._loop.toggled.connect(lambda _on: self._play_anew())
        self.playback.changed.connect(self._show_playing)
        self.playback.moved.connect(lambda second: self.view.play_at(round(second * self.view.rate)))
        self._output.list.aboutToShow.connect(self._list_outputs)

    def show_take(self, take: Take | None) -> None:
        """Show a take, or nothing."""
        if self._take is not None and (take is None or take.file != self._take.file):
            self.playback.stop()
        self._take = take
        self.sound.show_take(take)
        self._name.setText(take.title if take else "")
        self._facts.setText(self._facts_of(take) if take else "")
        for widget in (self._play, self._loop, *self._edits.values()):
            widget.setEnabled(take is not None)
        self._say_time()

    def _facts_of(self, take: Take) -> str:
        facts = [clock(take.seconds, 2), f"{take.rate / KHZ:g} kHz"]
        if take.peak_dbfs is not None:
            facts.append(self.tr("peak {level} dBFS").format(level=f"{take.peak_dbfs:.1f}").replace("-", "−"))
        return " · ".join(facts)

    def _say_time(self) -> None:
        rate, selection = self.view.rate, self.view.selection
        if selection is None:
            text = clock(self.view.caret / rate)
        else:
            start, stop = selection
            text = f"{clock(start / rate)} – {clock(stop / rate)} ({(stop - start) / rate:.3f} s)"
        self._time.setText(text if self._take else "")
        self.view.setAccessibleDescription(text)
        has_part = selection is not None and selection != (0, self.view.frames)
        self._edits["trim"].setEnabled(has_part)
        self._edits["cut"].setEnabled(has_part)
        self._edits["split"].setEnabled(self._take is not None and 0 < self._split_place < self.view.frames)

    # hearing

    def play(self) -> None:
        """Play the selection, or from the cursor on; or stop."""
        if self.playback.file is not None:
            self.playback.stop()
        else:
            self._start()

    def _start(self) -> None:
        if self._take is None:
            return
        rate, selection, caret = self.view.rate, self.view.selection, self.view.caret
        start, stop = selection or (0 if caret >= self.view.frames else caret, self.view.frames)
        self.playback.play(self._take.file, start / rate, stop / rate, loop=self._loop.isChecked())

    def _play_anew(self) -> None:
        if self.playback.file is not None:
            self._start()

    def _jump(self) -> None:
        """Go on playing from where the cursor was placed, outside of selections."""
        if self.view.selection is None:
            self._play_anew()

    def switch_loop(self) -> None:
        self._loop.toggle()

    def _show_playing(self) -> None:
        playing = self.playback.file is not None
        self._play.show_icon("stop" if playing else "play", "accent")
        self._play.say(self.tr("Stop") if playing else self.tr("Play"))
        if not playing:
            self.view.play_at(None)

    def _list_outputs(self) -> None:
        """Offer the devices that can be played on."""
        self._output.list.clear()
        group = QActionGroup(self._output.list)
        chosen = self.playback.output
        for key, name in self.playback.outputs():
            action = QAction(name, self._output.list, checkable=True, checked=key == chosen)
            action.triggered.connect(lambda _on, key=key: self.playback.choose_output(key))
            group.addAction(action)
            self._output.list.addAction(action)

    # editing

    def trim(self) -> None:
        """Keep the selection only."""
        if (take := self._take) and (span := self._part):
            self._want(self.tr("Trimmed."), lambda editing, _: editing.keep(take, span))

    def cut(self) -> None:
        """Take the selection out."""
        if (take := self._take) and (span := self._part):
            self._want(self.tr("The selection was deleted."), lambda editing, _: editing.cut_out(take, span))

    @property
    def _part(self) -> Span | None:
        """The selection, unless it is the whole take."""
        selection = self.view.selection
        return None if selection == (0, self.view.frames) else selection

    @property
    def _split_place(self) -> int:
        return self.view.selection[0] if self.view.selection else self.view.caret

    def split(self) -> None:
        """Make two takes, parted at the cursor or where the selection begins."""
        at = self._split_place
        if (take := self._take) and 0 < at < self.view.frames:
            self._want(self.tr("The take was split in two."), lambda editing, _: editing.split(take, at))

    def ask_gain(self) -> None:
        """Ask how much louder or quieter the take shall be."""
        if self._take is not None:
            dialog = GainDialog(self._take, self.window())
            dialog.chosen.connect(self._amplify)
            dialog.open()

    def _amplify(self, gain_db: float) -> None:
        if take := self._take:
            self._want(self.tr("The level was changed."), lambda editing, _: editing.amplify(take, gain_db))

    def _want(self, text: str, edit: Edit) -> None:
        self.playback.stop()
        self.wanted.emit(text, edit)

    def retranslate(self) -> None:
        self._mode.say(self.tr("View"), (self.tr("Wave"), self.tr("Spectrum")))
        self._zoom_in.say(self.tr("Zoom in"))
        self._zoom_out.say(self.tr("Zoom out"))
        self._fit.say(self.tr("Show the selection or all"))
        self._loop.say(self.tr("Play again and again"))
        self._output.say(self.tr("Play on"))
        self.sound.say(self.tr("Waveform of the take"))
        self._show_playing()
        self.show_take(self._take)
        self._label()

    def _label(self) -> None:
        roomy = self.width() >= ROOMY
        for name, button in self._edits.items():
            text = self.tr(str(TEXTS[name]))
            button.setText(text if roomy else "")
            button.setToolTip(text)
            button.setAccessibleName(text)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        self._label()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
