"""Tells users what becomes of their jobs: reads events, keeps messages in the outbox, and sends them from threads.

It runs beside the jobs and after them: nothing here can hold a job up or fail it.
"""

import asyncio
import contextlib
import logging
import random
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from fastapi import FastAPI, Request
from pydantic import BaseModel, ValidationError

from remote_agent.notifications import services
from remote_agent.notifications.delivery import send
from remote_agent.notifications.messages import News
from remote_agent.notifications.settings import (
    AnyTarget,
    AppriseTarget,
    MailTarget,
    NotifySettings,
    Preferences,
    WebhookTarget,
)
from remote_agent.notifications.watch import Watcher
from remote_agent.outbox import DATABASE, Letter, Outbox
from remote_agent.rates import Rates
from remote_agent.state import agent_of
from rvc.errors import Error, InputError
from rvc.jobs.locks import Lock
from rvc.jobs.store import Store

LOOK_S = 0.5  # how late a message may be because nobody looked
SENDERS = 8
SENDERS_OF_ONE = 2  # user: whose servers stall holds up nobody else
GROWTH = 3.0
JITTER = 0.25  # of a wait, up or down: messages that failed together do not come back together
TESTS_PER_S, TESTS_AT_ONCE = 1 / 20, 3  # of one user
SETTINGS = "notify.json"
LOG = logging.getLogger(__name__)


class Tried(BaseModel):
    """What became of a test message."""

    id: str
    sent: bool
    error: str = ""


