"""Reads the jobs' events and puts into the outbox what users want to hear of them."""

import math
from collections.abc import Callable, Iterator

from remote_agent.notifications.messages import News, said
from remote_agent.notifications.settings import PERCENTS, AnyTarget
from remote_agent.outbox import Outbox, Position
from rvc.events import Done, Failed
from rvc.jobs.journal import Reader
from rvc.jobs.record import Record
from rvc.jobs.store import Changes, Store
from rvc.jobs.wire import ACTIVE, ENDED, JobEvent, JobProgress, State, StateChange

ENDS = {State.DONE: "completed", State.FAILED: "failed"}


class Watcher:
    """Follows all jobs of a queue from where the outbox says that they were read to."""

    def __init__(self, store: Store, outbox: Outbox, clock: Callable[[], float]) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._changes = Changes(store)
        self._positions = outbox.positions()
        self._followed: dict[str, tuple[Record, Reader]] = {}
        self._is_stale = False
        self._restless: set[str] = set()
        """Jobs whose events were not read to their end."""

    def close(self) -> None:
        self._changes.close()

    def look(self, keep_s: float) -> bool:
        """Take in what is new; tell whether there may be more at once. Forgets what is older than `keep_s`."""
        self._is_stale |= self._changes.seen()
        if self._is_stale:
            self._choose(keep_s)
            self._restless.update(self._followed)
            self._is_stale = False
        # a job that nobody works on has news only where the queue's database has changed
        self._restless.update(job for job, (record, _) in self._followed.items() if record.state in ACTIVE)
        for job in self._restless & self._followed.keys():
            self._follow(job)
        self._restless &= self._followed.keys()
        return bool(self._restless)

    def _choose(self, keep_s: float) -> None:
        """Follow the jobs that have not ended, and those whose end was not read yet."""
        with self._store.read() as rows:
            records = {record.id: record for record in rows.all()}
        self._outbox.drop_old(records, self._clock() - keep_s)
        self._positions = {job: one for job, one in self._positions.items() if job in records}
        self._followed = {job: one for job, one in self._followed.items() if job in records}
        for record in records.values():
            position = self._positions.get(record.id, Position())
            if record.id in self._followed:
                self._followed[record.id] = (record, self._followed[record.id][1])
            elif _has_news(record, position):
                reader = Reader(self._store.home / record.id, position.number)
                self._followed[record.id] = (record, reader)

    def _follow(self, job_id: str) -> None:
        record, reader = self._followed[job_id]
        events = reader.read()
        if events:
            self._take_in(record, events)
            return
        self._restless.discard(job_id)
        if self._positions.get(job_id, Position()).ended:
            del self._followed[job_id]

    def _take_in(self, record: Record, events: list[JobEvent]) -> None:
        wanted = self._outbox.preferences(record.owner).targets
        position = known = self._positions.get(record.id, Position())
        found: list[tuple[str, News]] = []
        for event in events:
            position, happened = advance(position, event)
            found += addressed(tuple(_news(record, event, position, one) for one in happened), wanted)
        if found or not _is_same(position, known):
            try:
                self._outbox.advance(record.id, position, record.owner, found, self._clock())
            except BaseException:  # they are to be read again
                self._followed[record.id] = (record, Reader(self._store.home / record.id, known.number))
                raise
        self._positions[record.id] = position


def _is_same(one: Position, other: Position) -> bool:
    """Tell whether reading anew from either place tells the same: a disk need not be waited for at every step."""
    return one.model_copy(update={"number": other.number}) == other


def _has_news(record: Record, position: Position) -> bool:
    """Tell whether a job may have events that were not read: a second attempt begins after an end, too."""
    return record.state not in ENDED or not position.ended or position.attempt != record.attempt


def advance(position: Position, event: JobEvent) -> tuple[Position, tuple[str, ...]]:
    """Read one event; return the new position, and what has happened: of shares that were passed, each."""
    body = event.body
    facts: dict[str, object] = {"number": event.number}
    happened: tuple[str, ...] = ()
    match body:
        case StateChange():
            facts |= {"ended": body.state in ENDED, "attempt": body.attempt}
            happened = ("started",) if body.state == State.RUNNING else ()
            happened = (ENDS[body.state],) if body.state in ENDS else happened
        case JobProgress():
            passed = [one for one in PERCENTS if position.percent < one <= body.fraction * 100]
            facts["percent"] = max([position.percent, *passed])
            happened = tuple(f"reached_{one}" for one in passed)
        case Done():
            facts["scores"] = numbers(body.summary)
        case Failed():
            text, hint = said(body.code, body.text), said(body.code, body.hint)
            facts |= {"code": body.code, "text": text, "hint": hint}
    return position.model_copy(update=facts), happened


def addressed(happened: tuple[News, ...], targets: list[AnyTarget]) -> Iterator[tuple[str, News]]:
    """Yield what each target shall hear of things that happened at once: the last of what it wants."""
    for target in targets:
        if wanted := [news for news in happened if news.event in target.events]:
            yield target.id, wanted[-1]


def numbers(summary: dict[str, object]) -> dict[str, float]:
    """Return the numbers of a job's summary: its scores."""
    return {
        name: float(value)
        for name, value in summary.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    }


def _news(record: Record, event: JobEvent, position: Position, what: str) -> News:
    facts: dict[str, object] = {}
    if what.startswith("reached_"):
        facts["percent"] = int(what.removeprefix("reached_"))
    if what == "completed":
        facts["scores"] = position.scores
    if what == "failed":
        facts |= {"code": position.code or "failed", "text": position.text, "hint": position.hint}
    return News(
        event=what,
        time=event.time,
        job=record.id,
        name=record.name,
        kind=record.kind,
        **facts,
    )
