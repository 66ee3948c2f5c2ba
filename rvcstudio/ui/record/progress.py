"""How far the recordings of a voice are: minutes of good speech, and the sounds in them."""

from PySide6.QtWidgets import QProgressBar

from rvcstudio.recording.coverage import ENOUGH, Coverage
from rvcstudio.recording.script import GOAL_S, Progress
from rvcstudio.ui import formats
from rvcstudio.ui.record import words
from rvcstudio.ui.widgets import Card, Label, column


class ProgressCard(Card):
    """Two bars with words."""

    def __init__(self) -> None:
        self._title = Label("heading")
        self._minutes, self._takes = Label("title", name="record.minutes"), Label("muted")
        self._bar = QProgressBar(objectName="record.progress", maximum=round(GOAL_S), textVisible=False)
        self._sounds = Label("body", name="record.sounds", wrap=True)
        self._covered = QProgressBar(objectName="record.coverage", textVisible=False)
        self._rare = Label("caption", name="record.rare", wrap=True)
        self._progress = Progress(0.0, 0, None)
        super().__init__(
            self._title,
            column(self._minutes, self._takes, self._bar, gap=4),
            column(self._sounds, self._covered, self._rare, gap=6),
            name="record.progress_card",
            gap=14,
        )

    def say(self) -> None:
        """Set every text."""
        self._title.setText(self.tr("Good speech"))
        self._bar.setAccessibleName(self.tr("Good speech"))
        self._covered.setAccessibleName(self.tr("Sounds of the language"))
        self.show_progress(self._progress)

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is."""
        self._progress = progress
        self._minutes.setText(
            self.tr("{time} of {goal}").format(
                time=formats.clock(progress.seconds), goal=formats.clock(GOAL_S)
            )
        )
        self._takes.setText(self.tr("%n take(s)", "", progress.takes))
        self._bar.setValue(round(min(progress.seconds, GOAL_S)))
        for part in (self._sounds, self._covered, self._rare):
            part.setVisible(progress.coverage is not None)
        if progress.coverage is not None:
            self._show_coverage(progress.coverage)

    def _show_coverage(self, coverage: Coverage) -> None:
        count = len(coverage.counts)
        self._sounds.setText(
            self.tr("{enough} of {count} sounds {times} times or more").format(
                enough=coverage.enough, count=count, times=ENOUGH
            )
        )
        self._covered.setMaximum(count)
        self._covered.setValue(coverage.enough)
        rare = coverage.missing
        self._rare.setVisible(bool(rare))
        named = words.sounds(rare) + ("…" if len(rare) > words.SOUNDS_SHOWN else "")
        self._rare.setText(self.tr("Still rare: {sounds}").format(sounds=named))
