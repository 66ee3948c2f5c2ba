"""All models of the library: trained here, brought home from other computers, and imported."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog

from rvcstudio.library import Model, Voice
from rvcstudio.studio import Studio
from rvcstudio.ui import formats
from rvcstudio.ui.model_blend import BlendDialog
from rvcstudio.ui.models_import import take_models
from rvcstudio.ui.page import Page
from rvcstudio.ui.widgets import (
    Avatar,
    Button,
    Card,
    EmptyState,
    FlowLayout,
    IconLabel,
    Label,
    SearchField,
    column,
    row,
)

SOURCES = {"rvc-studio": "RVC Studio", "webui": "RVC-WebUI", "applio": "Applio"}
KINDS = {"v2": "RVC v2", "lite": "lite", "student": "RVC v2"}


class ModelsPage(Page):
    """Cards of models, the newest first."""

    def build(self) -> None:
        self._search = SearchField("models.search")
        self._search.searched.connect(lambda _text: self._show_models())
        self._blend = Button("models.blend", self._open_blend, icon="mixer")
        self._import = Button("models.import", self._ask_files, look="primary", icon="import")
        for part in (self._search, self._blend, self._import):
            self.buttons.addWidget(part)
        self._train = Button("models.train", lambda: self.studio.go("train"), icon="train")
        self._empty = EmptyState("models", "models.empty", self._train)
        self._nothing = Label("muted", name="models.nothing")
        self._cards = FlowLayout(least_width=280)
        self.body.addWidget(self._empty)
        self.body.addWidget(self._nothing)
        self.body.addLayout(self._cards)
        self.body.addStretch(1)
        self.studio.library_changed.connect(self._follow_library)
        self._follow_library()

    def _follow_library(self) -> None:
        self.studio.library.changed.connect(lambda what: self._show_models() if what == "models" else None)

    def retranslate(self) -> None:
        super().retranslate()
        self.say_subtitle(self.tr("Drop a .pth, .index or .zip of another program here to import it."))
        self._search.say(self.tr("Search"))
        self._blend.setText(self.tr("Blend…"))
        self._import.setText(self.tr("Import…"))
        self._train.setText(self.tr("Train a voice"))
        self._nothing.setText(self.tr("No model has such a name."))
        self._empty.say(
            self.tr("No models yet"), self.tr("Train a voice, or import a model of RVC-WebUI or Applio.")
        )
        self._show_models()

    def shown(self) -> None:
        self._show_models()

    def _show_models(self) -> None:
        if not hasattr(self, "_cards"):
            return
        models = self.studio.library.models.all(self._search.text())
        has_any = bool(models) or bool(self._search.text())
        self._empty.setVisible(not has_any)
        self._nothing.setVisible(has_any and not models)
        self._search.setVisible(has_any)
        self._blend.setVisible(has_any)
        self._cards.clear()
        voices = {voice.id: voice for voice in self.studio.library.voices.all()}
        for model in models:
            card = ModelCard(model, voices.get(model.voice or ""))
            card.clicked.connect(partial(self.studio.go, "model", model=model.id))
            self._cards.addWidget(card)

    def _open_blend(self) -> None:
        BlendDialog(self.studio, None, self.window()).open()

    def _ask_files(self) -> None:
        ask_models(self.studio, self)


def ask_models(studio: Studio, page: Page) -> None:
    """Ask for files of models, and import them."""
    dialog = QFileDialog(page.window(), QCoreApplication.translate("ModelImport", "Choose models"))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilter("*.pth *.index *.zip *.safetensors")
    dialog.filesSelected.connect(lambda names: take_models(studio, [Path(name) for name in names]))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


class ModelCard(Card):
    """A model in short: its name, whose voice it is, and what kind."""

    def __init__(self, model: Model, voice: Voice | None) -> None:
        super().__init__(name=f"models.card.{model.id}", clickable=True)
        name = Label("heading", text=model.name, wrap=True)
        of = Label("muted", text=voice.name if voice else self.tr("Imported"), wrap=True)
        picture: Avatar | IconLabel = IconLabel("models", "accent", 40)
        if voice is not None:
            picture = Avatar(44)
            picture.show_voice(voice)
        head = row(picture, column(name, of, gap=2), gap=14)
        head.setStretch(1, 1)
        self.content.addLayout(head)
        chips = [Label("chip", text=text) for text in facts(model)]
        self.content.addLayout(row(*chips, None, Label("caption", text=formats.day(model.created)), gap=6))
        self.setAccessibleName(f"{model.name}. {', '.join(facts(model))}")


def facts(model: Model) -> list[str]:
    """Return what kind of model it is, as far as the library knows."""
    known = model.summary
    found = [KINDS.get(str(known.get("architecture")), ""), SOURCES.get(str(known.get("source")), "")]
    if isinstance(rate := known.get("rate"), int):
        found.insert(1, f"{rate / 1000:g} kHz")
    return [text for text in found if text]
