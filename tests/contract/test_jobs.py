"""What every job service does, however it is reached."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rvc.errors import InputError
from rvc.events import Done, Failed
from rvc.jobs import ENDED, Job, JobEvent, JobProgress, JobService, State, StateChange
from tests.jobs import LONG, SHORT, finish, until_state, until_step
from tests.jobs_kinds import CountSpec


@pytest.fixture(autouse=True)
def _leave_nothing(service: JobService) -> Iterator[None]:
    """Every test leaves the one slot free."""
    yield
    for job in service.jobs(set(State) - ENDED):
        with contextlib.suppress(InputError):  # it has ended meanwhile
            service.cancel(job.id)
    for job in service.jobs(set(State) - ENDED):
        finish(service, job)


def submit(service: JobService, key: str | None = None, **settings: Any) -> Job:
    """Queue a counting job for a worker that stays, which starts at once."""
    return service.submit(CountSpec(**{"kind": "warm-count", **SHORT, **settings}), {}, key=key)


def states(events: list[JobEvent]) -> list[State]:
    return [event.body.state for event in events if isinstance(event.body, StateChange)]


def test_a_job_is_run_and_its_events_are_complete(service: JobService) -> None:
    job = submit(service, name="Änna")
    assert (job.name, job.kind, job.spec["steps"]) == ("Änna", "warm-count", 3)
    events = list(service.events(job.id))
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert states(events) == [State.QUEUED, State.RUNNING, State.DONE]
    progress = [event.body.fraction for event in events if isinstance(event.body, JobProgress)]
    assert progress == sorted(progress)
    assert progress[-1] >= 0.99
    assert [event.body.artifacts for event in events if isinstance(event.body, Done)] == [
        {"result": "result.txt"}
    ]
    done = service.job(job.id)
    assert (done.state, done.progress, done.summary["steps"]) == (State.DONE, 1.0, 3)
    assert done.created <= done.started <= done.ended


def test_events_go_on_after_the_last_one_seen(service: JobService) -> None:
    job = submit(service)
    events = list(service.events(job.id))
    for after in (0, 1, len(events) - 1, len(events), len(events) + 5):
        assert list(service.events(job.id, after)) == events[after:]


def test_events_of_a_silent_job_end_after_a_while(service: JobService) -> None:
    job = submit(service, **LONG)
    until_step(service, job)
    service.pause(job.id)
    until_state(service, job, State.PAUSED)
    seen = list(service.events(job.id, wait_s=0.2))
    assert states(seen)[-1] == State.PAUSED
    assert list(service.events(job.id, seen[-1].number, wait_s=0.2)) == []


def test_several_readers_see_the_same(service: JobService) -> None:
    job = submit(service, steps=10, step_s=0.02)
    seen: list[list[JobEvent]] = [[] for _ in range(4)]
    readers = [threading.Thread(target=lambda one=one: one.extend(service.events(job.id))) for one in seen]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert seen[0]
    assert all(one == seen[0] for one in seen)


def test_a_running_job_pauses_and_goes_on(service: JobService) -> None:
    job = submit(service, steps=100, step_s=0.02)
    until_step(service, job, 20)
    assert service.pause(job.id).state in {State.PAUSING, State.PAUSED}
    paused = until_state(service, job, State.PAUSED)
    assert 0 < paused.progress < 1
    assert service.resume(job.id).state == State.QUEUED
    assert finish(service, job).state == State.DONE
    events = list(service.events(job.id))
    steps = [event.body.step for event in events if event.body.event == "checkpoint"]
    assert steps == list(range(1, 101))


def test_a_running_job_ends_early_with_what_it_has(service: JobService) -> None:
    job = submit(service, **LONG)
    until_step(service, job, 20)
    assert service.finish(job.id).finishing
    done = finish(service, job)
    assert (done.state, done.finishing, done.progress) == (State.DONE, False, 1.0)
    assert 20 <= done.summary["steps"] < LONG["steps"]
    assert states(list(service.events(job.id))) == [State.QUEUED, State.RUNNING, State.DONE]


def test_a_paused_job_ends_early_with_what_it_has(service: JobService) -> None:
    job = submit(service, **LONG)
    until_step(service, job, 20)
    service.pause(job.id)
    step = int(until_state(service, job, State.PAUSED).progress * LONG["steps"])
    assert service.finish(job.id).state == State.QUEUED
    done = finish(service, job)
    assert done.state == State.DONE
    assert step <= done.summary["steps"] < step + 100


def test_what_has_nothing_to_keep_cannot_be_finished(service: JobService) -> None:
    running, queued = submit(service, kind="plain-count", **LONG), submit(service)
    until_step(service, running)
    for job in (running, queued):
        with pytest.raises(InputError) as caught:
            service.finish(job.id)
        assert caught.value.code == "nothing_to_finish"
    service.cancel(running.id)
    assert finish(service, queued).state == State.DONE
    with pytest.raises(InputError) as ended:
        service.finish(queued.id)
    assert ended.value.code == "wrong_state"


def test_a_queued_job_can_be_kept_back(service: JobService) -> None:
    blocking, job = submit(service, **LONG), submit(service)
    until_step(service, blocking)
    assert service.pause(job.id).state == State.PAUSED
    service.cancel(blocking.id)
    finish(service, blocking)
    assert service.job(job.id).state == State.PAUSED
    service.resume(job.id)
    assert finish(service, job).state == State.DONE


def test_a_running_job_is_cancelled_within_five_seconds(service: JobService) -> None:
    job = submit(service, **LONG)
    until_step(service, job)
    asked = time.monotonic()
    assert service.cancel(job.id).cancelling
    finished = finish(service, job)
    assert time.monotonic() - asked < 5
    assert (finished.state, finished.cancelling) == (State.CANCELLED, False)


def test_a_job_that_does_not_listen_is_cancelled_too(service: JobService) -> None:
    job = submit(service, stubborn=True, **LONG)
    until_step(service, job)
    asked = time.monotonic()
    service.cancel(job.id)
    assert finish(service, job).state == State.CANCELLED
    assert time.monotonic() - asked < 5


def test_a_cancelled_job_goes_on_when_it_is_tried_again(service: JobService) -> None:
    job = submit(service, steps=100, step_s=0.01)
    until_step(service, job, 3)
    service.cancel(job.id)
    finish(service, job)
    assert service.retry(job.id).state == State.QUEUED
    assert finish(service, job).state == State.DONE
    assert states(list(service.events(job.id)))[-3:] == [State.QUEUED, State.RUNNING, State.DONE]


def test_a_queued_job_is_cancelled_at_once(service: JobService) -> None:
    blocking, job = submit(service, **LONG), submit(service)
    until_step(service, blocking)
    assert service.cancel(job.id).state == State.CANCELLED
    assert states(list(service.events(job.id))) == [State.QUEUED, State.CANCELLED]


def test_a_failure_says_why(service: JobService) -> None:
    job = submit(service, fails=True, prints="a library's last words")
    events = list(service.events(job.id))
    failed = finish(service, job)
    assert failed.state == State.FAILED
    assert failed.failure is not None
    assert (failed.failure.code, failed.failure.hint) == ("bad_number", "Choose another.")
    assert "a library's last words" in failed.failure.log
    assert [event.body.code for event in events if isinstance(event.body, Failed)] == ["bad_number"]


def test_a_worker_that_dies_is_replaced_and_goes_on(service: JobService) -> None:
    job = submit(service, steps=5, killed_at=[3])
    done = finish(service, job)
    assert (done.state, done.attempt) == (State.DONE, 2)


def test_a_worker_that_dies_twice_fails_the_job(service: JobService) -> None:
    job = submit(service, steps=5, killed_at=[2, 3], prints="last words")
    failed = finish(service, job)
    assert failed.state == State.FAILED
    assert failed.failure is not None
    assert failed.failure.code in {"worker_killed", "worker_crashed"}
    assert "last words" in failed.failure.log


def test_the_same_key_gives_the_same_job(service: JobService) -> None:
    first, again = submit(service, key="once"), submit(service, key="once", steps=9)
    assert first.id == again.id
    assert submit(service, key="twice").id != first.id


def test_inputs_are_taken_over(service: JobService, tmp_path: Path) -> None:
    path = tmp_path / "numbers.txt"
    path.write_text("1")
    blocking = submit(service, **LONG)
    until_step(service, blocking)
    job = service.submit(CountSpec(kind="warm-count", **SHORT), {"numbers": [path]})
    path.unlink()
    service.cancel(blocking.id)
    assert finish(service, job).state == State.DONE


def test_inputs_that_do_not_fit_are_refused(service: JobService, tmp_path: Path) -> None:
    before = service.jobs()
    spec = CountSpec(**SHORT)
    with pytest.raises(InputError, match="does not exist") as missing:
        service.submit(spec, {"numbers": [tmp_path / "nothing"]})
    assert missing.value.code == "missing_path"
    with pytest.raises(InputError) as unknown:
        service.submit(spec, {"songs": [tmp_path]})
    assert unknown.value.code == "unknown_input"
    with pytest.raises(InputError) as many:
        service.submit(spec, {"model": [tmp_path, tmp_path]})
    assert many.value.code == "too_many_inputs"
    assert service.jobs() == before


def test_jobs_are_listed_by_state_in_the_order_of_their_making(service: JobService) -> None:
    jobs = [submit(service) for _ in range(3)]
    for job in jobs:
        finish(service, job)
    known = [job.id for job in service.jobs({State.DONE})]
    assert [job for job in known if job in {one.id for one in jobs}] == [job.id for job in jobs]
    assert service.jobs({State.RUNNING}) == []


def test_priority_and_place_decide_whose_turn_it_is(service: JobService) -> None:
    blocking = submit(service, **LONG)
    until_step(service, blocking)
    first, second, third, urgent = (submit(service, priority=priority) for priority in (0, 0, 0, 5))
    service.move(third.id, before=first.id)
    assert service.prioritise(second.id, 7).priority == 7
    service.cancel(blocking.id)
    ended = [finish(service, job) for job in (first, second, third, urgent)]
    begun = sorted(ended, key=lambda job: job.started)
    assert [job.id for job in begun] == [second.id, urgent.id, third.id, first.id]
    with pytest.raises(InputError) as caught:
        service.prioritise(first.id, 11)
    assert caught.value.code == "bad_priority"


def test_files_are_fetched_by_their_names_only(service: JobService, tmp_path: Path) -> None:
    job = submit(service)
    finish(service, job)
    assert [(file.name, file.size_bytes) for file in service.files(job.id)] == [("result.txt", 1)]
    assert service.fetch(job.id, "result.txt", tmp_path).read_text() == "3"
    assert service.fetch(job.id, "result.txt", tmp_path / "as.txt").name == "as.txt"
    for name in ("../spec.json", "/etc/hostname", "nothing", "", "."):
        with pytest.raises(InputError) as caught:
            service.fetch(job.id, name, tmp_path)
        assert caught.value.code == "unknown_file"


def test_a_removed_job_is_unknown(service: JobService) -> None:
    job = submit(service)
    finish(service, job)
    service.remove(job.id)
    assert job.id not in [one.id for one in service.jobs()]
    with pytest.raises(InputError) as caught:
        service.job(job.id)
    assert caught.value.code == "unknown_job"


ASKED: list[Callable[[JobService, str], object]] = [
    lambda service, name: service.job(name),
    lambda service, name: list(service.events(name)),
    lambda service, name: service.pause(name),
    lambda service, name: service.resume(name),
    lambda service, name: service.cancel(name),
    lambda service, name: service.retry(name),
    lambda service, name: service.finish(name),
    lambda service, name: service.move(name),
    lambda service, name: service.prioritise(name, 1),
    lambda service, name: service.files(name),
    lambda service, name: service.fetch(name, "result.txt", Path()),
    lambda service, name: service.remove(name),
]


@pytest.mark.parametrize("ask", ASKED)
@pytest.mark.parametrize("name", ["nobody", "", "../.."])
def test_unknown_jobs_are_named(
    service: JobService, ask: Callable[[JobService, str], object], name: str
) -> None:
    with pytest.raises(InputError) as caught:
        ask(service, name)
    assert caught.value.code == "unknown_job"


def test_what_does_not_follow_on_a_state_is_refused(service: JobService) -> None:
    done = submit(service)
    finish(service, done)
    running = submit(service, **LONG)
    until_step(service, running)
    refused = [
        (service.pause, done),
        (service.resume, done),
        (service.cancel, done),
        (service.retry, done),
        (service.move, done),
        (service.resume, running),
        (service.retry, running),
        (service.remove, running),
        (service.move, running),
    ]
    for ask, job in refused:
        with pytest.raises(InputError) as caught:
            ask(job.id)
        assert caught.value.code == "wrong_state"
    assert service.job(running.id).state == State.RUNNING
