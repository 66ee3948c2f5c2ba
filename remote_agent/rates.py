"""How often somebody may ask: a bucket of requests that fills up again at a steady rate."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_NAMES = 10_000  # addresses of strangers are forgotten, so that they cannot fill the memory


@dataclass(slots=True)
class Bucket:
    """What one name has left."""

    left: float
    seen: float


@dataclass(slots=True)
class Rates:
    """A bucket for every name."""

    per_s: float
    burst: int
    clock: Callable[[], float] = time.monotonic
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def wait_s(self, name: str) -> float:
        """Take one request from a name's bucket: 0 when there was one, else the seconds until there is."""
        now = self.clock()
        bucket = self._buckets.pop(name, None) or Bucket(self.burst, now)
        bucket.left = min(self.burst, bucket.left + (now - bucket.seen) * self.per_s)
        bucket.seen = now
        self._buckets[name] = bucket  # the one used last is the last
        if len(self._buckets) > MOST_NAMES:
            del self._buckets[next(iter(self._buckets))]
        if bucket.left < 1:
            return (1 - bucket.left) / self.per_s
        bucket.left -= 1
        return 0.0
