"""`python -m rvc.jobs.dispatcher HOME`: starts queued jobs, and says how they ended. One a home, by a lock.

It holds nothing that its files do not say. Workers do not need it: when it is gone, the next one takes them up again
by the locks that they hold. It leaves when there has been nothing to do for a while.
"""

import argparse
import logging
import os
import shutil
import signal
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rvc import paths
from rvc.errors import Error
from rvc.events import Log
from rvc.jobs import kinds, schedule, slots
from rvc.jobs.crew import Crew, Workers
from rvc.jobs.launch import LOCK, LOG
from rvc.jobs.locks import Lock
from rvc.jobs.processes import began
from rvc.jobs.record import Record, WorkerCard
from rvc.jobs.schedule import Choice
from rvc.jobs.settling import fail, settle
from rvc.jobs.store import Changes, Store
from rvc.jobs.wire import ACTIVE, Failure, State

log = logging.getLogger(__name__)

POLL_S = 0.05  # a look at the database's version and the workers' locks costs some 20 microseconds
WARM_POLL_S = 0.02  # while a worker waits with its models loaded, a job shall begin at once
DEVICES_S = 0.5
LOOK_S = 0.2  # programs that look whether there is a dispatcher hold its lock for a moment
TROUBLE_S = 1.0  # until the next try when the disk is full or the database is busy
LINGER_S = 30.0
LEFT_OVER_S = 86400.0
CARD = "dispatcher.json"
DEVICE_BUSY = "The device is used by another program or user of this machine; the job waits for it."
LOG_MAX_BYTES = 1 << 20


