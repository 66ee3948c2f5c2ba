"""A model's own page: what its card says, how it compares, and what can be done with it."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFormLayout, QInputDialog, QWidget

from rvc.names import file_stem
from rvcstudio import companion
from rvcstudio.library import Model
from rvcstudio.ui import model_facts
from rvcstudio.ui.icons import icon
from rvcstudio.ui.model_blend import BlendDialog
from rvcstudio.ui.model_comparison import ComparisonCard
from rvcstudio.ui.model_facts import Fact
from rvcstudio.ui.models_import import summary
from rvcstudio.ui.page import Page
from rvcstudio.ui.widgets import Button, Card, FlowLayout, IconButton, Label, MenuButton, Notice, column, row

EXPORTS = {"pth": ".pth", "safetensors": ".safetensors", "onnx": ".onnx"}


class FactsCard(Card):
    """Names and values below each other."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        self.heading = Label("heading")
        self.empty = Label("muted", wrap=True)
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(20)
        self._form.setVerticalSpacing(8)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        self.content.addWidget(self.heading)
        self.content.addWidget(self.empty)
        self.content.addLayout(self._form)
        self.content.addStretch(1)

    def show_facts(self, facts: list[Fact]) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        for name, value in facts:
            text = Label("body", text=value, wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._form.addRow(Label("muted", text=name), text)
        self.empty.setVisible(not facts)


class ModelPage(Page):
    """Shows one model; without one it goes back to all of them."""

    def build(self) -> None:
        self._model: Model | None = None
        self._card: dict[str, Any] | None = None
        self._back = IconButton("model.back", "arrow-left", lambda: self.studio.go("models"))
        self.head.insertWidget(0, self._back, 0, Qt.AlignmentFlag.AlignTop)
        self._convert = Button("model.convert", lambda: self._go("convert"), look="primary", icon="convert")
        self._live = Button("model.live", lambda: self._go("live"), icon="live")
        self._menu = MenuButton("model.menu")
        for part in (self._menu, self._live, self._convert):
            self.buttons.addWidget(part)
        self._trouble = Notice("warn", "model.trouble")
        self._about, self._rights, self._scores = (
            FactsCard(f"model.{name}") for name in ("about", "rights", "scores")
        )
        self._test = Button("model.test", self._open_test, look="link", icon="chart")
        self._scores.content.addLayout(row(self._test, None))
        self._comparison = ComparisonCard(self.studio)
        grid = FlowLayout(least_width=340)
        beside = QWidget()
        beside.setLayout(column(self._rights, self._scores, None, gap=16))
        grid.addWidget(self._about)
        grid.addWidget(beside)
        self.body.addWidget(self._trouble)
        self.body.addLayout(grid)
        self.body.addWidget(self._comparison)
        self.body.addStretch(1)

    def retranslate(self) -> None:
        super().retranslate()
        self._back.say(self.tr("All models"))
        self._convert.setText(self.tr("Convert with it"))
        self._live.setText(self.tr("Go live"))
        self._menu.say(self.tr("More"))
        self._fill_menu()
        self._about.heading.setText(self.tr("About"))
        self._rights.heading.setText(self.tr("Consent and licence"))
        self._scores.heading.setText(self.tr("Scores"))
        self._scores.empty.setText(self.tr("It has not been tested yet."))
        self._test.setText(self.tr("Test it"))
        self._about.empty.setText(self.tr("Reading the card…"))
        self._comparison.retranslate()
        self._show()

    def _fill_menu(self) -> None:
        menu = self._menu.list
        menu.clear()
        lines = [
            ("rename", "edit", self.tr("Rename…"), self.rename),
            ("pth", "export", self.tr("Export for RVC-WebUI and Applio (.pth)…"), partial(self.export, "pth")),
            ("safetensors", "export", self.tr("Export with its card (.safetensors)…"),
             partial(self.export, "safetensors")),
            ("onnx", "export", self.tr("Export as ONNX…"), partial(self.export, "onnx")),
            ("blend", "mixer", self.tr("Blend with another…"), self.blend),
            ("delete", "trash", self.tr("Delete"), self.delete),
        ]  # fmt: skip
        for name, picture, text, do in lines:
            action = menu.addAction(icon(picture), text)
            action.setObjectName(f"model.{name}")
            action.triggered.connect(lambda _checked=False, do=do: do())

    def open(self, **target: Any) -> None:
        """Show `model=id`."""
        self._model = self.studio.library.models.find(target["model"])
        self._card = None
        self._trouble.hide()
        self._show()
        self._read_card(self._model)

    def shown(self) -> None:
        if self._model is None:
            self.studio.go("models")
        else:
            self._comparison.show_model(self._model)

    def hidden(self) -> None:
        self._comparison.stop()

    def _read_card(self, model: Model) -> None:
        """Ask the engine what the model's card says."""
        self.studio.tasks.run(
            lambda reporter: self.studio.engine.call("describe", {"file": str(model.file)}, reporter),
            partial(self._show_card, model),
            owner=self,
            failed=self._say_trouble,
        )

    def _show_card(self, model: Model, card: dict[str, Any]) -> None:
        if self._model is None or self._model.id != model.id:
            return
        if not card["usable"]:
            self._trouble.say(card["note"])
            self._trouble.show()
            return
        self._card = card
        known = {**model.summary, **summary(card)}
        if known != model.summary:
            self._model = self.studio.library.models.change(model.id, summary=known)
        self._show()

    def _say_trouble(self, error: BaseException) -> None:
        self._about.empty.setText(self.tr("The card cannot be read."))
        self.studio.fail(error)

    def _show(self) -> None:
        if self._model is None:
            return
        self.title.setText(self._model.name)
        voice = self.studio.library.voices.find(self._model.voice) if self._model.voice else None
        self.say_subtitle(self.tr("A model of {name}").format(name=voice.name) if voice else "")
        card = self._card
        self._about.show_facts([] if card is None else model_facts.about(card))
        self._rights.show_facts([] if card is None else model_facts.rights(card))
        self._rights.setVisible(card is not None)
        self._scores.show_facts([] if card is None else model_facts.scores(card))
        self._scores.setVisible(card is not None)
        self._test.setVisible(self.studio.has_page("testing"))
        self._live.setVisible(self.studio.has_page("live") and companion.is_installed())
        self._comparison.show_model(self._model)

    def _go(self, page: str) -> None:
        if self._model is not None:
            self.studio.go(page, model=self._model.id)

    def _open_test(self) -> None:
        if self._model is not None:
            self.studio.go("testing", models=[self._model.id])

    def rename(self) -> None:
        """Ask for another name in the library."""
        if self._model is None:
            return
        dialog = QInputDialog(self.window(), objectName="model.name")
        dialog.setWindowTitle(self.tr("Rename the model"))
        dialog.setLabelText(self.tr("Name"))
        dialog.setTextValue(self._model.name)
        dialog.textValueSelected.connect(self._rename)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _rename(self, name: str) -> None:
        if self._model is not None and name.strip():
            self._model = self.studio.library.models.change(self._model.id, name=name.strip())
            self._show()

    def export(self, kind: str) -> None:
        """Ask for a file, and write the model into it."""
        if self._model is None:
            return
        name = f"{file_stem(self._model.name)}{EXPORTS[kind]}"
        dialog = QFileDialog(self.window(), self.tr("Export the model"), name)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(name)
        dialog.setDefaultSuffix(EXPORTS[kind])
        dialog.fileSelected.connect(lambda file: self.write(Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, out: Path) -> None:
        """Write the model as the file `out`, whose name says how."""
        if self._model is None:
            return
        params = {"model": str(self._model.file), "out": str(out)}
        self.set_busy(True)

        def written(answer: dict[str, Any]) -> None:
            self.set_busy(False)
            names = ", ".join(Path(answer[part]).name for part in ("model", "index") if answer[part])
            self.studio.say(self.tr("Exported: {files}").format(files=names))

        def failed(error: BaseException) -> None:
            self.set_busy(False)
            self.studio.fail(error)

        self.studio.tasks.run(
            lambda reporter: self.studio.engine.call("export", params, reporter),
            written,
            owner=self,
            failed=failed,
        )

    def blend(self) -> None:
        """Mix it with another model."""
        BlendDialog(self.studio, self._model, self.window()).open()

    def delete(self) -> None:
        """Take it out of the library, with a way back."""
        if self._model is None:
            return
        model, models = self._model, self.studio.library.models
        self._model = None
        models.delete([model.id])
        self.studio.go("models")
        self.studio.say(
            self.tr("{name} was deleted.").format(name=model.name), lambda: models.restore([model.id])
        )
