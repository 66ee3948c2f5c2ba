"""Keys in every window where Wayland hides them: the desktop's portal binds them, after asking the user.

https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.GlobalShortcuts.html
Qt's D-Bus cannot write a list of structures from Python, so this speaks through jeepney, which keyring brings.
"""

import logging
import threading
import uuid
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from jeepney import (
    DBusAddress,
    DBusErrorResponse,
    HeaderFields,
    MatchRule,
    Message,
    Properties,
    message_bus,
    new_method_call,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import unwrap_msg

log = logging.getLogger(__name__)

SERVICE, PLACE = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
PORTAL = DBusAddress(PLACE, SERVICE, "org.freedesktop.portal.GlobalShortcuts")
TRIGGERS = {"Right Ctrl": "Control_R", "Right Shift": "Shift_R", "Caps Lock": "Caps_Lock"}  # others: as named
ANSWER_S, LOOK_S = 1.0, 0.25
KEPT = 64  # signals that may wait


def is_there(bus: str = "SESSION") -> bool:
    """Tell whether the desktop has such a portal."""
    try:
        with open_dbus_connection(bus) as connection:
            question = Properties(PORTAL).get("version")
            unwrap_msg(connection.send_and_get_reply(question, timeout=ANSWER_S))
    except (OSError, KeyError, ValueError, DBusErrorResponse):  # no bus, or nobody on it
        return False
    return True


class PortalKeyboard:
    """The keys that the portal has bound, as it tells of them; a `Keyboard`."""

    asks = True

    def __init__(self, bus: str = "SESSION") -> None:
        self._bus = bus
        self._names: frozenset[str] = frozenset()
        self._session: Session | None = None

    def down(self, names: Iterable[str]) -> set[str]:
        """Return which of these keys are held; other keys than before are asked for first."""
        if (wanted := frozenset(names)) != self._names:
            self.close()
            self._names = wanted
            if wanted:
                self._session = Session(self._bus, sorted(wanted))
        return set() if self._session is None else set(self._session.held)

    def close(self) -> None:
        """Give the keys back."""
        if self._session is not None:
            self._session.stopping.set()
        self._session, self._names = None, frozenset()


class Session:
    """One binding of keys, which lasts as long as its connection; a portal takes other keys in a new one only."""

    def __init__(self, bus: str, names: list[str]) -> None:
        self._bus, self._names = bus, names
        self.held: frozenset[str] = frozenset()  # replaced, never changed: another thread reads it
        self.stopping = threading.Event()
        threading.Thread(target=self._run, name="keys of the portal", daemon=True).start()

    def _run(self) -> None:
        try:
            with open_dbus_connection(self._bus) as connection:
                self._follow(connection)
        except (OSError, KeyError, ValueError, DBusErrorResponse):
            log.info("the portal gives no keys", exc_info=True)
        finally:
            self.held = frozenset()

    def _follow(self, connection: DBusConnection) -> None:
        rule = MatchRule(type="signal", path_namespace=PLACE)
        unwrap_msg(connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=ANSWER_S))
        with connection.filter(rule, queue=deque(maxlen=KEPT)) as signals:
            given = self._ask(connection, signals, "CreateSession", "a{sv}")
            session = given.get("session_handle", ("s", ""))[1]
            shortcuts = [(name, _facts(name)) for name in self._names]
            self._ask(connection, signals, "BindShortcuts", "oa(sa{sv})sa{sv}", session, shortcuts, "")
            for signal in self._signals(connection, signals):
                self._hear(signal, session)

    def _ask(
        self,
        connection: DBusConnection,
        signals: "deque[Message]",
        member: str,
        signature: str,
        *words: object,
    ) -> dict[str, Any]:
        """Call a method that answers by a signal, perhaps only once the user has decided."""
        token = f"rvcstudio{uuid.uuid4().hex}"
        told = {"handle_token": ("s", token), "session_handle_token": ("s", token)}
        question = new_method_call(PORTAL, member, signature, (*words, told))
        unwrap_msg(connection.send_and_get_reply(question, timeout=ANSWER_S))
        for signal in self._signals(connection, signals):
            place = signal.header.fields[HeaderFields.path]
            if _is(signal, "Response") and place.endswith(f"/{token}"):
                code, results = signal.body
                if code == 0:
                    return dict(results)
                break
        raise KeyError(member)  # the user refused, or nobody wants the keys any more

    def _signals(self, connection: DBusConnection, signals: "deque[Message]") -> Iterator[Message]:
        while not self.stopping.is_set():
            try:
                yield connection.recv_until_filtered(signals, timeout=LOOK_S)
            except TimeoutError:
                continue

    def _hear(self, signal: Message, session: str) -> None:
        if signal.body[:1] != (session,):
            return
        if _is(signal, "Activated"):
            self.held |= {signal.body[1]}
        elif _is(signal, "Deactivated"):
            self.held -= {signal.body[1]}


def _facts(name: str) -> dict[str, tuple[str, str]]:
    """Describe a key as the desktop shows it to the user, who may choose another one there."""
    return {"description": ("s", f"RVC Studio: {name}"), "preferred_trigger": ("s", TRIGGERS.get(name, name))}


def _is(signal: Message, member: str) -> bool:
    return bool(signal.header.fields.get(HeaderFields.member) == member)
