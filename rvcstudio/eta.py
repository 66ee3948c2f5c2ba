"""When a job will end, as people are told: a forecast that does not jump."""

import time
from collections.abc import Callable

SETTLED = 0.1  # of a job, after which its end moves slowly
SHARE = 0.15  # of what is left, by which the end may move from one update to the next
LEAST_LEFT_S = 10.0  # below which nobody counts seconds


class SteadyEnd:
    """The end of one job. Early guesses are taken as they come; later ones move the end by 15 % at most."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end: float | None = None

    def update(self, fraction: float, left_s: float | None) -> float | None:
        """Take in how far the job is and what it says is left; return the seconds to show, or None."""
        if left_s is None:
            return self.left_s
        now = self._clock()
        wanted = now + left_s
        if self._end is None or fraction < SETTLED:
            self._end = wanted
        else:
            room = SHARE * max(self._end - now, LEAST_LEFT_S)
            self._end = min(max(wanted, self._end - room), self._end + room)
        return self.left_s

    @property
    def left_s(self) -> float | None:
        """How long it will take from now on, as last told."""
        return None if self._end is None else max(0.0, self._end - self._clock())
