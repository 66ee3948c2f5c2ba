"""The page that tests models on recordings of the user's own: one, or several side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from rvcstudio import companion, job_files
from rvcstudio.blind import Share
from rvcstudio.comparisons import Comparison, Comparisons, Part
from rvcstudio.hub import HERE, Address
from rvcstudio.library import Model
from rvcstudio.ui import job_words
from rvcstudio.ui.blind_card import BlindCard
from rvcstudio.ui.listening import Listening
from rvcstudio.ui.page import Page
from rvcstudio.ui.result import Named, ResultView
from rvcstudio.ui.sending import SendingView
from rvcstudio.ui.testing_set import TestSet
from rvcstudio.ui.widgets import Button, Card, Choice, EmptyState, Label, row
from rvcstudio.ui.widgets.inputs import Field

if TYPE_CHECKING:
    from rvc.jobs import Job

ENDED = ("done", "failed", "cancelled", "")
LIST_HEIGHT, LIST_MARGIN = 150, 8  # px


class TestingPage(Page):
    """Choose models and recordings; the results stand side by side when all tests are done."""

    __test__ = False  # its name begins as those of test classes do

    def build(self) -> None:
        self._comparisons = Comparisons(self.studio.settings)
        self._submitting = False
        self._shown: tuple[Part, ...] = ()
        self._listening = Listening(self.studio, self)
        self._start = Button("testing.start", self.start, look="primary", icon="chart")
        self.buttons.addWidget(self._start)
        self._models = QListWidget(objectName="testing.models")
        self._models.itemChanged.connect(lambda _item: self._follow())
        self._models_field = Field(self._models)
        self._recordings, self._sources = TestSet("testing.recordings"), TestSet("testing.sources")
        self._recordings.changed.connect(self._follow)
        self._computer = Choice("testing.computer")
        self._computer_field = Field(self._computer)
        parts = (self._models_field, self._recordings, self._sources, self._computer_field)
        self._card = Card(*parts, name="testing.card")
        self._earlier = Choice("testing.earlier")
        self._earlier.chosen.connect(lambda _number: self._show_earlier())
        self._earlier_title = Label("heading")
        self._state = Label("muted", name="testing.state", wrap=True)
        head = row(self._earlier_title, None, self._earlier)
        self._results_card = Card(head, self._state, name="testing.results")
        self._blind = BlindCard(self.studio, self._listening)
        self._blind.heard.connect(self._keep_hearing)
        self._result = ResultView(self.studio, self._listening)
        self._train = Button("testing.train", lambda: self.studio.go("train"), look="primary", icon="train")
        self._empty = EmptyState("chart", "testing.empty", self._train)
        self._sending = SendingView(self.studio.jobs, "testing.sending")
        for part in (self._sending, self._card, self._results_card, self._blind, self._result, self._empty):
            self.body.addWidget(part)
        self._blind.offer(())
        self._result.show_reports(())
        self.body.addStretch(1)
        self.studio.jobs.came.connect(self._look)

    def retranslate(self) -> None:
        super().retranslate()
        self.say_subtitle(
            self.tr("How near models are to the real voice, on recordings that they have never heard.")
        )
        self._start.setText(self.tr("Start the test"))
        self._models_field.say(
            self.tr("Models"), self.tr("Several are given the same recordings, and stand side by side.")
        )
        self._recordings.say(
            self.tr("Recordings of the voice"),
            self.tr("The models say them again, which shows how near they are to the real voice."),
            self.tr("Choose some, or drop files or folders here."),
        )
        self._sources.say(
            self.tr("Recordings of others"),
            self.tr("They are converted, as you will use the models later. You can leave them out."),
            self.tr("None chosen."),
        )
        self._computer_field.say(self.tr("Computer"))
        self._earlier_title.setText(self.tr("Results"))
        self._earlier.setAccessibleName(self.tr("Test"))
        self._train.setText(self.tr("Train a voice"))
        self._empty.say(
            self.tr("No models to test yet"),
            self.tr("Train a voice, or drop a model of another program on this window."),
        )
        self._blind.retranslate()
        self._result.retranslate()
        self._offer_earlier()
        self._follow()

    def shown(self) -> None:
        computers = self.studio.jobs.computers()
        self._computer.offer([(name, job_words.computer(name)) for name in computers])
        self._computer_field.setVisible(len(computers) > 1)
        self._offer_models(self._chosen_ids())
        self._offer_earlier()
        self._follow()
        self._sending.start()

    def hidden(self) -> None:
        self._sending.stop()
        self._listening.stop()

    def open(self, **target: Any) -> None:
        """Test a model, or several: `models=[id, ...]`."""
        self._offer_models(set(target.get("models", ())))

    def take_files(self, files: list[Path]) -> list[Path]:
        return self._recordings.take(files)

    def _offer_models(self, chosen: set[str]) -> None:
        self._models.blockSignals(True)
        self._models.clear()
        for model in self.studio.library.models.all():
            item = QListWidgetItem(model.name, self._models)
            item.setData(Qt.ItemDataRole.UserRole, model.id)
            item.setCheckState(Qt.CheckState.Checked if model.id in chosen else Qt.CheckState.Unchecked)
        self._models.blockSignals(False)
        rows = self._models.sizeHintForRow(0) * self._models.count() + 2 * LIST_MARGIN
        self._models.setFixedHeight(min(max(rows, 0), LIST_HEIGHT))

    def _chosen_ids(self) -> set[str]:
        items = (self._models.item(number) for number in range(self._models.count()))
        return {
            item.data(Qt.ItemDataRole.UserRole)
            for item in items
            if item.checkState() == Qt.CheckState.Checked
        }

    def _chosen(self) -> list[Model]:
        chosen = self._chosen_ids()
        return [model for model in self.studio.library.models.all() if model.id in chosen]

    def _follow(self) -> None:
        """Show what fits the choices."""
        some = self._models.count() > 0
        self._card.setVisible(some)
        self._start.setVisible(some)
        self._empty.setVisible(not some)
        able = self._computer.currentData() not in (None, HERE) or companion.is_installed()
        ready = bool(self._recordings.files) and bool(self._chosen_ids()) and not self._submitting
        self._start.setEnabled(ready and able)

    def start(self) -> None:
        """Ask for a test of every chosen model."""
        models = self._chosen()
        material = {"recordings": list(self._recordings.files), "sources": list(self._sources.files)}
        computer = self._computer.currentData() or HERE
        language, hub = self.studio.languages.current, self.studio.jobs
        self._set_submitting(True)

        def submit(_reporter: object) -> "list[Job]":
            from rvc.jobs import EvaluateSpec

            service = hub.service(computer)
            return [
                service.submit(EvaluateSpec(name=model.name, language=language), _inputs(model, material))
                for model in models
            ]

        def done(jobs: "list[Job]") -> None:
            for job in jobs:
                hub.take(computer, job)
            labels = _labels(models)
            parts = tuple(
                Part(label=label, computer=computer, job=job.id)
                for label, job in zip(labels, jobs, strict=True)
            )
            self._remember(Comparison(name=", ".join(labels), parts=parts))
            self._set_submitting(False)

        def failed(error: BaseException) -> None:
            self._set_submitting(False)
            self.studio.fail(error)

        def stopped(_: None) -> None:
            self._set_submitting(False)

        self.studio.tasks.run(submit, done, owner=self, failed=failed, cancelled=stopped)

    def _set_submitting(self, on: bool) -> None:
        self._submitting = on
        self.set_busy(on)
        self._follow()

    def _remember(self, test: Comparison) -> None:
        self._comparisons.add(test)
        self._offer_earlier(newest=True)

    def _offer_earlier(self, *, newest: bool = False) -> None:
        tests = self._comparisons.tests
        self._results_card.setVisible(bool(tests))
        self._earlier.offer(
            [(number, f"{len(tests) - number}. {test.name}") for number, test in enumerate(tests)]
        )
        if newest:
            self._earlier.choose(0)
        self._show_earlier()

    def _show_earlier(self) -> None:
        tests = self._comparisons.tests
        number = self._earlier.currentData()
        parts = tests[number].parts if number is not None and number < len(tests) else ()
        if parts != self._shown:
            self._shown = parts
            self._result.show_reports(())
            self._blind.offer(())
        self._look([part.address for part in parts])

    def _look(self, addresses: list[Address]) -> None:
        """See how far the shown test is; show its results when they are all there."""
        if not any(part.address in addresses for part in self._shown):
            return
        jobs = [self.studio.jobs.job(part.address) for part in self._shown]
        states = [str(job.state) if job else "" for job in jobs]
        gone = self.tr("no longer there")
        lines = [
            f"{part.label}: {job_words.state(job) if job else gone}"
            for part, job in zip(self._shown, jobs, strict=True)
        ]
        self._state.setText("\n".join(lines))
        if any(state == "done" for state in states) and all(state in ENDED for state in states):
            self._fetch([part for part, state in zip(self._shown, states, strict=True) if state == "done"])

    def _keep_hearing(self, shares: list[Share]) -> None:
        self._comparisons.add_hearing(self._shown, shares)
        self._blind.show_hearings(self._comparisons.hearings(self._shown))

    def _fetch(self, parts: list[Part]) -> None:
        shown, hub = self._shown, self.studio.jobs

        def fetch(_reporter: object) -> list[Named]:
            return [(part.label, *job_files.fetch_report(hub, part.address)) for part in parts]

        def show(found: list[Named]) -> None:
            if shown == self._shown:
                self._result.show_reports(found)
                self._blind.offer(found, self._comparisons.hearings(shown))

        self.studio.tasks.run(fetch, show, owner=self)


def _inputs(model: Model, material: dict[str, list[Path]]) -> dict[str, list[Path]]:
    index = model.file.with_suffix(".index")
    inputs = {"model": [model.file], "index": [index] if index.exists() else []} | material
    return {role: files for role, files in inputs.items() if files}


def _labels(models: list[Model]) -> list[str]:
    """Return the models' names, told apart where two have the same."""
    names = [model.name for model in models]
    return [
        name if names.count(name) == 1 else f"{name} ({names[: number + 1].count(name)})"
        for number, name in enumerate(names)
    ]
