"""The other computers that the user has added: kept in the settings, known to the job hub, looked at when shown.

Importing this costs nothing: what speaks SSH and HTTP (`rvcstudio.remote.reach`) is loaded when a computer is reached.
"""

import getpass
import platform
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field
from PySide6.QtCore import QObject, QTimer, Signal

from rvc.errors import InputError
from rvcstudio.hub import HERE, JobHub
from rvcstudio.remote.address import Address
from rvcstudio.remote.secrets import Secrets
from rvcstudio.settings import SettingsStore
from rvcstudio.tasks import Task, Tasks

if TYPE_CHECKING:
    from rvc.errors import Error
    from rvc.jobs import JobService
    from rvc.jobs.load import MachineLoad
    from rvcstudio.remote.reach import Reach
    from rvcstudio.remote.transfers import Transfer

SECTION = "computers"
SHARED_PORT = 8765  # of an agent that an administrator runs
LOOK_MS = 3000

Agency = Literal["own", "shared", "address"]
"""own: the user's own agent, over SSH; shared: one that somebody else runs there, over SSH; address: by its URL."""


class Computer(BaseModel):
    """A computer and the way to it. Passwords and tokens are in `Secrets`, under its id."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    name: str = Field(min_length=1, max_length=60)
    agency: Agency = "own"
    address: Address | None = None
    port: int = SHARED_PORT
    url: str = ""
    user: str = Field("", description="our name at an agent of our own")

    @property
    def password(self) -> str:
        """What its password is kept under."""
        return f"{self.id}/password"

    @property
    def token(self) -> str:
        """What its token is kept under."""
        return f"{self.id}/token"


class Kept(BaseModel):
    """What the settings keep."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    computers: list[Computer] = []
    user: str = ""


State = Literal["unknown", "ready", "asks", "away"]


@dataclass(frozen=True, slots=True)
class View:
    """A computer as it was last seen. "asks": it can be reached when the user has seen to something.

    `is_joined`: its agent is the user's own, but not one that the app has installed.
    """

    state: State = "unknown"
    load: "MachineLoad | None" = None
    transfer: "Transfer | None" = None
    error: "Error | None" = None
    version: str = ""
    can_update: bool = False
    is_joined: bool = False


@dataclass(slots=True)
class _Known:
    computer: Computer
    view: View = field(default_factory=View)
    reach: "Reach | None" = None
    looking: bool = False


