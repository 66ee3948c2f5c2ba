"""What a test found: the verdict in sentences, the scores side by side, and recordings to hear and to see."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayoutItem, QSizePolicy, QWidget

from rvcstudio.report import KINDS, MEASURES, Kind, Report, Words, figure, is_nearer
from rvcstudio.studio import Studio
from rvcstudio.ui.listening import Listening
from rvcstudio.ui.result_clips import ClipsView
from rvcstudio.ui.widgets import Card, IconLabel, Label, column, row
from rvcstudio.ui.widgets.blocks import line

ICONS = {"good": ("good", "good"), "fair": ("info", "accent"), "weak": ("warn", "warn")}

Named = tuple[str, Report, Path]
"""What a model is called here, its report, and the folder of that."""


class ResultView(QWidget):
    """The report of one model, or those of several on the same recordings."""

    def __init__(self, studio: Studio, listening: Listening) -> None:
        super().__init__(objectName="result")
        self._studio = studio
        self._shown: Sequence[Named] = ()
        self._verdict = Card(name="result.verdict")
        self._scores = Card(name="result.scores")
        self._clips = ClipsView(studio, listening)
        self._parts = column(self._verdict, self._scores, self._clips, gap=16)
        self.setLayout(self._parts)

    def retranslate(self) -> None:
        self.show_reports(self._shown)
        self._clips.retranslate()

    def show_reports(self, reports: Sequence[Named]) -> None:
        """Show reports side by side; the first one's verdict is said."""
        self._shown = reports
        self.setVisible(bool(reports))
        for card in (self._verdict, self._scores):
            _empty(card)
        if not reports:
            return
        words = Words(self._studio.languages.current)
        self._say_verdict(words)
        self._fill_scores(words)
        self._clips.show_reports(reports)

    def _say_verdict(self, words: Words) -> None:
        content = self._verdict.content
        content.addWidget(Label("heading", text=self.tr("In short")))
        for name, report, _ in self._shown:
            if len(self._shown) > 1:
                content.addWidget(Label("strong", text=name))
            for finding in report.findings:
                content.addLayout(_sentence(words.verdict(finding), *ICONS[finding.standing]))
            for advice in report.advice:
                content.addLayout(_sentence(words[advice], "wand", "muted"))
        self._verdict.setVisible(any(report.findings for _, report, _ in self._shown))

    def _fill_scores(self, words: Words) -> None:
        content = self._scores.content
        content.addWidget(Label("heading", text=words["scores"]))
        content.addWidget(Label("caption", wrap=True, text=words["range_note"]))
        for kind in KINDS:
            if any(report.intervals.get(kind) for _, report, _ in self._shown):
                content.addWidget(Label("strong", text=words[kind]))
                content.addLayout(self._table(kind, words))
        self._scores.setVisible(any(report.intervals for _, report, _ in self._shown))

    def _table(self, kind: Kind, words: Words) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        heads = [name for name, *_ in self._shown] + [words[f"originals_{kind}"]]
        for number, head in enumerate(heads, 1):
            grid.addWidget(_cell(head, "caption"), 0, number)
        for measure in MEASURES:
            if any(measure in report.intervals.get(kind, {}) for _, report, _ in self._shown):
                self._add_row(grid, kind, measure, words)
        return grid

    def _add_row(self, grid: QGridLayout, kind: Kind, measure: str, words: Words) -> None:
        at = grid.rowCount()
        grid.addWidget(line(), at, 0, 1, len(self._shown) + 2)
        name, meaning = words.measure(measure)
        explained = QWidget()
        explained.setLayout(
            column(Label("body", text=name), Label("caption", wrap=True, text=meaning), gap=2)
        )
        explained.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        grid.addWidget(explained, at + 1, 0)
        means = [found.mean if (found := report.intervals.get(kind, {}).get(measure)) else None
                 for _, report, _ in self._shown]  # fmt: skip
        best = _best(measure, means)
        for number, (mean, (_, report, _)) in enumerate(zip(means, self._shown, strict=True)):
            if mean is None:
                continue
            found = report.intervals[kind][measure]
            text = figure(measure, mean) + (" ★" if number == best else "")
            low = Label("caption")
            if found.low is not None and found.high is not None:
                low.setText(f"{figure(measure, found.low)} – {figure(measure, found.high)}")
            low.setAlignment(Qt.AlignmentFlag.AlignRight)
            value = QWidget()
            value.setLayout(column(_cell(text, "strong"), low, gap=2))
            grid.addWidget(value, at + 1, number + 1)
        original = self._shown[0][1].intervals.get(f"{kind}_original", {}).get(measure)
        if original is not None:
            grid.addWidget(_cell(figure(measure, original.mean), "muted"), at + 1, len(self._shown) + 1)


def _best(measure: str, means: Sequence[float | None]) -> int | None:
    """Return which of several models is nearest to perfect; None where there is one only."""
    known = [(number, mean) for number, mean in enumerate(means) if mean is not None]
    if len(known) < 2:
        return None
    best = known[0]
    for one in known[1:]:
        if is_nearer(measure, one[1], best[1]):
            best = one
    return best[0]


def _cell(text: str, look: str) -> Label:
    label = Label(look, text=text)  # type: ignore[arg-type]
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label


def _sentence(text: str, icon: str, colour: str) -> QHBoxLayout:
    parts = row(IconLabel(icon, colour), Label("body", wrap=True, text=text), gap=10)
    parts.setStretch(1, 1)
    return parts


def _empty(card: Card) -> None:
    """Take everything off a card."""
    while (item := card.content.takeAt(0)) is not None:
        _delete(item)


def _delete(item: QLayoutItem) -> None:
    if (widget := item.widget()) is not None:
        widget.hide()
        widget.deleteLater()
    elif (layout := item.layout()) is not None:
        while (inner := layout.takeAt(0)) is not None:
            _delete(inner)
        layout.deleteLater()
