"""What the queue of one machine does besides running jobs: owners, limits, cleaning, damage, odd clocks."""

import json
import os
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rvc.errors import Error, InputError
from rvc.jobs import Job, Limits, LocalJobs, Policy, State
from rvc.jobs.journal import Reader
from rvc.jobs.launch import LOCK
from rvc.jobs.locks import Lock
from rvc.jobs.store import DATABASE, Store
from tests.jobs import (
    LONG,
    SHORT,
    cleared,
    events_of,
    finish,
    folder,
    kill_dispatcher,
    ledger,
    open_jobs,
    until,
    until_state,
    until_step,
)
from tests.jobs_kinds import CountSpec


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "jobs"
    with cleared(home):
        yield home


@pytest.fixture
def still(home: Path) -> Iterator[Path]:
    """A home whose jobs nobody starts: another holds the dispatcher's place."""
    home.mkdir()
    lock = Lock(home / LOCK)
    assert lock.acquire()
    yield home
    lock.release()


def submit(jobs: LocalJobs, key: str | None = None, **settings: Any) -> Job:
    return jobs.submit(CountSpec(kind="warm-count", **{**SHORT, **settings}), {}, key=key)


def test_owners_see_only_their_own_jobs(still: Path) -> None:
    anna, ben, everybody = open_jobs(still, owner="anna"), open_jobs(still, owner="ben"), open_jobs(still)
    hers, his = submit(anna, key="k"), submit(ben, key="k")
    assert hers.id != his.id
    assert [job.id for job in anna.jobs()] == [hers.id]
    assert [job.owner for job in everybody.jobs()] == ["anna", "ben"]
    for ask in (
        anna.job,
        anna.pause,
        anna.cancel,
        anna.remove,
        anna.files,
        lambda name: list(anna.events(name)),
    ):
        with pytest.raises(InputError) as caught:
            ask(his.id)
        assert caught.value.code == "unknown_job"
    with pytest.raises(InputError) as moved:
        anna.move(hers.id, before=his.id)
    assert moved.value.code == "unknown_job"


def test_limits_are_of_each_owner(still: Path, tmp_path: Path) -> None:
    big = tmp_path / "big.bin"
    big.write_bytes(bytes(2000))
    anna = open_jobs(still, owner="anna", limits=Limits(jobs=2, total_bytes=3000, input_bytes=2500))
    spec = CountSpec(**SHORT)
    first = anna.submit(spec, {"numbers": [big]})
    for inputs, code in (({"numbers": [big]}, "quota_exceeded"), ({"numbers": [big, big]}, "too_large")):
        with pytest.raises(InputError) as caught:
            anna.submit(spec, inputs)
        assert caught.value.code == code
    second = anna.submit(spec, {})
    with pytest.raises(InputError) as many:
        anna.submit(spec, {})
    assert many.value.code == "too_many_jobs"
    anna.cancel(second.id)
    anna.submit(spec, {})
    open_jobs(still, owner="ben", limits=Limits(jobs=1)).submit(spec, {"numbers": [big]})
    anna.remove(anna.cancel(first.id).id)
    assert {path.name for path in still.iterdir() if path.is_dir()} == {
        job.id for job in open_jobs(still).jobs()
    }


