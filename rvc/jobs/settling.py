"""How an attempt at a job ended, and what follows from that."""

from rvc.events import Failed, Log
from rvc.jobs.folder import JobFolder
from rvc.jobs.journal import newest_progress
from rvc.jobs.locks import Lock
from rvc.jobs.record import Outcome, Record
from rvc.jobs.store import Rows, Store
from rvc.jobs.wire import ACTIVE, Failure, State

CRASHES_MAX = 1  # a worker that died is replaced once
LEAST_SHARE = 0.2  # of a phase, to measure its speed by
AGAIN = "The worker ended without a word; the job goes on from where it was."


def settle(store: Store, record: Record, *, watched: bool, exit_code: int | None = None) -> None:
    """Move a job on that nobody works on any more.

    A worker that died while the dispatcher was `watched` counts as crashed; one found dead later was cut off, by
    a power cut for instance, and its job just goes on. Does nothing when somebody works on the job after all.
    """
    folder = store.folder(record.id)
    lock = Lock(folder.worker_lock)  # a worker that is late finds under it that it is not wanted any more
    if not lock.acquire():
        return
    try:
        with store.change() as rows:
            record = rows.get(record.id)
            if record.state in ACTIVE:
                _settle(store, rows, _at_rest(record, folder), watched=watched, exit_code=exit_code)
    finally:
        lock.release()


def _at_rest(record: Record, folder: JobFolder) -> Record:
    """Take from the folder what is lasting of what a running job shows."""
    news = newest_progress(folder.path)
    facts = {} if news is None else {"progress": news.fraction, "phase": news.phase}
    return record.model_copy(update={"devices": [], "size_bytes": folder.size_bytes(), **facts})


def _settle(store: Store, rows: Rows, record: Record, *, watched: bool, exit_code: int | None) -> None:
    folder = store.folder(record.id)
    outcome = folder.outcome(record.attempt)
    folder.withdraw_request()
    ended = {"ended": store.clock(), "cancelling": False, "finishing": False}
    if outcome is not None and outcome.end == "done" and outcome.done is not None:
        _learn(rows, record, outcome)
        done = outcome.done
        rows.move(record, State.DONE, artifacts=done.artifacts, summary=done.summary, progress=1.0, **ended)
    elif record.cancelling:
        rows.move(record, State.CANCELLED, **ended)
    elif outcome is None:
        _settle_death(store, rows, record, watched=watched, exit_code=exit_code)
    elif outcome.end == "failed":
        rows.move(record, State.FAILED, failure=outcome.failure, **ended)
    elif record.state == State.PAUSING or outcome.by_signal:
        rows.move(record, State.PAUSED)
    else:  # its pause was withdrawn too late, or its device was gone
        rows.move(record, State.QUEUED)


def _settle_death(store: Store, rows: Rows, record: Record, *, watched: bool, exit_code: int | None) -> None:
    """Decide about a job whose worker died without a word."""
    if record.state == State.PAUSING:
        rows.move(record, State.PAUSED)
        return
    crashes = record.crashes + watched
    if crashes <= CRASHES_MAX:
        store.journal(record.id).append(Log(level="warning", code="worker_lost", text=AGAIN))
        rows.move(record, State.QUEUED, crashes=crashes)
        return
    failure = _death(exit_code, store.folder(record.id).log_tail())
    fail(store, rows, record.model_copy(update={"crashes": crashes}), failure)


def _death(exit_code: int | None, log: list[str]) -> Failure:
    if exit_code == -9:
        return Failure(
            code="worker_killed",
            text="The worker was killed, twice.",
            hint="The system does that when memory runs out: close other programs, or use smaller batches.",
            log=log,
        )
    how = "" if exit_code is None else f" (exit code {exit_code})"
    text = f"The worker ended without a word, twice{how}."
    return Failure(code="worker_crashed", text=text, hint="The last lines of its log say more.", log=log)


def fail(store: Store, rows: Rows, record: Record, failure: Failure) -> None:
    """End a job that its worker could not fail itself."""
    event = Failed(code=failure.code, text=failure.text, hint=failure.hint)
    store.journal(record.id).append(event)
    rows.move(record, State.FAILED, failure=failure, ended=store.clock(), finishing=False)


def _learn(rows: Rows, record: Record, outcome: Outcome) -> None:
    """Measure speeds by the phases that were done in one go."""
    for phase in record.phases:
        timing = outcome.timings.get(phase.name)
        if phase.speed and phase.units and timing and timing.share >= LEAST_SHARE:
            rows.learn_speed(phase.speed, timing.seconds / (phase.units * timing.share))
