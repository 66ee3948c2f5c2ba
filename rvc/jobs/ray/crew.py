"""Workers on the machines of a Ray cluster: each is a Ray Job, in the job's folder that all machines share.

That a job is worked on is told by the lock in its folder, as on one machine; Ray is asked about workers that have not
begun yet, and about the ends of those that left no word.
"""

import logging
import shlex
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rvc.errors import Error
from rvc.jobs import kinds
from rvc.jobs.crew import Death
from rvc.jobs.folder import JobFolder
from rvc.jobs.launch import python_command, python_environment
from rvc.jobs.ray.cluster import Cluster, Node, RayJob
from rvc.jobs.record import Record
from rvc.jobs.slots import CPU, CPU_SLOT, Slot, environment
from rvc.jobs.tasks import Task

log = logging.getLogger(__name__)

LOOK_S = 1.0  # how long what Ray said counts as new
NODES_S = 5.0
GPU = "cuda"
DEVICE_SHARE = 0.9  # that a job takes of a device: no second one fits, but any number of drivers does
DRIVER_SHARE = 0.0001  # for the driver of a training whose processes take devices; Ray counts no less
KINDS = "rvc.jobs.ray.kinds"
PENDING = RayJob(status="PENDING")
NEVER_STARTED = frozenset({"JOB_SUPERVISOR_ACTOR_START_TIMEOUT"})


@dataclass(slots=True)
class Sent:
    """A worker that Ray was asked for, and how it was when somebody last looked; None: Ray knows of none."""

    submission_id: str
    seen: RayJob | None = PENDING
    looked_at: float = float("-inf")
    pressed_at: float = float("-inf")
    devices: tuple[str, ...] = field(default=())


