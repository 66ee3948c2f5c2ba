"""News of jobs reach their owners once, whatever fails: real jobs, a real mail server and webhook receiver."""

import threading
from pathlib import Path
from typing import Any

import pytest

from remote_agent.notifications.settings import Preferences
from remote_agent.notify import Notifier
from remote_agent.outbox import DATABASE, Outbox, Position
from rvc.errors import InputError
from rvc.jobs import LocalJobs, State
from tests.jobs import finish, open_jobs, until
from tests.notifying import (
    ANNA,
    SECRET,
    Clock,
    clock,
    end,
    events,
    fates,
    home,
    hook,
    hook_target,
    is_signed,
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
from tests.receivers import HookServer, MailServer, free_port, serving

__all__ = ["clock", "home", "hook", "jobs", "mail", "still"]

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")  # in Apprise's own imports


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


def test_the_outbox_is_for_its_owner_only(home: Path) -> None:
    Outbox(home / DATABASE).close()
    assert (home / DATABASE).stat().st_mode & 0o777 == 0o600


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
