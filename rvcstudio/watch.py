"""Keeps an eye on the jobs of one computer: a thread that asks for the list, and one for the events of each job.

The threads are daemons: a computer that does not answer never keeps the app from closing. What they find comes as
signals, which Qt brings to the main thread.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance

from rvc.errors import Error, InputError
from rvc.jobs import ACTIVE, ENDED, Job, JobEvent, JobService, State

log = logging.getLogger(__name__)

UNENDED = (State.QUEUED, State.PAUSED, *sorted(ACTIVE))
BUSY_S, IDLE_S = 1.0, 3.0  # between two looks at the list, while a job runs or waits, and else
WHOLE_SHARE = (
    0.02  # of the time may go into lists with all that has ended, by which short jobs are noticed too
)
WHOLE_LIST_S = 60.0  # at the latest
BACK_OFF_S = (1.0, 2.0, 5.0, 10.0, 30.0)
QUIET_S = 20.0  # after which a stream of events is asked for anew


class Watch(QObject):
    """The jobs of a computer as they are, from `start` until `stop`. Signals begin with the computer's name."""

    seen = Signal(str, list)  # jobs that are new or other than before
    gone = Signal(str, list)  # ids of jobs that were removed
    told = Signal(str, str, list)  # a job's id, its new events
    reached = Signal(str, object)  # None, or why the computer cannot be reached
    _news = Signal(str, str)

    def __init__(
        self, computer: str, open_service: Callable[[], JobService], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.computer = computer
        self._open = open_service
        self._stopping = threading.Event()
        self._awake = threading.Event()
        self._lock = threading.Lock()  # of what follows but the first two, which only the first thread uses
        self._known: dict[str, Job] = {}
        self._whole_list_at = 0.0
        self._wanted: set[str] = set()
        self._followed: set[str] = set()
        self._pending: dict[str, list[JobEvent]] = {}
        self._heard: dict[str, int] = {}
        self._news.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        threading.Thread(target=self._run, name=f"jobs of {self.computer}", daemon=True).start()

    def stop(self) -> None:
        """Say nothing more; the threads end when they notice."""
        self._stopping.set()
        self._awake.set()

    def look(self, *, whole: bool = False) -> None:
        """Look at the list now: something was asked of a job; at the `whole` list where it was one that has ended."""
        if whole:
            self._whole_list_at = 0.0
        self._awake.set()

    def follow(self, job_id: str) -> None:
        """Tell all events of a job, also of one that has ended. Those of running jobs are told anyway."""
        with self._lock:
            self._wanted.add(job_id)
        self._awake.set()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                pause_s = self._look(self._open())
                failures = 0
                self._emit(self.reached, None)
            except Exception as error:  # whatever a network can come up with
                self._log("the jobs of %s cannot be seen", self.computer, error)
                pause_s = BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)]
                failures += 1
                self._whole_list_at = 0.0
                self._emit(self.reached, error)
            self._awake.wait(pause_s)
            self._awake.clear()

    def _look(self, service: JobService) -> float:
        """See what has changed; return when to look again, seconds from now."""
        left_out: set[str] = set()
        if (began := time.monotonic()) >= self._whole_list_at:
            listed = service.jobs()
            ended = time.monotonic()
            self._whole_list_at = ended + min((ended - began) / WHOLE_SHARE, WHOLE_LIST_S)
        else:
            listed = service.jobs(UNENDED)
            left_out = {job.id for job in self._known.values() if job.state in ENDED}
        found = {job.id: job for job in listed}
        for job_id in self._known.keys() - found.keys() - left_out:
            if job := _find(service, job_id):
                found[job_id] = job
            else:
                del self._known[job_id]
                self._emit(self.gone, [job_id])
        self._tell([job for job in found.values() if self._known.get(job.id) != job])
        for job_id in self._to_follow():
            name = f"events of {job_id} on {self.computer}"
            threading.Thread(target=self._follow, args=(service, job_id), name=name, daemon=True).start()
        busy = any(job.state in ACTIVE or job.state == State.QUEUED for job in found.values())
        return BUSY_S if busy else IDLE_S

    def _tell(self, changed: list[Job]) -> None:
        with self._lock:  # what a job says last may be said when nobody listens any more
            self._wanted.update(
                job.id for job in changed if job.state in ENDED and self._state(job.id) in ACTIVE
            )
        self._known.update((job.id, job) for job in changed)
        if changed:
            self._emit(self.seen, changed)

    def _state(self, job_id: str) -> State | None:
        known = self._known.get(job_id)
        return None if known is None else known.state

    def _to_follow(self) -> list[str]:
        """Return the jobs whose events nobody listens to yet."""
        active = {job.id for job in self._known.values() if job.state in ACTIVE}
        with self._lock:
            chosen = {job_id for job_id in active | self._wanted if job_id in self._known} - self._followed
            self._followed |= chosen
            self._wanted -= chosen
        return sorted(chosen)

    def _follow(self, service: JobService, job_id: str) -> None:
        """Tell the events of a job until it is quiet; while it runs, the next look follows it again."""
        try:
            for event in service.events(job_id, self._heard.get(job_id, 0), wait_s=QUIET_S):
                if self._stopping.is_set():
                    return
                self._hear(job_id, event)
        except Exception as error:
            self._log("the events of %s broke off", job_id, error)
        finally:
            with self._lock:
                self._followed.discard(job_id)
            self._awake.set()

    def _hear(self, job_id: str, event: JobEvent) -> None:
        """Keep an event until the main thread has time for it: a rush of them comes to it as one."""
        with self._lock:
            self._heard[job_id] = event.number
            waiting = self._pending.setdefault(job_id, [])
            waiting.append(event)
            is_first = len(waiting) == 1
        if is_first:
            self._emit(self._news, job_id)

    def _deliver(self, computer: str, job_id: str) -> None:
        with self._lock:
            events = self._pending.pop(job_id, [])
        if events and not self._stopping.is_set():
            self.told.emit(computer, job_id, events)

    def _emit(self, signal: SignalInstance, *values: object) -> None:
        if self._stopping.is_set():
            return
        with contextlib.suppress(RuntimeError):  # the app has closed meanwhile
            signal.emit(self.computer, *values)

    @staticmethod
    def _log(text: str, what: str, error: Exception) -> None:
        log.info(text, what, exc_info=None if isinstance(error, Error) else error)


def _find(service: JobService, job_id: str) -> Job | None:
    try:
        return service.job(job_id)
    except InputError:  # it was removed
        return None
