"""The page that asks for a training."""

import hashlib
from typing import Any

from pydantic import BaseModel, ConfigDict

from rvc import paths
from rvc.config import Architecture
from rvc.events import Reporter
from rvcstudio import companion, pace
from rvcstudio.hub import HERE, Address
from rvcstudio.tasks import Task
from rvcstudio.training_requests import TrainingRequest
from rvcstudio.ui.page import Page
from rvcstudio.ui.sending import SendingView
from rvcstudio.ui.train_advanced import MODELS, AdvancedForm
from rvcstudio.ui.train_material import Material, MaterialCard
from rvcstudio.ui.train_model import ModelCard
from rvcstudio.ui.train_place import PlaceCard
from rvcstudio.ui.train_presets import PresetsCard
from rvcstudio.ui.widgets import Button, Card, EmptyState, Label, row

ADVICE = "advice"  # folder of the reports that the advice on rates is read from
SECTION = "train"


class Kept(BaseModel):
    """What the page remembers."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    preset: str = "standard"
    computer: str = HERE
    architecture: str | None = None
    advanced: dict[str, dict[str, Any]] = {}
    measured: dict[str, dict[str, float]] = {}  # seconds of each preset on this computer, by architecture
    suits: str | None = None  # the architecture that this computer would choose


class TrainPage(Page):
    """Choose a voice, how thoroughly and where; everything else can be left as it is."""

    def build(self) -> None:
        self._measuring: Task | None = None
        self._submitting = self._shows_kept = False
        self._advised_for: Material | None = None
        self._start = Button("train.start", self.start, look="primary", icon="train")
        self.buttons.addWidget(self._start)
        self._material = MaterialCard(self.studio)
        self._presets = PresetsCard()
        self._place = PlaceCard(self.studio)
        self._model = ModelCard()
        self._build_advanced()
        self._record = Button("train.record", lambda: self.studio.go("voices"), look="primary", icon="plus")
        self._empty = EmptyState("train", "train.empty", self._record)
        self._cards = (self._material, self._presets, self._place, self._model, self._advanced_card)
        self._sending = SendingView(self.studio.jobs, "train.sending")
        for part in (self._sending, *self._cards, self._empty):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self._material.changed.connect(self._follow_material)
        self._place.changed.connect(self._follow)
        self._model.changed.connect(self._follow)
        self._presets.chosen.connect(lambda _preset: self._keep())
        self._presets.measured.connect(self.measure)
        self.add_shortcut("Ctrl+Return", lambda: self.tr("Start the training"), self.start)

    def _build_advanced(self) -> None:
        self._advanced = AdvancedForm()
        self._advanced_title = Label("heading")
        self._advanced_toggle = Button("train.advanced.toggle", look="link")
        self._advanced_toggle.setCheckable(True)
        self._advanced_toggle.toggled.connect(lambda _on: self._fold())
        self._reset = Button("train.advanced.reset", self._advanced.reset, look="link", icon="undo")
        head = row(self._advanced_title, None, self._reset, self._advanced_toggle)
        self._advanced_card = Card(head, self._advanced, name="train.advanced.card")

    def _show_kept(self) -> None:
        """Choose what was chosen the last time, once everything is offered."""
        self._shows_kept = True
        kept = self.studio.settings.section(SECTION, Kept)
        self._presets.choose(kept.preset)
        self._place.choose(kept.computer)
        self._model.choose(kept.architecture)
        self._advanced.show_values(kept.advanced)

    def _keep(self, **changes: Any) -> None:
        kept = self.studio.settings.section(SECTION, Kept)
        self.studio.settings.keep_section(
            SECTION, kept.model_copy(update={"preset": self._presets.preset, **changes})
        )

    def retranslate(self) -> None:
        super().retranslate()
        self.say_subtitle(
            self.tr("A model learns from the recordings of a voice, and speaks or sings like it.")
        )
        self._start.setText(self.tr("Start training"))
        self._record.setText(self.tr("Add a voice"))
        self._empty.say(
            self.tr("Record a voice first"),
            self.tr(
                "A training needs recordings of one person: half a minute at least, ten minutes are usual."
            ),
        )
        self._advanced_title.setText(self.tr("Advanced"))
        self._reset.setText(self.tr("Reset"))
        for part in (self._material, self._presets, self._place, self._model, self._advanced):
            part.retranslate()
        self._fold()
        if not self._shows_kept:
            self._show_kept()
        self._follow()

    def _fold(self) -> None:
        on = self._advanced_toggle.isChecked()
        self._advanced_toggle.setText(self.tr("Hide") if on else self.tr("Show"))
        self._advanced.setVisible(on)
        self._reset.setVisible(on)

    def open(self, **target: Any) -> None:
        """Train a voice; `dataset` chooses among its takes."""
        if "voice" in target:
            self._material.refresh(target["voice"], target.get("dataset", ""))

    def shown(self) -> None:
        self._material.refresh()
        self._place.refresh()
        self._model.show_models(self.studio.library.models.all())
        self._follow()
        self._sending.start()
        if self.studio.computers.all():
            self.studio.computers.start_looking(self)

    def hidden(self) -> None:
        self._sending.stop()
        self.studio.computers.stop_looking(self)

    def _follow_material(self) -> None:
        self._follow()
        self._ask_advice()

    def _follow(self) -> None:
        """Show what fits the choices."""
        some = self._material.voice is not None
        for card in self._cards:
            card.setVisible(some)
        self._empty.setVisible(not some)
        self._start.setVisible(some)
        ready = self._material.can_train and self._place.can_train
        self._start.setEnabled(ready and not self._submitting)
        here = self._place.computer == HERE
        self._presets.show_times(
            self._times(),
            here=here,
            can_measure=here and self._place.can_train,
            measuring=self._measuring is not None,
        )

    def _times(self) -> dict[str, float]:
        """Return how long the presets take on the chosen computer, as far as that is known."""
        computer, asked = self._place.computer, self._model.architecture
        jobs = list(pace.on(self.studio.jobs, computer).values())
        kept = self.studio.settings.section(SECTION, Kept)
        likely = pace.likely_architecture(jobs) or (kept.suits if computer == HERE else None)
        chosen: Architecture | None = "v2" if asked == "v2" else "lite" if asked == "lite" else None
        architecture = chosen or ("v2" if likely == "v2" else "lite" if likely == "lite" else None)
        if architecture is None:
            return {}
        clip_s = pace.clip_seconds(jobs, architecture)
        if clip_s is not None:
            return pace.preset_seconds(architecture, clip_s)
        return kept.measured.get(architecture, {}) if computer == HERE else {}

    def measure(self) -> None:
        """Take a few steps on this computer, and say how long the presets take; again, to stop that."""
        if self._measuring is not None:
            self._measuring.cancel()
            return
        params = {"architecture": self._model.architecture, "rate": self._model.rate}

        def done(found: dict[str, Any]) -> None:
            kept = self.studio.settings.section(SECTION, Kept)
            measured = {**kept.measured, found["architecture"]: found["seconds"]}
            suits = kept.suits if params["architecture"] else found["architecture"]
            self._keep(measured=measured, suits=suits)
            self._end_measuring()

        def failed(error: BaseException) -> None:
            self._end_measuring()
            self.studio.fail(error)

        self._measuring = self.studio.tasks.run(
            lambda reporter: self.studio.engine.call("pace", params, reporter),
            done,
            owner=self,
            failed=failed,
            cancelled=lambda _: self._end_measuring(),
        )
        self._follow()

    def _end_measuring(self) -> None:
        self._measuring = None
        self._follow()

    def _ask_advice(self) -> None:
        """Have the recordings inspected, for how high they reach; a report that was made before is read again."""
        material, library = self._material.material, self.studio.library
        known = material == self._advised_for or not material.amount.count
        if known or not self.isVisible() or not companion.is_installed():
            return
        self._advised_for = material
        self._model.advise(None)

        def inspect(reporter: Reporter) -> dict[str, Any]:
            files = [str(take.file) for take in material.takes(library)]
            name = hashlib.sha256("\n".join(files).encode()).hexdigest()[:16]
            params = {"files": files, "out": str(paths.cache_dir() / ADVICE / name)}
            return self.studio.engine.call("report", params, reporter)

        def show(found: dict[str, Any]) -> None:
            if material == self._advised_for:
                self._model.advise(found["report"]["summary"]["bandwidth_hz"])

        def passed_over(_error: BaseException) -> None:
            """Train without advice: what is wrong with the recordings is said where they are used."""

        self.studio.tasks.run(inspect, show, owner=self, failed=passed_over)

    def start(self) -> None:
        """Ask the computer for the training, and show it."""
        voice = self._material.voice
        if voice is None or not self._start.isEnabled():
            return
        if not self._advanced.check():
            self._advanced_toggle.setChecked(True)
            return
        material = self._material.material
        request = TrainingRequest(
            computer=self._place.computer,
            spec=self._spec(),
            voice=voice.id,
            dataset=material.dataset,
            base=self._model.base,
        )
        self._keep(
            computer=self._place.chosen,
            architecture=self._model.architecture,
            advanced=self._advanced.values(),
        )
        self._set_submitting(True)

        def failed(error: BaseException) -> None:
            self._set_submitting(False)
            self.studio.fail(error)

        self.studio.trainings.send(
            request,
            lambda job: self._show(Address(request.computer, job.id)),
            failed,
            lambda: self._set_submitting(False),
        )

    def _set_submitting(self, on: bool) -> None:
        self._submitting = on
        self.set_busy(on)
        self._follow()

    def _show(self, address: Address) -> None:
        """Go to the job, unless the user has gone elsewhere meanwhile."""
        self._set_submitting(False)
        if self.isVisible():
            self.studio.go("job", computer=address.computer, job=address.job)

    def _spec(self) -> dict[str, Any]:
        advanced = {
            section: MODELS[section].model_validate(values).model_dump(mode="json", exclude_unset=True)
            for section, values in self._advanced.values().items()
        }
        consent = self._material.consent()
        train = {"keep_models": True, **advanced["train"], **consent, "preset": self._presets.preset}
        if self._model.architecture:
            train["architecture"] = self._model.architecture
        return {
            "kind": "train",
            "name": self._material.name,
            "language": self.studio.languages.current,
            "consent": ", ".join(consent.values()),
            "prepare": {**advanced["prepare"], "rate": self._model.rate},
            "train": train,
        }
