"""Everything that can happen to jobs, in random order: none is lost, run twice at a time, or stuck."""

import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from rvc.errors import InputError
from rvc.jobs import ENDED, Job, State, StateChange
from rvc.jobs.journal import Reader
from tests.jobs import (
    cleared,
    finish,
    folder,
    kill_dispatcher,
    kill_worker,
    ledger,
    open_jobs,
    until,
)
from tests.jobs_kinds import CountSpec


class JobsMachine(RuleBasedStateMachine):
    """A queue with one slot, its users, and accidents."""

    made = Bundle("made")

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._home = Path(self._folder.name) / "jobs"
        self._cleared = cleared(self._home)
        self._cleared.__enter__()
        self._jobs = open_jobs(self._home)
        self._specs: dict[str, CountSpec] = {}
        self._kills: dict[str, int] = {}
        self._cancelled: set[str] = set()
        self._finished: set[str] = set()

    @rule(
        target=made,
        kind=st.sampled_from(["count", "warm-count"]),
        steps=st.integers(1, 60),
        killed_at=st.lists(st.integers(1, 20), max_size=1),
        priority=st.integers(-1, 1),
        fails=st.sampled_from([False] * 5 + [True]),
    )
    def submit(self, kind: str, steps: int, killed_at: list[int], priority: int, fails: bool) -> Job:
        spec = CountSpec(
            kind=kind, steps=steps, killed_at=killed_at, priority=priority, fails=fails, step_s=0.01
        )
        job = self._jobs.submit(spec, {})
        self._specs[job.id] = spec
        return job

    @rule(job=made, wanted=st.sampled_from(["pause", "resume", "retry", "move"]))
    def steer(self, job: Job, wanted: str) -> None:
        self._ask(job, wanted)

    @rule(job=made)
    def cancel(self, job: Job) -> None:
        if self._ask(job, "cancel"):
            self._cancelled.add(job.id)

    @rule(job=made)
    def finish(self, job: Job) -> None:
        if self._ask(job, "finish"):
            self._finished.add(job.id)

    def _ask(self, job: Job, wanted: str) -> bool:
        """Ask for a step; tell whether it was possible. Nothing else may go wrong."""
        try:
            getattr(self._jobs, wanted)(job.id)
        except InputError as error:
            if error.code not in {"wrong_state", "nothing_to_finish"}:
                raise
            return False
        return True

    @rule(job=made)
    def kill_a_worker(self, job: Job) -> None:
        if kill_worker(self._jobs, job):
            self._kills[job.id] = self._kills.get(job.id, 0) + 1

    @rule()
    def kill_the_dispatcher(self) -> None:
        kill_dispatcher(self._home)

    @rule()
    def cut_the_power(self) -> None:
        kill_dispatcher(self._home)
        for name in self._specs:
            if kill_worker(self._jobs, self._jobs.job(name)):
                self._kills[name] = self._kills.get(name, 0) + 1

    @rule()
    def open_again(self) -> None:
        self._jobs = open_jobs(self._home)

    @rule(seconds=st.floats(0.05, 0.6))
    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    @invariant()
    def no_job_is_lost(self) -> None:
        assert [job.id for job in self._jobs.jobs()] == list(self._specs)

    def teardown(self) -> None:
        try:
            self._jobs = open_jobs(self._home)
            for job in self._jobs.jobs():
                self._end(job)
        finally:
            self._cleared.__exit__(None, None, None)
            self._folder.cleanup()

    def _end(self, job: Job) -> None:
        """Let a job come to its end, and check what it says about that."""
        until(lambda: self._jobs.job(job.id).state != State.PAUSING, "the pause is over")
        if self._jobs.job(job.id).state == State.PAUSED:
            self._jobs.resume(job.id)
        ended = finish(self._jobs, job)
        spec = self._specs[job.id]
        self._check_end(ended, spec)
        self._check_steps(ended)
        self._check_events(ended)

    def _check_end(self, job: Job, spec: CountSpec) -> None:
        match job.state:
            case State.DONE:
                assert not spec.fails
                reached = ledger(self._jobs, job)[-1]
                assert folder(self._jobs, job).file("result.txt").read_text() == str(reached)
                assert reached == spec.steps or job.id in self._finished
            case State.FAILED:
                assert spec.fails or self._kills.get(job.id, 0) + len(spec.killed_at) >= 2
                assert job.failure is not None
            case State.CANCELLED:
                assert job.id in self._cancelled

    def _check_steps(self, job: Job) -> None:
        """A step is repeated only where a worker was killed between doing it and saying so."""
        work = folder(self._jobs, job).work
        assert not (work / "TWO_AT_ONCE").exists()
        assert not folder(self._jobs, job).is_worked_on
        steps = ledger(self._jobs, job)
        assert steps == sorted(steps)
        assert list(dict.fromkeys(steps)) == list(range(1, len(set(steps)) + 1))
        assert len(steps) - len(set(steps)) <= job.attempt

    def _check_events(self, job: Job) -> None:
        events = Reader(self._home / job.id).read()
        assert [event.number for event in events] == list(range(1, len(events) + 1))
        states = [event.body.state for event in events if isinstance(event.body, StateChange)]
        assert states[0] == State.QUEUED
        assert states[-1] == job.state
        assert job.state in ENDED


QUIET = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.reuse, Phase.generate],
}


@pytest.mark.timeout(600)
class TestShort(JobsMachine.TestCase):  # type: ignore[name-defined,misc]
    settings = settings(max_examples=6, stateful_step_count=12, derandomize=True, **QUIET)


@pytest.mark.slow
@pytest.mark.timeout(7200)
class TestLong(JobsMachine.TestCase):  # type: ignore[name-defined,misc]
    settings = settings(max_examples=60, stateful_step_count=25, **QUIET)
