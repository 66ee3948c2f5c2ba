"""What kind of model: full or small, its sample rate as the recordings advise, and what it starts from."""

from pathlib import Path

from PySide6.QtCore import Signal

from rvc.config import RATES_HZ
from rvcstudio.library import Model
from rvcstudio.ui.widgets import Card, Choice, FlowLayout, Label
from rvcstudio.ui.widgets.inputs import Field

AUTOMATIC = ""
RATE_SLACK = 0.95  # a rate whose half is this near the bandwidth holds it


class ModelCard(Card):
    """Architecture, rate and base; `changed` tells of another architecture."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(name="train.model")
        self._bandwidth_hz: float | None = None
        self._heading = Label("heading")
        self._kind, self._rate, self._base = (
            Choice(f"train.{name}") for name in ("architecture", "rate", "base")
        )
        self._kind_field, self._rate_field, self._base_field = map(
            Field, (self._kind, self._rate, self._base)
        )
        self._kind.chosen.connect(lambda _kind: self._follow())
        self._rate.chosen.connect(lambda _rate: self._say_advice())
        grid = FlowLayout(least_width=250, gap=20)
        for field in (self._kind_field, self._rate_field, self._base_field):
            grid.addWidget(field)
        self.content.addWidget(self._heading)
        self.content.addLayout(grid)
        self._models: list[Model] = []

    def retranslate(self) -> None:
        self._heading.setText(self.tr("Which model"))
        self._kind.offer(
            [
                (AUTOMATIC, self.tr("What suits the computer")),
                ("v2", self.tr("Full (RVC v2)")),
                ("lite", self.tr("Small (lite)")),
            ]
        )
        self._kind_field.say(
            self.tr("Kind"),
            self.tr(
                "Full models need a GPU to train in good time. Small ones also train and run live on a processor."
            ),
        )
        self.show_models(self._models)
        self._follow()

    def show_models(self, models: list[Model]) -> None:
        """Offer models of the library to start from."""
        self._models = models
        lines: list[tuple[object, str]] = [(AUTOMATIC, self.tr("The usual base"))]
        lines += [(model.id, model.name) for model in models]
        self._base.offer(lines)
        self._base_field.say(
            self.tr("Start from"),
            self.tr("A base has heard many voices already. Start from a model of yours to go on with it."),
        )

    def advise(self, bandwidth_hz: float | None) -> None:
        """Say which rate holds what the recordings hold, and take it where nothing was chosen."""
        self._bandwidth_hz = bandwidth_hz
        self._follow()

    def _follow(self) -> None:
        kind = self._kind.currentData() or AUTOMATIC
        rates = RATES_HZ.get(kind, ())
        lines: list[tuple[object, str]] = [(rate, f"{rate / 1000:g} kHz") for rate in rates]
        self._rate.offer(lines or [(None, self.tr("What suits the model"))])
        if rates:
            self._rate.choose(self._advised(kind) or rates[0])
        self._rate.setEnabled(bool(rates))
        self._say_advice()
        self.changed.emit()

    def _advised(self, kind: str) -> int | None:
        """Return the lowest rate that holds the recordings' bandwidth, else the highest."""
        if self._bandwidth_hz is None:
            return None
        rates = RATES_HZ[kind]
        return next((rate for rate in rates if rate / 2 >= RATE_SLACK * self._bandwidth_hz), rates[-1])

    def _say_advice(self) -> None:
        text = self.tr("Of the model: higher ones hold brighter sounds and take longer.")
        if self._bandwidth_hz is not None:
            held = self.tr("Your recordings reach up to {khz} kHz.").format(
                khz=f"{self._bandwidth_hz / 1000:.1f}"
            )
            kind = self._kind.currentData()
            advised = self._advised(kind) if kind else None
            text = held
            if advised is not None:
                enough = self.tr("{khz} kHz holds all of it.").format(khz=f"{advised / 1000:g}")
                less = self.tr("{khz} kHz is the most there is.").format(khz=f"{advised / 1000:g}")
                text = f"{held} {enough if advised / 2 >= RATE_SLACK * self._bandwidth_hz else less}"
        self._rate_field.say(self.tr("Sample rate"), text)

    @property
    def architecture(self) -> str | None:
        return self._kind.currentData() or None

    @property
    def rate(self) -> int | None:
        return self._rate.currentData()

    @property
    def base(self) -> Path | None:
        """The model file to start from, None for the usual base."""
        chosen = self._base.currentData()
        return next((model.file for model in self._models if model.id == chosen), None)

    def choose(self, architecture: str | None) -> None:
        """Choose a kind of model; None: what suits the computer."""
        self._kind.choose(architecture or AUTOMATIC)
        self._follow()
