"""Tells the user what becomes of jobs: which news are worth it, where they are shown, and what was told before."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError
from PySide6.QtCore import QCoreApplication, QObject, Signal, SignalInstance

from rvc import paths
from rvc.events import Log, Preview
from rvcstudio.hub import Address
from rvcstudio.paths import settings_file
from rvcstudio.studio import Studio

if TYPE_CHECKING:
    from rvc.jobs import Job, JobEvent

log = logging.getLogger(__name__)

Kind = Literal["started", "done", "failed", "attention", "milestone"]
KINDS: tuple[Kind, ...] = ("started", "done", "failed", "attention", "milestone")
SECTION = "notifications"
FILE = "notifications.json"  # beside the settings
KEPT = 500  # of what was told
# Warnings of a job that somebody should know.
ATTENTION = ("overtraining", "not_tested", "no_previews", "damaged_checkpoint")
translate = QCoreApplication.translate


class NotifySettings(BaseModel):
    """Of what the user wants to hear. `quiet` keeps everything inside the app."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    quiet: bool = False
    started: bool = True
    done: bool = True
    failed: bool = True
    attention: bool = True
    milestone: bool = False


class News(BaseModel):
    """Something that was told; `read` once the user has seen it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Kind
    computer: str
    job: str
    title: str
    text: str
    time: datetime
    read: bool = False

    @property
    def address(self) -> Address:
        return Address(self.computer, self.job)


class Messenger(Protocol):
    """Shows news outside of the window."""

    @property
    def clicked(self) -> SignalInstance:
        """Tells the news that the user has clicked on."""

    def show(self, news: News) -> bool:
        """Show news in place of older ones of the same job; tell whether that was possible."""


class Told(BaseModel):
    """What was told, the newest first, and until when the app was there to tell it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    until: datetime
    news: tuple[News, ...] = ()


class History:
    """What was told, in a file."""

    def __init__(self) -> None:
        self._file = settings_file().with_name(FILE)
        self.told = self._read()

    def _read(self) -> Told:
        try:
            return Told.model_validate_json(self._file.read_bytes())
        except FileNotFoundError:
            return Told(until=datetime.now(UTC))
        except (OSError, ValidationError):
            log.warning("the history of notifications cannot be read and starts anew", exc_info=True)
            return Told(until=datetime.now(UTC))

    @property
    def news(self) -> tuple[News, ...]:
        return self.told.news

    def add(self, news: News) -> None:
        self.keep((news, *self.news)[:KEPT])

    def mark_read(self, address: Address | None = None) -> bool:
        """Note that news of a job, or all, were read; tell whether any were new."""
        marked = tuple(
            news.model_copy(update={"read": True}) if address in (None, news.address) else news
            for news in self.news
        )
        if marked == self.news:
            return False
        self.keep(marked)
        return True

    def keep(self, news: tuple[News, ...]) -> None:
        """Keep news as what was told until now."""
        self.told = Told(until=datetime.now(UTC), news=news)
        paths.write_text(self._file, self.told.model_dump_json(indent=1))


