"""What can be asked of jobs, wherever they run: in this process, over HTTP, or over HTTP inside SSH."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from rvc.jobs.spec import Spec
from rvc.jobs.wire import Job, JobEvent, JobFile, State

Inputs = Mapping[str, Sequence[Path]]
"""Files and folders by what they are to the job, such as {"recordings": [Path("takes")]}."""


class JobService(Protocol):
    """Runs jobs. Every method may raise `InputError` unknown_job for an id that is not the caller's."""

    def submit(self, spec: Spec, inputs: Inputs, *, key: str | None = None) -> Job:
        """Queue a job; its inputs are taken over and may change afterwards. An equal `key` gives the same job.

        Raises `InputError`: missing_input, unknown_input, missing_path, unknown_kind, too_many_jobs,
        quota_exceeded; `Error` disk_full.
        """

    def jobs(self, states: Collection[State] = ()) -> list[Job]:
        """Return the jobs in some of the states, or all of them: in the order of their making."""

    def job(self, job_id: str) -> Job:
        """Return one job."""

    def events(self, job_id: str, after: int = 0, *, wait_s: float | None = None) -> Iterator[JobEvent]:
        """Yield the events with numbers above `after` as they come, until the job has ended.

        With `wait_s` it also ends when nothing came for so long; ask again with the last number seen.
        """

    def pause(self, job_id: str) -> Job:
        """Stop a job at its next safe point, or keep a queued one back. Raises `InputError` wrong_state."""

    def resume(self, job_id: str) -> Job:
        """Let a paused job go on. Raises `InputError` wrong_state."""

    def cancel(self, job_id: str) -> Job:
        """End a job for good, within 5 seconds. Raises `InputError` wrong_state."""

    def finish(self, job_id: str) -> Job:
        """End a training now with the best model so far, which is indexed and tested as usual.

        Raises `InputError`: wrong_state; nothing_to_finish before its first step and after its last.
        """

    def retry(self, job_id: str) -> Job:
        """Queue a failed or cancelled job again; it goes on from its last checkpoint. Raises wrong_state."""

    def move(self, job_id: str, before: str | None = None) -> Job:
        """Place a job before another of the same owner in the queue; None: behind all of them."""

    def prioritise(self, job_id: str, priority: int) -> Job:
        """Change a job's priority, -10 to 10."""

    def files(self, job_id: str) -> list[JobFile]:
        """Return the files that can be fetched, also while the job runs."""

    def fetch(self, job_id: str, name: str, to: Path) -> Path:
        """Copy a file of a job into the folder, or to the file, `to`. Raises `InputError` unknown_file."""

    def remove(self, job_id: str) -> None:
        """Delete a job that has ended or is paused, with all its files. Raises `InputError` wrong_state."""
