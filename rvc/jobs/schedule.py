"""Whose turn it is, and when the others' will come. Pure functions: no clock, no disk, no process."""

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rvc.jobs.record import Record
from rvc.jobs.slots import Demand, Slot


@dataclass(frozen=True, slots=True)
class Choice:
    """A job that may start now, and where."""

    record: Record
    slots: list[Slot]


@dataclass(frozen=True, slots=True)
class Span:
    """When a queued job is expected to start and to end, seconds from now; None where nothing is known."""

    start_s: float | None
    end_s: float | None


def order(queued: Iterable[Record], active: Iterable[Record], served: Mapping[str, int]) -> list[Record]:
    """Return queued jobs in the order of their turns.

    The higher priority goes first. Among equals that owner who has fewest slots now, then the one who was served
    longest ago; within an owner, the owner's own order. `served` holds the number of each owner's last start.
    """
    slots: Counter[str] = Counter()
    for record in active:
        slots[record.owner] += max(1, len(record.devices))
    served = dict(served)
    turn = max(served.values(), default=0)
    waiting: dict[str, list[Record]] = {}
    for record in sorted(queued, key=lambda one: (-one.priority, one.position)):
        waiting.setdefault(record.owner, []).append(record)
    turns = []
    while waiting:
        owner = min(
            waiting, key=lambda name: (-waiting[name][0].priority, slots[name], served.get(name, 0), name)
        )
        turns.append(waiting[owner].pop(0))
        if not waiting[owner]:
            del waiting[owner]
        turn += 1
        served[owner] = turn
    return turns


def choose(turns: Sequence[Record], free: Sequence[Slot], machine: Sequence[Slot]) -> Choice | None:
    """Return the first job that can start on the free slots.

    A job that waits for several GPUs keeps later ones from taking them: it would else wait for ever.
    """
    left = list(free)
    for record in turns:
        demand = demand_of(record)
        fitting = [slot for slot in left if demand.fits(slot, machine)]
        if len(fitting) >= demand.count:
            return Choice(record, fitting[: demand.count])
        left = [slot for slot in left if slot not in fitting]
    return None


def demand_of(record: Record) -> Demand:
    return Demand(str(record.spec.get("device", "auto")), int(record.spec.get("gpus", 1)))


def forecast(
    turns: Sequence[Record],
    active: Sequence[tuple[Record, float | None]],
    machine: Sequence[Slot],
    speeds: Mapping[str, float],
) -> dict[str, Span]:
    """Foretell when queued jobs start and end; `active` gives the seconds left of those that run.

    Counts on nobody else's jobs and none that are yet to come.
    """
    free_at: dict[str, float | None] = {slot.device: 0.0 for slot in machine}
    for record, left_s in active:
        free_at.update(dict.fromkeys(record.devices, left_s))
    spans = {}
    for record in turns:
        places = [slot.device for slot in demand_of(record).candidates(machine)]
        count = demand_of(record).count
        chosen = heapq.nsmallest(count, places, key=lambda place: _or_never(free_at[place]))
        starts = [free_at[place] for place in chosen]
        start_s = max((one for one in starts if one is not None), default=None)
        if len(chosen) < count or None in starts:
            start_s = None
        needed_s = length_s(record, speeds)
        end_s = None if start_s is None or needed_s is None else start_s + needed_s
        free_at.update(dict.fromkeys(chosen, end_s))
        spans[record.id] = Span(start_s, end_s)
    return spans


def _or_never(seconds: float | None) -> float:
    return float("inf") if seconds is None else seconds


def length_s(record: Record, speeds: Mapping[str, float]) -> float | None:
    """Return how long what is left of a job takes; None while one of its phases was never measured."""
    total = 0.0
    for phase in record.phases:
        speed = 1.0 if phase.speed is None else speeds.get(phase.speed)
        if speed is None:
            return None
        total += phase.units * speed
    return total * (1 - record.progress)


def expected_s(record: Record, speeds: Mapping[str, float]) -> dict[str, float]:
    """Return the length of each phase: measured where possible, else guessed."""
    lengths = {}
    for phase in record.phases:
        speed = 1.0 if phase.speed is None else speeds.get(phase.speed)
        lengths[phase.name] = phase.guess_s if speed is None else phase.units * speed
    return lengths