class Dispatcher:
    """Runs the jobs of a home."""

    def __init__(self, home: Path, crew: Workers, linger_s: float = LINGER_S) -> None:
        self.stop = threading.Event()
        self._store = Store(home)
        self._linger_s = linger_s
        self._lock = Lock(home / LOCK)
        self._crew = crew
        self._changes = Changes(self._store)
        self._machine: list[slots.Slot] = []
        self._active: list[Record] = []
        self._queued: list[Record] = []
        self._served: dict[str, int] = {}
        self._cancelled_at: dict[str, float] = {}
        self._told: set[str] = set()
        self._busy_at = time.monotonic()
        self._looked_at = 0.0

    def run(self) -> bool:
        """Work until there is nothing to do; tell whether this was the home's only dispatcher and did so."""
        if not self._lock.acquire(LOOK_S):
            return False
        try:
            self._introduce()
            self._clear_away()
            self._recover()
            while not self.stop.is_set() and not self._leave():
                self._guard(self.tick)
                self.stop.wait(WARM_POLL_S if self._crew.has_idle else POLL_S)
        finally:
            self._changes.close()
            self._crew.dismiss()
            self._lock.release()
        return True

    def _introduce(self) -> None:
        """Leave a card, and a list of the devices."""
        card = WorkerCard(attempt=0, pid=os.getpid(), started=began(os.getpid()) or 0.0)
        paths.write_text(self._store.home / CARD, card.model_dump_json())
        self._look_for_devices()

    def _look_for_devices(self) -> None:
        """Note which devices there are, and tell others when that has changed."""
        found = self._crew.slots()
        if found != self._machine:
            slots.write_slots(self._store.home, found)
            self._machine = found

    def _clear_away(self) -> None:
        """Delete what a program left that ended in the middle of a submission or a removal."""
        for path in self._store.home.glob(".removed-*"):
            shutil.rmtree(path, ignore_errors=True)
        for path in self._store.home.glob(".new-*"):
            if time.time() - path.stat().st_mtime > LEFT_OVER_S:
                log.warning("removed %s, a submission that was never finished", path.name)
                shutil.rmtree(path, ignore_errors=True)

    def _recover(self) -> None:
        """Check the database, take in jobs that it does not know, and go on with those whose workers are gone."""
        if not self._store.is_sound():
            log.warning("the database is damaged: it is set aside and made again")
            self._store.rebuild()
        with self._store.change() as rows:
            for job_id in rows.adopt_folders():
                log.warning("took in the job %s, which the database did not know", job_id)
            active = rows.all(ACTIVE)
        for record in active:
            folder = self._store.folder(record.id)
            if folder.is_worked_on or self._crew.begins(record, folder):
                log.info("%s is still worked on", record.id)
            else:
                log.warning("%s was cut off", record.id)
                self._guard(lambda record=record: settle(self._store, record, watched=False))  # type: ignore[misc]
                self._crew.release(record.id)

    def _guard(self, step: Callable[[], None]) -> None:
        """Do a step; trouble with it must not keep other jobs from theirs, and it is tried again."""
        try:
            step()
        except (OSError, Error, sqlite3.Error) as error:
            log.warning("%s: %s", type(error).__name__, error)
            self.stop.wait(TROUBLE_S)
        except Exception:
            log.exception("this is a bug in RVC Studio")
            self.stop.wait(TROUBLE_S)

    def tick(self) -> None:
        """Look once at everything; at devices that others may have let go, now and then only."""
        changed = self._changes.seen()
        if changed:
            self._load()
        for record in self._active:
            self._guard(lambda record=record: self._watch(record))  # type: ignore[misc]
        if self._queued and (changed or time.monotonic() - self._looked_at >= DEVICES_S):
            self._looked_at = time.monotonic()
            self._start_jobs()
        self._crew.bury()

    def _load(self) -> None:
        with self._store.read() as rows:
            records = rows.all({State.QUEUED, *ACTIVE})
            self._served = rows.last_served()
        for record in records:
            if not self._store.folder(record.id).path.is_dir():
                self._forget(record)
                records = [one for one in records if one.id != record.id]
        self._active = [record for record in records if record.state in ACTIVE]
        self._queued = [record for record in records if record.state == State.QUEUED]

    def _forget(self, record: Record) -> None:
        """Drop a job whose folder somebody has deleted: nothing is left of it."""
        log.warning("%s is gone: somebody has deleted its folder", record.id)
        with self._store.change() as rows:
            rows.remove(record.id)

    def _watch(self, record: Record) -> None:
        """Settle a job that nobody works on any more, and press one that is to be cancelled."""
        folder = self._store.folder(record.id)
        if folder.is_worked_on or self._crew.begins(record, folder):
            if record.cancelling:
                self._press(record)
            return
        self._settle(record)
        self._crew.release(record.id)
        self._cancelled_at.pop(record.id, None)

    def _settle(self, record: Record) -> None:
        death = self._crew.death(record)
        settle(self._store, record, watched=death.watched, exit_code=death.exit_code)

    def _press(self, record: Record) -> None:
        """End a worker that was asked to end for good and had the time to do so."""
        since = self._cancelled_at.setdefault(record.id, time.monotonic())
        if time.monotonic() - since >= self._crew.grace_s:
            self._crew.press(record, self._store.folder(record.id))

    def _start_jobs(self) -> None:
        """Start every queued job whose turn it is and for which there are devices."""
        self._look_for_devices()
        turns = schedule.order(self._queued, self._active, self._served)
        taken = {device for record in self._active for device in record.devices}
        own = [slot for slot in self._machine if slot.device not in taken]
        free = [slot for slot in own if not self._crew.is_leased(slot)]
        foreign = len(own) - len(free)
        turns = [record for record in turns if self._fits(record)]
        while choice := schedule.choose(turns, free, self._machine):
            self._guard(lambda choice=choice: self._start(choice))  # type: ignore[misc]
            turns = [record for record in turns if record.id != choice.record.id]
            free = [slot for slot in free if slot not in choice.slots]
        if turns and foreign:
            self._tell_of_waiting(turns[0], "device_busy", DEVICE_BUSY)

    def _fits(self, record: Record) -> bool:
        """Fail a job that asks for what the machine does not have, and never will; tell whether it can start."""
        demand = schedule.demand_of(record)
        if len(demand.candidates(self._machine)) >= demand.count:
            return True
        if self._crew.may_grow:
            self._tell_of_waiting(
                record, "devices_missing", "The job waits for machines with enough devices."
            )
            return False
        have = ", ".join(slot.device for slot in self._machine)
        failure = Failure(
            code="no_device",
            text=f"The job asks for {demand.count} of {demand.device}, but this machine has {have}.",
            hint="Submit it again with other devices.",
        )
        self._fail(record, failure)
        return False

    def _fail(self, record: Record, failure: Failure) -> None:
        with self._store.change() as rows:
            if (now := rows.get(record.id)).state == State.QUEUED:
                fail(self._store, rows, now, failure)

    def _tell_of_waiting(self, record: Record, code: str, text: str) -> None:
        """Say once what a job waits for, besides its turn."""
        if record.id not in self._told:
            self._told.add(record.id)
            self._store.journal(record.id).append(Log(code=code, text=text))

    def _start(self, choice: Choice) -> None:
        record = self._begin(choice)
        if record is None:
            return
        try:
            self._crew.send(record, self._store.folder(record.id), choice.slots)
        except OSError as error:
            log.warning("no worker could be started for %s: %s", record.id, error)
            self._settle(record)

    def _begin(self, choice: Choice) -> Record | None:
        """Note that an attempt begins; None when the job is not to be started, or is worked on already."""
        folder = self._store.folder(choice.record.id)
        lock = Lock(folder.worker_lock)
        worked_on = not lock.acquire()
        try:
            with self._store.change() as rows:
                record = rows.get(choice.record.id)
                if record.state != State.QUEUED:
                    return None
                if worked_on:  # by a worker of an earlier dispatcher, which was thought dead
                    rows.move(record, State.RUNNING, devices=[slot.device for slot in choice.slots])
                    return None
                if failure := self._lacks_room(record):
                    fail(self._store, rows, record, failure)
                    return None
                folder.withdraw_stop(finishing=record.finishing)
                return rows.move(
                    record,
                    State.RUNNING,
                    attempt=record.attempt + 1,
                    devices=[slot.device for slot in choice.slots],
                    started=record.started or self._store.clock(),
                    served=max(rows.last_served().values(), default=0) + 1,
                    expected_s=schedule.expected_s(record, rows.speeds()),
                )
        finally:
            lock.release()

    def _lacks_room(self, record: Record) -> Failure | None:
        free = shutil.disk_usage(self._store.home).free
        if free >= record.disk_bytes:
            return None
        needed = f"{record.disk_bytes / 1e9:.1f} GB are needed, {free / 1e9:.1f} GB are free"
        return Failure(
            code="disk_full",
            text=f"There is too little room on the disk: {needed}.",
            hint="Free some space and try the job again.",
        )

    def _leave(self) -> bool:
        """Give the home up when there was nothing to do for a while; tell whether that is so."""
        if not self._store.home.exists():
            return True
        now = time.monotonic()
        if self._active or self._queued or not self._crew.is_empty:
            self._busy_at = now
        if now - self._busy_at < self._linger_s:
            return False
        try:
            with self._store.change() as rows:  # nobody can submit before the lock is free for the next one
                if rows.all({State.QUEUED, *ACTIVE}):
                    return False
                self._lock.release()
        except (OSError, Error, sqlite3.Error):
            return False
        return True


