"""News of jobs reach their owners once, whatever fails: real jobs, a real mail server and webhook receiver."""

import contextlib
import hashlib
import hmac
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from remote_agent.notifications.messages import News
from remote_agent.notifications.settings import NotifySettings, Preferences, SmtpSettings
from remote_agent.notify import JITTER, Notifier
from remote_agent.outbox import DATABASE, Outbox, Position
from rvc.errors import Error, InputError
from rvc.events import Done, Log
from rvc.jobs import Job, JobProgress, LocalJobs, State
from rvc.jobs.launch import LOCK
from rvc.jobs.locks import Lock
from rvc.jobs.store import Store
from tests.jobs import cleared, finish, open_jobs, until
from tests.jobs_kinds import CountSpec
from tests.receivers import Call, HookServer, MailServer, free_port, serving

SECRET = "a secret of the studio"
ALL = ["started", "reached_25", "reached_50", "reached_75", "completed", "failed"]
ANNA = "anna"
LIMIT_S = 1.0


pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")  # in Apprise's own imports


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


def test_everything_arrives_once_although_everything_fails_first(home: Path, clock: Clock) -> None:
    """The mail server is not there, then busy, stalls and drops; the webhook fails as often; the agent restarts."""
    port, jobs = free_port(), open_jobs(home, owner=ANNA)
    hook_faults = ["500", "drop", "redirect", "stall", "drip"]
    options = settings(port)
    with serving(HookServer(hook_faults)) as hook:
        with notifying(home, clock, options) as notifier:
            prefer(notifier, mail_target(), hook_target(hook))
            job = finish(jobs, submit(jobs, name="Anna", steps=100, step_s=0.04))
            until(lambda: len(fates(notifier)) == 10, lambda: str(fates(notifier)))
            until(lambda: hook.script.tries >= 1, "a webhook was tried")
        with serving(MailServer(port, ["451", "drop", "stall"])) as mail:
            with notifying(home, clock, options) as notifier:
                until(lambda: mail.script.tries or _pass(notifier, clock), "mail is tried")
            with notifying(home, clock, options) as notifier:
                settle(notifier, clock, 10)
                assert set(fates(notifier).values()) == {"sent"}
                tries = {one.target: 0 for one in notifier.outbox.deliveries(ANNA)}
                for one in notifier.outbox.deliveries(ANNA):
                    tries[one.target] += one.tries
            with notifying(home, clock, options) as notifier:
                clock.now += 7200
                notifier.wake()
                settle(notifier, clock, 10)
        once = {"started": 1, "reached_25": 1, "reached_50": 1, "reached_75": 1, "completed": 1}
        assert events(hook.received) == once
        assert [call.data["event"] for call in hook.received] == list(once)
        assert all(is_signed(call) for call in hook.received)
        assert [one["Subject"] for one in mail.received] == [
            "Anna: started",
            *(f"Anna: {percent} % done" for percent in (25, 50, 75)),
            "Anna: done",
        ]
        assert tries["hook"] >= 5 + len(hook_faults)
        assert tries["mail"] > 5 + 3
    done = hook.received[-1].data
    assert done["job"] == {"id": job.id, "name": "Anna", "kind": "count"}
    assert done["scores"]["steps"] == 100
    assert len({call.headers["x-rvc-delivery"] for call in hook.received}) == 5


def _pass(notifier: Notifier, clock: Clock) -> bool:
    clock.now += 5.0
    notifier.wake()
    return False


def test_a_failed_job_says_why_and_names_no_places(
    home: Path, clock: Clock, hook: HookServer, mail: MailServer
) -> None:
    jobs = open_jobs(home, owner=ANNA)
    with notifying(home, clock, settings(mail.port)) as notifier:
        prefer(notifier, mail_target(["failed"]), hook_target(hook, ["failed"]))
        finish(jobs, submit(jobs, name="Anna", fails=True))
        settle(notifier, clock, 2)
    call = hook.received[0].data
    assert call["failure"] == {
        "code": "bad_number",
        "text": "There is no such number.",
        "hint": "Choose another.",
    }
    text = mail.received[0].get_content()
    assert "There is no such number." in text
    assert "Choose another." in text
    assert str(home) not in text + str(call)


def test_messages_are_in_the_language_that_the_user_chose(
    home: Path, clock: Clock, jobs: LocalJobs, mail: MailServer
) -> None:
    with notifying(home, clock, settings(mail.port)) as notifier:
        prefer(notifier, mail_target(["completed"]), language="ko")
        play(jobs, name="안나\r\nBcc: x@y.zz")
        settle(notifier, clock, 1)
    assert mail.received[0]["Subject"] == "안나 Bcc: x@y.zz: 완료"
    assert mail.received[0]["Bcc"] is None
    assert "끝났습니다" in mail.received[0].get_content()


