"""Passwords and tokens: in the system's keyring where there is one, else only as long as the app runs.

A keyring may ask the user to unlock it, or wait for another program: it is spoken to in a thread of its own, or in that
of whoever reads from it, and never in the main one.
"""

import contextlib
import logging
import queue
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)

SERVICE = "RVC Studio"
NO_KEYRINGS = ("keyring.backends.fail", "keyring.backends.null")
LOOK_S = 0.5  # how long a window waits to hear whether there is a keyring
END_S = 2.0  # how long the end of the program waits for what is still to be kept


class Secrets:
    """What is kept for a computer, by names such as `ID/password`. Never written to a file or a log."""

    def __init__(self) -> None:
        self._known: dict[str, str | None] = {}
        self._lock = threading.Lock()
        self._work: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._worker: threading.Thread | None = None
        self._looked = threading.Event()
        self._lasting = False

    @property
    def lasting(self) -> bool:
        """Whether this system has a keyring that keeps secrets until the next start, as far as it has answered."""
        self._begin()
        self._looked.wait(LOOK_S)
        return self._lasting

    def get(self, name: str) -> str | None:
        """Return a secret, or None where it has to be asked for. Blocks, unless it is known already."""
        with self._lock:
            if name in self._known:
                return self._known[name]
        self._begin()
        self._looked.wait()
        found = _read(name) if self._lasting else None
        with self._lock:
            return self._known.setdefault(name, found) if found is not None else self._known.get(name)

    def keep(self, name: str, secret: str) -> None:
        """Keep a secret, also until the next start where the system can."""
        with self._lock:
            self._known[name] = secret
        self._later(lambda: _write(name, secret))

    def forget(self, name: str) -> None:
        """Remove a secret from everywhere."""
        with self._lock:
            self._known[name] = None
        self._later(lambda: _delete(name))

    def close(self) -> None:
        """Wait a moment until everything is kept."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            self._work.put(None)
            worker.join(END_S)

    def _later(self, deed: Callable[[], None]) -> None:
        self._begin()
        self._work.put(lambda: deed() if self._lasting else None)

    def _begin(self) -> None:
        """Start the thread that speaks to the keyring, and first asks whether there is one."""
        with self._lock:
            if self._worker is None:
                self._worker = threading.Thread(target=self._run, name="keyring", daemon=True)
                self._worker.start()

    def _run(self) -> None:
        self._lasting = _is_there()
        self._looked.set()
        while deed := self._work.get():
            deed()


def _is_there() -> bool:
    import keyring

    with contextlib.suppress(Exception):  # backends raise whatever their libraries do
        ring = keyring.get_keyring()
        return type(ring).__module__ not in NO_KEYRINGS and ring.priority > 0
    return False


def _read(name: str) -> str | None:
    import keyring

    with contextlib.suppress(Exception):  # such as a keyring that stays locked
        found: str | None = keyring.get_password(SERVICE, name)
        return found
    return None


def _write(name: str, secret: str) -> None:
    import keyring

    try:
        keyring.set_password(SERVICE, name, secret)
    except Exception as error:  # as above; the app knows it until it ends
        log.warning("the keyring did not keep a secret: %s", type(error).__name__)


def _delete(name: str) -> None:
    import keyring

    with contextlib.suppress(Exception):  # it was never there
        keyring.delete_password(SERVICE, name)
