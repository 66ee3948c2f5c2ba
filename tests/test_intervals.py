"""Intervals against known answers, and by how often they hold the truth."""

import numpy as np
import pytest

from rvc.testing import intervals


def test_mean_lies_in_its_range_and_the_same_seed_gives_the_same() -> None:
    values = [1.0, 2.0, None, 3.0, 6.0]
    found = intervals.of_mean(values, seed=3)
    assert found is not None
    assert (found.mean, found.count) == (3.0, 4)
    assert found.low is not None
    assert found.high is not None
    assert 1.0 <= found.low < 3.0 < found.high <= 6.0
    assert intervals.of_mean(values, seed=3) == found


@pytest.mark.parametrize(("values", "expected"), [([], None), ([None], None), ([2.0], (2.0, None, None, 1))])
def test_too_few_values_have_no_range(values: list[float | None], expected: tuple[float, ...] | None) -> None:
    found = intervals.of_mean(values)
    assert (found and (found.mean, found.low, found.high, found.count)) == expected


def test_the_truth_is_inside_about_95_times_in_a_hundred() -> None:
    random = np.random.default_rng(0)
    hits = 0
    for trial in range(200):
        found = intervals.of_mean(random.normal(5, 2, 40).tolist(), trial)
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= 5 <= found.high
    assert 180 <= hits <= 198


def test_paired_differences_see_what_the_clips_hide() -> None:
    hard = np.random.default_rng(1).normal(0, 10, 30)
    one, other = (hard + 1).tolist(), [*hard.tolist()[:-1], None]
    found = intervals.of_difference(one, other)
    assert found is not None
    assert (round(found.mean, 9), found.count, found.is_clear) == (1.0, 29, True)
    assert not intervals.of_difference(one, np.random.default_rng(2).normal(0, 10, 30).tolist()).is_clear  # type: ignore[union-attr]


def test_a_handful_of_clips_proves_no_difference() -> None:
    for count, clear in ((5, False), (6, True)):
        found = intervals.of_difference([2.0 + n for n in range(count)], [1.0 + n for n in range(count)])
        assert found is not None
        assert found.is_clear is clear


def test_shares_have_wilsons_range() -> None:
    found = intervals.of_share(7, 10)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(0.3968, abs=1e-4), pytest.approx(0.8922, abs=1e-4))
    everyone = intervals.of_share(5, 5)
    assert everyone is not None
    assert everyone.high == 1.0
    assert everyone.low == pytest.approx(0.5655, abs=1e-4)
    assert intervals.of_share(0, 0) is None
