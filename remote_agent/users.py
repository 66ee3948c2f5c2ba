"""The users of an agent and their tokens, of which only hashes are kept."""

import contextlib
import hashlib
import hmac
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rvc import paths
from rvc.errors import Error, InputError
from rvc.jobs.locks import Lock

Role = Literal["user", "admin"]

TOKEN_BYTES = 32
TOKEN_PREFIX = "rvc_"  # so that scanners of leaked secrets can know one
NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,31}$"  # it names folders too
NO_HASH = "0" * 64  # no token has this one


class User(BaseModel):
    """Who makes a request."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(pattern=NAME_PATTERN)
    role: Role = "user"


class UserCard(User):
    """A user as the agent knows them."""

    created: datetime
    revoked: datetime | None = None
    token_sha256: str = Field(NO_HASH, min_length=64, max_length=64)


class _Cards(BaseModel):
    version: Literal[1] = 1
    users: list[UserCard] = []


class Users:
    """The users in a file. Programs may change it while an agent runs: it looks at the file's state every time."""

    def __init__(self, home: Path) -> None:
        self._path = home / "users.json"
        self._lock = Lock(home / "users.lock")
        self._seen: tuple[int, int] | None = None
        self._cards: list[UserCard] = []

    def find(self, token: str) -> User | None:
        """Return whose token this is, taking the same time whoever it is."""
        given = _hash(token)
        found: User | None = None
        for card in self.all():
            if hmac.compare_digest(card.token_sha256, given) and card.revoked is None:
                found = User(name=card.name, role=card.role)
        return found

    def all(self) -> list[UserCard]:
        """Return everybody who ever had a token; raises `Error` damaged_users."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return []
        seen = (stat.st_mtime_ns, stat.st_ino)
        if seen != self._seen:
            self._cards, self._seen = self._read(), seen
        return self._cards

    def _read(self) -> list[UserCard]:
        try:
            return _Cards.model_validate_json(self._path.read_bytes()).users
        except (OSError, ValidationError) as error:
            raise Error(
                "damaged_users",
                f"{self._path} cannot be read.",
                "Restore it, or delete it and add users anew.",
            ) from error

    def add(self, name: str, role: Role = "user") -> str:
        """Give a new user, or one whose token was revoked, a token and return it: it is kept nowhere.

        Raises `InputError` bad_name, known_user.
        """
        token = TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        try:
            card = UserCard(name=name, role=role, created=datetime.now(UTC), token_sha256=_hash(token))
        except ValidationError as error:
            raise InputError(
                "bad_name",
                f"{name!r} is no name for a user.",
                "Use up to 32 of a-z, 0-9, - and _, beginning with a letter or digit.",
            ) from error
        with self._changing() as cards:
            known = cards.get(name)
            if known is not None and known.revoked is None:
                raise InputError(
                    "known_user", f"{name} has a token.", f"`rvc-agent token revoke {name}` first."
                )
            cards[name] = card
        return token

    def revoke(self, name: str) -> None:
        """Make a user's token worthless at once; jobs and files stay. Raises `InputError` unknown_user."""
        with self._changing() as cards:
            if name not in cards or cards[name].revoked is not None:
                raise InputError(
                    "unknown_user", f"{name} has no token.", "`rvc-agent token list` names the users."
                )
            gone = {"revoked": datetime.now(UTC), "token_sha256": NO_HASH}
            cards[name] = cards[name].model_copy(update=gone)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, UserCard]]:
        """Yield the users by name, and write them when the block ends well; nobody else changes them meanwhile."""
        make_private(self._path.parent)
        with self._lock.held():
            cards = {card.name: card for card in self.all()}
            yield cards
            text = _Cards(users=list(cards.values())).model_dump_json(indent=1)
            with paths.atomic(self._path) as temporary:
                temporary.touch(mode=0o600)
                temporary.write_text(text, encoding="utf-8")


def make_private(folder: Path) -> Path:
    """Make a folder that only this system's user can enter."""
    paths.make_dir(folder)
    folder.chmod(0o700)
    return folder


def _hash(token: str) -> str:
    """Hash a token. It is random and long, so a quick hash is as good as a slow one."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
