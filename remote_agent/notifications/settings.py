"""Who wants to hear what, and where: a user's targets as they come over the wire, and the administrator's settings."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from rvc.config import Config

Language = Literal["en", "ko"]
Happening = Literal["started", "reached_25", "reached_50", "reached_75", "completed", "failed"]
PERCENTS = (25, 50, 75)
USUAL: tuple[Happening, ...] = ("started", "completed", "failed")
TARGETS_MAX = 10
SECRET_MIN, SECRET_MAX = 16, 200
URL_MAX = 2000
ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,255}")


class SmtpSettings(Config):
    """The mail server that all users' e-mail goes through."""

    host: str
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = Field("", description="empty: the server wants no login")
    password_file: Path | None = Field(None, description="a file that holds the password and nothing else")
    sender: str = Field(description="the address that messages come from")

    @field_validator("sender")
    @classmethod
    def _check_sender(cls, value: str) -> str:
        return checked_address(value)


class NotifySettings(Config):
    """What the administrator lets users send, and how long it is tried."""

    smtp: SmtpSettings | None = Field(None, description="without it nobody can choose e-mail")
    private_addresses: bool = Field(
        False, description="let webhooks go to addresses of this machine and its own network"
    )
    apprise: Literal["none", "hosted", "all"] = Field(
        "hosted",
        description="which services users may name: those of fixed public addresses only, or any, "
        "which lets users reach every machine that this one reaches",
    )
    tries: int = Field(8, ge=1, le=20, description="how often a message is tried before it counts as failed")
    first_wait_s: float = Field(10.0, gt=0, description="before the second try; three times longer each time")
    longest_wait_s: float = Field(3600.0, gt=0)
    time_limit_s: float = Field(15.0, gt=0, le=60, description="of one try, from the first byte to the last")
    keep_days: float = Field(90.0, gt=0, description="how long it is known what was sent")


class Target(BaseModel):
    """Where a user wants to hear of jobs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,40}$", description="the user's own name for it")
    events: list[Happening] = Field(list(USUAL), description="`reached_25` means: a quarter is done")


class MailTarget(Target):
    """E-mail through the agent's mail server."""

    kind: Literal["mail"]
    address: str

    @field_validator("address")
    @classmethod
    def _check_address(cls, value: str) -> str:
        return checked_address(value)


class WebhookTarget(Target):
    """JSON by POST to an own server, signed with a secret that both know."""

    kind: Literal["webhook"]
    url: str = Field(max_length=URL_MAX)
    secret: str = Field(
        "",
        max_length=SECRET_MAX,
        description="at least 16 characters; never shown again. Empty: the one that this target has already",
    )

    @field_validator("url")
    @classmethod
    def _check_url(cls, value: str) -> str:
        return checked_url(value)

    @field_validator("secret")
    @classmethod
    def _check_secret(cls, value: str) -> str:
        if value and len(value) < SECRET_MIN:
            raise ValueError(f"a secret has at least {SECRET_MIN} characters")
        return value


class AppriseTarget(Target):
    """Any service that Apprise knows, named by its URL, which is a secret as a whole."""

    kind: Literal["apprise"]
    url: str = Field(
        "", max_length=URL_MAX, description="never shown again. Empty: the one that this target has already"
    )


AnyTarget = Annotated[MailTarget | WebhookTarget | AppriseTarget, Field(discriminator="kind")]


class Preferences(BaseModel):
    """What a user wants to hear: the language of the messages, and the targets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Language = "en"
    targets: list[AnyTarget] = Field([], max_length=TARGETS_MAX)

    @model_validator(mode="after")
    def _check_ids(self) -> "Preferences":
        if len({target.id for target in self.targets}) < len(self.targets):
            raise ValueError("every target needs an id of its own")
        return self

    def target(self, target_id: str) -> AnyTarget | None:
        return next((target for target in self.targets if target.id == target_id), None)

    def keeping_secrets_of(self, old: "Preferences") -> "Preferences":
        """Take over from earlier preferences what the user left empty, as it is never shown."""
        return self.model_copy(
            update={"targets": [_completed(one, old.target(one.id)) for one in self.targets]}
        )

    def public(self) -> "PublicPreferences":
        """Return what may be shown."""
        return PublicPreferences(language=self.language, targets=[_shown(one) for one in self.targets])


class PublicTarget(BaseModel):
    """A target without its secrets."""

    id: str
    kind: Literal["mail", "webhook", "apprise"]
    events: list[Happening]
    address: str | None = None
    url: str | None = Field(None, description="of a webhook, without its query")
    service: str | None = Field(None, description="of an Apprise target, such as `slack`")


class PublicPreferences(BaseModel):
    """What a user wants to hear, without secrets."""

    language: Language
    targets: list[PublicTarget]


def checked_address(value: str) -> str:
    """Return an e-mail address; raises ValueError for what cannot be one."""
    if not ADDRESS.fullmatch(value):
        raise ValueError("this is no e-mail address in ASCII, such as anna@example.org")
    return value


def checked_url(value: str) -> str:
    """Return an http or https URL with a host and without login; raises ValueError for another."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError("this is no URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise ValueError("a webhook's URL begins with http:// or https:// and names a host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a webhook's URL holds no login: its messages are signed instead")
    if not all("!" <= letter <= "~" for letter in value):
        raise ValueError("a URL is written in ASCII, without spaces")
    return value


def _completed(new: AnyTarget, old: AnyTarget | None) -> AnyTarget:
    known: dict[str, Any] = {}
    if isinstance(new, WebhookTarget) and isinstance(old, WebhookTarget):
        if new.url in (old.url, _shown_url(old.url)):
            known = {"url": old.url, "secret": new.secret or old.secret}
    elif isinstance(new, AppriseTarget) and not new.url and isinstance(old, AppriseTarget):
        known = {"url": old.url}
    return new.model_copy(update=known)


def _shown_url(url: str) -> str:
    """Return a webhook's URL without its query, which may hold secrets."""
    return urlsplit(url)._replace(query="", fragment="").geturl()


def _shown(target: AnyTarget) -> PublicTarget:
    facts: dict[str, Any] = {"id": target.id, "kind": target.kind, "events": target.events}
    match target:
        case MailTarget():
            facts["address"] = target.address
        case WebhookTarget():
            facts["url"] = _shown_url(target.url)
        case AppriseTarget():
            facts["service"] = target.url.partition(":")[0]
    return PublicTarget(**facts)