def test_jobs_are_nobody_elses_business(still: Path) -> None:
    job = submit(open_jobs(still))
    for path in (still, still / job.id, still / job.id / "inputs"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_folders_keep_their_order_and_names_and_models_are_not_copied(still: Path, tmp_path: Path) -> None:
    songs = tmp_path / "my songs"
    for name in ("b/뒤.txt", "a.TXT", ".hidden"):
        (songs / name).parent.mkdir(parents=True, exist_ok=True)
        (songs / name).write_text(name)
    model = tmp_path / "Anna.safetensors"
    for path in (model, model.with_suffix(".index")):
        path.write_bytes(b"x")
    jobs = open_jobs(still)
    job = jobs.submit(CountSpec(**SHORT), {"numbers": [songs / "b", songs], "model": [model]})
    inputs = folder(jobs, job).inputs
    files = sorted(path.relative_to(inputs).as_posix() for path in inputs.rglob("*") if path.is_file())
    assert files == [
        "model/0001/Anna.index",
        "model/0001/Anna.safetensors",
        "numbers/0001/b/뒤.txt",
        "numbers/0002/my songs/a.txt",
        "numbers/0002/my songs/b/뒤.txt",
    ]
    assert (inputs / "model/0001/Anna.safetensors").samefile(model)


def test_names_that_are_equal_once_they_are_safe_stay_two_files(still: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a?.txt", "a*.txt"):
        (tmp_path / "in" / name).write_text(name)
    jobs = open_jobs(still)
    job = jobs.submit(CountSpec(**SHORT), {"numbers": [tmp_path / "in"]})
    assert len([path for path in folder(jobs, job).inputs.rglob("*") if path.is_file()]) == 2


def test_a_submission_that_fails_leaves_nothing(still: Path, tmp_path: Path) -> None:
    path = tmp_path / "numbers.txt"
    path.write_text("1")
    jobs = open_jobs(still, limits=Limits(jobs=1))
    submit(jobs)
    before = sorted(still.iterdir())
    with pytest.raises(InputError):
        jobs.submit(CountSpec(**SHORT), {"numbers": [path]})
    assert sorted(still.iterdir()) == before


def test_many_programs_submit_at_once(still: Path) -> None:
    jobs = [open_jobs(still) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda one=one: [submit(one, key=f"k{n}") for n in range(5)]) for one in jobs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = jobs[0].jobs()
    assert [job.number for job in found] == [1, 2, 3, 4, 5]
    assert sorted(job.id for job in found) == sorted(path.name for path in still.iterdir() if path.is_dir())


@pytest.mark.parametrize(
    "damage",
    ["garbage", "gone", *(pytest.param(how, marks=pytest.mark.slow) for how in ("empty", "cut", "header"))],
)
def test_a_damaged_database_is_made_again_from_the_folders(home: Path, damage: str) -> None:
    jobs = open_jobs(home)
    done = finish(jobs, submit(jobs, key="once", name="Änna"))
    failed = finish(jobs, submit(jobs, fails=True))
    cancelled = jobs.cancel(submit(jobs, **LONG).id)
    finish(jobs, cancelled)
    kept = jobs.pause(submit(jobs, priority=-5, **LONG).id)
    until_state(jobs, kept, State.PAUSED)
    kill_dispatcher(home)
    before = jobs.jobs()
    _damage(home / DATABASE, damage)
    again = open_jobs(home)
    assert again.jobs() == before
    assert submit(again, key="once").id == done.id
    assert finish(again, again.retry(failed.id)).state == State.FAILED
    assert bool(list(home.glob(f"{DATABASE}.damaged-*"))) == (damage in {"garbage", "cut", "header"})


def _damage(path: Path, how: str) -> None:
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    match how:
        case "garbage":
            path.write_bytes(os.urandom(20_000))
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(path.read_bytes()[:6000])
        case "gone":
            path.unlink()
        case "header":
            path.write_bytes(b"\x00" * 100 + path.read_bytes()[100:])


def test_a_database_that_is_damaged_under_a_running_job_loses_nothing(home: Path) -> None:
    jobs = open_jobs(home)
    job = submit(jobs, steps=200, step_s=0.02)
    until_step(jobs, job)
    _damage(home / DATABASE, "garbage")
    until(lambda: list(home.glob(f"{DATABASE}.damaged-*")), "the dispatcher has found it")
    assert finish(jobs, job).state == State.DONE
    assert ledger(jobs, job) == list(range(1, 201))


def test_a_newer_database_is_refused(still: Path) -> None:
    open_jobs(still)
    with sqlite3.connect(still / DATABASE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(Error) as caught:
        open_jobs(still)
    assert caught.value.code == "newer_database"


def test_a_folder_that_the_database_does_not_know_is_taken_in(home: Path) -> None:
    jobs = open_jobs(home)
    job = finish(jobs, submit(jobs))
    kill_dispatcher(home)
    store = Store(home)
    with store.change() as rows:
        rows.remove(job.id)
    (home / "260101-000000-broken").mkdir()
    (home / "260101-000000-broken" / "job.json").write_text("{")
    other = submit(open_jobs(home))
    finish(jobs, other)
    assert [one.id for one in jobs.jobs()] == [job.id, other.id]


def test_clock_jumps_break_no_order(still: Path) -> None:
    clock = Clock()
    jobs = open_jobs(still, clock=clock)
    made = []
    for hours in (0, -5000, 3, 90_000, -3):
        clock.now += timedelta(hours=hours)
        made.append(submit(jobs).id)
    assert [job.id for job in jobs.jobs()] == made
    assert [job.position for job in jobs.jobs()] == sorted(job.position for job in jobs.jobs())
    events = [event.number for name in made for event in Reader(still / name).read()]
    assert events == [1] * len(made)


def test_old_jobs_are_cleaned_by_a_policy_only_and_it_is_said(home: Path) -> None:
    clock = Clock()
    clock.now = datetime.now(UTC)
    jobs = open_jobs(home, clock=clock)
    done, failed = submit(jobs, name="done"), submit(jobs, name="failed", fails=True)
    short, paused = submit(jobs, name="short", keep_days=1), submit(jobs, name="paused", priority=-9, **LONG)
    for job in (done, failed, short):
        finish(jobs, job)
    jobs.pause(paused.id)
    until_state(jobs, paused, State.PAUSED)
    clock.now += timedelta(days=5)
    assert [one.name for one in jobs.clean(Policy(), pretend=True)] == ["short"]
    pretended = jobs.clean(Policy(work_days=2, job_days=6), pretend=True)
    assert {(one.name, one.what) for one in pretended} == {("done", "work"), ("short", "all")}
    assert ledger(jobs, done) == [1, 2, 3]
    assert jobs.clean(Policy(work_days=2, job_days=6)) == pretended
    assert ledger(jobs, done) == []
    assert jobs.fetch(done.id, "result.txt", home.parent / "kept.txt").read_text() == "3"
    assert events_of(jobs, done)[-1] == "log"
    assert [job.name for job in jobs.jobs()] == ["done", "failed", "paused"]
    clock.now += timedelta(days=5)
    assert {one.name for one in jobs.clean(Policy(job_days=6))} == {"done", "failed"}
    assert [path.name for path in home.iterdir() if path.is_dir()] == [paused.id]


def test_what_a_crash_left_half_made_is_cleared_away(home: Path) -> None:
    home.mkdir()
    old, young, trash = home / ".new-old", home / ".new-young", home / ".removed-x"
    for path in (old, young, trash):
        path.mkdir()
    os.utime(old, (0, 0))
    jobs = open_jobs(home)
    finish(jobs, submit(jobs))
    assert [path.exists() for path in (old, young, trash)] == [False, True, False]
    assert "old" in (home / "dispatcher.log").read_text()


def test_a_job_can_be_read_without_the_program(home: Path) -> None:
    jobs = open_jobs(home)
    job = finish(jobs, submit(jobs, name="Änna"))
    record = json.loads((home / job.id / "job.json").read_text(encoding="utf-8"))
    spec = json.loads((home / job.id / "spec.json").read_text(encoding="utf-8"))
    assert (record["state"], spec["name"], spec["steps"]) == ("done", "Änna", 3)


def test_a_full_disk_costs_no_job(small_disk: Path, tmp_path: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=1m", str(small_disk)], check=True)
    home = small_disk / "jobs"
    home.mkdir()
    lock = Lock(home / LOCK)
    assert lock.acquire()
    jobs = open_jobs(home, tmp_path)
    made: list[str] = []
    with pytest.raises(Error) as caught:
        made.extend(submit(jobs).id for _ in range(1000))
    assert caught.value.code == "disk_full"
    assert len(made) > 3
    assert [job.id for job in jobs.jobs()] == made
    lock.release()
