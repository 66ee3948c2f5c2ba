"""`python -m rvc.jobs.worker JOBDIR`: runs the stages of one job and tells its journal what happens.

It outlives whoever started it. Its locks, on the job's folder and on its devices, go with the process: a job is
never worked on twice, and a device is never left leased. With `--stay` it then waits on its standard input for
further jobs, keeping what it has loaded.
"""

import argparse
import contextlib
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rvc.errors import Error, Paused
from rvc.events import Done, Failed, Reporter
from rvc.jobs import kinds
from rvc.jobs.folder import JobFolder
from rvc.jobs.journal import Journal
from rvc.jobs.locks import Lock
from rvc.jobs.processes import began
from rvc.jobs.progress import Narrator, Overall
from rvc.jobs.record import Outcome, Record, WorkerCard
from rvc.jobs.slots import Lease
from rvc.jobs.tasks import Task
from rvc.jobs.wire import ACTIVE, Failure
from rvc.jobs.workshop import Workshop

CONTROL_INTERVAL_S = 0.1
LOCK_WAIT_S = 2.0  # whoever looks whether the job is worked on holds the lock for a moment
IDLE_S = 120.0
STOPS = ("pause", "cancel")
NOT_RUN = 69  # another worker has the job, or the devices


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job of a folder, and with `--stay` those that follow; return the exit code of the last one."""
    arguments = _parser().parse_args(argv)
    first = Task.model_validate_json(arguments.task) if arguments.task else Task(folder=arguments.folder)
    stop, lines = threading.Event(), queue.SimpleQueue[bytes]()
    _stop_on_signals(stop, lines)
    loaded: dict[str, object] = {}
    code = NOT_RUN
    for task in _tasks(first, lines, stay=arguments.stay):
        attempt = Attempt(task, kinds.load(arguments.kinds), Path(arguments.slots), stop, loaded)
        code = attempt.run()
        if not arguments.stay or stop.is_set() or code == NOT_RUN:
            break  # with its locks: the device is free when the memory is, which is when the process has ended
        attempt.let_go()
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rvc.jobs.worker")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--task", help="JSON: attempt and devices")
    parser.add_argument("--kinds", default=kinds.BUILT_IN)
    parser.add_argument("--slots", default=".")
    parser.add_argument("--stay", action="store_true")
    return parser


def _tasks(first: Task, lines: "queue.SimpleQueue[bytes]", *, stay: bool) -> Iterator[Task]:
    """Yield the first job, and those that come in time."""
    yield first
    if not stay:
        return
    threading.Thread(target=_read_lines, args=(lines,), daemon=True).start()
    with contextlib.suppress(queue.Empty):
        while line := lines.get(timeout=IDLE_S):
            yield Task.model_validate_json(line)


def _read_lines(lines: "queue.SimpleQueue[bytes]") -> None:
    # without a buffer: a thread that waits in one makes Python abort when the process ends
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as source:
        for line in source:
            lines.put(line)
    lines.put(b"")


def _stop_on_signals(stop: threading.Event, lines: "queue.SimpleQueue[bytes]") -> None:
    """Stop the work at its next safe point, and the waiting for more, when a signal comes."""

    def end(*_: object) -> None:
        stop.set()
        lines.put(b"")

    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), end)


class Attempt:
    """One attempt at a job."""

    def __init__(
        self,
        task: Task,
        table: dict[str, kinds.Kind],
        slots: Path,
        stop: threading.Event,
        loaded: dict[str, object],
    ) -> None:
        self._task = task
        self._kinds = table
        self._folder = JobFolder(task.folder.resolve())
        self._lock = Lock(self._folder.worker_lock)
        self._lease = Lease(slots, task.machine_names)
        self._journal = Journal(self._folder.path)
        self._stop = stop
        self._loaded = loaded
        self._over = threading.Event()

    def run(self) -> int:
        """Work on the job if it is still to be done, and leave the outcome in its folder."""
        if not self._lock.acquire(LOCK_WAIT_S):
            return NOT_RUN
        try:
            record = self._folder.read_record()
            if not self._is_wanted(record):
                return NOT_RUN
            _redirect_output(self._folder.log)
            self._folder.write_worker(_card(record.attempt))
            if not self._lease.take():
                self._folder.write_outcome(Outcome(attempt=record.attempt, end="no_device"))
                return NOT_RUN
            return self._run(record)
        finally:
            self._over.set()

    def _is_wanted(self, record: Record) -> bool:
        """Tell whether this attempt is the job's present one, and has not ended: the queue may not know that yet."""
        is_present = record.attempt == self._task.attempt and record.state in ACTIVE
        return is_present and self._folder.outcome(record.attempt) is None

    def let_go(self) -> None:
        """Give the job and its devices back, which the end of the process does too."""
        self._lease.give_back()
        self._lock.release()

    def _run(self, record: Record) -> int:
        narrator = Narrator(self._folder, self._journal, Overall(record.expected_s, record.progress))
        reporter = Reporter(narrator)
        threading.Thread(
            target=self._watch_control, args=(record.finishes, reporter, narrator), daemon=True
        ).start()

        def work() -> Done:
            with contextlib.closing(narrator):
                return self._work(record, reporter)

        outcome, code = self._try(work, record.attempt)
        self._folder.write_outcome(outcome.model_copy(update={"timings": narrator.timings}))
        return code

    def _work(self, record: Record, reporter: Reporter) -> Done:
        spec = kinds.parse(self._kinds, record.spec)
        kind = kinds.find(self._kinds, record.kind)
        workshop = Workshop(self._folder, tuple(self._task.devices), self._loaded)
        done: Done = kind.load_runner()(workshop, spec, reporter)
        for name in done.artifacts.values():
            self._folder.file(name)
        return done

    def _try(self, work: Callable[[], Done], attempt: int) -> tuple[Outcome, int]:
        """Do the work and say how it ended, whatever happens; the last word on it goes to the journal first."""
        try:
            done = work()
            self._journal.append(done, durable=True)
            return Outcome(attempt=attempt, end="done", done=done), 0
        except Paused:
            return Outcome(attempt=attempt, end="stopped", by_signal=self._stop.is_set()), Paused.exit_code
        except Error as error:
            return self._failed(attempt, error.code, error.text, error.hint), error.exit_code
        except Exception as error:
            traceback.print_exc()
            if type(error).__name__ == "OutOfMemoryError":
                text = f"The memory of {', '.join(self._task.devices) or 'the device'} does not suffice."
                return self._failed(attempt, "out_of_memory", text, "Close other programs that use it."), 1
            return self._failed(attempt, "bug", f"This is a bug in RVC Studio: {error!r}."), 1

    def _failed(self, attempt: int, code: str, text: str, hint: str = "") -> Outcome:
        text, hint = self._folder.relative(text), self._folder.relative(hint)
        with contextlib.suppress(Error):  # the disk may be full
            self._journal.append(Failed(code=code, text=text, hint=hint))
        failure = Failure(code=code, text=text, hint=hint, log=self._folder.log_tail())
        return Outcome(attempt=attempt, end="failed", failure=failure)

    def _watch_control(self, finishes: str | None, reporter: Reporter, narrator: Narrator) -> None:
        """Pass requests on, from the control file or a signal: to finish only once there is something to keep."""
        while not self._over.wait(CONTROL_INTERVAL_S):
            requested = self._folder.requested
            if self._stop.is_set() or requested in STOPS:
                reporter.request_stop()
                return
            if requested == "finish" and finishes and narrator.has_begun(finishes):
                reporter.request_finish()


def _card(attempt: int) -> WorkerCard:
    return WorkerCard(attempt=attempt, pid=os.getpid(), started=began(os.getpid()) or 0.0)


def _redirect_output(log: Path) -> None:
    """Let this process print into the log of the job that it works on now."""
    sys.stdout.flush()
    sys.stderr.flush()
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)


if __name__ == "__main__":
    sys.exit(main())
