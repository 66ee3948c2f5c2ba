"""The worker processes that this dispatcher has started, and those of them that wait for another job."""

import contextlib
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rvc.jobs.folder import JobFolder
from rvc.jobs.launch import python_command, python_environment
from rvc.jobs.processes import start
from rvc.jobs.record import Record
from rvc.jobs.slots import Slot, environment
from rvc.jobs.tasks import Task


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
    """Starts workers, and gives jobs to those that stay."""

    def __init__(self, kinds_module: str, slots_folder: Path) -> None:
        self._kinds = kinds_module
        self._slots_folder = slots_folder
        self._hands: list[Hand] = []

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

    def find(self, job_id: str) -> Hand | None:
        """Return the worker that was given a job, whether or not it lives."""
        return next((hand for hand in self._hands if hand.job_id == job_id), None)

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