@pytest.mark.parametrize("fault", ["drop-after", "bad-bye"])
def test_a_mail_server_that_took_a_message_and_broke_off_is_not_sent_it_again(
    home: Path, clock: Clock, jobs: LocalJobs, fault: str
) -> None:
    with (
        serving(MailServer(faults=[fault])) as mail,
        notifying(home, clock, settings(mail.port)) as notifier,
    ):
        prefer(notifier, mail_target(["completed"]))
        play(jobs)
        settle(notifier, clock, 1)
        assert len(mail.received) == mail.script.tries == 1


def test_what_cannot_be_delivered_is_given_up_and_kept(home: Path, clock: Clock, jobs: LocalJobs) -> None:
    with (
        serving(HookServer(["500"] * 9)) as hook,
        notifying(home, clock, settings(tries=3)) as notifier,
    ):
        prefer(notifier, hook_target(hook, ["completed"]))
        job = play(jobs)
        settle(notifier, clock, 1)
        (delivery,) = notifier.outbox.deliveries(ANNA)
    assert job.state == State.DONE
    assert (delivery.state, delivery.tries, delivery.error) == ("failed", 3, "The server answered 500.")
    assert hook.script.tries == 3


def test_waits_grow_and_the_clock_decides(home: Path, clock: Clock, jobs: LocalJobs) -> None:
    with (
        serving(HookServer(["500"] * 3)) as hook,
        notifying(home, clock, settings(first_wait_s=10.0)) as notifier,
    ):
        prefer(notifier, hook_target(hook, ["completed"]))
        play(jobs)
        for tried, wait_s in enumerate((10.0, 30.0, 90.0), 1):
            due = clock.now + wait_s
            until(lambda tried=tried: hook.script.tries == tried)
            until(lambda due=due: [one.due for one in notifier.outbox.deliveries(ANNA)] == [due])
            clock.now += wait_s - 1.0
            assert notifier.send_due() == 0
            clock.now += 1.0
            notifier.wake()
        until(lambda: set(fates(notifier).values()) == {"sent"})
    assert hook.script.tries == 4


def test_jitter_spreads_waits_and_they_have_an_end(home: Path, clock: Clock) -> None:
    for draw, factor in ((0.0, 1 - JITTER), (1.0, 1 + JITTER)):
        notifier = Notifier(home, home.parent / DATABASE, settings(), clock, lambda value=draw: value)
        assert notifier.wait_s(1) == pytest.approx(10 * factor)
        assert notifier.wait_s(50) == pytest.approx(3600 * factor)
        notifier.close()


def test_a_clock_that_was_wrong_holds_nothing_up(home: Path, clock: Clock, jobs: LocalJobs) -> None:
    with serving(HookServer(["500"])) as hook, notifying(home, clock, settings()) as notifier:
        prefer(notifier, hook_target(hook, ["completed"]))
        clock.now += 1e9
        play(jobs)
        until(lambda: any(one.error for one in notifier.outbox.deliveries(ANNA)), "it was tried")
        clock.now -= 1e9
        notifier.wake()
        until(lambda: set(fates(notifier).values()) == {"sent"})
        assert len(hook.received) == 1


def test_what_happens_while_the_agent_is_away_is_told_later(
    home: Path, clock: Clock, jobs: LocalJobs, hook: HookServer
) -> None:
    with notifying(home, clock, settings()) as notifier:
        prefer(notifier, hook_target(hook, ["started", "completed"]))
        job = submit(jobs)
        start(home, job)
        until(lambda: events(hook.received) == {"started": 1})
    end(home, job)
    later = play(jobs)
    with notifying(home, clock, settings()) as notifier:
        settle(notifier, clock, 4)
    told = Counter((call.data["job"]["id"], call.data["event"]) for call in hook.received)
    assert told == {(one.id, event): 1 for one in (job, later) for event in ("started", "completed")}


def test_a_crash_between_sending_and_writing_that_down_sends_again_after_a_wait(
    home: Path, clock: Clock
) -> None:
    """The one window in which a message may come twice: its number says that it is the same."""
    outbox = Outbox(home.parent / DATABASE)
    news = News(event="started", time="2026-01-01T00:00:00Z", job="j")
    outbox.advance("j", Position(number=1), ANNA, [("hook", news)], clock())
    first = outbox.claim(clock(), 10.0, 3600.0)
    assert first is not None
    outbox.close()  # the machine dies here
    outbox = Outbox(home.parent / DATABASE)
    assert outbox.claim(clock(), 10.0, 3600.0) is None
    second = outbox.claim(clock() + 11, 10.0, 3600.0)
    assert second is not None
    assert (second.id, second.tries) == (first.id, 2)
    outbox.close()


