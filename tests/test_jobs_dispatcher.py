"""The dispatcher and its workers as processes: started, killed, found again, and kept apart."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from rvc.jobs import Job, LocalJobs, State
from rvc.jobs.crew import Crew
from rvc.jobs.dispatcher import CARD, Dispatcher
from rvc.jobs.launch import LOCK
from rvc.jobs.locks import Lock, is_free
from rvc.jobs.record import WorkerCard
from rvc.jobs.slots import CPU_SLOT, Lease, is_leased
from rvc.jobs.store import Store
from tests.jobs import (
    LONG,
    SHORT,
    cleared,
    dispatcher_of,
    events_of,
    finish,
    folder,
    kill_dispatcher,
    kill_worker,
    ledger,
    open_jobs,
    until,
    until_state,
    until_step,
)
from tests.jobs_kinds import MODULE, CountSpec

ROOT = Path(__file__).parent.parent


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "jobs"
    with cleared(home):
        yield home


@pytest.fixture
def jobs(home: Path) -> LocalJobs:
    return open_jobs(home)


def test_a_queued_job_starts_although_its_submitter_is_gone(home: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.jobs import open_jobs\n"
        "from tests.jobs_kinds import CountSpec\n"
        "open_jobs(Path(sys.argv[1])).submit(CountSpec(steps=3), {})"
    )
    subprocess.run([sys.executable, "-c", code, str(home)], check=True)
    until(lambda: list(home.glob("*/artifacts/result.txt")), "the job has left its result")
    (job,) = open_jobs(home).jobs()
    assert finish(open_jobs(home), job).state == State.DONE


def test_there_is_one_dispatcher_and_it_belongs_to_nobody(home: Path, jobs: LocalJobs) -> None:
    job = jobs.submit(CountSpec(**LONG), {})
    until_step(jobs, job)
    first = dispatcher_of(home)
    assert first is not None
    assert first.ppid() != psutil.Process().pid
    assert not Dispatcher(home, Crew(MODULE, home.parent)).run()
    done = subprocess.run(
        [sys.executable, "-m", "rvc.jobs.dispatcher", str(home), "--kinds", MODULE], check=False, timeout=60
    )
    assert done.returncode == 1
    assert dispatcher_of(home) == first


def test_a_worker_outlives_its_dispatcher_and_is_taken_up_again(home: Path, jobs: LocalJobs) -> None:
    job = jobs.submit(CountSpec(steps=150, step_s=0.02), {})
    until_step(jobs, job)
    worker = folder(jobs, job).worker()
    kill_dispatcher(home)
    assert folder(jobs, job).worker() == worker
    until(lambda: finish(open_jobs(home), job), "the job has ended")
    assert jobs.job(job.id).attempt == 1
    assert ledger(jobs, job) == list(range(1, 151))


@pytest.mark.slow
def test_a_worker_that_ended_while_nobody_watched_is_believed(home: Path, jobs: LocalJobs) -> None:
    job = jobs.submit(CountSpec(steps=20, step_s=0.02), {})
    until_step(jobs, job)
    kill_dispatcher(home)
    until(lambda: not folder(jobs, job).is_worked_on, "the worker has ended")
    assert jobs.job(job.id).state == State.RUNNING
    assert finish(open_jobs(home), job).state == State.DONE
    assert ledger(jobs, job) == list(range(1, 21))


def test_after_a_power_cut_the_job_goes_on_from_its_checkpoint(home: Path, jobs: LocalJobs) -> None:
    job = jobs.submit(CountSpec(steps=150, step_s=0.02), {})
    for _ in range(3):  # more often than a worker may crash
        until_step(jobs, job, max(ledger(jobs, job), default=0) + 5)  # which only a new worker can have taken
        kill_dispatcher(home)
        assert kill_worker(jobs, job)
        until(lambda: not is_leased(home.parent, CPU_SLOT), "the worker is gone")
        jobs = open_jobs(home)
    assert finish(jobs, job).state == State.DONE
    steps = ledger(jobs, job)
    assert sorted(set(steps)) == list(range(1, 151))
    assert len(steps) <= 153
    assert events_of(jobs, job).count("running") == 4


def test_a_cancelled_worker_is_killed_by_the_next_dispatcher(home: Path, jobs: LocalJobs) -> None:
    job = jobs.submit(CountSpec(stubborn=True, **LONG), {})
    until_step(jobs, job)
    kill_dispatcher(home)
    open_jobs(home).cancel(job.id)
    assert finish(jobs, job).state == State.CANCELLED
    assert not folder(jobs, job).is_worked_on


def test_a_second_worker_for_an_attempt_does_nothing(home: Path, jobs: LocalJobs) -> None:
    """Neither beside the first, nor after it while the queue does not know yet, nor when it knows."""
    job = jobs.submit(CountSpec(**LONG), {})
    until_step(jobs, job)
    assert _run_worker(jobs, job) == 69
    kill_dispatcher(home)
    folder(jobs, job).request("pause")
    until(lambda: not folder(jobs, job).is_worked_on, "the worker has ended")
    steps = ledger(jobs, job)
    assert jobs.job(job.id).state == State.RUNNING
    assert _run_worker(jobs, job) == 69
    assert ledger(jobs, job) == steps
    jobs = open_jobs(home)
    until_step(jobs, job, steps[-1] + 1)  # nobody but the person at the control file wanted a pause
    jobs.cancel(job.id)
    assert finish(jobs, job).attempt == 2
    steps = ledger(jobs, job)
    assert _run_worker(jobs, job) == 69
    assert ledger(jobs, job) == steps == sorted(set(steps))


def _run_worker(jobs: LocalJobs, job: Job) -> int:
    """Start a worker by hand for a job's first attempt, and return its exit code."""
    place = str(folder(jobs, job).path)
    task = json.dumps({"folder": place, "attempt": 1})
    command = [sys.executable, "-m", "rvc.jobs.worker", place, "--task", task, "--kinds", MODULE]
    return subprocess.run(command, check=False, timeout=60).returncode


