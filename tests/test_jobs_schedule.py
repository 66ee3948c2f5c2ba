"""Turns and forecasts, which are pure functions."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rvc.jobs.record import PhasePlan, Record
from rvc.jobs.schedule import Span, choose, expected_s, forecast, order
from rvc.jobs.slots import CPU_SLOT, Slot
from rvc.jobs.wire import State

GPUS = [Slot(device=f"cuda:{n}", machine_name=f"gpu-{n}") for n in range(3)]
MACHINE = [*GPUS, CPU_SLOT]


def job(name: str, owner: str = "", priority: int = 0, position: int = 0, **facts: object) -> Record:
    spec = {"device": facts.pop("device", "auto"), "gpus": facts.pop("gpus", 1)}
    return Record(
        id=name,
        kind="count",
        name=name,
        owner=owner,
        state=State.QUEUED,
        priority=priority,
        position=position,
        created=datetime.now(UTC),
        spec=spec,
        phases=[PhasePlan(name="count", units=10, speed="count", guess_s=5)],
        **facts,  # type: ignore[arg-type]
    )


def names(records: list[Record]) -> str:
    return " ".join(record.id for record in records)


def test_one_owners_jobs_come_in_their_order() -> None:
    jobs = [job("c", position=3), job("a", position=1), job("b", position=2)]
    assert names(order(jobs, [], {})) == "a b c"


def test_priority_goes_before_everything() -> None:
    jobs = [job("a", "anna", 0, 1), job("b", "ben", 5, 2), job("c", "anna", 1, 3)]
    assert names(order(jobs, [], {"ben": 9})) == "b c a"


def test_owners_take_turns_however_many_jobs_one_submits() -> None:
    jobs = [job(f"a{n}", "anna", position=n) for n in range(4)] + [job("b1", "ben", position=9)]
    assert names(order(jobs, [], {"anna": 1})) == "b1 a0 a1 a2 a3"
    assert names(order(jobs, [], {"ben": 1})) == "a0 b1 a1 a2 a3"


def test_who_has_a_slot_waits_for_who_has_none() -> None:
    jobs = [job("a", "anna", position=1), job("b", "ben", position=2)]
    assert names(order(jobs, [job("x", "anna", devices=["cuda:0"])], {"ben": 7, "anna": 2})) == "b a"


@given(
    st.lists(
        st.tuples(st.sampled_from(["anna", "ben", "cho"]), st.integers(-10, 10), st.integers(0, 99)),
        max_size=20,
    ),
    st.dictionaries(st.sampled_from(["anna", "ben", "cho"]), st.integers(0, 9)),
)
def test_everybody_has_one_turn_by_priority(rows: list[tuple[str, int, int]], served: dict[str, int]) -> None:
    jobs = [job(str(n), owner, priority, position) for n, (owner, priority, position) in enumerate(rows)]
    turns = order(jobs, [], served)
    assert Counter(one.id for one in turns) == Counter(one.id for one in jobs)
    assert [one.priority for one in turns] == sorted((one.priority for one in jobs), reverse=True)


@given(st.lists(st.sampled_from(["anna", "ben"]), min_size=2, max_size=20))
def test_nobody_is_two_turns_ahead_while_others_wait(owners: list[str]) -> None:
    turns = order([job(str(n), owner, position=n) for n, owner in enumerate(owners)], [], {})
    left = Counter(owners)
    given_turns: Counter[str] = Counter()
    for one in turns:
        waiting = [owner for owner in left if left[owner]]
        assert given_turns[one.owner] <= min(given_turns[owner] for owner in waiting)
        given_turns[one.owner] += 1
        left[one.owner] -= 1


def test_the_first_that_fits_is_chosen() -> None:
    choice = choose([job("a", device="cuda:1"), job("b")], [GPUS[0], CPU_SLOT], MACHINE)
    assert choice is not None
    assert (choice.record.id, choice.slots) == ("b", [GPUS[0]])
    assert choose([job("a", device="cuda:1")], [GPUS[0], CPU_SLOT], MACHINE) is None


def test_a_job_for_several_gpus_gets_them_and_is_not_overtaken_for_ever() -> None:
    big, small, on_cpu = job("big", gpus=2), job("small"), job("slow", device="cpu")
    chosen = choose([big, small], GPUS, MACHINE)
    assert chosen is not None
    assert chosen.slots == GPUS[:2]
    waiting = choose([big, small, on_cpu], [GPUS[2], CPU_SLOT], MACHINE)
    assert waiting is not None
    assert waiting.record.id == "slow"


def test_queued_jobs_are_foretold_from_measured_speeds() -> None:
    running = job("r", devices=["cpu"])
    turns = [job("a"), job("b")]
    spans = forecast(turns, [(running, 7.0)], [CPU_SLOT], {"count": 2.0})
    assert spans == {"a": Span(7.0, 27.0), "b": Span(27.0, 47.0)}


def test_jobs_spread_over_the_devices() -> None:
    running = [(job("x", devices=["cuda:0"]), 100.0), (job("y", devices=["cuda:1"]), 5.0)]
    turns = [job("a"), job("b", gpus=2), job("c", device="cpu")]
    spans = forecast(turns, running, MACHINE, {"count": 1.0})
    assert spans["a"] == Span(0.0, 10.0)
    assert spans["b"] == Span(10.0, 20.0)
    assert spans["c"] == Span(0.0, 10.0)


@pytest.mark.parametrize("left", [None, 5.0])
def test_what_was_never_measured_is_not_foretold(left: float | None) -> None:
    spans = forecast([job("a"), job("b")], [(job("r", devices=["cpu"]), left)], [CPU_SLOT], {})
    assert spans == {"a": Span(left, None), "b": Span(None, None)}


def test_what_is_done_before_is_not_counted_again() -> None:
    half = job("a").model_copy(update={"progress": 0.5})
    assert forecast([half], [], [CPU_SLOT], {"count": 2.0})["a"] == Span(0.0, 10.0)


def test_phases_are_guessed_until_they_are_measured() -> None:
    assert expected_s(job("a"), {}) == {"count": 5.0}
    assert expected_s(job("a"), {"count": 3.0}) == {"count": 30.0}
