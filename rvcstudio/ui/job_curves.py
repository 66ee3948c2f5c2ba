"""The curves of a training, with a sentence of what they mean."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from rvcstudio.report import Words
from rvcstudio.story import HEARD, HELD_OUT, Curve, Story
from rvcstudio.studio import Studio
from rvcstudio.ui.charts import CurveChart, Legend
from rvcstudio.ui.widgets import Button, Card, Label, row

FIRST = "loss_mel"  # the curve that everybody understands: how far what is said is from the recordings
COLUMNS = 2
NONE = Curve()


class CurvesCard(Card):
    """Validation and the main loss first; all other losses when they are asked for."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(name="job.curves")
        self._studio = studio
        self._story: Story | None = None
        self._heading = Label("heading")
        self._more = Button("job.curves.more", look="link")
        self._more.setCheckable(True)
        self._more.toggled.connect(lambda _on: self._draw())
        self._validation = CurveChart("job.curves.validation", ("accent", "warn"))
        self._legend = Legend(("accent", "warn"))
        self._loss = CurveChart("job.curves.loss_mel")
        self._others: dict[str, CurveChart] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(16)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        for place, chart in enumerate((self._validation, self._loss)):
            self._grid.addWidget(chart, 0, place, Qt.AlignmentFlag.AlignTop)
        self.content.addLayout(row(self._heading, None, self._more))
        self.content.addWidget(self._legend)
        self.content.addLayout(self._grid)

    def retranslate(self) -> None:
        self._heading.setText(self.tr("How the training goes"))
        self._more.setText(self.tr("All curves"))
        self._legend.say(self.tr("takes it has never heard"), self.tr("takes it learns from"))
        self._draw()

    def show_story(self, story: Story) -> None:
        """Draw the curves of a job."""
        self._story = story
        self.setVisible(bool(story.curves))
        self._draw()

    def _draw(self) -> None:
        if self._story is None:
            return
        words = Words(self._studio.languages.current)
        curves = self._story.curves
        best = self._story.best_step
        self._draw_validation(curves.get(HELD_OUT, NONE), curves.get(HEARD, NONE), best)
        self._draw_one(self._loss, curves.get(FIRST, NONE), words.curve(FIRST), best)
        others = [name for name in curves if name not in (FIRST, HELD_OUT, HEARD)]
        self._more.setVisible(bool(others))
        for place, name in enumerate(others):
            if name not in self._others:
                chart = self._others[name] = CurveChart(f"job.curves.{name}")
                self._grid.addWidget(chart, 1 + place // COLUMNS, place % COLUMNS)
            self._draw_one(self._others[name], curves[name], words.curve(name), None)
        for name, chart in self._others.items():
            chart.setVisible(self._more.isChecked() and name in others)

    def _draw_validation(self, held_out: Curve, heard: Curve, best: int | None) -> None:
        chart = self._validation
        chart.show_curve(held_out.steps, held_out.values, 0)
        chart.show_curve(heard.steps, heard.values, 1)
        chart.mark(best if held_out.values else None)
        text = self.tr("Validated ten times in a training; the first one is still to come.")
        if held_out.values:
            text = self.tr(
                "Now {now}, at its lowest {low} at step {step}. Dashed: the model that is kept."
            ).format(
                now=f"{held_out.values[-1]:.3f}",
                low=f"{min(held_out.values):.3f}",
                step=(held_out.lowest() or (0,))[0],
            )
        chart.say(self.tr("Distance from the real voice"), text)

    def _draw_one(self, chart: CurveChart, curve: Curve, name: str, best: int | None) -> None:
        chart.show_curve(curve.steps, curve.values)
        chart.mark(best)
        text = ""
        if curve.values:
            text = self.tr("From {first} to {last}.").format(
                first=f"{curve.values[0]:.3g}", last=f"{curve.values[-1]:.3g}"
            )
        chart.say(name, text)