def test_sigterm_pauses_a_job(jobs: LocalJobs) -> None:
    job = jobs.submit(CountSpec(**LONG), {})
    until_step(jobs, job)
    card = folder(jobs, job).worker()
    assert card is not None
    psutil.Process(card.pid).terminate()
    until_state(jobs, job, State.PAUSED)
    step = ledger(jobs, job)[-1]
    jobs.resume(job.id)
    until_state(jobs, job, State.RUNNING)
    until(lambda: ledger(jobs, job)[-1] > step, "it goes on")
    assert sorted(set(ledger(jobs, job))) == ledger(jobs, job)


@pytest.mark.slow
def test_a_pause_that_is_withdrawn_leaves_the_job_running(jobs: LocalJobs) -> None:
    job = jobs.submit(CountSpec(**LONG), {})
    until_step(jobs, job)
    for _ in range(3):
        jobs.pause(job.id)
        assert jobs.resume(job.id).state in {State.RUNNING, State.QUEUED}
    step = ledger(jobs, job)[-1]
    until(lambda: ledger(jobs, job)[-1] > step + 10, "it goes on")
    assert jobs.job(job.id).state == State.RUNNING
    assert sorted(set(ledger(jobs, job))) == ledger(jobs, job)


def test_two_users_and_a_program_share_one_slot(tmp_path: Path) -> None:
    """Two homes with dispatchers of their own, and a program that leases the device itself: never two at once."""
    slots = tmp_path / "slots"
    slots.mkdir()
    homes = [tmp_path / name / "jobs" for name in ("anna", "ben")]
    program = Lease(slots, [CPU_SLOT.machine_name])
    assert program.take()
    with cleared(homes[0]), cleared(homes[1]):
        users = [open_jobs(home, slots) for home in homes]
        waiting = [
            (user, user.submit(CountSpec(steps=20, step_s=0.02), {})) for user in users for _ in range(2)
        ]
        until(
            lambda: all("log" in events_of(user, user.jobs()[0]) for user in users), "they say that they wait"
        )
        assert {user.job(job.id).state for user, job in waiting} == {State.QUEUED}
        program.give_back()
        ended = [finish(user, job) for user, job in waiting]
    assert {job.state for job in ended} == {State.DONE}
    spans = sorted(_span(user, job.id) for user, job in waiting)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def _span(jobs: LocalJobs, job_id: str) -> tuple[float, float]:
    """Return when a job's first and last checkpoint were written."""
    times = [event.time.timestamp() for event in jobs.events(job_id) if event.body.event == "checkpoint"]
    return times[0], times[-1]


@pytest.mark.slow
def test_a_worker_that_loses_the_race_for_the_device_waits_again(tmp_path: Path, home: Path) -> None:
    jobs = open_jobs(home)
    first = jobs.submit(CountSpec(**SHORT), {})
    finish(jobs, first)  # there is a dispatcher now
    thief = Lock(tmp_path / "rvc-studio-cpu.lock")
    job = jobs.submit(CountSpec(**SHORT), {})
    until_state(jobs, job, State.RUNNING)
    taken = thief.acquire(timeout_s=1)
    time.sleep(0.2)
    thief.release()
    assert finish(jobs, job).state == State.DONE
    assert jobs.job(job.id).failure is None
    assert taken or ledger(jobs, job) == [1, 2, 3]


def test_a_slot_is_free_again_whatever_became_of_the_worker(tmp_path: Path, jobs: LocalJobs) -> None:
    job = jobs.submit(CountSpec(**LONG), {})
    until_step(jobs, job)
    assert is_leased(tmp_path, CPU_SLOT)
    kill_dispatcher(jobs.home)
    kill_worker(jobs, job)
    until(lambda: not is_leased(tmp_path, CPU_SLOT), "the slot is free")


