"""Who does the jobs that a dispatcher gives out: workers on this machine, some of which wait for another job.

`rvc.jobs.ray.crew` is the other kind: workers on the machines of a cluster.
"""

import contextlib
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rvc.jobs.folder import JobFolder
from rvc.jobs.launch import python_command, python_environment
from rvc.jobs.processes import began, kill_tree, start
from rvc.jobs.record import Record
from rvc.jobs.slots import Slot, environment, find_slots, is_leased
from rvc.jobs.tasks import Task


@dataclass(frozen=True, slots=True)
class Death:
    """How a worker ended that left no word: one that nobody `watched` die was cut off, which is no crash."""

    watched: bool
    exit_code: int | None = None


class Workers(Protocol):
    """Workers, wherever they are."""

    may_grow: bool
    """Whether devices that are missing now may come."""
    grace_s: float
    """How long a worker that is to end for good may take to do so by itself, before it is pressed."""

    def slots(self) -> list[Slot]:
        """Return the devices that there are now."""

    def is_leased(self, slot: Slot) -> bool:
        """Tell whether somebody else's job has a device."""

    def send(self, record: Record, folder: JobFolder, slots: Sequence[Slot]) -> None:
        """Let a worker begin with a job; raises OSError when none can be started."""

    def begins(self, record: Record, folder: JobFolder) -> bool:
        """Tell whether a worker is on its way to a job that nobody works on, and has no outcome yet."""

    def press(self, record: Record, folder: JobFolder) -> None:
        """End a worker, whether it listens or not."""

    def death(self, record: Record) -> Death:
        """Tell how the worker of a job ended."""

    def release(self, job_id: str) -> None:
        """Note that a job has ended: its worker is free, or gone."""

    def bury(self) -> None:
        """Forget workers that have ended."""

    @property
    def has_idle(self) -> bool:
        """Whether a worker waits with its models loaded."""

    @property
    def is_empty(self) -> bool:
        """Whether there are no workers, not even waiting ones."""

    def dismiss(self) -> None:
        """Let waiting workers end, and those at work after their job."""


@dataclass(slots=True)
class Hand:
    """A worker process, and what it works on."""

    process: "subprocess.Popen[bytes]"
    kind: str
    devices: tuple[str, ...]
    job_id: str | None

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    @property
    def waits(self) -> bool:
        """Tell whether it can be given another job."""
        return self.job_id is None and self.process.stdin is not None

    def give(self, task: Task) -> bool:
        """Hand a further job over; tell whether the process was there to take it."""
        if self.process.stdin is None:
            return False
        try:
            self.process.stdin.write(task.model_dump_json().encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            return False
        return self.lives

    def dismiss(self) -> None:
        """Let an idle process end: it takes the end of its input for that."""
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()


class Crew:
    """Starts workers on this machine, and gives jobs to those that stay."""

    may_grow = False
    grace_s = 3.0

    def __init__(self, kinds_module: str, slots_folder: Path) -> None:
        self._kinds = kinds_module
        self._slots_folder = slots_folder
        self._slots: list[Slot] = []
        self._hands: list[Hand] = []

    def slots(self) -> list[Slot]:
        """Return the devices of this machine, which are looked for once."""
        self._slots = self._slots or find_slots()
        return self._slots

    def is_leased(self, slot: Slot) -> bool:
        return is_leased(self._slots_folder, slot)

    def send(self, record: Record, folder: JobFolder, slots: Sequence[Slot]) -> None:
        """Let a worker begin with a job; raises OSError when no process can be started."""
        task = Task(
            folder=folder.path,
            attempt=record.attempt,
            devices=[slot.device for slot in slots],
            machine_names=[slot.machine_name for slot in slots],
        )
        for hand in self._idle_on(task.devices):
            if hand.kind == record.kind and hand.devices == tuple(task.devices) and hand.give(task):
                hand.job_id = record.id
                return
            hand.dismiss()  # its models are in the way on that device
            self._hands.remove(hand)
        self._hands.append(self._start(record, task, slots))

    def _idle_on(self, devices: Sequence[str]) -> list[Hand]:
        return [hand for hand in self._hands if hand.waits and set(hand.devices) & set(devices)]

    def _start(self, record: Record, task: Task, slots: Sequence[Slot]) -> Hand:
        command = [*python_command("rvc.jobs.worker"), str(task.folder), "--task", task.model_dump_json()]
        command += ["--kinds", self._kinds, "--slots", str(self._slots_folder)]
        command += ["--stay"] if record.stays_warm else []
        variables = {**python_environment(), **environment(slots)}
        process = start(command, task.folder / "worker.log", variables, piped=record.stays_warm)
        return Hand(process, record.kind, tuple(task.devices), record.id)

    def _find(self, job_id: str) -> Hand | None:
        """Return the worker that was given a job, whether or not it lives."""
        return next((hand for hand in self._hands if hand.job_id == job_id), None)

    def begins(self, record: Record, folder: JobFolder) -> bool:
        """Tell whether a worker is on its way to a job that nobody works on, and has no outcome yet."""
        hand = self._find(record.id)
        return hand is not None and hand.lives and folder.outcome(record.attempt) is None

    def press(self, record: Record, folder: JobFolder) -> None:
        """Kill a worker with its children."""
        card, hand = folder.worker(), self._find(record.id)
        if card is not None:
            kill_tree(card.pid, card.started)
        elif hand is not None:
            kill_tree(hand.process.pid, began(hand.process.pid) or 0.0)

    def death(self, record: Record) -> Death:
        """Tell how the worker of a job ended; of one that another dispatcher started, only that it did."""
        hand = self._find(record.id)
        return Death(watched=True, exit_code=hand.process.poll() if hand else None)

    def release(self, job_id: str) -> None:
        """Note that a job has ended: its worker is free, or gone."""
        for hand in self._hands:
            if hand.job_id == job_id:
                hand.job_id = None

    def bury(self) -> None:
        """Forget idle processes that have ended."""
        self._hands = [hand for hand in self._hands if hand.job_id is not None or hand.lives]

    @property
    def has_idle(self) -> bool:
        return any(hand.waits for hand in self._hands)

    @property
    def is_empty(self) -> bool:
        return not self._hands

    def dismiss(self) -> None:
        """Let idle processes end, and those at work after their job."""
        for hand in self._hands:
            hand.dismiss()
