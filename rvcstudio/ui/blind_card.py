"""The blind listening test: two versions, no names, and what was preferred at the end."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import SystemRandom

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar

from rvcstudio.blind import ORIGINAL, Listener, Share, make_trials
from rvcstudio.comparisons import Hearing
from rvcstudio.report import Report
from rvcstudio.studio import Studio
from rvcstudio.ui import formats
from rvcstudio.ui.listening import Listening
from rvcstudio.ui.widgets import Button, Card, Label, row

SIDES = (0, 1)
SHOWN = 5  # earlier hearings


class BlindCard(Card):
    """Asks which of two versions sounds better; both must be heard before an answer counts."""

    heard = Signal(list)  # what was preferred, as `Share`s, once everything is answered

    def __init__(self, studio: Studio, listening: Listening) -> None:
        super().__init__(name="blind")
        self._studio, self._listening = studio, listening
        self._reports: Sequence[tuple[str, Report, Path]] = ()
        self._listener: Listener | None = None
        self._hearings: Sequence[Hearing] = ()
        self._played: set[int] = set()
        self._heading, self._text = Label("heading"), Label("muted", name="blind.text", wrap=True)
        self._earlier = Label("caption", name="blind.earlier", wrap=True)
        self._bar = QProgressBar(objectName="blind.progress", textVisible=False)
        self._start = Button("blind.start", self.start, icon="headphones")
        self._play = [Button(f"blind.play.{side}", partial(self.play, side), icon="play") for side in SIDES]
        self._choose = [
            Button(f"blind.choose.{side}", partial(self.answer, side), icon="tick") for side in SIDES
        ]
        self._neither = Button("blind.neither", partial(self.answer, None))
        self._back = Button("blind.back", self.back, look="link", icon="undo")
        for button in self._play:
            button.setCheckable(True)
        self.content.addLayout(row(self._heading, None, self._back, self._start))
        self.content.addWidget(self._text)
        self.content.addWidget(self._bar)
        self.content.addLayout(row(*self._play, None))
        self.content.addLayout(row(*self._choose, self._neither, None))
        self.content.addWidget(self._earlier)
        listening.changed.connect(lambda _file: self._mark())

    def retranslate(self) -> None:
        self._heading.setText(self.tr("Listen blind"))
        self._bar.setAccessibleName(self.tr("Progress"))
        for button, text in zip(self._play, (self.tr("First"), self.tr("Second")), strict=True):
            button.setText(text)
        for button, text in zip(
            self._choose, (self.tr("The first is better"), self.tr("The second is better")), strict=True
        ):
            button.setText(text)
        self._neither.setText(self.tr("No difference"))
        self._back.setText(self.tr("Back"))
        self._show()

    def offer(self, reports: Sequence[tuple[str, Report, Path]], hearings: Sequence[Hearing] = ()) -> None:
        """Offer a test of what some reports have kept to hear, and show what was preferred before."""
        self._reports, self._listener, self._hearings = reports, None, hearings
        self.setVisible(bool(reports) and bool(make_trials(reports, 0)))
        self._show()

    def show_hearings(self, hearings: Sequence[Hearing]) -> None:
        """Show what was preferred before, the newest first."""
        self._hearings = hearings
        self._show()

    def start(self) -> None:
        """Begin, with an order that nobody knows."""
        self._listener = Listener(make_trials(self._reports, SystemRandom().randrange(2**32)))
        self._next()

    def play(self, side: int) -> None:
        """Play a version, from where the other one is."""
        trial = self._listener.trial if self._listener else None
        if trial is None:
            return
        self._played.add(side)
        if self._listening.now in trial.files:
            self._listening.switch(trial.files[side])
        else:
            self._listening.play(trial.files[side])
        self._show()

    def answer(self, choice: int | None) -> None:
        if (
            self._listener is not None
            and self._listener.trial is not None
            and len(self._played) == len(SIDES)
        ):
            self._listener.answer(choice)
            self._next()
            if self._listener.trial is None:
                self.heard.emit(self._listener.shares())

    def back(self) -> None:
        """Ask the last question again."""
        if self._listener is not None:
            self._listener.back()
            self._next()

    def _next(self) -> None:
        self._listening.stop()
        self._played.clear()
        self._show()

    def _show(self) -> None:
        listener = self._listener
        trial = listener.trial if listener else None
        asking = trial is not None
        for part in (*self._play, *self._choose, self._neither, self._bar):
            part.setVisible(asking)
        for button in (*self._choose, self._neither):
            button.setEnabled(len(self._played) == len(SIDES))
        for button in self._play:
            button.setEnabled(self._listening.can_play)
        self._back.setVisible(bool(asking and listener and listener.choices))
        self._start.setVisible(not asking)
        self._start.setText(self.tr("Start again") if listener else self.tr("Start"))
        self._start.setEnabled(self._listening.can_play)
        if listener is None:
            self._text.setText(
                self.tr(
                    "Hear pairs of versions without knowing who made them. Use headphones; it takes some minutes."
                )
            )
        elif trial is not None:
            self._bar.setMaximum(len(listener.trials))
            self._bar.setValue(len(listener.choices))
            self._text.setText(
                self.tr("{number} of {count}: play both, then say which one sounds better.").format(
                    number=len(listener.choices) + 1, count=len(listener.trials)
                )
            )
        else:
            self._text.setText("\n".join(self._said(share) for share in listener.shares()))
        self._earlier.setVisible(bool(self._say_earlier(is_told=listener is not None)) and not asking)

    def _say_earlier(self, *, is_told: bool) -> str:
        """Say what was preferred before, without the newest where that `is_told` above already; return it."""
        earlier = self._hearings[1:] if is_told else self._hearings
        lines = [
            f"{formats.day(hearing.time)}: {self._said(share)}"
            for hearing in earlier[:SHOWN]
            for share in hearing.shares
        ]
        self._earlier.setText("\n".join(lines))
        return self._earlier.text()

    def _said(self, share: Share) -> str:
        low, high = (round(100 * bound) for bound in share.range)
        return self.tr(
            "{one} was preferred to {other} {preferred} of {count} times, without a difference {undecided} times "
            "(95 % range {low} to {high} %)."
        ).format(
            one=self._name(share.one),
            other=self._name(share.other),
            preferred=share.preferred,
            count=share.count,
            undecided=share.undecided,
            low=low,
            high=high,
        )

    def _name(self, maker: str) -> str:
        return self.tr("The recording") if maker == ORIGINAL else maker

    def _mark(self) -> None:
        trial = self._listener.trial if self._listener else None
        for side, button in enumerate(self._play):
            button.setChecked(trial is not None and self._listening.now == trial.files[side])
