"""How long to train: three presets, each with what it is good for and the time it takes."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton

from rvcstudio.ui import job_words
from rvcstudio.ui.widgets import Button, Card, FlowLayout, Label, row

PRESETS = ("draft", "standard", "best")


class PresetsCard(Card):
    """One preset is chosen; `measured` asks for the times that are not known yet, or to stop measuring them."""

    chosen = Signal(str)
    measured = Signal()

    def __init__(self) -> None:
        super().__init__(name="train.presets")
        self._heading = Label("heading")
        self._group = QButtonGroup(self)
        self._radios = {name: QRadioButton(objectName=f"train.preset.{name}") for name in PRESETS}
        self._texts = {name: Label("caption", wrap=True) for name in PRESETS}
        self._times = {name: Label("strong", name=f"train.time.{name}") for name in PRESETS}
        self._unknown = Label("caption", name="train.unmeasured", wrap=True)
        self._measure = Button("train.measure", self.measured.emit, look="link", icon="clock")
        grid = FlowLayout(least_width=240, gap=16)
        for name, radio in self._radios.items():
            self._group.addButton(radio)
            radio.clicked.connect(lambda _on, name=name: self.chosen.emit(name))
            card = Card(radio, self._texts[name], self._times[name], None, gap=6)
            card.setProperty("look", "well")
            grid.addWidget(card)
        self.content.addWidget(self._heading)
        self.content.addLayout(grid)
        self.content.addLayout(foot := row(self._unknown, self._measure))
        foot.setStretch(0, 1)

    def retranslate(self) -> None:
        self._heading.setText(self.tr("How thoroughly"))
        names = (self.tr("Draft"), self.tr("Standard"), self.tr("Best"))
        texts = (
            self.tr("Enough to hear whether the recordings are good."),
            self.tr("What most voices need."),
            self.tr("For much material, when every detail counts."),
        )
        for name, title, text in zip(PRESETS, names, texts, strict=True):
            self._radios[name].setText(title)
            self._texts[name].setText(text)

    @property
    def preset(self) -> str:
        return next(name for name, radio in self._radios.items() if radio.isChecked())

    def choose(self, preset: str) -> None:
        self._radios.get(preset, self._radios["standard"]).setChecked(True)

    def show_times(
        self, seconds: Mapping[str, float], *, here: bool, can_measure: bool, measuring: bool
    ) -> None:
        """Show how long the presets take, `here` or elsewhere; without times say when they will be known."""
        for name, label in self._times.items():
            known = seconds.get(name)
            label.setText("" if known is None else self.tr("about {time}").format(time=job_words.span(known)))
            label.setVisible(known is not None)
        self._unknown.setVisible(not seconds)
        self._measure.setVisible(not seconds and can_measure)
        self._measure.setText(self.tr("Stop") if measuring else self.tr("Measure now"))
        if measuring:
            text = self.tr("Measuring the time of a few steps…")
        elif here:
            text = self.tr("How long they take is known once this computer has trained a voice.")
        else:
            text = self.tr(
                "How long they take there is known once that computer has trained a voice of yours."
            )
        self._unknown.setText(text)