class RayCrew:
    """Lets Ray start workers; see `rvc.jobs.crew.Workers`."""

    may_grow = True
    grace_s = 0.0  # Ray gives three seconds itself
    has_idle = False
    is_empty = True

    def __init__(self, cluster: Cluster, kinds_module: str) -> None:
        self._cluster = cluster
        self._kinds = KINDS if kinds_module == kinds.BUILT_IN else kinds_module
        self._is_closed = False
        self._nodes: list[Node] = []
        self._looked_at = float("-inf")
        self._sent: dict[str, Sent] = {}

    def slots(self) -> list[Slot]:
        """Return one for every GPU, and one for every machine's processors; which is which, Ray decides."""
        if time.monotonic() - self._looked_at >= NODES_S:
            self._look_for_nodes()
        return name_slots(self._nodes, [device for one in self._sent.values() for device in one.devices])

    def _look_for_nodes(self) -> None:
        """Note which machines there are: none while nobody answers, or while everybody would be let in."""
        self._looked_at = time.monotonic()
        try:
            if not self._is_closed:
                self._cluster.require_closed()
                self._is_closed = True
            self._nodes = self._cluster.nodes()
        except (OSError, Error) as error:
            log.warning("nothing can be started on the cluster: %s", error)
            self._nodes = []

    def is_leased(self, slot: Slot) -> bool:  # noqa: ARG002 - others' jobs are Ray's to keep apart
        return False

    def send(self, record: Record, folder: JobFolder, slots: Sequence[Slot]) -> None:
        """Let Ray start a worker on whichever machine has room; raises OSError when it cannot be asked."""
        on_cpu = all(slot.kind == CPU for slot in slots)
        task = Task(
            folder=folder.path,
            attempt=record.attempt,
            devices=[CPU if on_cpu else slot.device for slot in slots],
        )
        command = [*python_command("rvc.jobs.ray.worker"), str(task.folder), "--task", task.model_dump_json()]
        sent = Sent(_submission_id(record), devices=tuple(slot.device for slot in slots))
        variables = {**python_environment(), **environment([CPU_SLOT] if on_cpu else [])}
        submission = {
            "submission_id": sent.submission_id,
            "entrypoint": shlex.join([*command, "--kinds", self._kinds]),
            "runtime_env": {"env_vars": variables},
            **self._share(len(slots), on_cpu=on_cpu),
        }
        try:
            self._cluster.submit(submission)
        except OSError:
            self._nodes, self._looked_at = [], time.monotonic()  # not to try it with every job at once
            raise
        self._sent[record.id] = sent

    def _share(self, count: int, *, on_cpu: bool) -> dict[str, Any]:
        """Return what Ray sets apart for a worker: one device, or next to nothing where it trains on several."""
        share = DEVICE_SHARE if count == 1 else DRIVER_SHARE
        if on_cpu:
            return {"entrypoint_num_cpus": share * processors(self._nodes)}
        return {"entrypoint_num_gpus": share}

    def begins(self, record: Record, folder: JobFolder) -> bool:
        """Tell whether a worker is on its way to a job that nobody works on, and has no outcome yet."""
        if folder.outcome(record.attempt) is not None:
            return False
        job = self._look(self._of(record))
        if job is not None and not job.has_ended:
            return True
        if job is not None and job.message:
            with folder.log.open("a", encoding="utf-8") as file:
                file.write(f"{job.message}\n")
        return False

    def _of(self, record: Record) -> Sent:
        """Return the worker of a job's present attempt, also one that another dispatcher has sent."""
        sent = self._sent.get(record.id)
        if sent is None or sent.submission_id != _submission_id(record):
            sent = self._sent[record.id] = Sent(_submission_id(record), devices=tuple(record.devices))
        return sent

    def _look(self, sent: Sent) -> RayJob | None:
        """Return how a worker fares, as far as is known: while nobody answers, as it was."""
        if time.monotonic() - sent.looked_at >= LOOK_S:
            sent.looked_at = time.monotonic()
            try:
                sent.seen = self._cluster.job(sent.submission_id)
            except OSError as error:
                log.warning("the cluster does not answer: %s", error)
        return sent.seen

    def press(self, record: Record, folder: JobFolder) -> None:  # noqa: ARG002 - its process is Ray's to find
        """Let Ray end a worker: it asks first, and kills three seconds later."""
        sent = self._of(record)
        if time.monotonic() - sent.pressed_at >= LOOK_S:
            sent.pressed_at = time.monotonic()
            self._cluster.stop(sent.submission_id)

    def death(self, record: Record) -> Death:
        """Tell how a worker ended: one whose machine is gone was cut off, which is no crash."""
        job = self._of(record).seen
        if job is None or not job.has_ended or job.error_type in NEVER_STARTED:
            return Death(watched=False)
        if job.driver_exit_code is not None:
            return Death(watched=True, exit_code=_as_popen_says(job.driver_exit_code))
        self._look_for_nodes()
        return Death(watched=job.driver_node_id in {None, *(node.node_id for node in self._nodes)})

    def release(self, job_id: str) -> None:
        self._sent.pop(job_id, None)

    def bury(self) -> None:
        """Do nothing: Ray forgets its jobs by itself."""

    def dismiss(self) -> None:
        """Do nothing: there are no workers that wait for a second job."""


def _submission_id(record: Record) -> str:
    return f"{record.id}-{record.attempt}"


def _as_popen_says(code: int) -> int:
    """Return the exit code of a process that a shell has run: what ended by a signal is negative."""
    return 128 - code if code > 128 else code


def processors(nodes: Sequence[Node]) -> int:
    """Return how many processors a job without a GPU takes: all of the smallest machine."""
    return min((count for node in nodes if (count := node.count("CPU"))), default=1)


def name_slots(nodes: Sequence[Node], busy: Iterable[str] = ()) -> list[Slot]:
    """Return the slots of a cluster; where machines have gone, names that are in use stay."""
    names = list(busy)
    gpus = sum(node.count("GPU") for node in nodes)
    machines = sum(node.count("CPU") > 0 for node in nodes)
    return [*_slots(GPU, gpus, names), *_slots(CPU, machines, names)]


def _slots(kind: str, count: int, busy: Sequence[str]) -> list[Slot]:
    used = [name for name in busy if name.startswith(f"{kind}:")]
    free = [name for number in range(count + len(used)) if (name := f"{kind}:{number}") not in used]
    names = sorted([*used, *free][:count], key=lambda name: int(name.partition(":")[2]))
    return [Slot(device=name, machine_name=f"ray-{name}") for name in names]
