"""Recordings of a report to hear and to see: the original beside what each model made of it."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from rvcstudio.report import KINDS, Report, Row, Words
from rvcstudio.studio import Studio
from rvcstudio.ui.listening import Listening
from rvcstudio.ui.result_spectrogram import SpectrogramView, draw
from rvcstudio.ui.widgets import Button, Card, Choice, Label, column, row

if TYPE_CHECKING:
    from rvcstudio.ui.result import Named


class ClipsView(Card):
    """One recording at a time; its versions play from the same place on, and stand below each other as pictures."""

    def __init__(self, studio: Studio, listening: Listening) -> None:
        super().__init__(name="result.clips")
        self._studio, self._listening = studio, listening
        self._shown: Sequence[Named] = ()
        self._files: list[Path] = []
        self._buttons: list[Button] = []
        self._heading = Label("heading")
        self._caption = Label("caption", wrap=True)
        self._choice = Choice("result.clip")
        self._choice.chosen.connect(lambda _row: self._show_clip())
        self._versions = column(gap=10)
        self.content.addLayout(row(self._heading, None, self._choice))
        self.content.addWidget(self._caption)
        self.content.addLayout(self._versions)
        listening.changed.connect(lambda _file: self._mark())

    def retranslate(self) -> None:
        self._heading.setText(self.tr("Listen and look"))
        self._caption.setText(
            self.tr(
                "Another version goes on at the same place. The pictures reach up to 12 kHz; light is loud."
            )
        )
        self._choice.setAccessibleName(self.tr("Recording"))
        self._show_clip()

    def show_reports(self, reports: "Sequence[Named]") -> None:
        """Offer the recordings that the first report has kept."""
        self._shown = reports
        words = Words(self._studio.languages.current)
        rows = [(kind, one) for kind in KINDS for one in reports[0][1].to_hear(kind)]
        self._choice.offer([((kind, one.name), f"{words[f'kind_{kind}']}: {one.name}") for kind, one in rows])
        self.setVisible(bool(rows))
        self._show_clip()

    def _show_clip(self) -> None:
        while (item := self._versions.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._files, self._buttons = [], []
        chosen = self._choice.currentData()
        if chosen is None or not self._shown:
            return
        found = [
            (name, folder, one) for name, report, folder in self._shown if (one := _find(report, *chosen))
        ]
        name, folder, first = found[0]
        self._add(self.tr("Original"), folder / str(first.original))
        for name, folder, one in found:
            self._add(self.tr("Made by {model}").format(model=name), folder / str(one.output))

    def _add(self, text: str, file: Path) -> None:
        button = Button(f"result.play.{len(self._files)}", partial(self.play, len(self._files)), icon="play")
        button.setCheckable(True)
        button.setText(text)
        button.setEnabled(self._listening.can_play and file.exists())
        picture = SpectrogramView(text)
        self._files.append(file)
        self._buttons.append(button)
        self._versions.addWidget(button)
        self._versions.addWidget(picture)

        def show(image: QImage | None) -> None:
            picture.show_image(image)

        self._studio.tasks.run(lambda _: draw(file), show, owner=picture)

    def play(self, number: int) -> None:
        """Play a version, from where another one is."""
        file = self._files[number]
        if self._listening.now == file:
            self._listening.stop()
        elif self._listening.now in self._files:
            self._listening.switch(file)
        else:
            self._listening.play(file)

    def _mark(self) -> None:
        for file, button in zip(self._files, self._buttons, strict=True):
            button.setChecked(file == self._listening.now)


def _find(report: Report, kind: str, name: str) -> Row | None:
    return next((one for one in report.rows if (one.kind, one.name) == (kind, name) and one.output), None)
