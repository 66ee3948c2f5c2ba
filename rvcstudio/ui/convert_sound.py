"""How the result sounds: presets, the pitch with what suits both voices, and the other sliders."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QInputDialog

from rvcstudio.convert import PRESETS, SoundSettings
from rvcstudio.ui.live.slider import ValueSlider
from rvcstudio.ui.widgets import Card, Choice, IconButton, Label, row

OWN = ""  # the line of the presets for values that are no preset's


class SoundCard(Card):
    """Sliders; `changed` tells of other values, `presets_changed` of other presets of the user's own."""

    changed = Signal(object)
    presets_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__(name="convert.sound")
        self.sound = SoundSettings()
        self._own: dict[str, SoundSettings] = {}
        self._proposal: dict[str, Any] | None = None
        self._heading = Label("heading")
        self._presets = Choice("convert.preset")
        self._presets.chosen.connect(self._take_preset)
        self._save = IconButton("convert.preset.save", "plus", self._ask_name)
        self._drop = IconButton("convert.preset.delete", "trash", self._delete_preset)
        self._follow = QCheckBox(objectName="convert.follow_pitch")
        self._follow.toggled.connect(lambda on: self._change(follow_pitch=on))
        self._advice = Label("caption", name="convert.proposal", wrap=True)
        self._sliders = {
            "pitch_shift": ValueSlider("convert.pitch_shift", -24, 24, 1),
            "formant_shift": ValueSlider("convert.formant_shift", -12, 12, 1),
            "index_rate": ValueSlider("convert.index_rate", 0, 1, 0.05),
            "protect": ValueSlider("convert.protect", 0, 0.5, 0.01),
        }
        for name, slider in self._sliders.items():
            slider.chosen.connect(lambda value, name=name: self._change(**{name: value}))
        self.content.addLayout(row(self._heading, None, self._presets, self._save, self._drop))
        for part in (self._follow, self._advice, *self._sliders.values()):
            self.content.addWidget(part)

    def show_sound(self, sound: SoundSettings, own: dict[str, SoundSettings]) -> None:
        """Show these values, and the user's own presets."""
        self.sound, self._own = sound, own
        self._show()

    def propose(self, answer: dict[str, Any] | None) -> None:
        """Say how high recording and voice speak, as the engine's `propose` answers; None while it is not known."""
        self._proposal = answer
        if answer is not None and self.sound.follow_pitch and answer["semitones"] is not None:
            self._sliders["pitch_shift"].choose(answer["semitones"])  # where a hand on it begins
        self._say_advice()

    def _change(self, **values: Any) -> None:
        if values.get("follow_pitch") is False and self._proposal and self._proposal["semitones"] is not None:
            values["pitch_shift"] = float(self._proposal["semitones"])
        new = SoundSettings.model_validate({**self.sound.model_dump(), **values})
        if new != self.sound:
            self.sound = new
            self._show()
            self.changed.emit(new)

    def _show(self) -> None:
        for name, slider in self._sliders.items():
            slider.choose(getattr(self.sound, name))
        self._follow.setChecked(self.sound.follow_pitch)
        self._sliders["pitch_shift"].setVisible(not self.sound.follow_pitch)
        self._offer_presets()
        self._say_advice()

    def _all_presets(self) -> dict[str, SoundSettings]:
        return {**PRESETS, **{f"own:{name}": sound for name, sound in self._own.items()}}

    def _offer_presets(self) -> None:
        texts = {
            "speech": self.tr("Speech"),
            "singing": self.tr("Singing"),
            "closest": self.tr("Closest to the voice"),
        }
        found = next((name for name, sound in self._all_presets().items() if sound == self.sound), OWN)
        lines: list[tuple[object, str]] = [
            (name, texts.get(name, name.removeprefix("own:"))) for name in self._all_presets()
        ]
        if found == OWN:
            lines.insert(0, (OWN, self.tr("Own values")))
        self._presets.offer(lines)
        self._presets.choose(found)
        self._save.setVisible(found == OWN)
        self._drop.setVisible(found.startswith("own:"))

    def _take_preset(self, name: str) -> None:
        if name != OWN:
            self._change(**self._all_presets()[name].model_dump())

    def _ask_name(self) -> None:
        dialog = QInputDialog(self.window(), objectName="convert.preset.name")
        dialog.setWindowTitle(self.tr("Keep these values"))
        dialog.setLabelText(self.tr("Name of the preset"))
        dialog.textValueSelected.connect(self._keep_preset)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _keep_preset(self, name: str) -> None:
        if name.strip():
            self._own = {**self._own, name.strip(): self.sound}
            self._offer_presets()
            self.presets_changed.emit(self._own)

    def _delete_preset(self) -> None:
        gone = str(self._presets.currentData()).removeprefix("own:")
        self._own = {name: sound for name, sound in self._own.items() if name != gone}
        self._offer_presets()
        self.presets_changed.emit(self._own)

    def retranslate(self) -> None:
        self._heading.setText(self.tr("Sound"))
        self._presets.setAccessibleName(self.tr("Preset"))
        self._save.say(self.tr("Keep these values as a preset"))
        self._drop.say(self.tr("Delete this preset"))
        self._follow.setText(self.tr("Bring the pitch to the voice's"))
        semitones = self.tr("{value} semitones")
        sliders = self._sliders
        sliders["pitch_shift"].say(
            self.tr("Pitch"), semitones, self.tr("12 is an octave up. For songs, 12 or -12 keep the key.")
        )
        sliders["formant_shift"].say(
            self.tr("Body"), semitones, self.tr("Up sounds like a smaller body, down like a larger one.")
        )
        sliders["index_rate"].say(
            self.tr("Accent of the voice"), "{value}", self.tr("How far sounds move to the voice's own.")
        )
        sliders["protect"].say(
            self.tr("Protect consonants"), "{value}", self.tr("Lower keeps more of your own; 0.50 is off.")
        )
        self._show()

    def _say_advice(self) -> None:
        known = self._proposal or {}
        heard, voice_hz, semitones = (known.get(name) for name in ("recording_hz", "voice_hz", "semitones"))
        if heard is None:
            text = self.tr("For speech. A song would leave its key: choose a shift for it yourself.")
        else:
            text = self.tr("The recording speaks at about {usual} Hz ({low} to {high}).").format(
                usual=round(heard[1]), low=round(heard[0]), high=round(heard[2])
            )
            if voice_hz is None:
                text += " " + self.tr("The voice does not say how high it speaks.")
            else:
                text += " " + self.tr("The voice: about {hz} Hz. That is {shift} semitones.").format(
                    hz=round(voice_hz), shift=f"{semitones:+d}"
                )
        self._advice.setText(text)
