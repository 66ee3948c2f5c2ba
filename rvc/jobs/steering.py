"""What people ask of a job that is already there: each a step from one record to the next, within one change."""

from pathlib import Path

from rvc.errors import InputError
from rvc.events import Log
from rvc.jobs.journal import newest_progress, tail
from rvc.jobs.record import Record
from rvc.jobs.spec import PRIORITIES
from rvc.jobs.store import Rows, Store
from rvc.jobs.wire import ACTIVE, ENDED, NEXT, State

RESTING = frozenset({State.PAUSED, *ENDED})


def pause(store: Store, rows: Rows, record: Record) -> Record:
    """Stop a job at its next safe point, or keep a queued one back."""
    if record.state == State.QUEUED:
        return rows.move(record, State.PAUSED)
    _refuse_unless(record.state == State.RUNNING and not record.cancelling, record, "paused")
    store.folder(record.id).request("pause")
    return rows.move(record, State.PAUSING)


def resume(store: Store, rows: Rows, record: Record) -> Record:
    """Let a paused job go on; one that is about to pause runs on, or is queued again if it stopped already."""
    if record.state == State.PAUSING and not record.cancelling:
        store.folder(record.id).withdraw_stop(finishing=record.finishing)
        return rows.move(record, State.RUNNING)
    _refuse_unless(record.state == State.PAUSED, record, "resumed")
    return rows.move(record, State.QUEUED, crashes=0)


def cancel(store: Store, rows: Rows, record: Record) -> Record:
    """End a job for good: the dispatcher sees to one that runs."""
    if record.state in ACTIVE:
        store.folder(record.id).request("cancel")
        return rows.put(record.model_copy(update={"cancelling": True}))
    _refuse_unless(State.CANCELLED in NEXT[record.state], record, "cancelled")
    return rows.move(record, State.CANCELLED, ended=store.clock(), finishing=False)


def finish(store: Store, rows: Rows, record: Record) -> Record:
    """Let a training end with what it has: one that runs now, one that stands still when it goes on."""
    _refuse_unless(record.state not in ENDED and not record.cancelling, record, "finished")
    _require_something_to_keep(store, record)
    if record.finishing and record.state in {State.QUEUED, State.RUNNING}:
        return record
    text = "The training ends now, with the best model so far."
    store.journal(record.id).append(Log(code="finishing", text=text))
    record = record.model_copy(update={"finishing": True})
    if record.state in ACTIVE:
        store.folder(record.id).request("finish")
    following = {State.PAUSING: State.RUNNING, State.PAUSED: State.QUEUED}.get(record.state)
    return rows.put(record) if following is None else rows.move(record, following, crashes=0)


def _require_something_to_keep(store: Store, record: Record) -> None:
    """Raise `InputError` nothing_to_finish unless the phase that can be ended early is what the job is in."""
    folder = store.home / record.id
    news = newest_progress(folder)
    if news is None or news.phase != record.finishes or not (news.step or _has_checkpoint(folder)):
        raise InputError(
            "nothing_to_finish",
            f'The job "{record.name}" is not training now: there is nothing that could be finished early.',
            "Wait until it trains, or cancel it.",
        )


def _has_checkpoint(folder: Path) -> bool:
    """Say whether a checkpoint was told of lately; the first may come before the first step is."""
    return any(event.body.event == "checkpoint" for event in tail(folder))


def retry(_store: Store, rows: Rows, record: Record) -> Record:
    """Queue a failed or cancelled job again."""
    _refuse_unless(record.state in {State.FAILED, State.CANCELLED}, record, "tried again")
    return rows.move(record, State.QUEUED, crashes=0, failure=None, ended=None)


def move(rows: Rows, record: Record, before: str | None) -> Record:
    """Place a queued job before another of its owner, or last; the places themselves stay the same."""
    _refuse_unless(record.state == State.QUEUED, record, "moved")
    others = [one for one in rows.all({State.QUEUED}, record.owner) if one.id != record.id]
    others.sort(key=lambda one: one.position)
    place = len(others)
    if before is not None:
        rows.get(before, record.owner)
        place = next((number for number, one in enumerate(others) if one.id == before), place)
    placed = [*others[:place], record, *others[place:]]
    for one, position in zip(placed, sorted(one.position for one in placed), strict=True):
        if one.position != position:
            rows.put(one.model_copy(update={"position": position}))
    return rows.get(record.id)


def prioritise(rows: Rows, record: Record, priority: int) -> Record:
    """Change a job's priority."""
    least, most = PRIORITIES
    if not least <= priority <= most:
        raise InputError("bad_priority", f"A priority is a number from {least} to {most}.")
    return rows.put(record.model_copy(update={"priority": priority}))


def remove(store: Store, rows: Rows, record: Record) -> Record:
    """Delete a job that stands still, with all its files."""
    _refuse_unless(record.state in RESTING, record, "removed")
    rows.remove(record.id)
    store.folder(record.id).remove()
    return record


def _refuse_unless(allowed: bool, record: Record, wanted: str) -> None:
    if not allowed:
        state = "about to be cancelled" if record.cancelling else record.state
        raise InputError("wrong_state", f'The job "{record.name}" is {state}: it cannot be {wanted}.')