class Computers(QObject):
    """All other computers. `reach` may be called in any thread, all else belongs to the main thread."""

    changed = Signal()  # one came or went
    seen = Signal(str)  # the id of a computer whose view is another now, or HERE

    def __init__(
        self,
        settings: SettingsStore,
        hub: JobHub,
        failed: Callable[[BaseException], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.secrets = Secrets()
        self._settings, self._hub = settings, hub
        self._tasks = Tasks(failed, self)  # of its own: computers that do not answer hold up nothing else
        self._lock = threading.Lock()
        kept = settings.section(SECTION, Kept)
        self._known = {one.id: _Known(one) for one in kept.computers}
        self._here = _Known(Computer(id=HERE, name=HERE))
        self._lookers: set[int] = set()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        for one in kept.computers:
            self._tell_hub(one)

    def all(self) -> list[Computer]:
        """Return the computers, in the order of their adding."""
        return [known.computer for known in self._known.values()]

    def view(self, computer_id: str) -> View:
        """Return how a computer was last seen; HERE is this one."""
        return self._find(computer_id).view

    def _find(self, computer_id: str) -> _Known:
        return self._here if computer_id == HERE else self._known[computer_id]

    def new(
        self,
        name: str,
        agency: Agency,
        *,
        address: Address | None = None,
        port: int = SHARED_PORT,
        url: str = "",
    ) -> Computer:
        """Return a computer that is not added yet. Raises `InputError` known_computer, not_https."""
        if name.strip().casefold() in {one.name.casefold() for one in self.all()} | {HERE}:
            raise InputError("known_computer", f"There is a computer {name} already.", "Choose another name.")
        if agency == "address" and not _is_private(url):
            text = f"Tokens and recordings would cross the network to {url} in clear text."
            raise InputError("not_https", text, "Use an https address, or come through SSH.")
        return Computer(
            id=secrets.token_hex(4),
            name=name.strip(),
            agency=agency,
            address=address,
            port=port,
            url=url,
            user=self._user(),
        )

    def _user(self) -> str:
        """Return the name at agents of one's own: the same from this computer, another from others."""
        kept = self._settings.section(SECTION, Kept)
        if not kept.user:
            named = re.sub(r"[^a-z0-9]+", "-", f"{getpass.getuser()}-{platform.node()}".lower()).strip("-")
            kept = kept.model_copy(update={"user": f"{named[:24].strip('-')}-{secrets.token_hex(2)}"})
            self._settings.keep_section(SECTION, kept)
        return kept.user

    def add(self, computer: Computer, reach: "Reach | None" = None) -> None:
        """Know a computer from now on; jobs can run there."""
        self._known[computer.id] = _Known(computer, reach=reach)
        self._keep()
        self._tell_hub(computer)
        self.changed.emit()
        self.look()

    def remove(self, computer: Computer) -> None:
        """Forget a computer, the way to it, and the key that it was known by. Nothing changes there."""
        known = self._known.pop(computer.id)
        self._hub.remove(computer.name)
        self._keep()
        for name in (computer.password, computer.token):
            self.secrets.forget(name)
        self._tasks.run(lambda _: _leave(known))
        self.changed.emit()

    def _keep(self) -> None:
        kept = self._settings.section(SECTION, Kept)
        self._settings.keep_section(SECTION, kept.model_copy(update={"computers": self.all()}))

    def _tell_hub(self, computer: Computer) -> None:
        self._hub.add(computer.name, partial(self._service, computer.id))

    def _service(self, computer_id: str) -> "JobService":
        return self.reach(computer_id).jobs

    def reach(self, computer_id: str) -> "Reach":
        """Return the way to a computer; nothing is sent before it is used."""
        from rvcstudio.remote.reach import Reach

        with self._lock:
            known = self._known[computer_id]
            if known.reach is None:
                known.reach = Reach(known.computer, self.secrets)
            return known.reach

    def sign_in(self, computer: Computer, *, password: str = "", token: str = "") -> None:
        """Take what the user was asked for, and try again."""
        if password:
            self.secrets.keep(computer.password, password)
        if token:
            self.secrets.keep(computer.token, token)
        self.try_again(computer)

    def try_again(self, computer: Computer) -> None:
        """Reach a computer now, whatever went wrong before."""
        self.reach(computer.id).try_again()
        self._look_at(self._known[computer.id])

    def least_busy(self, *, here: bool = True) -> str | None:
        """Return what the hub calls the computer where a job would be done first, as they were last seen.

        `here` is whether this computer counts; None: nothing was seen of any of them.
        """
        known = (self._here.computer, *self.all()) if here else self.all()
        views = {one.id: self.view(one.id) for one in known}
        best = least_busy(views)
        return None if best is None else self._find(best).computer.name

    def start_looking(self, who: object) -> None:
        """Look at all computers now and every few seconds, until everybody who wanted that has enough."""
        self._lookers.add(id(who))
        self.look()
        self._timer.start()

    def stop_looking(self, who: object) -> None:
        self._lookers.discard(id(who))
        if not self._lookers:
            self._timer.stop()

    def look(self) -> None:
        """Look at all computers now; `seen` tells of each."""
        for known in (self._here, *self._known.values()):
            self._look_at(known)

    def _look_at(self, known: _Known) -> None:
        if known.looking:
            return
        known.looking = True
        computer = known.computer
        work = _look_here if computer.id == HERE else lambda _: self.reach(computer.id).look()
        self._tasks.run(work, partial(self._see, known), failed=partial(self._miss, known), owner=self)

    def _see(self, known: _Known, view: View) -> None:
        known.looking = False
        known.view = view
        self.seen.emit(known.computer.id)

    def _miss(self, known: _Known, error: BaseException) -> None:
        from rvc.errors import Error

        known.looking = False
        expected = error if isinstance(error, Error) else None
        state: State = "asks" if isinstance(error, InputError) else "away"
        known.view = replace(known.view, state=state, error=expected, transfer=None)
        self.seen.emit(known.computer.id)

    def run(self, work: Callable[..., Any], done: Callable[..., None], **others: Any) -> Task:
        """Do work with a computer beside the window, as `Tasks.run` does; it holds up no other work."""
        return self._tasks.run(work, done, **others)

    def close(self) -> None:
        """End all connections."""
        self._timer.stop()
        for known in self._known.values():
            if known.reach is not None:
                known.reach.close()
        self._tasks.stop(1.0)


def _is_private(url: str) -> bool:
    """Tell whether nobody can listen on the way to a URL."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    )


def _look_here(_reporter: object) -> View:
    """Measure this computer."""
    from rvc import paths
    from rvc.jobs import ACTIVE, LocalJobs
    from rvc.jobs import State as JobState
    from rvc.jobs.load import Gauge

    jobs = LocalJobs().jobs({*ACTIVE, JobState.QUEUED})
    return View("ready", load=Gauge(paths.jobs_dir()).measure(jobs))


def _leave(known: _Known) -> None:
    """End the connection to a computer, and forget the key that it was known by."""
    if known.reach is not None:
        known.reach.close()
    if known.computer.address is not None:
        from rvcstudio.remote.ssh import Line

        Line(known.computer.address).forget_keys()


def least_busy(views: dict[str, View]) -> str | None:
    """Return the id of the computer where a job would be done first, as far as can be seen; None: none answers."""

    def rank(computer_id: str) -> tuple[bool, bool, float, float]:
        load = views[computer_id].load
        assert load is not None
        devices = len(load.gpus) or 1
        return (
            not load.gpus,
            not load.is_free,
            (load.queue.running + load.queue.waiting) / devices,
            load.load,
        )

    ready = [one for one, view in views.items() if view.state == "ready" and view.load is not None]
    return min(ready, key=rank, default=None)
