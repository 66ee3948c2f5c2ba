"""The recordings of the page Convert on their way: one after the other here, or together on another computer."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from PySide6.QtCore import QDir, QObject, QTemporaryDir, Signal

from rvc.errors import Error
from rvc.events import Event, Progress, Reporter
from rvcstudio.convert import Order
from rvcstudio.convert_work import convert_here, length_s, send, why_not
from rvcstudio.hub import HERE, Address
from rvcstudio.library import Conversion
from rvcstudio.library.orders import SentOrder
from rvcstudio.studio import Studio
from rvcstudio.tasks import Task

if TYPE_CHECKING:
    from rvc.jobs import Job

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

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.items: list[Item] = []
        self._run: list[Item] = []
        self._order: Order | None = None
        self._task: Task | None = None
        self._address: Address | None = None  # of the job on another computer
        self._stopped = False
        self._early_folder = QTemporaryDir(QDir.tempPath() + "/rvc-early-XXXXXX")
        self._early: Path | None = None
        studio.jobs.came.connect(self._follow)
        studio.jobs.gone.connect(self._lose)
        studio.library_changed.connect(self._listen)
        self._listen()
        self._follow(list(studio.jobs.jobs()))

    def _listen(self) -> None:
        if self._address is not None:
            self._end()  # the library that it was for is not open any more
        self._studio.library.changed.connect(self._hear_library)

    def _hear_library(self, part: str) -> None:
        if part == "orders" and self._address is not None:
            self._follow([self._address])

    @property
    def is_running(self) -> bool:
        return self._order is not None or self._address is not None

    @property
    def converts_here(self) -> bool:
        """Whether a run on this computer is on its way, which ends with the app."""
        return self._order is not None and self._order.computer == HERE

    @property
    def early(self) -> Path | None:
        """What is spoken of the recording that is being converted here, as far as it is: a growing wave."""
        from rvc.sound.growing import has_begun  # it imports NumPy, which no start of the app waits for

        return self._early if self._early is not None and has_begun(self._early) else None

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
        """End the run; what is done stays, and what has been sent is not sent again."""
        self._stopped = True
        if self._address is not None:
            hub, address = self._studio.jobs, self._address
            self._studio.tasks.run(lambda _: hub.ask(address, "cancel"), owner=self, failed=self._give_up)
        elif self._task is not None:
            self._task.cancel()
            if self._order is not None:
                self._studio.jobs.stop_sending(self._order.computer)

    def _next(self) -> None:
        order = self._order
        item = next((item for item in self._run if item.state == "waiting"), None)
        if order is None or item is None or self._stopped:
            self._end()
            return
        item.state = "working"
        self.moved.emit(item)
        engine, library, early = self._studio.engine, self._studio.library, self._new_early()

        def settle(outcome: Conversion | Error) -> None:
            self._settle(item, outcome)
            self._next()

        self._task = self._studio.tasks.run(
            lambda reporter: convert_here(engine, library, item.source, order, early, reporter),
            settle,
            owner=self,
            failed=lambda error: self._fail(item, error, settle),
            progress=lambda event: self._advance([item], event),
            cancelled=lambda _: self._end(),
        )

    def _new_early(self) -> Path:
        """Return a place for what is spoken of the next recording; what was heard of others is given up."""
        folder = Path(self._early_folder.path())
        for before in folder.glob("*.wav"):
            with contextlib.suppress(OSError):  # Windows keeps what is being played
                before.unlink()
        self._early = folder / f"{uuid4().hex}.wav"
        return self._early

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
        """Ask another computer for the run, as one job; it goes on, and comes home, without this app too."""
        hub, library, run = self._studio.jobs, self._studio.library, list(self._run)
        for item in run:
            item.state = "working"
            self.moved.emit(item)

        def work(_reporter: Reporter) -> "Job":
            service = hub.service(order.computer)
            return send(service, library, [item.source for item in run], order)

        self._task = self._studio.tasks.run(
            work, self._take_job, owner=self, failed=self._give_up, cancelled=lambda _: self._end()
        )

    def _give_up(self, error: BaseException) -> None:
        """Follow the other computer no more; what it does nevertheless comes home later."""
        self._stopped = True
        self._end()
        self._studio.fail(error)

    def _take_job(self, job: "Job") -> None:
        if self._order is None:
            return
        self._address = Address(self._order.computer, job.id)
        self._studio.jobs.take(self._order.computer, job)
        if self._stopped:  # meanwhile
            self.stop()

    def _follow(self, addresses: list[Address]) -> None:
        """Show how far the job on another computer is, and what came of it once that is here."""
        for address in addresses:
            if not self.is_running:
                self._take_up(address)
            if address == self._address:
                self._show_job(address)

    def _take_up(self, address: Address) -> None:
        """Show again what another computer was asked for before the app was closed."""
        job = self._studio.jobs.job(address)
        if job is None or job.kind != "convert" or job.ended is not None:
            return
        order = self._studio.library.orders.find(*address)
        if order is None or order.has_come:
            return
        self._address, self._stopped = address, False
        self._run = [Item(piece.source, state="working") for piece in order.pieces]
        taken = {item.source for item in self._run}
        self.items = [item for item in self.items if item.source not in taken] + self._run
        for item in self._run:
            self._measure(item)
        self.changed.emit()

    def _show_job(self, address: Address) -> None:
        job, order = self._studio.jobs.job(address), self._studio.library.orders.find(*address)
        if job is None or order is None:
            return
        self._advance(self._run, Progress(phase=job.phase, step=round(100 * job.progress), total=100))
        if order.has_come:
            self._settle_all(order, job)

    def _lose(self, addresses: list[Address]) -> None:
        if self._address in addresses:
            self._end()  # the job was deleted, or its computer forgotten

    def _settle_all(self, order: SentOrder, job: "Job") -> None:
        conversions = self._studio.library.conversions
        why = why_not(job, order)
        self._stopped = str(job.state) == "cancelled"
        for item, piece in zip(self._run, order.pieces, strict=True):
            if piece.conversion is not None:
                self._settle(item, conversions.find(piece.conversion))
            elif not self._stopped:
                self._settle(item, why)
        self._end()

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
        run, self._order, self._task, self._address, self._early = self._run, None, None, None, None
        for item in run:
            if item.state == "working":
                item.state = "waiting"
                self.moved.emit(item)
        states = [item.state for item in run]
        self.ended.emit(Summary(states.count("done"), states.count("failed"), self._stopped))
