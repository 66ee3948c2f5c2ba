"""The hub: jobs of computers as they are, their events, and forecasts that do not jump."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from rvc.errors import Error
from rvc.jobs import JobService, LocalJobs, State
from rvcstudio.eta import LEAST_LEFT_S, SETTLED, SHARE, SteadyEnd
from rvcstudio.hub import HERE, Address, JobHub
from tests.jobs import LONG, cleared, open_jobs
from tests.jobs_kinds import CountSpec

PATIENCE_MS = 40_000  # less than the minute after which everything is looked at anyway


@pytest.fixture
def counting(tmp_path: Path) -> Iterator[LocalJobs]:
    """A queue of counting jobs, whose processes go with the test."""
    with cleared(tmp_path / "jobs"):
        yield open_jobs(tmp_path / "jobs")


@pytest.fixture
def hub(counting: LocalJobs, qtbot: QtBot) -> Iterator[JobHub]:
    assert qtbot is not None  # signals need an application
    made = JobHub()
    made.add(HERE, lambda: counting)
    yield made
    made.stop()


def test_jobs_are_seen_with_their_events_and_their_end(
    hub: JobHub, counting: LocalJobs, qtbot: QtBot
) -> None:
    hub.start()
    address = Address(HERE, counting.submit(CountSpec(name="Numbers", steps=5, step_s=0.05), {}).id)
    qtbot.waitUntil(
        lambda: (job := hub.job(address)) is not None and job.state == State.DONE, timeout=PATIENCE_MS
    )
    story = hub.story(address)
    qtbot.waitUntil(lambda: story.done is not None, timeout=PATIENCE_MS)
    assert story.checkpoints == [1, 2, 3, 4, 5]
    assert story.states[-1][1] == "done"


def test_a_job_that_ended_before_is_told_when_asked_for(
    hub: JobHub, counting: LocalJobs, qtbot: QtBot
) -> None:
    address = Address(HERE, counting.submit(CountSpec(steps=2, step_s=0), {}).id)
    list(counting.events(address.job))
    hub.start()
    qtbot.waitUntil(lambda: hub.job(address) is not None, timeout=PATIENCE_MS)
    story = hub.story(address)
    qtbot.waitUntil(lambda: story.done is not None, timeout=PATIENCE_MS)
    assert story.checkpoints == [1, 2]


def test_asking_changes_a_job_and_is_seen_at_once(hub: JobHub, counting: LocalJobs, qtbot: QtBot) -> None:
    hub.start()
    address = Address(HERE, counting.submit(CountSpec(**LONG), {}).id)
    qtbot.waitUntil(lambda: (job := hub.job(address)) is not None and job.progress > 0, timeout=PATIENCE_MS)
    hub.ask(address, "pause")
    qtbot.waitUntil(lambda: hub.jobs()[address].state == State.PAUSED, timeout=PATIENCE_MS)
    assert hub.left_s(address) is None
    with qtbot.waitSignal(hub.gone, timeout=PATIENCE_MS) as gone:
        hub.ask(address, "remove")
    assert gone.args == [[address]]
    assert hub.job(address) is None


def test_a_computer_that_comes_back_is_seen_again(hub: JobHub, counting: LocalJobs, qtbot: QtBot) -> None:
    answers = [Error("agent_unreachable", "The agent cannot be reached.")]

    def make() -> JobService:
        if answers:
            raise answers.pop()
        return counting

    counting.submit(CountSpec(steps=1), {})
    with qtbot.waitSignal(hub.reached, timeout=PATIENCE_MS) as lost:
        hub.add("studio", make)
        hub.start()
    assert lost.args[0] == "studio"
    assert hub.error("studio") is not None
    with qtbot.waitSignal(hub.reached, timeout=PATIENCE_MS):
        pass
    assert hub.error("studio") is None
    qtbot.waitUntil(lambda: any(address.computer == "studio" for address in hub.jobs()), timeout=PATIENCE_MS)
    hub.remove("studio")
    assert {address.computer for address in hub.jobs()} <= {HERE}


@given(st.lists(st.tuples(st.floats(0.01, 5), st.floats(0, 1e5)), min_size=2, max_size=60))
def test_the_end_moves_by_at_most_fifteen_percent_of_what_is_left(updates: list[tuple[float, float]]) -> None:
    now = [0.0]
    end = SteadyEnd(lambda: now[0])
    end.update(0.1, updates[0][1])
    for passed_s, left_s in updates[1:]:
        now[0] += passed_s
        before = end.left_s
        after = end.update(0.5, left_s)
        assert before is not None
        assert after is not None
        assert abs(after - before) <= SHARE * max(before, LEAST_LEFT_S) + 1e-6


@pytest.mark.parametrize("where", ["here", "elsewhere"])
def test_the_end_of_a_real_training_does_not_jump(where: str) -> None:
    """From the event logs of two trainings on a busy machine; the other one was suspended, its connection cut.

    Each entry has seconds since the first, the fraction that was done, and the seconds that were said to be left.
    """
    log = json.loads((Path(__file__).parent / "endings.json").read_text())[where]
    now = [0.0]
    end = SteadyEnd(lambda: now[0])
    said, told = [], []
    seen: list[float] = []
    while now[0] < log[-1][0] + 1:  # looked at every second, as the hub does
        newest = next(entry for entry in reversed(log) if entry[0] <= now[0])
        if newest != seen:
            shown = end.update(newest[1], newest[2])
            assert shown is not None
            if newest[1] >= SETTLED:
                said.append((now[0], now[0] + newest[2]))
                told.append((now[0], now[0] + shown))
        seen = newest
        now[0] += 1.0
    assert max(moves(said)) > 1.5 * SHARE  # as the job itself foretold it
    assert max(moves(told)) <= SHARE + 1e-6
    assert told[-1][1] == pytest.approx(log[-1][0], rel=0.25)  # these are short, and their tests went quickly


def moves(ends: list[tuple[float, float]]) -> list[float]:
    """Return by which share of what was left an end moved, from one update (when, the end) to the next."""
    return [
        abs(after - before) / max(before - at, LEAST_LEFT_S)
        for (_, before), (at, after) in itertools.pairwise(ends)
    ]


def test_the_end_comes_to_what_jobs_say() -> None:
    now = [0.0]
    end = SteadyEnd(lambda: now[0])
    end.update(0.2, 600)
    for _ in range(40):
        now[0] += 1
        end.update(0.3, 3000 - now[0])
    assert end.left_s == pytest.approx(3000 - now[0], rel=0.01)


def test_the_end_comes_to_what_was_said_last_although_nothing_follows() -> None:
    now = [0.0]
    end = SteadyEnd(lambda: now[0])
    end.update(0.5, 40)
    end.update(0.9, 5)
    told = [end.left_s]
    while now[0] < 12:
        now[0] += 0.25  # pages may look more often than the end moves
        told.append(end.left_s)
    lost = [before - 0.25 - after for before, after in itertools.pairwise(told) if before and after]
    assert max(lost) <= SHARE * 40
    assert sum(move > 0.01 for move in lost) <= 12
    assert told[-1] == 0


def test_early_guesses_are_taken_as_they_come() -> None:
    end = SteadyEnd(lambda: 0.0)
    end.update(0.01, 10)
    assert end.update(0.02, 500) == 500
