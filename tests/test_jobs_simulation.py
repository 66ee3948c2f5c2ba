"""The simulated queue: single jobs by hand, many of them by the theory of queues, and what the tables say."""

import math
from itertools import pairwise

import pytest

from rvc.jobs.capacity import Site
from rvc.jobs.scale import said_s, table
from rvc.jobs.simulation import (
    DAY_S,
    POLICIES,
    SPREAD,
    WARM_UP_S,
    Arrival,
    Policy,
    Work,
    arrivals,
    share_for,
    simulate,
)

LATER = WARM_UP_S  # jobs before it fill the queue, and are not counted


def job(at_s: float, length_s: float, kind: str = "train") -> Arrival:
    return Arrival(LATER + at_s, kind, length_s)  # type: ignore[arg-type]


def test_jobs_wait_for_a_device() -> None:
    jobs = [job(0, 100), job(10, 100), job(20, 100)]
    one, two = simulate(jobs, 1), simulate(jobs, 2)
    assert one.waits["train"].mean_s == pytest.approx((0 + 90 + 180) / 3)
    assert two.waits["train"].mean_s == pytest.approx((0 + 0 + 80) / 3)
    assert (one.longest_queue, two.longest_queue) == (2, 1)
    assert one.waits["train"].count == 3


def test_short_jobs_go_first_where_they_may_but_wait_for_those_that_run() -> None:
    jobs = [job(0, 100), job(10, 100), job(20, 5, "convert")]
    first = simulate(jobs, 1, "short ones first").waits
    assert (first["convert"].mean_s, first["train"].mean_s) == (80, pytest.approx(95 / 2))
    assert simulate(jobs, 1, "as they come").waits["convert"].mean_s == 180


def test_conversions_with_devices_of_their_own_wait_for_each_other_only() -> None:
    jobs = [job(0, 100), job(1, 100), job(10, 5, "convert"), job(12, 5, "convert")]
    waits = simulate(jobs, 2, "own devices").waits
    assert (waits["convert"].mean_s, waits["train"].mean_s) == (pytest.approx(3 / 2), pytest.approx(99 / 2))
    assert share_for("convert", jobs, 2) == 1


def test_one_device_waits_as_theory_says() -> None:
    """Pollaczek and Khinchine: load x length / (1 - load) x (1 + variation squared) / 2."""
    load, length_s = 0.6, 100.0
    jobs = arrivals([Work("train", load * DAY_S / length_s, length_s)], peak=1.0, days=60)
    day = simulate(jobs, 1)
    expected = load * length_s / (1 - load) * math.exp(SPREAD**2) / 2
    assert day.load == pytest.approx(load, rel=0.02)
    assert day.waits["train"].mean_s == pytest.approx(expected, rel=0.1)


def test_more_come_in_the_evening_and_as_many_in_all() -> None:
    jobs = arrivals([Work("convert", 5000, 1.0)], peak=1.6, days=4)
    at_noon = [one for one in jobs if 0.25 < one.at_s / DAY_S % 1 < 0.75]
    assert len(jobs) == pytest.approx(4 * 5000, rel=0.02)
    assert len(at_noon) / len(jobs) == pytest.approx(0.5 + 0.6 / math.pi, abs=0.01)
    assert all(before.at_s <= after.at_s for before, after in pairwise(jobs))


def test_the_same_seed_gives_the_same_day() -> None:
    work = Site.at_load(1, 0.5).work
    assert arrivals(work, 1.6, 1.0, seed=3) == arrivals(work, 1.6, 1.0, seed=3)
    assert arrivals(work, 1.6, 1.0, seed=3) != arrivals(work, 1.6, 1.0, seed=4)


@pytest.mark.parametrize("policy", POLICIES)
def test_waiting_grows_with_the_load(policy: Policy) -> None:
    calm, busy = (arrivals(Site.at_load(4, load).work, 1.6, days=3) for load in (0.3, 0.9))
    waits = [simulate(jobs, 4, policy).waits["train"].p95_s for jobs in (calm, busy)]
    assert waits[0] < waits[1]


def test_a_site_at_a_load_has_so_many_users() -> None:
    site = Site.at_load(64, 0.5)
    assert site.busy_s_a_day == pytest.approx(64 * DAY_S / 2)
    assert Site.of_users(site.users).gpus < 64
    assert site.agent_cores(5000) > site.agent_cores(0)
    assert sum(site.stored_bytes().values()) == pytest.approx(
        64 * sum(Site(1, site.users / 64).stored_bytes().values())
    )


def test_tables_are_written_in_markdown() -> None:
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
    assert [said_s(one) for one in (0.5, 90, 5400, 2 * DAY_S)] == ["0.5 s", "1.5 min", "1.5 h", "2 d"]