class Notifier:
    """Watches the jobs of a queue and sends what their owners want to hear."""

    def __init__(
        self,
        jobs: Path,
        outbox: Path,
        settings: NotifySettings = NotifySettings(),  # noqa: B008 - frozen
        clock: Callable[[], float] = time.time,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """Open the outbox for the queue in `jobs`. `draw` gives numbers from 0 to 1, for the jitter."""
        self.settings = settings
        self.outbox = Outbox(outbox)
        self._store = Store(jobs)
        self._clock = clock
        self._draw = draw
        self._lock = Lock(outbox.with_suffix(".lock"))
        self.tests = Rates(TESTS_PER_S, TESTS_AT_ONCE)
        self._over = threading.Event()
        self._wake = threading.Event()
        self._sending: dict[int, str] = {}
        """Users by the messages that are being sent to them just now."""
        self._guard = threading.Lock()
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="notify")
        self._thread = threading.Thread(target=self._run, name="notify", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Look at once."""
        self._wake.set()

    def close(self) -> None:
        """Stop; what is being sent just now is awaited, the rest is sent after the next start."""
        self._over.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._senders.shutdown()
        self.outbox.close()

    def _run(self) -> None:
        """Send as the only one: another agent with the same jobs waits until this one is gone."""
        while not self._lock.acquire():
            if self._over.wait(LOOK_S):
                return
        with contextlib.ExitStack() as stack:
            stack.callback(self._lock.release)
            watcher = Watcher(self._store, self.outbox, self._clock)
            stack.callback(watcher.close)
            while not self._over.is_set():
                self._turn(watcher)

    def _turn(self, watcher: Watcher) -> None:
        """Look once, send what is due, and wait a little."""
        keep_s = self.settings.keep_days * 86400
        more = _attempt(lambda: watcher.look(keep_s))
        _attempt(self.send_due)
        if not more:
            self._wake.wait(LOOK_S)
            self._wake.clear()

    def send_due(self) -> int:
        """Begin to send what is due; return how many messages that are."""
        count = 0
        while letter := self._claim():
            self._senders.submit(self._deliver, letter)
            count += 1
        return count

    def _claim(self) -> Letter | None:
        with self._guard:
            if len(self._sending) >= SENDERS or self._over.is_set():
                return None
            settings, counts = self.settings, Counter(self._sending.values())
            busy = [user for user, count in counts.items() if count >= SENDERS_OF_ONE]
            letter = self.outbox.claim(
                self._clock(), settings.first_wait_s, settings.longest_wait_s, self._sending, busy
            )
            if letter is not None:
                self._sending[letter.id] = letter.user
            return letter

    def _deliver(self, letter: Letter) -> None:
        try:
            self._try(letter)
        except Exception:
            LOG.exception("Notifications: message %d was not sent.", letter.id)
        finally:
            with self._guard:
                self._sending.pop(letter.id, None)
            self._wake.set()

    def _try(self, letter: Letter) -> None:
        """Send a message once and write down what became of it."""
        preferences = self.outbox.preferences(letter.user)
        target = preferences.target(letter.target)
        if target is None:
            self.outbox.mark_failed(letter, "The target is gone.", self._clock())
            return
        try:
            send(target, letter.news, preferences.language, letter.id, self.settings, self._clock())
        except Exception as error:
            self._set_back(letter, error)
        else:
            self.outbox.mark_sent(letter, self._clock())

    def _set_back(self, letter: Letter, error: Exception) -> None:
        text = str(error) if isinstance(error, Error) else f"A bug: {type(error).__name__}."
        if not isinstance(error, Error):
            LOG.error("Notifications: %s", text, exc_info=error)
        if isinstance(error, InputError) or letter.tries >= self.settings.tries:
            self.outbox.mark_failed(letter, text, self._clock())
        else:
            self.outbox.postpone(letter, text, self._clock() + self.wait_s(letter.tries))

    def wait_s(self, tries: int) -> float:
        """Return how long to wait after so many tries, with jitter."""
        wait_s = min(self.settings.first_wait_s * GROWTH ** (tries - 1), self.settings.longest_wait_s)
        return wait_s * (1 + JITTER * (2 * self._draw() - 1))

    def prefer(self, user: str, wanted: Preferences) -> Preferences:
        """Keep what a user wants to hear; raises `InputError` for a target that cannot be used here."""
        complete = wanted.keeping_secrets_of(self.outbox.preferences(user))
        for target in complete.targets:
            self._check(target)
        self.outbox.prefer(user, complete)
        return complete

    def _check(self, target: AnyTarget) -> None:
        if isinstance(target, MailTarget) and self.settings.smtp is None:
            raise InputError(
                "no_mail_server",
                "This agent has no mail server.",
                "Choose a webhook, or ask its administrator.",
            )
        if isinstance(target, WebhookTarget) and not target.secret:
            raise InputError(
                "missing_secret",
                f"The webhook {target.id} has no secret to sign its messages with.",
                "Give one with this URL: at least 16 characters.",
            )
        if isinstance(target, AppriseTarget):
            services.check(target.url, self.settings)

    def test(self, user: str) -> list[Tried]:
        """Send a test to all targets of a user now, and say what became of each."""
        preferences = self.outbox.preferences(user)
        news = News(event="test", time=datetime.fromtimestamp(self._clock(), UTC))
        if not preferences.targets:
            return []
        with ThreadPoolExecutor(len(preferences.targets)) as pool:  # one that stalls is waited for once
            return list(pool.map(lambda target: self._test(target, news, preferences), preferences.targets))

    def _test(self, target: AnyTarget, news: News, preferences: Preferences) -> Tried:
        now = self._clock()
        try:
            send(target, news, preferences.language, int(now * 1000), self.settings, now)
        except Error as error:
            return Tried(id=target.id, sent=False, error=str(error))
        return Tried(id=target.id, sent=True)


def _attempt(step: Callable[[], int]) -> int:
    """Do a step of a turn; what fails is logged, and tried again in the next turn."""
    try:
        return step()
    except Exception:
        LOG.exception("Notifications: a step failed; it is repeated.")
        return 0


def read_settings(home: Path) -> NotifySettings:
    """Return what the administrator wrote to `notify.json`, or the defaults; raises `InputError` bad_settings."""
    path = home / SETTINGS
    try:
        return NotifySettings.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return NotifySettings()
    except (OSError, ValidationError) as error:
        raise InputError(
            "bad_settings", f"{path} cannot be used: {error}", "docs/notifications.md shows an example."
        ) from error


@contextlib.asynccontextmanager
async def notifying(app: FastAPI) -> AsyncIterator[None]:
    """Tell users of their jobs as long as the agent runs."""
    home = agent_of(app).settings.home
    notifier = Notifier(home / "jobs", home / DATABASE, read_settings(home))
    app.state.notifier = notifier
    notifier.start()
    try:
        yield
    finally:
        await asyncio.to_thread(notifier.close)


def notifier_of(request: Request) -> Notifier:
    """Return what a request may use to tell its user of jobs."""
    return cast(Notifier, request.app.state.notifier)
