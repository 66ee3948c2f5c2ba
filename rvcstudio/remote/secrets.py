"""Passwords and tokens: in the system's keyring where there is one, else only as long as the app runs."""

import contextlib
import threading

SERVICE = "RVC Studio"
NO_KEYRINGS = ("keyring.backends.fail", "keyring.backends.null")


class Secrets:
    """What is kept for a computer, by names such as `ID/password`. Never written to a file or a log."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._lock = threading.Lock()

    @property
    def lasting(self) -> bool:
        """Whether this system has a keyring that keeps secrets until the next start."""
        import keyring

        with contextlib.suppress(Exception):  # backends raise whatever their libraries do
            ring = keyring.get_keyring()
            return type(ring).__module__ not in NO_KEYRINGS and ring.priority > 0
        return False

    def get(self, name: str) -> str | None:
        """Return a secret, or None where it has to be asked for."""
        import keyring

        with self._lock:
            if name not in self._known and self.lasting:
                with contextlib.suppress(Exception):  # such as a keyring that stays locked
                    if (found := keyring.get_password(SERVICE, name)) is not None:
                        self._known[name] = found
            return self._known.get(name)

    def keep(self, name: str, secret: str) -> bool:
        """Keep a secret, and tell whether it will be known after the next start."""
        import keyring

        with self._lock:
            self._known[name] = secret
            if self.lasting:
                with contextlib.suppress(Exception):
                    keyring.set_password(SERVICE, name, secret)
                    return True
            return False

    def forget(self, name: str) -> None:
        """Remove a secret from everywhere."""
        import keyring

        with self._lock:
            self._known.pop(name, None)
            if self.lasting:
                with contextlib.suppress(Exception):  # it was never there
                    keyring.delete_password(SERVICE, name)
