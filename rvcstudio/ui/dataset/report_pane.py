"""The report on a dataset: the verdict, what to record next, what to repair at once, and pictures."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from rvcstudio.dataset import report
from rvcstudio.dataset.report import Answer, Finding, Said, Words
from rvcstudio.library import Take
from rvcstudio.recording.advice import Wanted
from rvcstudio.ui import formats
from rvcstudio.ui.dataset import pictures
from rvcstudio.ui.dataset.charts import Chart, Drawing
from rvcstudio.ui.dataset.fixes import RECORD, Fix, fixes, takes_to_fix
from rvcstudio.ui.record import words as spoken
from rvcstudio.ui.widgets import (
    Button,
    Card,
    EmptyState,
    FlowLayout,
    IconLabel,
    Label,
    Notice,
    column,
    row,
)
from rvcstudio.ui.widgets.blocks import Part
from rvcstudio.ui.widgets.text import dress

GOAL_S = 600.0  # of usable speech
VERDICT_ICONS = {"ready": "good", "usable": "warn", "record_again": "bad"}
SEVERITY_CHIPS = {"info": "chip", "minor": "chip", "major": "chip-warn", "critical": "chip-bad"}

# fmt: off
SEVERITIES = {
    "info": QT_TRANSLATE_NOOP("ReportPane", "Good to know"),
    "minor": QT_TRANSLATE_NOOP("ReportPane", "Small"),
    "major": QT_TRANSLATE_NOOP("ReportPane", "Costs quality"),
    "critical": QT_TRANSLATE_NOOP("ReportPane", "Serious"),
}
CHARTS = {
    "levels": (QT_TRANSLATE_NOOP("ReportPane", "Levels"), QT_TRANSLATE_NOOP("ReportPane",
        "Share of time at each level, dBFS. Two humps far apart are speech and a quiet room.")),
    "loudness": (QT_TRANSLATE_NOOP("ReportPane", "Loudness of the takes"), QT_TRANSLATE_NOOP("ReportPane",
        "How many takes are how loud, LUFS. One narrow hump is best.")),
    "noise": (QT_TRANSLATE_NOOP("ReportPane", "Speech over noise"), QT_TRANSLATE_NOOP("ReportPane",
        "How many takes have how much room noise, dB. Further right is quieter.")),
    "pitch": (QT_TRANSLATE_NOOP("ReportPane", "Pitch"), QT_TRANSLATE_NOOP("ReportPane",
        "Share of voiced time at each pitch, Hz. The model is sure of what is here.")),
    "spectrum": (QT_TRANSLATE_NOOP("ReportPane", "Bandwidth"), QT_TRANSLATE_NOOP("ReportPane",
        "Mean level of speech over kHz, dB. The dashed line is where content ends.")),
}
# fmt: on
DRAWN: dict[str, Callable[[Answer], Drawing]] = {
    "levels": pictures.levels,
    "loudness": pictures.loudness,
    "noise": pictures.noise,
    "pitch": pictures.pitch,
    "spectrum": pictures.spectrum,
}


class ReportPane(QScrollArea):
    """Shows the last report; `wanted` asks for a new one."""

    wanted = Signal()
    fixing = Signal(str, object, str)  # a fix, the takes that it is for, and the finding's code
    picked = Signal(str)  # a take, by the name of its file

    def __init__(self) -> None:
        super().__init__(objectName="dataset.report", widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._answer: Answer | None = None
        self._takes: Sequence[Take] = ()
        self._wanted: Wanted | None = None
        self._voice_id = ""
        inner = QWidget(objectName="scrolled")
        self._all = QVBoxLayout(inner)
        self._all.setContentsMargins(0, 0, 8, 0)
        self._all.setSpacing(16)
        self.setWidget(inner)
        self._build()

    def _build(self) -> None:
        self._first = Button("dataset.check", self.wanted.emit, look="primary", icon="chart")
        self._empty = EmptyState("chart", "dataset.report.empty", self._first)
        self._again = Button("dataset.check_again", self.wanted.emit, icon="refresh")
        self._stale = Notice("info", "dataset.report.stale", self._again)
        self._verdict_icon = IconLabel("good", size=32)
        self._verdict, self._verdict_text = (
            Label("heading", name="dataset.verdict"),
            Label("muted", wrap=True),
        )
        self._minutes = Label("strong", wrap=True)
        self._bar = QProgressBar(objectName="dataset.minutes", maximum=round(GOAL_S), textVisible=False)
        words = column(self._verdict, self._verdict_text, 6, self._minutes, self._bar, None, gap=4)
        verdict = row(self._verdict_icon, words, gap=16)
        verdict.setStretch(1, 1)
        verdict.setAlignment(self._verdict_icon, Qt.AlignmentFlag.AlignTop)
        self._next_title, self._next = Label("heading", wrap=True), column(gap=6)
        top = row(Card(verdict), Card(self._next_title, self._next, None), gap=16)
        top.setStretch(0, 3)
        top.setStretch(1, 2)
        self._cards = FlowLayout(least_width=170, gap=12)
        self._findings_title, self._findings = Label("heading"), column(gap=12)
        self._timeline_title, self._timeline_text = Label("heading"), Label("caption", wrap=True)
        self._timeline = Chart("dataset.chart.timeline", 110)
        self._timeline.picked.connect(lambda number: self._pick(number))
        self._charts = {name: Chart(f"dataset.chart.{name}") for name in CHARTS}
        self._chart_titles = {name: (Label("heading"), Label("caption", wrap=True)) for name in CHARTS}
        self._page = Button("dataset.page", self._open_page, look="link", icon="external")
        self._found = QWidget()
        self._found.setLayout(self._arranged(top))
        self._all.addWidget(self._stale)
        self._all.addWidget(self._empty, 1)
        self._all.addWidget(self._found)
        self._all.addStretch(1)

    def _arranged(self, top: Part) -> QVBoxLayout:
        charts = FlowLayout(least_width=330, gap=16)
        for name, chart in self._charts.items():
            charts.addWidget(Card(*self._chart_titles[name], None, chart, gap=4))
        timeline = Card(self._timeline_title, self._timeline_text, self._timeline, gap=4)
        return column(
            top,
            self._cards,
            self._findings_title,
            self._findings,
            timeline,
            charts,
            row(self._page, None),
            gap=16,
        )

    def show_answer(
        self, voice_id: str, answer: Answer | None, takes: Sequence[Take], wanted: Wanted | None = None
    ) -> None:
        """Show a report, or that there is none yet, of a voice with these takes, and what reading would add."""
        is_same = (voice_id, answer, takes, wanted) == (
            self._voice_id,
            self._answer,
            self._takes,
            self._wanted,
        )
        self._voice_id, self._answer, self._takes, self._wanted = voice_id, answer, takes, wanted
        if not is_same:
            self._show()

    def _show(self) -> None:
        answer, takes = self._answer, self._takes
        self._empty.setVisible(answer is None)
        self._found.setVisible(answer is not None)
        self._first.setEnabled(any(not take.excluded for take in takes))
        self._stale.setVisible(answer is not None and not answer.is_of(takes))
        if answer is not None:
            words = answer.words[pictures.language(answer)]
            self._show_verdict(answer, words)
            self._show_next(answer, words)
            self._show_cards(words)
            self._show_findings(answer, words)
            self._show_pictures(answer)

    def _show_verdict(self, answer: Answer, words: Words) -> None:
        colour = VERDICT_ICONS[answer.report.verdict]
        self._verdict_icon.show_icon(colour, colour)
        self._verdict.setText(words.verdict)
        dress(self._verdict, look="heading")
        worst = f"{words.findings[0].title}." if words.findings and answer.report.verdict != "ready" else ""
        self._verdict_text.setText(f"{words.verdict_text} {worst}".strip())
        usable = answer.report.summary.usable_s
        text = self.tr("{usable} of speech are usable; {goal} make a good voice.")
        self._minutes.setText(text.format(usable=formats.minutes(usable), goal=formats.minutes(GOAL_S)))
        self._bar.setValue(round(min(usable, GOAL_S)))

    def _show_next(self, answer: Answer, words: Words) -> None:
        """List what to do at the microphone, or that nothing is missing."""
        _clear(self._next)
        advice = [
            said.action
            for finding, said in zip(answer.report.findings, words.findings, strict=True)
            if finding.code in RECORD
        ]
        advice += self._to_read(self._wanted) if self._wanted is not None else []
        is_record = bool(advice)
        if not advice:
            advice = [self.tr("Nothing is missing. More variety helps more than more minutes.")]
        for text in advice:
            icon = IconLabel("record", "accent", 16)
            line = row(icon, Label("body", text=text, wrap=True))
            line.setStretch(1, 1)
            line.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
            self._next.addLayout(line)
        if is_record:
            button = self._fix_button("next", "record", [])
            self._next.addLayout(row(button, None))

    def _to_read(self, wanted: Wanted) -> list[str]:
        """Return what to read next: for sounds that are rare, and in ways that were not heard."""
        found = []
        if wanted.sounds:
            text = self.tr(
                "Read the next %n sentence(s): they have sounds that are rare so far, such as {sounds}.",
                "",
                wanted.sentences,
            )
            found.append(text.format(sounds=spoken.sounds(wanted.sounds)))
        if wanted.styles:
            text = self.tr("Nothing was read in these ways yet: {ways}. They widen pitch and loudness.")
            found.append(text.format(ways=spoken.ways(wanted.styles)))
        return found

    def _show_cards(self, words: Words) -> None:
        self._cards.clear()
        for card in words.cards:
            value = Label("title", text=card.value)
            parts = Label("caption", text=card.name), value, Label("caption", text=card.text, wrap=True), None
            shown = Card(*parts, gap=2)
            shown.setAccessibleName(f"{card.name}: {card.value}, {card.text}")
            self._cards.addWidget(shown)
            shown.show()
        self._cards.invalidate()

    def _show_findings(self, answer: Answer, words: Words) -> None:
        _clear(self._findings)
        pairs = list(zip(answer.report.findings, words.findings, strict=True))
        for finding, said in pairs:
            self._findings.addWidget(self._finding_card(answer, finding, said))
        if not pairs:
            nothing = Notice("good", "dataset.no_findings")
            nothing.say(self.tr("Nothing stands in the way."))
            self._findings.addWidget(nothing)

    def _finding_card(self, answer: Answer, finding: Finding, said: Said) -> Card:
        severity = self.tr(str(SEVERITIES[finding.severity]))
        chip = Label(SEVERITY_CHIPS[finding.severity], text=severity)  # type: ignore[arg-type]
        head = row(Label("strong", text=said.title), chip, None)
        used = sum(not take.excluded for take in self._takes)
        of = answer.takes_of(finding, self._takes)
        buttons = row(
            *(
                self._fix_button(
                    finding.code, fix, takes_to_fix(answer, finding, self._takes) if fix != "show" else of
                )
                for fix in fixes(finding, of, used)
            ),
            None,
        )
        card = Card(
            head, Label("body", text=said.text, wrap=True), name=f"dataset.finding.{finding.code}", gap=6
        )
        if said.extent:
            card.content.addWidget(Label("caption", text=said.extent, wrap=True))
        card.content.addWidget(Label("muted", text=said.action, wrap=True))
        if buttons.count() > 1:
            card.content.addLayout(buttons)
        return card

    def _fix_button(self, code: str, fix: Fix, takes: list[Take]) -> Button:
        texts = {
            "show": self.tr("Show %n take(s)", "", len(takes)),
            "leave_out": self.tr("Leave %n take(s) out", "", len(takes)),
            "normalise": self.tr("Normalise %n take(s)", "", len(takes)),
            "trim": self.tr("Trim the silence of %n take(s)", "", len(takes)),
            "record": self.tr("Record"),
        }
        icons = {
            "show": "eye",
            "leave_out": "filter",
            "normalise": "wand",
            "trim": "trim",
            "record": "record",
        }
        button = Button(
            f"dataset.fix.{code}.{fix}", lambda: self.fixing.emit(fix, takes, code), icon=icons[fix]
        )
        button.setText(texts[fix])
        return button

    def _show_pictures(self, answer: Answer) -> None:
        rows = answer.report.takes
        counts = {grade: sum(one.grade == grade for one in rows) for grade in ("good", "fair", "poor")}
        text = self.tr("Quality of the takes over time: {good} good, {fair} fair, {poor} poor.")
        self._timeline.show_drawing(pictures.timeline(answer), text.format(**counts))
        for name, chart in self._charts.items():
            chart.show_drawing(DRAWN[name](answer), self.tr(str(CHARTS[name][1])))

    def _pick(self, number: int) -> None:
        if self._answer is not None:
            self.picked.emit(self._answer.report.takes[number].file)

    def _open_page(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(report.page(self._voice_id))))

    def retranslate(self) -> None:
        self._first.setText(self.tr("Check the dataset"))
        self._again.setText(self.tr("Check again"))
        self._stale.say(self.tr("The takes have changed since this report."))
        self._empty.say(
            self.tr("Is it good enough to train on?"),
            self.tr(
                "Noise, clipping, room, bandwidth, loudness and pitch are measured, "
                "and you are told what to repair and what to record next."
            ),
        )
        self._next_title.setText(self.tr("What to record next"))
        self._findings_title.setText(self.tr("What was found"))
        self._timeline_title.setText(self.tr("Takes in order"))
        self._timeline_text.setText(
            self.tr(
                "Each column is a take, as wide as it is long; the lower, the worse. Click one to open it."
            )
        )
        self._page.setText(self.tr("Open as a page in the browser"))
        self._bar.setAccessibleName(self.tr("Usable speech"))
        for name, (title, text) in self._chart_titles.items():
            title.setText(self.tr(str(CHARTS[name][0])))
            text.setText(self.tr(str(CHARTS[name][1])))
        self._show()


def _clear(layout: QVBoxLayout) -> None:
    """Delete everything in a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif isinstance(inner := item.layout(), QVBoxLayout):
            _clear(inner)
        elif inner is not None:
            while (part := inner.takeAt(0)) is not None:
                if (widget := part.widget()) is not None:
                    widget.hide()
                    widget.deleteLater()
