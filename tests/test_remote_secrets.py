"""Secrets: known at once, kept by a keyring that may take its time, and never in the caller's way."""

import threading
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from rvcstudio.remote.secrets import SERVICE, Secrets


class SlowRing(KeyringBackend):
    """Keeps secrets in memory, once it is unlocked."""

    priority = 1

    def __init__(self, unlocked: threading.Event) -> None:
        """Lock it; `keyring` would give a class that can be made without arguments to the tests of others."""
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.unlocked = unlocked

    def get_password(self, service: str, username: str) -> str | None:
        self.unlocked.wait(10)
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.unlocked.wait(10)
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.unlocked.wait(10)
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError


@pytest.fixture
def ring() -> Iterator[SlowRing]:
    before, made = keyring.get_keyring(), SlowRing(threading.Event())
    keyring.set_keyring(made)
    yield made
    made.unlocked.set()
    keyring.set_keyring(before)


def test_a_locked_keyring_holds_nobody_up(ring: SlowRing) -> None:
    secrets = Secrets()
    secrets.keep("pc/password", "open sesame")
    assert secrets.get("pc/password") == "open sesame"
    assert secrets.lasting
    assert ring.kept == {}
    ring.unlocked.set()
    secrets.close()
    assert ring.kept == {(SERVICE, "pc/password"): "open sesame"}
    assert Secrets().get("pc/password") == "open sesame"


def test_what_was_forgotten_stays_so(ring: SlowRing) -> None:
    ring.unlocked.set()
    secrets = Secrets()
    secrets.keep("pc/token", "1")
    secrets.keep("pc/token", "2")
    secrets.forget("pc/token")
    secrets.forget("never/there")
    assert secrets.get("pc/token") is None
    secrets.close()
    assert ring.kept == {}
    secrets.keep("pc/token", "3")
    assert secrets.get("pc/token") == "3"


def test_a_keyring_that_fails_is_as_good_as_none(ring: SlowRing, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("locked for ever")

    for name in ("get_password", "set_password", "delete_password"):
        monkeypatch.setattr(ring, name, fail)
    secrets = Secrets()
    assert secrets.get("pc/password") is None
    secrets.keep("pc/password", "x")
    secrets.close()
    assert secrets.get("pc/password") == "x"
