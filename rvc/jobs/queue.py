"""The job service of this machine: submits and steers jobs; a dispatcher of their own runs them.

Any number of programs may have the same queue open. None of them needs to stay: the dispatcher is a process that
belongs to nobody, started by whoever finds that it is missing, and it leaves when there is nothing to do.
"""

import secrets
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path

from rvc import paths
from rvc.errors import InputError
from rvc.jobs import cleaning, inputs, kinds, schedule, steering
from rvc.jobs.cleaning import Limits, Policy, Removal
from rvc.jobs.folder import JobFolder
from rvc.jobs.journal import Clock, Reader, newest_progress, utc_now
from rvc.jobs.launch import Dispatching
from rvc.jobs.record import Record
from rvc.jobs.service import Inputs
from rvc.jobs.slots import read_slots
from rvc.jobs.spec import Spec
from rvc.jobs.steering import RESTING
from rvc.jobs.store import Rows, Store
from rvc.jobs.wire import ACTIVE, ENDED, Job, JobEvent, JobFile, State, StateChange

POLL_S = 0.1  # how late a reader may hear of an event; a look costs some microseconds
LOOK_AFTER_S = 2.0  # how often a waiting reader looks whether the dispatcher lives
ID_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


class LocalJobs:
    """Jobs of this machine, as `rvc.jobs.JobService` describes them."""

    def __init__(
        self,
        home: Path | None = None,
        *,
        owner: str | None = None,
        kinds_module: str = kinds.BUILT_IN,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        clock: Clock = utc_now,
        slots_folder: Path | None = None,
        ray: str | None = None,
    ) -> None:
        """Open the queue in `home`. With an `owner` only that owner's jobs can be seen and made.

        With the address of a Ray cluster the jobs run there (`rvc.jobs.ray`); `home` is a folder that all of its
        machines share.
        """
        self.home = (home or paths.jobs_dir()).resolve()
        self._owner = owner
        self._kinds = kinds.load(kinds_module)
        self._limits = limits
        self._store = Store(self.home, clock)
        self._dispatching = Dispatching(self.home, kinds_module, slots_folder, ray)
        self._look_after(self._unended())

    def submit(self, spec: Spec, inputs_given: Inputs, *, key: str | None = None) -> Job:
        """Queue a job; see `JobService.submit`."""
        kind = kinds.find(self._kinds, spec.kind)
        with self._store.read() as rows:
            if key is not None and (known := rows.find_key(self._owner or "", key)):
                return known.public()
        inputs.check(kind, inputs_given)
        size = inputs.measure(inputs_given)
        self._check_room(size)
        folder = self._make_folder()
        record = self._describe(spec, kind, folder, size, key)
        try:
            inputs.take_over(kind, inputs_given, folder.inputs)
            folder.write_spec(spec)
            record = self._queue(record, folder)
        except BaseException:
            self._store.folder(record.id).remove()
            raise
        finally:
            folder.remove()  # unless it has its final name by now
        self._dispatching.ensure()
        return record.public()

    def _describe(
        self, spec: Spec, kind: kinds.Kind, folder: JobFolder, input_bytes: int, key: str | None
    ) -> Record:
        return Record(
            id=folder.path.name.removeprefix(".new-"),
            kind=spec.kind,
            name=spec.name or spec.kind,
            owner=self._owner or "",
            state=State.QUEUED,
            priority=spec.priority,
            created=self._store.clock(),
            spec=spec.model_dump(mode="json"),
            key=key,
            size_bytes=input_bytes,
            phases=kind.plan(spec, input_bytes),
            disk_bytes=kind.disk_bytes(spec, input_bytes),
            stays_warm=kind.stays_warm,
            finishes=kind.finishes,
        )

    def _queue(self, record: Record, folder: JobFolder) -> Record:
        """Give a job its number, its final folder, and its row: from then on it cannot be lost."""
        with self._store.change() as rows:
            if record.key is not None and (known := rows.find_key(record.owner, record.key)):
                return known
            self._check_limits(rows, record.size_bytes)
            number = rows.next_number()
            record = record.model_copy(update={"number": number, "position": number})
            folder.write_record(record)
            folder.path.rename(self.home / record.id)
            self._store.journal(record.id).append(StateChange(state=State.QUEUED), durable=True)
            return rows.add(record)

    def _make_folder(self) -> JobFolder:
        """Make a folder for a job that is not there yet: its name tells the time, and no two are the same."""
        while True:
            random = "".join(secrets.choice(ID_LETTERS) for _ in range(6))
            name = f"{self._store.clock():%y%m%d-%H%M%S}-{random}"
            if not (self.home / name).exists():
                return JobFolder.create(self.home / f".new-{name}")

    def _check_room(self, size: int) -> None:
        if self._limits.input_bytes is not None and size > self._limits.input_bytes:
            raise InputError(
                "too_large",
                f"The inputs are {_megabytes(size)}; at most {_megabytes(self._limits.input_bytes)} are taken.",
            )
        free = shutil.disk_usage(self.home).free
        if size > free:
            raise InputError(
                "disk_full",
                f"The inputs are {_megabytes(size)}, but only {_megabytes(free)} are free on the disk.",
                "Free some space and submit it again.",
            )

    def _check_limits(self, rows: Rows, size: int) -> None:
        count, used = rows.usage(self._owner or "")
        if self._limits.jobs is not None and count >= self._limits.jobs:
            raise InputError(
                "too_many_jobs",
                f"There are {count} jobs already, which is the limit.",
                "Wait for one to end.",
            )
        if self._limits.total_bytes is not None and used + size > self._limits.total_bytes:
            raise InputError(
                "quota_exceeded",
                f"Jobs take {_megabytes(used)} of {_megabytes(self._limits.total_bytes)} already.",
                "Remove old jobs.",
            )

    def jobs(
        self, states: Collection[State] = (), *, before: int | None = None, limit: int | None = None
    ) -> list[Job]:
        """Return jobs, with the progress of those that run and a forecast for those that wait.

        With a `limit` only the newest so many, of those with numbers below `before`: a page of them.
        """
        with self._store.read() as rows:
            records = rows.all(states, self._owner, before, limit)
            waiting = any(record.state == State.QUEUED for record in records)
            everyone = rows.all({State.QUEUED, *ACTIVE}) if waiting else []
            served, speeds = rows.last_served(), rows.speeds()
        live = {record.id: self._live(record) for record in [*records, *everyone]}
        active = [(live[one.id], live[one.id].left_s) for one in everyone if one.state in ACTIVE]
        turns = schedule.order(
            [one for one in everyone if one.state == State.QUEUED], [one for one, _ in active], served
        )
        spans = schedule.forecast(turns, active, read_slots(self.home), speeds)
        return [_with_span(live[record.id], spans.get(record.id)).public() for record in records]

    def job(self, job_id: str) -> Job:
        """Return one job."""
        record = self._get(job_id)
        if record.state != State.QUEUED:
            return self._live(record).public()
        return next((job for job in self.jobs({State.QUEUED}) if job.id == job_id), record.public())

    def _get(self, job_id: str) -> Record:
        with self._store.read() as rows:
            return rows.get(job_id, self._owner)

    def _live(self, record: Record) -> Record:
        """Add what a running job's journal says about its progress."""
        if record.state not in ACTIVE:
            return record
        news = newest_progress(self.home / record.id)
        if news is None:
            return record
        facts = {"progress": news.fraction, "phase": news.phase, "left_s": news.left_s}
        return record.model_copy(update=facts)

    def events(self, job_id: str, after: int = 0, *, wait_s: float | None = None) -> Iterator[JobEvent]:
        """Yield events as they come; see `JobService.events`. Waiting, it looks at the file's size now and then."""
        self._get(job_id)
        return self._follow(job_id, after, wait_s)

    def _follow(self, job_id: str, after: int, wait_s: float | None) -> Iterator[JobEvent]:
        reader = Reader(self.home / job_id, after)
        heard = looked = time.monotonic()
        while True:
            events = reader.read()
            yield from events
            now = time.monotonic()
            if events:
                heard = now
                continue
            if wait_s is not None and now - heard >= wait_s:
                return
            if _is_end(reader.last) or now - looked >= LOOK_AFTER_S:
                looked = now
                if self._has_ended(job_id):
                    return
            time.sleep(POLL_S)

    def _has_ended(self, job_id: str) -> bool:
        """Look after a job that somebody waits for; tell whether there will be no more events."""
        try:
            record = self._get(job_id)
        except InputError:  # it was removed
            return True
        self._look_after(record.state not in RESTING)
        return record.state in ENDED

    def pause(self, job_id: str) -> Job:
        """Stop a job at its next safe point, or keep a queued one back."""
        return self._steer(job_id, partial(steering.pause, self._store))

    def resume(self, job_id: str) -> Job:
        """Let a paused job go on."""
        return self._steer(job_id, partial(steering.resume, self._store))

    def cancel(self, job_id: str) -> Job:
        """End a job for good."""
        return self._steer(job_id, partial(steering.cancel, self._store))

    def finish(self, job_id: str) -> Job:
        """End a training now, and keep the best model so far."""
        return self._steer(job_id, partial(steering.finish, self._store))

    def retry(self, job_id: str) -> Job:
        """Queue a failed or cancelled job again."""
        return self._steer(job_id, partial(steering.retry, self._store))

    def move(self, job_id: str, before: str | None = None) -> Job:
        """Place a job before another in its owner's queue, or last."""
        return self._steer(job_id, partial(steering.move, before=before))

    def prioritise(self, job_id: str, priority: int) -> Job:
        """Change a job's priority."""
        return self._steer(job_id, partial(steering.prioritise, priority=priority))

    def remove(self, job_id: str) -> None:
        """Delete a job with all its files."""
        self._steer(job_id, partial(steering.remove, self._store))

    def _steer(self, job_id: str, step: Callable[[Rows, Record], Record]) -> Job:
        with self._store.change() as rows:
            record = step(rows, rows.get(job_id, self._owner))
        # only now: a dispatcher leaves when it sees no work, and it sees what is committed
        self._look_after(record.state not in RESTING)
        return record.public()

    def files(self, job_id: str) -> list[JobFile]:
        """Return the files that can be fetched."""
        self._get(job_id)
        return self._store.folder(job_id).files()

    def file(self, job_id: str, name: str) -> Path:
        """Return where a file of a job is on this machine. Raises `InputError` unknown_file."""
        self._get(job_id)
        return self._store.folder(job_id).file(name)

    def fetch(self, job_id: str, name: str, to: Path) -> Path:
        """Copy a file of a job."""
        source = self.file(job_id, name)
        target = to / source.name if to.is_dir() else to
        with paths.atomic(target) as temporary:
            shutil.copyfile(source, temporary)
        return target

    def clean(self, policy: Policy, *, pretend: bool = False) -> list[Removal]:
        """Remove what a policy says of old jobs, and say what that was."""
        return cleaning.clean(self._store, policy, self._owner, pretend=pretend)

    def _unended(self) -> bool:
        with self._store.read() as rows:
            return bool(rows.all({State.QUEUED, *ACTIVE}))

    def _look_after(self, there_is_work: bool) -> None:
        if there_is_work:
            self._dispatching.ensure()


def _is_end(event: JobEvent | None) -> bool:
    return event is not None and isinstance(event.body, StateChange) and event.body.state in ENDED


def _with_span(record: Record, span: schedule.Span | None) -> Record:
    if span is None:
        return record.model_copy(update={"ends_in_s": record.left_s})
    return record.model_copy(update={"starts_in_s": span.start_s, "ends_in_s": span.end_s})


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
