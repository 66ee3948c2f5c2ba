"""A notifier under test: its clock, its queue, its receivers, and what becomes of messages."""

import contextlib
import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from remote_agent.notifications.settings import NotifySettings, Preferences, SmtpSettings
from remote_agent.notify import Notifier
from remote_agent.outbox import DATABASE
from rvc.events import Done
from rvc.jobs import Job, JobProgress, LocalJobs, State
from rvc.jobs.launch import LOCK
from rvc.jobs.locks import Lock
from rvc.jobs.store import Store
from tests.jobs import cleared, open_jobs, until
from tests.jobs_kinds import CountSpec
from tests.receivers import Call, HookServer, MailServer, serving

SECRET = "a secret of the studio"
ALL = ["started", "reached_25", "reached_50", "reached_75", "completed", "failed"]
ANNA = "anna"
LIMIT_S = 1.0


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "jobs"
    with cleared(home):
        yield home


@pytest.fixture
def still(home: Path) -> Iterator[Path]:
    """A home whose jobs nobody starts: the tests play the worker, which takes no time."""
    home.mkdir()
    lock = Lock(home / LOCK)
    assert lock.acquire()
    yield home
    lock.release()


@pytest.fixture
def jobs(still: Path) -> LocalJobs:
    return open_jobs(still, owner=ANNA)


@pytest.fixture
def hook() -> Iterator[HookServer]:
    with serving(HookServer()) as server:
        yield server


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with serving(MailServer()) as server:
        yield server


def settings(mail_port: int | None = None, **others: Any) -> NotifySettings:
    facts: dict[str, Any] = {"private_addresses": True, "time_limit_s": LIMIT_S}
    if mail_port is not None:
        sender = "agent@studio.example"
        facts["smtp"] = SmtpSettings(host="127.0.0.1", port=mail_port, security="none", sender=sender)
    return NotifySettings(**{**facts, **others})


@contextlib.contextmanager
def notifying(home: Path, clock: Clock, options: NotifySettings) -> Iterator[Notifier]:
    notifier = Notifier(home, home.parent / DATABASE, options, clock, draw=lambda: 0.5)
    notifier.start()
    try:
        yield notifier
    finally:
        notifier.close()


def hook_target(server: HookServer, events: list[str] = ALL, name: str = "hook") -> dict[str, Any]:
    return {"kind": "webhook", "id": name, "url": server.url, "secret": SECRET, "events": events}


def mail_target(events: list[str] = ALL) -> dict[str, Any]:
    return {"kind": "mail", "id": "mail", "address": "anna@studio.example", "events": events}


def prefer(notifier: Notifier, *targets: dict[str, Any], language: str = "en", user: str = ANNA) -> None:
    wanted = Preferences.model_validate({"language": language, "targets": list(targets)})
    notifier.prefer(user, wanted)


def fates(notifier: Notifier, user: str = ANNA) -> dict[tuple[str, str], str]:
    return {(one.event, one.target): one.state for one in notifier.outbox.deliveries(user)}


def settle(notifier: Notifier, clock: Clock, count: int) -> None:
    """Let time pass until so many messages are there and none of them waits."""

    def is_settled() -> bool:
        known = [one.state for one in notifier.outbox.deliveries(ANNA)]
        clock.now += 5.0
        notifier.wake()
        return len(known) >= count and "pending" not in known

    until(is_settled, lambda: f"{count} messages are settled: {notifier.outbox.deliveries(ANNA)}")


def submit(jobs: LocalJobs, **facts: Any) -> Job:
    return jobs.submit(CountSpec(**{"steps": 4, "step_s": 0.0, **facts}), {})


def start(home: Path, job: Job) -> None:
    """Start a job as a dispatcher does."""
    with Store(home).change() as rows:
        record = rows.get(job.id)
        rows.move(record, State.RUNNING, attempt=record.attempt + 1)


def progress(home: Path, job: Job, fraction: float) -> None:
    body = JobProgress(phase="count", step=1, total=4, fraction=fraction)
    Store(home).journal(job.id).append(body)


def end(home: Path, job: Job, state: State = State.DONE) -> None:
    store = Store(home)
    if state == State.DONE:
        store.journal(job.id).append(Done(summary={"steps": 4, "similarity": float("nan")}))
    with store.change() as rows:
        rows.move(rows.get(job.id), state, ended=store.clock())


def play(jobs: LocalJobs, **facts: Any) -> Job:
    """Submit a job and let it be done."""
    job = submit(jobs, **facts)
    start(jobs.home, job)
    end(jobs.home, job)
    return jobs.job(job.id)


def events(calls: list[Call]) -> Counter[str]:
    return Counter(call.data["event"] for call in calls)


def is_signed(call: Call) -> bool:
    text = call.headers["x-rvc-timestamp"].encode() + b"." + call.body
    wanted = hmac.new(SECRET.encode(), text, hashlib.sha256).hexdigest()
    return hmac.compare_digest(call.headers["x-rvc-signature"], f"sha256={wanted}")
