"""When a job will end, as people are told: a forecast that does not jump."""

import time
from collections.abc import Callable

SETTLED = 0.1  # of a job, after which its end moves slowly
SHARE = 0.15  # of what is left, by which the end may move from one update to the next
MOVE_S = 1.0  # between two moves without an update
LEAST_LEFT_S = 10.0  # below which nobody counts seconds


class SteadyEnd:
    """The end of one job. Early guesses are taken as they come; later ones move the end by 15 % at most.

    What one move leaves to be made up follows second by second, as the job may have nothing more to say.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end: float | None = None
        self._wanted = self._moved_at = 0.0

    def update(self, fraction: float, left_s: float | None) -> float | None:
        """Take in how far the job is and what it says is left; return the seconds to show, or None."""
        if left_s is None:
            return self.left_s
        now = self._clock()
        self._wanted = now + left_s
        if self._end is None or fraction < SETTLED:
            self._end = self._wanted
        self._move(now)
        return self.left_s

    def _move(self, now: float) -> None:
        """Bring the end as near to what the job says as one move may."""
        assert self._end is not None
        room = SHARE * max(self._end - now, LEAST_LEFT_S)
        self._end = min(max(self._wanted, self._end - room), self._end + room)
        self._moved_at = now

    @property
    def left_s(self) -> float | None:
        """How long it will take from now on."""
        if self._end is None:
            return None
        now = self._clock()
        if now - self._moved_at >= MOVE_S:
            self._move(now)
        return max(0.0, self._end - now)