def test_a_row_is_there_once_whatever_is_read_again(home: Path, clock: Clock, jobs: LocalJobs) -> None:
    with serving(HookServer()) as hook, notifying(home, clock, settings()) as notifier:
        prefer(notifier, hook_target(hook, ALL))
        play(jobs)
        settle(notifier, clock, 2)
    count = len(hook.received)
    with contextlib.closing(sqlite3.connect(home.parent / DATABASE)) as database, database:
        database.execute("DELETE FROM positions")  # as if the jobs had never been read
    with serving(HookServer()) as other, notifying(home, clock, settings()) as notifier:
        settle(notifier, clock, count)
        until(lambda: notifier.outbox.positions())
        assert len(notifier.outbox.deliveries(ANNA)) == count
        assert other.received == []


def test_an_outbox_that_cannot_be_written_for_a_while_loses_nothing(
    home: Path, clock: Clock, jobs: LocalJobs, hook: HookServer, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        notifying(home, clock, settings()) as notifier,
        contextlib.closing(sqlite3.connect(notifier.outbox.path)) as other,
    ):
        prefer(notifier, hook_target(hook, ["started", "completed"]))
        other.execute("CREATE TRIGGER stop BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'full'); END")
        play(jobs)
        until(lambda: "failed" in caplog.text, "a look failed")
        other.execute("DROP TRIGGER stop")
        settle(notifier, clock, 2)
    assert events(hook.received) == {"started": 1, "completed": 1}


def test_a_long_journal_is_read_to_its_end(
    home: Path, clock: Clock, jobs: LocalJobs, hook: HookServer
) -> None:
    """More than a reader takes at a time, of a job that ended while nobody looked."""
    with notifying(home, clock, settings()) as notifier:
        prefer(notifier, hook_target(hook, ["completed"]))
    job = submit(jobs)
    start(home, job)
    for _ in range(30):
        Store(home).journal(job.id).append(Log(code="said", text="a" * 100_000))
    end(home, job)
    with notifying(home, clock, settings()) as notifier:
        settle(notifier, clock, 1)
    assert events(hook.received) == {"completed": 1}


def test_a_retried_job_goes_on_with_its_story(
    home: Path, clock: Clock, jobs: LocalJobs, hook: HookServer
) -> None:
    with notifying(home, clock, settings()) as notifier:
        prefer(notifier, hook_target(hook, ["started", "completed"]))
        job = submit(jobs)
        start(home, job)
        end(home, job, State.CANCELLED)
        until(lambda: notifier.outbox.positions().get(job.id, Position()).ended)
        jobs.retry(job.id)
        start(home, job)
        end(home, job)
        settle(notifier, clock, 2)
    assert events(hook.received) == {"started": 1, "completed": 1}


def test_users_hear_of_their_own_jobs_only(
    home: Path, clock: Clock, jobs: LocalJobs, hook: HookServer
) -> None:
    with notifying(home, clock, settings()) as notifier:
        prefer(notifier, hook_target(hook), user="ben")
        play(jobs)
        job = play(open_jobs(home, owner="ben"))
        until(lambda: events(hook.received)["completed"] == 1)
        assert {call.data["job"]["id"] for call in hook.received} == {job.id}
        assert notifier.outbox.deliveries(ANNA) == []


def test_a_second_agent_waits_until_the_first_is_gone(
    home: Path, clock: Clock, jobs: LocalJobs, hook: HookServer
) -> None:
    with notifying(home, clock, settings()) as second:
        with notifying(home, clock, settings()) as first:
            prefer(first, hook_target(hook, ["started", "completed"]))
            play(jobs)
            settle(first, clock, 2)
        play(jobs)
        settle(second, clock, 4)
    assert events(hook.received) == {"started": 2, "completed": 2}


def test_a_job_does_not_wait_for_a_server_that_stalls(
    home: Path, clock: Clock, jobs: LocalJobs, mail: MailServer
) -> None:
    """Nor do other targets."""
    with serving(HookServer(["stall"] * 9)) as hook, notifying(home, clock, settings(mail.port)) as notifier:
        prefer(notifier, hook_target(hook), mail_target())
        job = play(jobs)
        until(lambda: len(mail.received) >= 2, "the mail came")
        assert job.state == State.DONE
        assert [one for one in fates(notifier).items() if one[0][1] == "hook" and one[1] == "sent"] == []


