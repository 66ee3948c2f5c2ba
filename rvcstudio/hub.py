"""Where jobs run: this computer first, and whatever other computers are added to it; and all their jobs as they are."""

import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from rvcstudio.eta import SteadyEnd

if TYPE_CHECKING:
    from rvc.jobs import Job, JobEvent, JobService
    from rvcstudio.remote.transfers import Meter, Transfer
    from rvcstudio.story import Story
    from rvcstudio.watch import Watch

HERE = "here"

Maker = Callable[[], "JobService"]


class Address(NamedTuple):
    """Which job, and where it runs."""

    computer: str
    job: str


class JobHub(QObject):
    """The job services that the app knows, by the computer's name. This computer's opens when it is first used.

    After `start` their jobs are watched. Everything but `service` and `ask` belongs to the main thread.
    """

    changed = Signal()  # computers came or went
    came = Signal(list)  # addresses of jobs that are new or other than before
    gone = Signal(list)  # addresses of jobs that are no more
    told = Signal(object, list)  # the address of a job, its new events
    reached = Signal(str, object)  # a computer, and None or why it cannot be reached

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._makers: dict[str, Maker] = {HERE: _local_jobs}
        self._services: dict[str, JobService] = {}
        self._opening = threading.RLock()
        self._watches: dict[str, Watch] | None = None
        self._jobs: dict[Address, Job] = {}
        self._ends: dict[Address, SteadyEnd] = {}
        self._stories: dict[Address, Story] = {}
        self._unreached: dict[str, BaseException] = {}
        self._held_up: dict[Address, BaseException] = {}

    def computers(self) -> list[str]:
        """Return the names of the computers, this one first."""
        return list(self._makers)

    def service(self, computer: str = HERE) -> "JobService":
        """Return the jobs of a computer; may block while it is reached, so ask in a task."""
        with self._opening:
            known, make = self._services.get(computer), self._makers[computer]
        if known is not None:
            return known
        made = make()  # outside of the lock: one slow computer must not hold up the others
        with self._opening:
            if self._makers.get(computer) is make:
                return self._services.setdefault(computer, made)
        return made

    def sendings(self) -> "dict[str, Transfer]":
        """Return what is on its way to other computers now."""
        now = {computer: meter.sending for computer, meter in self._meters().items()}
        return {computer: transfer for computer, transfer in now.items() if transfer is not None}

    def stop_sending(self, computer: str) -> None:
        """End what is on its way to a computer: its tasks are cancelled, and the next ones go on from there."""
        if meter := self._meters().get(computer):
            meter.stop_sending()

    def _meters(self) -> "dict[str, Meter]":
        with self._opening:
            services = dict(self._services)
        found = {computer: getattr(service, "meter", None) for computer, service in services.items()}
        return {computer: meter for computer, meter in found.items() if meter is not None}

    def add(self, computer: str, make: Maker) -> None:
        """Let jobs run on another computer, whose service `make` opens when it is needed."""
        self.remove(computer)
        with self._opening:
            self._makers[computer] = make
        self._watch(computer)
        self.changed.emit()

    def remove(self, computer: str) -> None:
        """Forget a computer."""
        with self._opening:
            known = self._makers.pop(computer, None) is not None
            self._services.pop(computer, None)
        if self._watches and (watch := self._watches.pop(computer, None)):
            watch.stop()
        self._unreached.pop(computer, None)
        self._forget([address for address in self._jobs if address.computer == computer])
        if known:
            self.changed.emit()

    def start(self) -> None:
        """Watch the jobs of all computers from now on. Import `rvcstudio.watch` in a task before: it takes time."""
        if self._watches is None:
            self._watches = {}
            for computer in self.computers():
                self._watch(computer)
            for address in self._stories:
                self._watches[address.computer].follow(address.job)

    @property
    def is_started(self) -> bool:
        return self._watches is not None

    def _watch(self, computer: str) -> None:
        if self._watches is None:
            return
        from rvcstudio.watch import Watch

        watch = self._watches[computer] = Watch(computer, partial(self.service, computer), self)
        watch.seen.connect(self._see)
        watch.gone.connect(self._lose)
        watch.told.connect(self._hear)
        watch.reached.connect(self._reach)
        watch.start()

    def stop(self) -> None:
        """Watch nothing more."""
        for watch in (self._watches or {}).values():
            watch.stop()
        self._watches = None

    def jobs(self) -> "dict[Address, Job]":
        """Return all jobs that were seen, as they last were."""
        return dict(self._jobs)

    def job(self, address: Address) -> "Job | None":
        return self._jobs.get(address)

    def left_s(self, address: Address) -> float | None:
        """Return how long a running job will take from now on, in a figure that does not jump."""
        end = self._ends.get(address)
        return None if end is None else end.left_s

    def error(self, computer: str) -> BaseException | None:
        """Return why a computer cannot be reached at the moment, or None."""
        return self._unreached.get(computer)

    def hold_up(self, address: Address, error: BaseException | None) -> None:
        """Know why what a job has made could not be brought here yet; None: that is over."""
        before = self._held_up.pop(address, None)
        if error is not None:
            self._held_up[address] = error
        if before is not error:
            self.came.emit([address])

    def held_up(self, address: Address) -> BaseException | None:
        """Return why what a job has made is not here yet, where that was tried."""
        return self._held_up.get(address)

    def story(self, address: Address) -> "Story":
        """Return what the job's events tell so far; `told` says when there is more."""
        if address not in self._stories:
            from rvcstudio.story import Story

            self._stories[address] = Story()
            if self._watches and (watch := self._watches.get(address.computer)):
                watch.follow(address.job)
        return self._stories[address]

    def ask(self, address: Address, verb: str, *values: Any) -> object:
        """Ask something of a job by the name of a method of `JobService`, such as "pause". Blocks: ask in a task."""
        answer = getattr(self.service(address.computer), verb)(address.job, *values)
        self.look(address.computer, whole=True)
        return answer

    def take(self, computer: str, job: "Job") -> None:
        """Know of a job that was just submitted, before the computer tells of it."""
        self._see(computer, [job])
        self.look(computer)

    def look(self, computer: str, *, whole: bool = False) -> None:
        """Look at a computer's jobs now, in place of soon; at the `whole` list to see what became of ended ones."""
        if self._watches and (watch := self._watches.get(computer)):
            watch.look(whole=whole)

    def _see(self, computer: str, jobs: "Iterable[Job]") -> None:
        if computer not in self._makers:
            return
        addresses = []
        for job in jobs:
            addresses.append(address := Address(computer, job.id))
            self._jobs[address] = job
            self._foretell(address, job)
        self.came.emit(addresses)

    def _foretell(self, address: Address, job: "Job") -> None:
        if str(job.state) not in ("running", "pausing"):
            self._ends.pop(address, None)
        else:
            self._ends.setdefault(address, SteadyEnd()).update(job.progress, job.left_s)

    def _lose(self, computer: str, job_ids: Iterable[str]) -> None:
        self._forget([Address(computer, job_id) for job_id in job_ids])

    def _forget(self, addresses: list[Address]) -> None:
        for address in addresses:
            for known in (self._jobs, self._ends, self._stories, self._held_up):
                known.pop(address, None)
        if addresses:
            self.gone.emit(addresses)

    def _hear(self, computer: str, job_id: str, events: "list[JobEvent]") -> None:
        address = Address(computer, job_id)
        if address not in self._jobs:
            return
        story = self.story(address)
        if new := [event for event in events if story.add(event)]:
            self.told.emit(address, new)

    def _reach(self, computer: str, error: BaseException | None) -> None:
        if computer not in self._makers:
            return
        before = self._unreached.get(computer)
        if error is None:
            self._unreached.pop(computer, None)
        else:
            self._unreached[computer] = error
        if (before is None) != (error is None):
            self.reached.emit(computer, error)


def _local_jobs() -> "JobService":
    from rvc.jobs import LocalJobs  # not at the start of the app: it takes a third of a second

    return LocalJobs()
