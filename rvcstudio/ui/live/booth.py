"""What one does while live: start and stop, hear oneself, talk, record; and how it goes."""

from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QWidget

from rvcstudio.live.line import LiveLine
from rvcstudio.sound.levels import METER_FLOOR_DBFS, Needles, Window
from rvcstudio.ui import icons
from rvcstudio.ui.record.meter import LevelMeter
from rvcstudio.ui.widgets import Button, Label, column, row
from rvcstudio.ui.widgets.text import dress

STATUS_S = 0.2  # how often the engine tells its levels
BUSY_LOAD = 0.8
TOLD = 50  # states for which a gap is told of: 10 s


class LiveBooth(QWidget):
    """Buttons and meters of a line."""

    def __init__(self, line: LiveLine, model: QWidget) -> None:
        """`model` chooses the voice."""
        super().__init__()
        self._line = line
        self._gaps = self._telling = 0
        self.switch = Button("live.switch", look="primary", icon="live")
        self._state = Label("heading", name="live.state")
        self._build_buttons()
        self._input, self._output = LevelMeter("live.input_level"), LevelMeter("live.output_level")
        self._input_name, self._output_name = Label("strong"), Label("strong")
        self._needles = (Needles(), Needles())
        self._facts, self._advice = (
            Label("caption", name="live.facts"),
            Label("warn", name="live.advice", wrap=True),
        )
        self.setLayout(
            column(
                row(model, None, column(None, self.switch)),
                self._state,
                row(self._own, self._talk, self._hold, None, self.record, gap=12),
                column(self._input_name, self._input, gap=4),
                column(self._output_name, self._output, gap=4),
                self._facts,
                self._advice,
                gap=16,
            )
        )
        line.changed.connect(self.refresh)
        line.told.connect(self._show_status)

    def _build_buttons(self) -> None:
        line = self._line
        self._own = QCheckBox(objectName="live.bypass")
        self._own.toggled.connect(line.let_through)
        self._talk = QCheckBox(objectName="live.push_to_talk")
        self._talk.toggled.connect(lambda on: line.change(push_to_talk=on))
        self._hold = Button("live.talk", icon="record")
        self._hold.pressed.connect(lambda: line.talk(True))
        self._hold.released.connect(lambda: line.talk(False))
        self.record = Button("live.record", icon="record")

    def say(self) -> None:
        """Set every text."""
        self._own.setText(self.tr("My own voice"))
        self._own.setToolTip(self.tr("Let your own voice through, as late as the other (B)"))
        self._talk.setText(self.tr("Push to talk"))
        self._talk.setToolTip(self.tr("Be silent unless the key T or the button is held"))
        self._hold.setText(self.tr("Hold to talk"))
        self._input_name.setText(self.tr("You"))
        self._output_name.setText(self.tr("The voice"))
        self._input.setAccessibleName(self.tr("Level of the microphone"))
        self._output.setAccessibleName(self.tr("Level of the voice"))
        self.refresh()

    def toggle_bypass(self) -> None:
        """Let one's own voice through, or no longer."""
        if self._own.isEnabled():
            self._own.toggle()

    def refresh(self) -> None:
        """Show the state of the line."""
        line = self._line
        live, off = line.state == "live", line.state == "off"
        if not live:
            self._rest()
        self.switch.setText(self.tr("Go live") if off else self.tr("Stop"))
        self.switch.setEnabled(line.state in ("off", "live", "starting"))
        self.switch.setIcon(icons.icon("live", "on_accent") if off else icons.icon("stop", "bad"))
        dress(self.switch, look="primary" if off else "danger")
        self._state.setText(self._state_text())
        for box, on in ((self._own, line.bypass), (self._talk, line.settings.push_to_talk)):
            with QSignalBlocker(box):
                box.setChecked(on)
        self._own.setEnabled(live)
        self._hold.setVisible(line.settings.push_to_talk)
        self._hold.setEnabled(live)
        self.record.setEnabled(live)
        self.record.setText(self.tr("Record") if line.recording is None else self.tr("End the recording"))
        self.record.setIcon(
            icons.icon("record", "") if line.recording is None else icons.icon("stop", "on_accent")
        )
        dress(self.record, look="plain" if line.recording is None else "record")

    def _state_text(self) -> str:
        line = self._line
        if line.state == "live" and line.settings.push_to_talk and not line.talking:
            return self.tr("Live, silent until you talk")
        if line.state == "live" and line.bypass:
            return self.tr("Live, with your own voice")
        texts = {
            "off": self.tr("Not live"),
            "starting": self.tr("Loading the voice…"),
            "live": self.tr("Live"),
            "stopping": self.tr("Stopping…"),
        }
        return texts[line.state]

    def _rest(self) -> None:
        """Let the meters fall."""
        self._needles = (Needles(), Needles())
        self._gaps = self._telling = 0
        self._input.show_needles(self._needles[0])
        self._output.show_needles(self._needles[1])
        self._facts.setText("")
        self._advice.hide()

    def _show_status(self, status: dict[str, Any]) -> None:
        for meter, needles, name in zip(
            (self._input, self._output), self._needles, ("input_dbfs", "output_dbfs"), strict=True
        ):
            needles.move(_heard(status[name]), STATUS_S)
            meter.show_needles(needles)
        gaps = status["underruns"] + status["overruns"]
        self._facts.setText(
            self.tr("Delay {delay} ms · load {load} % · {gaps}").format(
                delay=round(status["delay_ms"]),
                load=round(100 * status["load"]),
                gaps=self.tr("%n gap(s)", "", gaps),
            )
        )
        self._telling = TOLD if gaps > self._gaps else max(self._telling - 1, 0)
        self._gaps = gaps
        self._advise(is_busy=status["load"] > BUSY_LOAD)

    def _advise(self, *, is_busy: bool) -> None:
        """Say what helps against a computer that hardly keeps up, or against gaps."""
        self._advice.setVisible(is_busy or self._telling > 0)
        if is_busy:
            self._advice.setText(
                self.tr(
                    "The computer hardly keeps up. Choose a longer block, a lite voice, or close other programs."
                )
            )
        elif self._telling:
            self._advice.setText(self.tr("The sound broke off. Keep more ready, under Devices."))


def _heard(level_dbfs: float) -> Window:
    """Return what a meter is moved by: the engine tells peaks."""
    peak = 10 ** (max(level_dbfs, METER_FLOOR_DBFS) / 20)
    return Window(peak=peak, energy=peak * peak / 4, frames=1)