def test_a_user_whose_servers_stall_holds_up_nobody_else(
    home: Path, clock: Clock, jobs: LocalJobs, hook: HookServer
) -> None:
    ben = open_jobs(home, owner="ben")
    with (
        serving(HookServer(["stall"] * 99)) as stalling,
        notifying(home, clock, settings(time_limit_s=20.0)) as notifier,
    ):
        prefer(notifier, *(hook_target(stalling, ["completed"], f"hook{number}") for number in range(9)))
        prefer(notifier, hook_target(hook, ["completed"]), user="ben")
        play(jobs)
        until(lambda: stalling.script.tries == 2, "she waits for as many as she may")
        play(ben)
        until(lambda: len(hook.received) == 1, "he does not")
        assert stalling.script.tries == 2
        stalling.script.over.set()


def test_what_a_user_forgets_is_gone(home: Path, clock: Clock, jobs: LocalJobs, hook: HookServer) -> None:
    with notifying(home, clock, settings()) as notifier:
        prefer(notifier, hook_target(hook, ["completed"]))
        play(jobs)
        settle(notifier, clock, 1)
        assert notifier.outbox.forget(ANNA) == 2  # the wish, and the message
        assert notifier.outbox.preferences(ANNA) == Preferences()
    left = b"".join(path.read_bytes() for path in home.parent.glob(f"{DATABASE}*"))
    assert left
    assert SECRET.encode() not in left


def test_damage_costs_the_wishes_and_repeats_nothing(
    home: Path, clock: Clock, jobs: LocalJobs, hook: HookServer
) -> None:
    with notifying(home, clock, settings()) as notifier:
        prefer(notifier, hook_target(hook, ["completed"]))
        play(jobs)
        settle(notifier, clock, 1)
    (home.parent / DATABASE).write_bytes(b"damage" * 5000)
    with notifying(home, clock, settings()) as notifier:
        until(lambda: notifier.outbox.positions())
        assert notifier.outbox.preferences(ANNA) == Preferences()
        assert notifier.outbox.deliveries(ANNA) == []
    assert (home.parent / f"{DATABASE}.damaged-1").exists()
    assert len(hook.received) == 1


def test_the_outbox_is_for_its_owner_only(home: Path) -> None:
    Outbox(home / DATABASE).close()
    assert (home / DATABASE).stat().st_mode & 0o777 == 0o600


def test_a_newer_outbox_is_refused(home: Path) -> None:
    Outbox(home / DATABASE).close()
    with contextlib.closing(sqlite3.connect(home / DATABASE)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(Error) as caught:
        Outbox(home / DATABASE)
    assert caught.value.code == "newer_database"


def test_old_messages_of_removed_jobs_are_forgotten(
    home: Path, clock: Clock, jobs: LocalJobs, hook: HookServer
) -> None:
    with notifying(home, clock, settings(keep_days=1.0)) as notifier:
        prefer(notifier, hook_target(hook, ["completed"]))
        job = play(jobs)
        settle(notifier, clock, 1)
        clock.now += 2 * 86400
        jobs.remove(job.id)
        until(lambda: notifier.outbox.deliveries(ANNA) == [])
        assert notifier.outbox.positions() == {}


def test_apprise_services_get_the_same_message(home: Path, clock: Clock, jobs: LocalJobs) -> None:
    pytest.importorskip("apprise")
    with serving(HookServer(["500"])) as hook, notifying(home, clock, settings(apprise="all")) as notifier:
        url = hook.url.replace("http", "json", 1)
        prefer(notifier, {"kind": "apprise", "id": "any", "url": url, "events": ["completed"]})
        play(jobs, name="Anna")
        settle(notifier, clock, 1)
        (delivery,) = notifier.outbox.deliveries(ANNA)
    assert [call.data["title"] for call in hook.received] == ["Anna: done"]
    assert delivery.tries == 2


def test_nothing_of_ours_stays_running(home: Path, clock: Clock) -> None:
    before = threading.active_count()
    with notifying(home, clock, settings()):
        pass
    until(lambda: threading.active_count() == before)


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (mail_target(), "no_mail_server"),
        ({"kind": "webhook", "id": "w", "url": "https://studio.example/"}, "missing_secret"),
        ({"kind": "apprise", "id": "a", "url": "nonsense://x"}, "unknown_service"),
        ({"kind": "apprise", "id": "a", "url": "json://127.0.0.1"}, "service_not_allowed"),
        ({"kind": "apprise", "id": "a", "url": "syslog://"}, "service_not_allowed"),
        ({"kind": "apprise", "id": "a", "url": "mailtos://u:p@studio.example"}, "service_not_allowed"),
    ],
)
def test_targets_that_cannot_be_used_are_refused(
    home: Path, clock: Clock, target: dict[str, Any], code: str
) -> None:
    if target["kind"] == "apprise":
        pytest.importorskip("apprise")
    with notifying(home, clock, settings()) as notifier, pytest.raises(InputError) as caught:
        prefer(notifier, target)
    assert caught.value.code == code
