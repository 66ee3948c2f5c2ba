"""How the voice sounds: pitch, formants, retrieval, gains, gate."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from rvcstudio.live.line import LiveLine
from rvcstudio.live.settings import GATE_OFF_DBFS
from rvcstudio.ui.live.slider import ValueSlider
from rvcstudio.ui.widgets import Label, column


class SoundPanel(QWidget):
    """Sliders that are heard at once."""

    def __init__(self, line: LiveLine) -> None:
        super().__init__()
        self._line = line
        self._follow = QCheckBox(objectName="live.follow_pitch")
        self._follow.toggled.connect(lambda on: line.change(follow_pitch=on))
        self._follow_text = Label("caption", wrap=True)
        self._sliders = {
            "pitch_shift": ValueSlider("live.pitch_shift", -24, 24, 1),
            "formant_shift": ValueSlider("live.formant_shift", -12, 12, 1),
            "index_rate": ValueSlider("live.index_rate", 0, 1, 0.05),
            "protect": ValueSlider("live.protect", 0, 0.5, 0.01),
            "input_gain_db": ValueSlider("live.input_gain", -24, 24, 1),
            "output_gain_db": ValueSlider("live.output_gain", -24, 24, 1),
            "gate_dbfs": ValueSlider("live.gate", GATE_OFF_DBFS, -10, 1),
        }
        for name, slider in self._sliders.items():
            slider.chosen.connect(lambda value, name=name: line.change(**{name: value}))
        parts = (self._follow, self._follow_text, self._sliders["pitch_shift"], self._grid())
        self.setLayout(column(*parts, gap=8))
        line.changed.connect(self.refresh)

    def _grid(self) -> QGridLayout:
        """Return the sliders but the pitch's in two columns."""
        grid = QGridLayout()
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(16)
        sliders = [slider for name, slider in self._sliders.items() if name != "pitch_shift"]
        for place, slider in enumerate(sliders):
            grid.addWidget(slider, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        for number in range(2):
            grid.setColumnStretch(number, 1)
        return grid

    def say(self) -> None:
        """Set every text."""
        self._follow.setText(self.tr("Bring my pitch to the voice's"))
        self._follow_text.setText(self.tr("It listens for a moment, and changes in pauses only."))
        semitones, decibels = self.tr("{value} semitones"), self.tr("{value} dB")
        sliders = self._sliders
        sliders["pitch_shift"].say(self.tr("Pitch"), semitones, self.tr("12 is an octave up."))
        sliders["formant_shift"].say(
            self.tr("Body"), semitones, self.tr("Up sounds like a smaller body, down like a larger one.")
        )
        sliders["index_rate"].say(
            self.tr("Accent of the voice"), "{value}", self.tr("How far sounds move to the voice's own.")
        )
        sliders["protect"].say(
            self.tr("Protect consonants"), "{value}", self.tr("Lower keeps more of your own; 0.50 is off.")
        )
        sliders["input_gain_db"].say(self.tr("Microphone gain"), decibels)
        sliders["output_gain_db"].say(self.tr("Output gain"), decibels)
        sliders["gate_dbfs"].say(
            self.tr("Noise gate"),
            decibels,
            self.tr("Silences what is quieter than this."),
            lowest=self.tr("off"),
        )
        self.refresh()

    def refresh(self) -> None:
        """Show the settings."""
        settings = self._line.settings
        for name, slider in self._sliders.items():
            slider.choose(getattr(settings, name))
        self._follow.setChecked(settings.follow_pitch)
        self._sliders["pitch_shift"].setVisible(not settings.follow_pitch)
