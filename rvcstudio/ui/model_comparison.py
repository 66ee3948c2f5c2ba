"""Two models on the same sentence, one against the other."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from rvc import paths
from rvc.errors import Error
from rvc.events import Reporter
from rvcstudio.companion import Engine
from rvcstudio.convert import SoundSettings
from rvcstudio.library import Model
from rvcstudio.studio import Studio
from rvcstudio.ui.compare import CompareView
from rvcstudio.ui.widgets import Button, Card, Choice, Field, Label, column, row

SENTENCE = "demo/source/visitor.flac"
FOLDER = "comparisons"  # in the cache


class ComparisonCard(Card):
    """Choose another model and a sentence; both say it."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(name="model.comparison")
        self._studio = studio
        self._model: Model | None = None
        self._models: list[Model] = []
        self._sentence = paths.resource(SENTENCE)
        self._heading = Label("heading")
        self._other = Choice("model.compare.other")
        self._other_field = Field(self._other)
        self._said = Label("muted", name="model.compare.sentence", wrap=True)
        self._choose = Button("model.compare.choose", self._ask_file, icon="folder")
        self._start = Button("model.compare.start", self.start, icon="compare")
        self.view = CompareView("model.compare", studio)
        self.view.hide()
        sentence = column(self._said, row(self._choose, None), gap=6)
        head = row(self._other_field, sentence, self._start, gap=16)
        head.setStretch(1, 1)
        for part in (self._other_field, self._start):
            head.setAlignment(part, Qt.AlignmentFlag.AlignBottom)
        self.content.addWidget(self._heading)
        self.content.addLayout(head)
        self.content.addWidget(self.view)

    def show_model(self, model: Model) -> None:
        """Compare this model with others."""
        if self._model is None or model.id != self._model.id:
            self.view.hide()
            self.view.show_files([])
        self._model = model
        self._models = [one for one in self._studio.library.models.all() if one.id != model.id]
        self._other.offer([(one.id, one.name) for one in self._models])
        self.setVisible(bool(self._models))

    def start(self) -> None:
        """Have both models say the sentence."""
        other = next((one for one in self._models if one.id == self._other.currentData()), None)
        if self._model is None or other is None:
            return
        pair, sentence, engine = (self._model, other), self._sentence, self._studio.engine
        self._start.setEnabled(False)
        self._start.setText(self.tr("They speak…"))

        def show(files: list[Path]) -> None:
            self._settle()
            self.view.show()
            self.view.show_files([(model.name, file) for model, file in zip(pair, files, strict=True)])
            self.view.setFocus()

        def failed(error: BaseException) -> None:
            self._settle()
            self._studio.fail(error)

        self._studio.tasks.run(
            lambda reporter: [speak(engine, model, sentence, reporter) for model in pair],
            show,
            owner=self,
            failed=failed,
        )

    def _settle(self) -> None:
        self._start.setEnabled(True)
        self._start.setText(self.tr("Compare"))

    def _ask_file(self) -> None:
        dialog = QFileDialog(self.window(), self.tr("Choose a sentence"))
        dialog.fileSelected.connect(self._take_sentence)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_sentence(self, file: str) -> None:
        self._sentence = Path(file)
        self._say_sentence()

    def _say_sentence(self) -> None:
        is_own = self._sentence != paths.resource(SENTENCE)
        name = self._sentence.name if is_own else self.tr("the example that comes with the app")
        self._said.setText(self.tr("Sentence: {name}").format(name=name))

    def stop(self) -> None:
        self.view.stop()

    def retranslate(self) -> None:
        self._heading.setText(self.tr("Compare on the same sentence"))
        self._other_field.say(self.tr("With"))
        self._choose.setText(self.tr("Another sentence…"))
        self._settle()
        self._say_sentence()


def speak(engine: Engine, model: Model, sentence: Path, reporter: Reporter) -> Path:
    """Let a model say a sentence at its usual pitch, or the speaker's where it names none. Blocks: for tasks."""
    params = {
        "model": str(model.file),
        "recording": str(sentence),
        "out": str(paths.cache_dir() / FOLDER / model.id),
        "stem": sentence.stem,
    }
    config = {**SoundSettings().of_engine(), "overwrite": True}
    try:
        answer = engine.call("convert", {**params, "config": config}, reporter)
    except Error as error:
        if error.code != "no_usual_pitch":
            raise
        answer = engine.call("convert", {**params, "config": config | {"pitch_shift": 0.0}}, reporter)
    return Path(answer["file"])