def test_a_job_that_needs_more_room_than_there_is_does_not_start(jobs: LocalJobs) -> None:
    job = jobs.submit(CountSpec(disk_bytes=1 << 60), {})
    failed = finish(jobs, job)
    assert failed.failure is not None
    assert (failed.state, failed.failure.code, failed.attempt) == (State.FAILED, "disk_full", 0)
    assert ledger(jobs, job) == []


@pytest.mark.parametrize("asked", [{"gpus": 5}, {"device": "cuda:9"}])
def test_a_job_for_devices_that_do_not_exist_says_so(jobs: LocalJobs, asked: dict[str, object]) -> None:
    failed = finish(jobs, jobs.submit(CountSpec(**asked), {}))
    assert failed.failure is not None
    assert failed.failure.code == "no_device"


def test_owners_take_turns(home: Path) -> None:
    anna, ben = open_jobs(home, owner="anna"), open_jobs(home, owner="ben")
    blocking = anna.submit(CountSpec(**LONG), {})
    until_step(anna, blocking)
    many = [anna.submit(CountSpec(kind="warm-count", **SHORT), {}) for _ in range(3)]
    one = ben.submit(CountSpec(kind="warm-count", **SHORT), {})
    anna.cancel(blocking.id)
    begun = sorted([finish(anna, job) for job in many] + [finish(ben, one)], key=lambda job: str(job.started))
    assert begun[0].id == one.id


def test_queued_jobs_are_foretold(jobs: LocalJobs) -> None:
    finish(jobs, jobs.submit(CountSpec(steps=20, step_s=0.02), {}))  # which measures the speed
    running = jobs.submit(CountSpec(steps=400, step_s=0.02), {})
    until_step(jobs, running, 100)
    queued = [jobs.submit(CountSpec(steps=100), {}) for _ in range(2)]
    now, first, second = jobs.job(running.id), jobs.job(queued[0].id), jobs.job(queued[1].id)
    assert now.left_s is not None
    assert first.starts_in_s is not None
    assert first.ends_in_s is not None
    assert 0 < now.left_s < 60
    assert first.starts_in_s < first.ends_in_s
    assert second.starts_in_s == pytest.approx(first.ends_in_s, abs=2.0)


@pytest.mark.slow
def test_a_warm_worker_takes_the_next_job_and_goes_when_another_kind_needs_the_device(
    jobs: LocalJobs,
) -> None:
    pids = []
    for _ in range(2):
        pids.append(finish(jobs, jobs.submit(CountSpec(kind="warm-count", **SHORT), {})).summary["pid"])
    assert pids[0] == pids[1]
    cold = finish(jobs, jobs.submit(CountSpec(**SHORT), {}))
    assert cold.summary["pid"] != pids[0]
    until(lambda: not psutil.pid_exists(pids[0]), "the warm worker is gone")


def test_a_worker_that_nobody_gives_another_job_ends(home: Path) -> None:
    home.mkdir()
    alone = Lock(home / LOCK)
    assert alone.acquire()
    jobs = open_jobs(home)
    job = jobs.submit(CountSpec(kind="warm-count", **SHORT), {})
    with Store(home).change() as rows:
        rows.move(rows.get(job.id), State.RUNNING, attempt=1)
    place = str(folder(jobs, job).path)
    code = "import sys; from rvc.jobs import worker; worker.IDLE_S = 0.2; sys.exit(worker.main())"
    task = json.dumps({"folder": place, "attempt": 1})
    command = [sys.executable, "-c", code, place, "--task", task, "--kinds", MODULE, "--stay"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT) as process:
        assert process.wait(60) == 0  # although its input is still open
    assert folder(jobs, job).outcome(1) is not None
    alone.release()


def test_the_dispatcher_leaves_when_there_is_nothing_to_do_and_comes_back(home: Path) -> None:
    dispatcher = [
        sys.executable,
        "-m",
        "rvc.jobs.dispatcher",
        str(home),
        "--kinds",
        MODULE,
        "--linger",
        "0.2",
    ]
    home.mkdir()
    with subprocess.Popen([*dispatcher, "--slots", str(home.parent)]) as process:
        assert process.wait(60) == 0
    assert is_free(home / LOCK)
    jobs = open_jobs(home)
    assert finish(jobs, jobs.submit(CountSpec(**SHORT), {})).state == State.DONE
    assert WorkerCard.model_validate_json((home / CARD).read_bytes()).pid != process.pid


def test_a_folder_that_somebody_deleted_holds_nobody_up(jobs: LocalJobs) -> None:
    running = jobs.submit(CountSpec(**LONG), {})
    until_step(jobs, running)
    deleted, next_one = jobs.submit(CountSpec(**SHORT), {}), jobs.submit(CountSpec(**SHORT), {})
    shutil.rmtree(folder(jobs, deleted).path)
    jobs.cancel(running.id)
    assert finish(jobs, next_one).state == State.DONE
    assert [job.id for job in jobs.jobs()] == [running.id, next_one.id]
