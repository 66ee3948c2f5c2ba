"""The recordings of the page Convert on their way: one after the other here, or together on another computer."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Signal

from rvc.errors import Error
from rvc.events import Event, Progress, Reporter
from rvcstudio.convert import Order
from rvcstudio.convert_work import convert_here, convert_there, length_s
from rvcstudio.hub import HERE
from rvcstudio.library import Conversion
from rvcstudio.studio import Studio
from rvcstudio.tasks import Task

State = Literal["waiting", "working", "done", "failed"]


@dataclass(slots=True, eq=False)
class Item:
    """A recording in the queue, and what became of it."""

    source: Path
    seconds: float | None = None
    state: State = "waiting"
    share: float = 0.0
    conversion: Conversion | None = None
    error: Error | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended."""

    done: int
    failed: int
    stopped: bool


class ConvertQueue(QObject):
    """Converts what waits in it; what is broken is passed over and said at the end, once."""

    changed = Signal()  # recordings came or went
    moved = Signal(object)  # an Item is in another state, or further
    ended = Signal(object)  # a Summary
    _told = Signal(int, object)
    _submitted = Signal(object)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.items: list[Item] = []
        self._run: list[Item] = []
        self._order: Order | None = None
        self._task: Task | None = None
        self._stopped = False
        self._told.connect(lambda number, outcome: self._settle(self._run[number], outcome))
        self._submitted.connect(self._take_job)

    @property
    def is_running(self) -> bool:
        return self._order is not None

    def add(self, files: list[Path]) -> list[Item]:
        """Put recordings into the queue that are not in it, and return all of them that are now."""
        known = {item.source: item for item in self.items}
        new = [Item(file) for file in dict.fromkeys(files) if file not in known]
        self.items += new
        for item in new:
            self._measure(item)
        self.changed.emit()
        named = set(files)
        return [item for item in self.items if item.source in named]

    def _measure(self, item: Item) -> None:
        def come(seconds: float | None) -> None:
            item.seconds = seconds
            self.moved.emit(item)

        self._studio.tasks.run(lambda _: length_s(item.source), come, owner=self)

    def remove(self, items: list[Item]) -> None:
        """Take recordings out, but what is being converted."""
        self.items = [item for item in self.items if item not in items or item.state == "working"]
        self._run = [item for item in self._run if item in self.items]
        self.changed.emit()

    def start(self, order: Order) -> None:
        """Convert what waits; where nothing does, everything again as it is asked for now."""
        if self.is_running or not self.items:
            return
        self._order, self._stopped = order, False
        self._run = [item for item in self.items if item.state == "waiting"] or list(self.items)
        for item in self._run:
            item.state, item.share, item.error = "waiting", 0.0, None
            self.moved.emit(item)
        if order.computer == HERE:
            self._next()
        else:
            self._send(order)

    def stop(self) -> None:
        """End the run; what is done stays."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel()

    def _next(self) -> None:
        order = self._order
        item = next((item for item in self._run if item.state == "waiting"), None)
        if order is None or item is None or self._stopped:
            self._end()
            return
        item.state = "working"
        self.moved.emit(item)
        engine, library = self._studio.engine, self._studio.library

        def settle(outcome: Conversion | Error) -> None:
            self._settle(item, outcome)
            self._next()

        self._task = self._studio.tasks.run(
            lambda reporter: convert_here(engine, library, item.source, order, reporter),
            settle,
            owner=self,
            failed=lambda error: self._fail(item, error, settle),
            progress=lambda event: self._advance([item], event),
            cancelled=lambda _: self._end(),
        )

    def _fail(self, item: Item, error: BaseException, settle: Callable[[Error], None]) -> None:
        """Note an error of a recording; without an engine, or after a bug, nothing more is tried."""
        if isinstance(error, Error) and error.code not in ("no_engine", "engine_ended"):
            settle(error)
            return
        item.state = "waiting"
        self._stopped = True
        self._end()
        self._studio.fail(error)

    def _send(self, order: Order) -> None:
        """Convert the run as one job of another computer."""
        hub, library, run = self._studio.jobs, self._studio.library, list(self._run)
        for item in run:
            item.state = "working"
            self.moved.emit(item)

        def work(reporter: Reporter) -> None:
            service = hub.service(order.computer)
            sources = [item.source for item in run]
            convert_there(service, library, sources, order, reporter, self._submitted.emit, self._told.emit)

        def failed(error: BaseException) -> None:
            self._stopped = True
            self._end()
            self._studio.fail(error)

        self._task = self._studio.tasks.run(
            work,
            lambda _: self._end(),
            owner=self,
            failed=failed,
            progress=lambda event: self._advance(run, event),
            cancelled=lambda _: self._end(),
        )

    def _take_job(self, job: object) -> None:
        if self._order is not None:
            self._studio.jobs.take(self._order.computer, job)  # type: ignore[arg-type]

    def _advance(self, items: list[Item], event: Event) -> None:
        if isinstance(event, Progress) and event.total:
            for item in items:
                if item.state == "working":
                    item.share = event.step / event.total
                    self.moved.emit(item)

    def _settle(self, item: Item, outcome: Conversion | Error) -> None:
        if isinstance(outcome, Error):
            item.state, item.error = "failed", outcome
        else:
            item.state, item.conversion, item.share = "done", outcome, 1.0
            item.seconds = item.seconds or outcome.seconds
        self.moved.emit(item)

    def _end(self) -> None:
        run, self._order, self._task = self._run, None, None
        for item in run:
            if item.state == "working":
                item.state = "waiting"
                self.moved.emit(item)
        states = [item.state for item in run]
        self.ended.emit(Summary(states.count("done"), states.count("failed"), self._stopped))
