"""The desktop's side of org.freedesktop.portal.GlobalShortcuts on a bus of the tests', as the specification has it."""

import contextlib
import queue
import threading
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import open_dbus_connection

SERVICE, PLACE = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SHORTCUTS, REQUEST = "org.freedesktop.portal.GlobalShortcuts", "org.freedesktop.portal.Request"
LOOK_S = 0.02


class Portal:
    """Binds whatever is asked for, unless it `refuses`; the user's hands are `press` and `release`."""

    def __init__(self, address: str, *, refuses: bool = False) -> None:
        self.bound: list[dict[str, dict[str, str]]] = []
        self.refuses = refuses
        self.sessions: list[str] = []
        self._signals: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._connection = open_dbus_connection(address)
        self._connection.send_and_get_reply(message_bus.RequestName(SERVICE))
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._connection.close()

    def press(self, key: str) -> None:
        self._tell("Activated", key)

    def release(self, key: str) -> None:
        self._tell("Deactivated", key)

    def _tell(self, what: str, key: str, session: int = -1) -> None:
        body = (self.sessions[session], key, 1234, {})
        self._signals.put(new_signal(DBusAddress(PLACE, interface=SHORTCUTS), what, "osta{sv}", body))

    def _run(self) -> None:
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                message = self._connection.receive(timeout=LOOK_S)
                if message.header.message_type == MessageType.method_call:
                    self._answer(message, message.header.fields[HeaderFields.member])
            while not self._signals.empty():
                self._connection.send(self._signals.get())

    def _answer(self, call: Message, member: str) -> None:
        match member:
            case "Get":
                self._connection.send(new_method_return(call, "v", (("u", 1),)))
            case "CreateSession":
                self._respond(call, call.body[0], self._open(call))
            case "BindShortcuts":
                _session, shortcuts, _window, options = call.body
                self.bound.append(
                    {key: {name: fact[1] for name, fact in facts.items()} for key, facts in shortcuts}
                )
                self._respond(call, options, {"shortcuts": ("a(sa{sv})", shortcuts)})
            case _:
                self._connection.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))

    def _open(self, call: Message) -> dict[str, Any]:
        sender = call.header.fields[HeaderFields.sender][1:].replace(".", "_")
        token = call.body[0]["session_handle_token"][1]
        self.sessions.append(f"{PLACE}/session/{sender}/{token}")
        return {"session_handle": ("s", self.sessions[-1])}

    def _respond(self, call: Message, options: dict[str, Any], results: dict[str, Any]) -> None:
        """Return the request's handle, and tell its answer by a signal of it: 1 where the user refuses."""
        sender = call.header.fields[HeaderFields.sender][1:].replace(".", "_")
        request = f"{PLACE}/request/{sender}/{options['handle_token'][1]}"
        self._connection.send(new_method_return(call, "o", (request,)))
        answer = (1, {}) if self.refuses else (0, results)
        self._connection.send(
            new_signal(DBusAddress(request, interface=REQUEST), "Response", "ua{sv}", answer)
        )
