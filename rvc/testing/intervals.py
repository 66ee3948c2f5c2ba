"""How sure a score is: intervals that hold the true value 95 times in a hundred.

Means have bootstrap intervals over utterances (percentiles of resampled means, Efron 1979), shares have
Wilson's (1927), which stay inside 0 and 1 and do not collapse where all answers agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

RESAMPLES = 2000
COVERAGE = 95.0  # percent
Z = 1.959963984540054  # of a normal distribution, for that coverage
LEAST = 2  # a single value has no spread
LEAST_CLEAR = (
    6  # fewer equal signs are not beyond chance at that coverage (sign test), whatever resampling says
)


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate, and the range that holds the true value; without a range where `count` is too small."""

    mean: float
    low: float | None
    high: float | None
    count: int

    @property
    def is_clear(self) -> bool:
        """Whether the range excludes 0: for differences, that there is one."""
        if self.low is None or self.high is None or self.count < LEAST_CLEAR:
            return False
        return self.low > 0 or self.high < 0


def of_mean(values: Sequence[float | None], seed: int = 0) -> Interval | None:
    """Average the defined values, with a bootstrap range over them; None when there is none."""
    defined = np.array([value for value in values if value is not None], np.float64)
    if not len(defined):
        return None
    mean = float(defined.mean())
    if len(defined) < LEAST:
        return Interval(mean, None, None, len(defined))
    drawn = np.random.default_rng(seed % 2**63).integers(0, len(defined), (RESAMPLES, len(defined)))
    tail = (100 - COVERAGE) / 2
    low, high = np.percentile(defined[drawn].mean(axis=1), [tail, 100 - tail])
    return Interval(mean, float(low), float(high), len(defined))


def of_difference(
    one: Sequence[float | None], other: Sequence[float | None], seed: int = 0
) -> Interval | None:
    """Average `one - other` over the places where both are defined: paired, so clips need not be alike."""
    pairs = zip(one, other, strict=True)
    return of_mean([a - b for a, b in pairs if a is not None and b is not None], seed)


def of_share(hits: float, count: int) -> Interval | None:
    """Return the share of `hits` in `count` answers with Wilson's range; None without answers."""
    if not count:
        return None
    share, spread = hits / count, Z * Z / count
    middle = (share + spread / 2) / (1 + spread)
    half = Z / (1 + spread) * sqrt(share * (1 - share) / count + spread / (4 * count))
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half), count)
