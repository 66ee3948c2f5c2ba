"""Where to train: the computer, what waits there, and what to do where the engine is missing."""

from PySide6.QtCore import Qt, Signal

from rvcstudio import companion, pace
from rvcstudio.hub import HERE
from rvcstudio.studio import Studio
from rvcstudio.ui import job_words
from rvcstudio.ui.places import LEAST_BUSY, least_busy
from rvcstudio.ui.widgets import Button, Card, Choice, Label, Notice, row
from rvcstudio.ui.widgets.inputs import Field


class PlaceCard(Card):
    """Chooses a computer; `changed` tells when another one is chosen."""

    changed = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__(name="train.place")
        self._studio = studio
        self._heading = Label("heading")
        self._choice = Choice("train.computer")
        self._choice.chosen.connect(lambda _name: self._follow())
        self._field = Field(self._choice)
        self._queue = Label("muted", name="train.queue", wrap=True)
        self._others = Button("train.others", lambda: studio.go("computers"), look="link", icon="computers")
        self._set_up = Button("train.setup", lambda: studio.go("settings", part="engine"), look="link")
        self._no_engine = Notice("warn", "train.no_engine", self._set_up)
        self.content.addWidget(self._heading)
        self.content.addLayout(head := row(self._field, self._queue, self._others, gap=16))
        head.setStretch(1, 1)
        for part in (self._queue, self._others):  # beside the choice, which has its name above it
            part.setMinimumHeight(self._choice.sizeHint().height())
            head.setAlignment(part, Qt.AlignmentFlag.AlignBottom)
        self.content.addWidget(self._no_engine)
        studio.jobs.changed.connect(self.refresh)
        studio.jobs.came.connect(lambda _addresses: self._show_queue())
        studio.computers.seen.connect(lambda _id: self._follow_load())

    def retranslate(self) -> None:
        self._heading.setText(self.tr("Where"))
        self._others.setText(self.tr("Use another computer"))
        self._set_up.setText(self.tr("Set up the engine…"))
        self.refresh()

    def refresh(self) -> None:
        """Offer the computers that there are now."""
        names = self._studio.jobs.computers()
        lines: list[tuple[object, str]] = [(name, job_words.computer(name)) for name in names]
        if len(names) > 1:
            lines.append((LEAST_BUSY, self.tr("The least busy one")))
        self._choice.offer(lines)
        self._field.say(self.tr("Computer"))
        self._follow()

    def choose(self, computer: str) -> None:
        self._choice.choose(computer)
        self._follow()

    @property
    def chosen(self) -> str:
        """What was chosen: a computer, or LEAST_BUSY."""
        return str(self._choice.currentData())

    @property
    def computer(self) -> str:
        """The chosen computer; of those that can train the one where a job would start first."""
        chosen = self._choice.currentData()
        return least_busy(self._studio) if chosen == LEAST_BUSY else str(chosen or HERE)

    @property
    def can_train(self) -> bool:
        return self.computer != HERE or companion.is_installed()

    def _follow(self) -> None:
        self._show_queue()
        missing = not self.can_train
        self._no_engine.setVisible(missing)
        if missing:
            self._no_engine.say(
                self.tr("This computer has no engine to train with. Set it up, or use another computer.")
            )
        self.changed.emit()

    def _follow_load(self) -> None:
        if self._choice.currentData() == LEAST_BUSY:
            self._follow()

    def _show_queue(self) -> None:
        hub, name = self._studio.jobs, self.computer
        waiting = pace.queue(hub, name)
        if hub.error(name) is not None:
            text = self.tr("Not reached at the moment.")
        elif not waiting.jobs:
            text = self.tr("Free: it starts at once.")
        elif waiting.seconds is None:
            text = self.tr("%n job(s) before yours.", "", waiting.jobs)
        else:
            count = self.tr("%n job(s) before yours.", "", waiting.jobs)
            start = self.tr("Starts in about {time}.").format(time=job_words.span(waiting.seconds))
            text = f"{count} {start}"
        if self._choice.currentData() == LEAST_BUSY:
            text = f"{job_words.computer(name)}: {text}"
        self._queue.setText(text)
