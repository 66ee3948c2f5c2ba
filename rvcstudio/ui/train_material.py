"""What to learn from: the voice, the choice of its takes, and whether that is enough and allowed."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from rvcstudio.library import Library, Take, Voice
from rvcstudio.library.records import Amount
from rvcstudio.studio import Studio
from rvcstudio.ui import formats
from rvcstudio.ui.voice_dialog import VoiceDialog
from rvcstudio.ui.widgets import Button, Card, Choice, FlowLayout, Label, Notice
from rvcstudio.ui.widgets.inputs import Field

ALL = ""
USUAL_S, LEAST_S = 600.0, 30.0  # of speech: what is usual, and below which nothing can come of it


@dataclass(frozen=True, slots=True)
class Material:
    """A choice of takes; the takes themselves are read where they are used, beside the window."""

    voice: str
    dataset: str
    amount: Amount

    def takes(self, library: Library) -> list[Take]:
        """Read the chosen takes, which may be thousands."""
        return library.takes.all(self.voice, dataset=self.dataset, included_only=True)


class MaterialCard(Card):
    """Chooses a voice and takes; `changed` tells of another choice."""

    changed = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__(name="train.material")
        self._studio = studio
        self._voices: dict[str, Voice] = {}
        self._material = Material("", ALL, Amount(0, 0.0))
        self._heading = Label("heading")
        self._voice, self._dataset = Choice("train.voice"), Choice("train.dataset")
        self._name = QLineEdit(objectName="train.name", maxLength=100)
        self._fields = [Field(control) for control in (self._voice, self._dataset, self._name)]
        self._amount = Label("muted", name="train.amount", wrap=True)
        self._little = Notice("warn", "train.little")
        self._agree = Button("train.consent", self._edit_voice)
        self._consent = Notice("warn", "train.no_consent", self._agree)
        self._voice.chosen.connect(lambda _id: self._follow_voice())
        self._dataset.chosen.connect(lambda _id: self._follow())
        grid = FlowLayout(least_width=250, gap=20)
        for field in self._fields:
            grid.addWidget(field)
        self.content.addWidget(self._heading)
        self.content.addLayout(grid)
        for part in (self._amount, self._little, self._consent):
            self.content.addWidget(part)

    def retranslate(self) -> None:
        self._heading.setText(self.tr("Which voice"))
        for field, text in zip(
            self._fields, (self.tr("Voice"), self.tr("Recordings"), self.tr("Name of the model")), strict=True
        ):
            field.say(text)
        self._agree.setText(self.tr("Say who agreed…"))
        self.refresh()

    def refresh(self, voice_id: str = "", dataset_id: str = ALL) -> None:
        """Offer what the library has now, and choose among it where something is named."""
        first = not self._voices
        self._voices = {voice.id: voice for voice in self._studio.library.voices.all()}
        self._voice.offer([(voice.id, voice.name) for voice in self._voices.values()])
        if first:
            ready = (voice.id for voice in self._voices.values() if voice.seconds >= LEAST_S)
            self._voice.choose(next(ready, None))
        if voice_id:
            self._voice.choose(voice_id)
        self._offer_datasets()
        if voice_id:
            self._dataset.choose(dataset_id)
        self._follow()

    @property
    def voice(self) -> Voice | None:
        return self._voices.get(self._voice.currentData() or "")

    @property
    def material(self) -> Material:
        """What is chosen now."""
        return self._material

    @property
    def name(self) -> str:
        """What the model will be called."""
        return self._name.text().strip() or self._name.placeholderText()

    @property
    def can_train(self) -> bool:
        return self._material.amount.seconds >= LEAST_S

    def consent(self) -> dict[str, str]:
        """Return who agreed, as the engine writes it into the model's card."""
        voice = self.voice
        if voice is None or not voice.consent:
            return {}
        by = voice.name if voice.consent == "own" else voice.consent_by
        statement = "It is their own voice." if voice.consent == "own" else "They gave permission."
        return (
            {"consent_by": by[:200], "consent_statement": statement}
            if by
            else {"consent_statement": statement}
        )

    def _follow_voice(self) -> None:
        self._offer_datasets()
        self._follow()

    def _offer_datasets(self) -> None:
        voice = self.voice
        found = self._studio.library.takes.datasets(voice.id) if voice else []
        lines: list[tuple[object, str]] = [(ALL, self.tr("All good takes"))]
        lines += [(dataset.id, dataset.name) for dataset in found]
        self._dataset.offer(lines)
        self._name.setPlaceholderText(voice.name if voice else "")

    def _follow(self) -> None:
        voice, dataset = self.voice, self._dataset.currentData() or ALL
        voice_id = voice.id if voice else ""
        amount = self._studio.library.takes.amount(voice_id, dataset)
        self._material = Material(voice_id, dataset, amount)
        count = self.tr("%n take(s)", "", amount.count)
        self._amount.setText(f"{count} · {formats.minutes(amount.seconds)}")
        self._say_whether_enough(amount.seconds)
        self._consent.setVisible(voice is not None and not voice.consent)
        self._consent.say(
            self.tr("Nobody has said that this voice may be used. The model's card will say so.")
        )
        self.changed.emit()

    def _say_whether_enough(self, seconds: float) -> None:
        self._little.setVisible(self.voice is not None and seconds < USUAL_S)
        if seconds < LEAST_S:
            self._little.say(self.tr("Too little to learn from: record at least half a minute."), "bad")
        else:
            self._little.say(
                self.tr("Ten minutes are usual. With less, try a draft and hear whether it is enough."),
                "info",
            )

    def _edit_voice(self) -> None:
        if self.voice is not None:
            dialog = VoiceDialog(self._studio, self.voice, self.window())
            dialog.saved.connect(lambda _voice: self.refresh())
            dialog.open()
