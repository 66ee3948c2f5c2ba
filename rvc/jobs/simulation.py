"""A day of a queue with many users and devices, simulated: how long jobs wait, and how busy the devices are.

Every job takes one device and keeps it to its end, as in `rvc.jobs.dispatcher`; the queue hands out one turn after the
other. `rvc.jobs.scale` feeds it with what was measured.
"""

import heapq
import math
import random
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

DAY_S = 86400.0
WARM_UP_S = DAY_S / 4  # the queue begins empty, which no queue of many users is
SPREAD = 0.5  # of a job's length around its mean, as the deviation of its logarithm
Kind = Literal["train", "convert"]
Policy = Literal["as they come", "short ones first", "own devices"]
POLICIES: tuple[Policy, ...] = ("as they come", "short ones first", "own devices")


@dataclass(frozen=True, slots=True)
class Work:
    """Jobs of a kind: how many a day come from all users together, and the seconds that one takes on a device."""

    kind: Kind
    a_day: float
    mean_s: float


@dataclass(frozen=True, slots=True)
class Arrival:
    """A job: when it is submitted, and how long it will take, both in seconds."""

    at_s: float
    kind: Kind
    length_s: float


@dataclass(frozen=True, slots=True)
class Waits:
    """How long jobs of a kind waited for their devices, in seconds."""

    count: int
    mean_s: float
    median_s: float
    p95_s: float

    @classmethod
    def of(cls, waits: Sequence[float]) -> "Waits":
        ordered = sorted(waits) or [0.0]
        mean_s = sum(ordered) / len(ordered)
        return cls(len(waits), mean_s, ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)])


@dataclass(frozen=True, slots=True)
class Day:
    """What a simulated day was like; `load` is the share of the time for which devices worked."""

    waits: Mapping[Kind, Waits]
    load: float
    longest_queue: int


def arrivals(work: Sequence[Work], peak: float, days: float, seed: int = 0) -> list[Arrival]:
    """Return the jobs that come, more of them in the evening: `peak` times the mean at its height."""
    draws = random.Random(seed)
    found = [
        Arrival(at_s, one.kind, _draw_length_s(one.mean_s, draws))
        for one in work
        for at_s in _times(one.a_day, peak, days * DAY_S, draws)
    ]
    return sorted(found, key=lambda one: one.at_s)


def _times(a_day: float, peak: float, until_s: float, draws: random.Random) -> Iterator[float]:
    """Yield the times of a Poisson process whose rate swings once a day, by drawing too many and leaving some out."""
    swing, highest = peak - 1, a_day * peak / DAY_S
    at_s = 0.0
    while highest and (at_s := at_s + draws.expovariate(highest)) < until_s:
        rate = 1 - swing * math.cos(2 * math.pi * at_s / DAY_S)
        if draws.random() < rate / peak:
            yield at_s


def _draw_length_s(mean_s: float, draws: random.Random) -> float:
    return mean_s * draws.lognormvariate(-(SPREAD**2) / 2, SPREAD)


def simulate(jobs: Sequence[Arrival], devices: int, policy: Policy = "as they come") -> Day:
    """Let `devices` do the jobs.

    "own devices" gives conversions a share of the devices that suffices for them, and nothing but these.
    """
    if policy == "own devices" and devices > 1:
        count = share_for("convert", jobs, devices)
        days = [
            _simulate([job for job in jobs if job.kind == "convert"], count, policy),
            _simulate([job for job in jobs if job.kind == "train"], devices - count, policy),
        ]
        load = (days[0].load * count + days[1].load * (devices - count)) / devices
        waits: dict[Kind, Waits] = {"convert": days[0].waits["convert"], "train": days[1].waits["train"]}
        return Day(waits, load, sum(day.longest_queue for day in days))
    return _simulate(jobs, devices, policy)


def share_for(kind: Kind, jobs: Sequence[Arrival], devices: int) -> int:
    """Return how many devices jobs of a kind need for themselves: half as many again as they keep busy at the peak."""
    hours: dict[int, float] = {}
    for job in jobs:
        if job.kind == kind:
            hours[int(job.at_s // 3600)] = hours.get(int(job.at_s // 3600), 0.0) + job.length_s
    busy = max(hours.values(), default=0.0) / 3600
    return min(max(math.ceil(1.5 * busy), 1), devices - 1)


class _Line:
    """Jobs that wait, in the order of their turns."""

    def __init__(self, policy: Policy) -> None:
        self._lines: dict[str, deque[Arrival]] = {"convert": deque(), "train": deque()}
        self._short_first = policy == "short ones first"

    def __len__(self) -> int:
        return sum(len(line) for line in self._lines.values())

    def add(self, job: Arrival) -> None:
        self._lines[job.kind].append(job)

    def take(self) -> Arrival:
        """Take out the job whose turn it is; there is one."""
        convert, train = self._lines["convert"], self._lines["train"]
        if not convert or not train:
            return (convert or train).popleft()
        if self._short_first or convert[0].at_s <= train[0].at_s:
            return convert.popleft()
        return train.popleft()


def _simulate(jobs: Sequence[Arrival], devices: int, policy: Policy) -> Day:
    line, ends = _Line(policy), list[float]()
    waits: dict[Kind, list[float]] = {"train": [], "convert": []}
    busy_s, longest = 0.0, 0

    def start(job: Arrival, at_s: float) -> None:
        nonlocal busy_s
        heapq.heappush(ends, at_s + job.length_s)
        if job.at_s >= WARM_UP_S:
            waits[job.kind].append(at_s - job.at_s)
        busy_s += job.length_s

    for job in jobs:
        while ends and ends[0] <= job.at_s:
            free_at_s = heapq.heappop(ends)
            if len(line):
                start(line.take(), free_at_s)
        line.add(job)
        if len(ends) < devices:
            start(line.take(), job.at_s)
        longest = max(longest, len(line))
    while len(line):
        start(line.take(), heapq.heappop(ends))
    span_s = max([job.at_s for job in jobs[-1:]] + ends, default=0.0)
    return Day(
        {kind: Waits.of(one) for kind, one in waits.items()},
        busy_s / (span_s * devices) if span_s else 0.0,
        longest,
    )