class Notifier(QObject):
    """Makes news of what the hub sees. What was so when the app last ran is none."""

    told = Signal(object)  # News, also those that are shown in the app only
    changed = Signal()  # the history is another
    opened = Signal(object)  # the address of a job whose news were clicked

    def __init__(self, studio: Studio, in_front: Callable[[Address], bool]) -> None:
        """`in_front` tells whether the user is looking at a job right now."""
        super().__init__(studio)
        self._studio = studio
        self._in_front = in_front
        self._messengers: list[Messenger] = []
        self._states: dict[Address, str] = {}
        self.history = History()
        self._since = self.history.told.until
        studio.jobs.came.connect(self._follow)
        studio.jobs.told.connect(self._hear)

    @property
    def settings(self) -> NotifySettings:
        return self._studio.settings.section(SECTION, NotifySettings)

    def keep_settings(self, settings: NotifySettings) -> None:
        self._studio.settings.keep_section(SECTION, settings)
        self.changed.emit()

    def add_messenger(self, messenger: Messenger) -> None:
        """Show news here too, where nobody before could."""
        self._messengers.append(messenger)
        messenger.clicked.connect(self._open)

    @property
    def unread(self) -> int:
        return sum(not news.read for news in self.history.news)

    def mark_read(self, address: Address | None = None) -> None:
        """Note that the user has seen the news of a job, or all."""
        if self.history.mark_read(address):
            self.changed.emit()

    def clear(self) -> None:
        """Forget what was told."""
        self.history.keep(())
        self.changed.emit()

    def close(self) -> None:
        """Remember until when the app was there: what happens from now on is news when it starts again."""
        self.history.keep(self.history.news)

    def _follow(self, addresses: list[Address]) -> None:
        for address in addresses:
            job = self._studio.jobs.job(address)
            if job is None:
                continue
            now, before = str(job.state), self._states.get(address)
            self._states[address] = now
            if now != before:
                self._tell_state(address, job, before)

    def _tell_state(self, address: Address, job: "Job", before: str | None) -> None:
        """Tell a change of state that came while the app runs, or happened while it did not."""
        if before is None and not _is_news(job, self._since):
            return
        match str(job.state):
            case "running" if before in (None, "queued"):
                if job.attempt <= 1:
                    self.tell("started", address, job.name, translate("Notify", "It has started."))
            case "done":
                self.tell("done", address, job.name, _done(job))
            case "failed":
                self.tell("failed", address, job.name, _failed(job))
            case _:
                pass

    def _hear(self, address: Address, events: "list[JobEvent]") -> None:
        job = self._studio.jobs.job(address)
        if job is None:
            return
        for event in events:
            if event.time < self._since:
                continue
            match event.body:
                case Log(level="warning", code=code, text=text) if code in ATTENTION:
                    self.tell("attention", address, job.name, _said(code, text))
                case Preview(step=step):
                    text = translate("Notify", "There is a new preview, of step {step}.").format(step=step)
                    self.tell("milestone", address, job.name, text)
                case _:
                    pass

    def tell(self, kind: Kind, address: Address, title: str, text: str) -> None:
        """Tell news, unless the user does not want this kind; keep them in any case but that."""
        if not getattr(self.settings, kind):
            return
        seen = self._in_front(address)
        news = News(kind=kind, **address._asdict(), title=title, text=text, time=datetime.now(UTC), read=seen)
        self.history.add(news)
        self.told.emit(news)
        self.changed.emit()
        if not seen and not self.settings.quiet:
            self._show(news)

    def _show(self, news: News) -> None:
        for messenger in self._messengers:
            if messenger.show(news):
                return

    def _open(self, news: News) -> None:
        self.opened.emit(news.address)


def _is_news(job: "Job", since: datetime) -> bool:
    """Tell whether a job that is seen for the first time has begun or ended since the app last ran."""
    moment = job.ended or job.started
    return moment is not None and moment >= since


def _done(job: "Job") -> str:
    texts = {
        "train": translate("Notify", "The voice is ready."),
        "convert": translate("Notify", "The recordings are converted."),
        "evaluate": translate("Notify", "The test is done."),
    }
    return texts.get(job.kind, translate("Notify", "It is done."))


def _failed(job: "Job") -> str:
    from rvcstudio.ui import job_words

    if job.failure is None:
        return translate("Notify", "It failed.")
    return " ".join(part for part in job_words.failure(job.failure) if part)


def _said(code: str, text: str) -> str:
    texts = {
        "overtraining": translate(
            "Notify", "It only learns its recordings by heart now. You can stop and keep the best."
        ),
        "not_tested": translate("Notify", "The voice could not be tested."),
        "no_previews": translate("Notify", "There will be no previews."),
        "damaged_checkpoint": translate(
            "Notify", "The newest checkpoint was damaged; it goes on from the one before. Check the disk."
        ),
    }
    return texts.get(code, text)
