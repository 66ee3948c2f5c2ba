"""Asks which two models to mix, and mixes them."""

import shutil
from pathlib import Path

from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from rvc.events import Reporter
from rvcstudio.library import Model
from rvcstudio.studio import Studio
from rvcstudio.ui.live.slider import ValueSlider
from rvcstudio.ui.models_import import summary
from rvcstudio.ui.widgets import Button, Choice, Field, Label, column, row

NAME_LENGTH = 100
WIDTH = 400


class BlendDialog(QDialog):
    """Two models, the share of the second, and the name of what comes of it."""

    def __init__(self, studio: Studio, first: Model | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("blend")
        self.setWindowTitle(self.tr("Blend two models"))
        self._studio = studio
        self._models = {model.id: model for model in studio.library.models.all()}
        self._first, self._second = Choice("blend.first"), Choice("blend.second")
        for choice in (self._first, self._second):
            choice.offer([(model.id, model.name) for model in self._models.values()])
            choice.chosen.connect(lambda _id: self._follow())
        if first is not None:
            self._first.choose(first.id)
        if self._first.currentIndex() == self._second.currentIndex() and self._second.count() > 1:
            self._second.setCurrentIndex(1 - min(1, self._first.currentIndex()))
        self._ratio = ValueSlider("blend.ratio", 0.05, 0.95, 0.05)
        self._ratio.choose(0.5)
        self._name = QLineEdit(objectName="blend.name", maxLength=NAME_LENGTH)
        self._name.textEdited.connect(lambda _text: self._follow())
        self._make = Button("blend.make", self._blend, look="primary")
        cancel = Button("blend.cancel", self.reject)
        cancel.setText(self.tr("Cancel"))
        self._make.setText(self.tr("Blend"))
        fields = [Field(self._first), Field(self._second), Field(self._name)]
        texts = (self.tr("First model"), self.tr("Second model"), self.tr("Name"))
        for field, text in zip(fields, texts, strict=True):
            field.say(text)
        self._ratio.say(
            self.tr("Share of the second"),
            "{value}",
            self.tr("Models sound well together only where they were trained from the same base."),
        )
        heading = Label("heading", text=self.tr("Blend two models"))
        layout = column(heading, *fields[:2], self._ratio, fields[2], row(None, cancel, self._make), gap=16)
        layout.setContentsMargins(24, 20, 24, 20)
        self.setLayout(layout)
        self.setMinimumWidth(WIDTH)
        self.finished.connect(self.deleteLater)
        self._follow()

    def _pair(self) -> tuple[Model | None, Model | None]:
        return self._models.get(self._first.currentData()), self._models.get(self._second.currentData())

    def _follow(self) -> None:
        first, second = self._pair()
        is_pair = first is not None and second is not None and first.id != second.id
        self._make.setEnabled(is_pair)
        if first is not None and second is not None and not self._name.isModified():
            self._name.setText(f"{first.name} + {second.name}"[:NAME_LENGTH])

    def _blend(self) -> None:
        first, second = self._pair()
        if first is None or second is None:
            return
        name = self._name.text().strip() or first.name
        studio, ratio = self._studio, self._ratio.value
        self.accept()
        studio.tasks.run(
            lambda reporter: blend(studio, (first, second), ratio, name, reporter),
            lambda model: studio.go("model", model=model.id),
            owner=studio,
        )


def blend(studio: Studio, pair: tuple[Model, Model], ratio: float, name: str, reporter: Reporter) -> Model:
    """Mix two models into one of the library's. Blocks: for tasks. Raises `InputError` not_blendable."""
    library, (first, second) = studio.library, pair
    voice = first.voice if first.voice == second.voice else None
    folder = library.models.new_folder(name, voice)
    params = {"first": str(first.file), "second": str(second.file), "out": str(folder)}
    try:
        answer = studio.engine.call("blend", {**params, "ratio": ratio, "name": name}, reporter)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    made = Path(answer["model"])
    return library.models.add(name, made, voice_id=voice, summary=summary(answer["card"]))
