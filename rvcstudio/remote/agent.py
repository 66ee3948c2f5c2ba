"""What else an agent is asked besides its jobs: how it is, what it has of us, and where it tells us of jobs."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from rvc.errors import InputError
from rvc.jobs.load import MachineLoad
from rvc.jobs.wire import WIRE_VERSION
from rvcstudio.remote.calls import Calls

ERASE_S = 120.0  # jobs are cancelled first

Happening = Literal["started", "reached_25", "reached_50", "reached_75", "completed", "failed"]
USUAL: tuple[Happening, ...] = ("started", "completed", "failed")


class Answer(BaseModel):
    """Base of what an agent says; what a newer one adds is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Health(Answer):
    """That an agent works, and which."""

    version: str
    wire_version: int
    note: str = ""


class Retention(Answer):
    """How long things are kept, in days."""

    blob_days: float = 0.0
    work_days: float = 0.0
    job_days: float = 0.0


class Use(Answer):
    """What is used of what is allowed."""

    used: int = 0
    limit: int = 0


class Me(Answer):
    """Who we are there, and what it has of us."""

    name: str
    role: str = "user"
    job_bytes: Use = Use()
    blob_bytes: Use = Use()
    retention: Retention = Retention()


class Target(Answer):
    """Where the agent tells of jobs. Secrets go there and never come back."""

    id: str
    kind: Literal["mail", "webhook", "apprise"]
    events: list[Happening] = list(USUAL)
    address: str | None = None
    url: str | None = None
    service: str | None = None
    secret: str = ""

    def as_sent(self) -> dict[str, Any]:
        """Return what the agent takes: fields of its kind only; what is empty stays there as it is."""
        fields = {"mail": {"address"}, "webhook": {"url", "secret"}, "apprise": {"url"}}[self.kind]
        return self.model_dump(include={"id", "kind", "events", *fields}, exclude_none=True)


class Preferences(Answer):
    """In which language, and where, the agent tells of jobs."""

    language: Literal["en", "ko"] = "en"
    targets: list[Target] = []


class Tried(Answer):
    """What became of a test message."""

    id: str
    sent: bool
    error: str = ""


class Agent:
    """The agent of one computer, as one user. Its methods wait for the network: call them in a task."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def health(self) -> Health:
        """Return which agent it is. Raises `InputError` other_version where we could not talk to it."""
        health = Health.model_validate_json(self._calls.ask("GET", "/health").content)
        if health.wire_version != WIRE_VERSION:
            newer = health.wire_version > WIRE_VERSION
            raise InputError(
                "other_version",
                f"The agent there is {'newer' if newer else 'older'} than this app (version {health.version}).",
                "Update the app." if newer else "Update the agent.",
            )
        return health

    def load(self) -> MachineLoad:
        """Return how busy the computer is."""
        return MachineLoad.model_validate_json(self._calls.ask("GET", "/machine").content)

    def me(self) -> Me:
        """Return what the agent has of us."""
        return Me.model_validate_json(self._calls.ask("GET", "/me").content)

    def erase(self) -> list[str]:
        """Remove all that is ours there, and return what that was, in words."""
        answer = self._calls.ask("DELETE", "/me/data", timeout=ERASE_S).json()
        return [f"{one['count']} {one['what']}" for one in answer["removed"] if one["count"]]

    def preferences(self) -> Preferences:
        """Return where the agent tells us of jobs."""
        return Preferences.model_validate_json(self._calls.ask("GET", "/me/notifications").content)

    def prefer(self, wanted: Preferences) -> Preferences:
        """Choose where the agent tells us of jobs."""
        body = {"language": wanted.language, "targets": [target.as_sent() for target in wanted.targets]}
        answer = self._calls.ask("PUT", "/me/notifications", json=body, repeatable=True)
        return Preferences.model_validate_json(answer.content)

    def test_preferences(self) -> list[Tried]:
        """Have a test sent to all targets now."""
        answer = self._calls.ask("POST", "/me/notifications/test", timeout=ERASE_S)
        return TypeAdapter(list[Tried]).validate_json(answer.content)
