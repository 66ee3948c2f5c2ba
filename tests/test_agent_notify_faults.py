"""Faults on the way of news: broken clocks, crashes, full disks, servers that stall; each costs time and no message."""

import contextlib
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from remote_agent.notifications.messages import News
from remote_agent.notifications.settings import Preferences
from remote_agent.notify import JITTER, Notifier
from remote_agent.outbox import DATABASE, Outbox, Position
from rvc.errors import Error
from rvc.events import Log
from rvc.jobs import LocalJobs, State
from rvc.jobs.store import Store
from tests.jobs import open_jobs, until
from tests.notifying import (
    ALL,
    ANNA,
    Clock,
    clock,
    end,
    events,
    fates,
    home,
    hook,
    hook_target,
    jobs,
    mail,
    mail_target,
    notifying,
    play,
    prefer,
    settings,
    settle,
    start,
    still,
    submit,
)
from tests.receivers import HookServer, MailServer, serving

__all__ = ["clock", "home", "hook", "jobs", "mail", "still"]

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")  # in Apprise's own imports


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


def test_a_newer_outbox_is_refused(home: Path) -> None:
    Outbox(home / DATABASE).close()
    with contextlib.closing(sqlite3.connect(home / DATABASE)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(Error) as caught:
        Outbox(home / DATABASE)
    assert caught.value.code == "newer_database"