def main(argv: Sequence[str] | None = None) -> int:
    """Run the dispatcher of a home, unless there is one."""
    parser = argparse.ArgumentParser(prog="python -m rvc.jobs.dispatcher")
    parser.add_argument("home", type=Path)
    parser.add_argument("--kinds", default=kinds.BUILT_IN)
    parser.add_argument("--slots", type=Path, help="folder of the locks that the whole machine sees")
    parser.add_argument("--ray", help="address of a Ray cluster whose machines do the work")
    parser.add_argument("--linger", type=float, default=LINGER_S, help="seconds without work until it leaves")
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    _rotate(arguments.home / LOG)
    dispatcher = Dispatcher(arguments.home, _crew(arguments), arguments.linger)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: dispatcher.stop.set())
    return 0 if dispatcher.run() else 1


def _crew(arguments: argparse.Namespace) -> Workers:
    """Return those who do the work: on this machine, or on those of a cluster."""
    if arguments.ray is None:
        return Crew(arguments.kinds, arguments.slots or slots.find_folder())
    from rvc.jobs.ray.cluster import Cluster
    from rvc.jobs.ray.crew import RayCrew

    return RayCrew(Cluster(arguments.ray), arguments.kinds)


def _rotate(path: Path) -> None:
    """Begin the log anew when it has grown long, keeping the one before."""
    if path.exists() and path.stat().st_size > LOG_MAX_BYTES:
        path.replace(path.with_suffix(".log.1"))


if __name__ == "__main__":
    sys.exit(main())
