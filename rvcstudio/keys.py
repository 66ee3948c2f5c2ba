"""Keys that are heard while other programs are in front: the system is asked for them fifty times a second.

A grab would hide the key from the game or the call that one talks in, would tell nothing of its release on Windows,
and fails where another program has it. Wayland tells no program of keys that are meant for another one, but has a
portal for that (`keys_portal`), whose keys are the user's to choose.
"""

import ctypes
import logging
import os
import sys
from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal

log = logging.getLogger(__name__)

LOOK_MS = 20
FUNCTION_KEYS = tuple(f"F{number}" for number in range(1, 13))
NAMES = (*FUNCTION_KEYS, "Pause", "Insert", "Right Ctrl", "Right Shift", "Caps Lock")
KEYSYMS = {  # of X, https://www.x.org/releases/current/doc/xproto: keysymdef.h
    **{name: 0xFFBE + number for number, name in enumerate(FUNCTION_KEYS)},
    **{"Pause": 0xFF13, "Insert": 0xFF63, "Right Ctrl": 0xFFE4, "Right Shift": 0xFFE2, "Caps Lock": 0xFFE5},
}
VIRTUAL_KEYS = {  # of Windows: WinUser.h
    **{name: 0x70 + number for number, name in enumerate(FUNCTION_KEYS)},
    **{"Pause": 0x13, "Insert": 0x2D, "Right Ctrl": 0xA3, "Right Shift": 0xA1, "Caps Lock": 0x14},
}


class Keyboard(Protocol):
    """A keyboard that can be asked; where it `asks`, the desktop has a word with the user about its keys."""

    @property
    def asks(self) -> bool: ...

    def down(self, names: Iterable[str]) -> set[str]:
        """Return which of these keys are held now."""

    def close(self) -> None:
        """Ask no more."""


class Keys(QObject):
    """Tells when chosen keys go down and up, whichever window is in front."""

    pressed = Signal(str)
    released = Signal(str)

    def __init__(self, keyboard: Keyboard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keyboard = keyboard
        self._names: tuple[str, ...] = ()
        self._held: set[str] = set()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)

    def watch(self, names: Iterable[str]) -> None:
        """Watch these keys from now on; none ends it. Those that are not watched any more count as let go."""
        self._names = tuple(names)
        self._tell(self._held & set(self._names))
        if self._names and not self._timer.isActive():
            self._timer.start()
        elif not self._names:
            self._timer.stop()
            self._keyboard.down(())  # some hold keys for us until then

    def _look(self) -> None:
        self._tell(self._keyboard.down(self._names))

    def _tell(self, held: set[str]) -> None:
        before, self._held = self._held, held
        for name in sorted(held - before):
            self.pressed.emit(name)
        for name in sorted(before - held):
            self.released.emit(name)


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _Keymap(ctypes.Structure):
    """The answer to QueryKeymap: a bit for each of 256 keys."""

    _fields_ = (("head", ctypes.c_uint8 * 8), ("keys", ctypes.c_uint8 * 32))


class XKeyboard:
    """The keyboard of an X server, over a connection of its own."""

    asks = False

    def __init__(self, display: str | None = None) -> None:
        """Connect to a display; raises `OSError` where there is none, or no library for it."""
        self._xcb, keysyms = ctypes.CDLL("libxcb.so.1"), ctypes.CDLL("libxcb-keysyms.so.1")  # Qt needs both
        self._libc = ctypes.CDLL(None)
        self._libc.free.argtypes = [ctypes.c_void_p]
        self._xcb.xcb_connect.restype = ctypes.c_void_p
        self._xcb.xcb_query_keymap.restype = _Cookie
        self._xcb.xcb_query_keymap_reply.restype = ctypes.POINTER(_Keymap)
        self._xcb.xcb_query_keymap_reply.argtypes = [ctypes.c_void_p, _Cookie, ctypes.c_void_p]
        self._connection = ctypes.c_void_p(self._xcb.xcb_connect(display.encode() if display else None, None))
        if self._xcb.xcb_connection_has_error(self._connection):
            self.close()
            raise OSError("no X server answers")
        self._codes = {
            name: _codes(keysyms, self._libc, self._connection, sym) for name, sym in KEYSYMS.items()
        }

    def down(self, names: Iterable[str]) -> set[str]:
        if not self._connection:
            return set()
        cookie = self._xcb.xcb_query_keymap(self._connection)
        answer = self._xcb.xcb_query_keymap_reply(self._connection, cookie, None)
        if not answer:  # the server is gone
            return set()
        keys = bytes(answer.contents.keys)
        self._libc.free(answer)
        return {name for name in names if any(keys[code // 8] >> code % 8 & 1 for code in self._codes[name])}

    def close(self) -> None:
        if self._connection:
            self._xcb.xcb_disconnect(self._connection)
            self._connection = ctypes.c_void_p()


def _codes(keysyms: ctypes.CDLL, libc: ctypes.CDLL, connection: ctypes.c_void_p, keysym: int) -> list[int]:
    """Return the codes of the keys with this meaning; zero ends what the library gives."""
    keysyms.xcb_key_symbols_alloc.restype = ctypes.c_void_p
    keysyms.xcb_key_symbols_get_keycode.restype = ctypes.POINTER(ctypes.c_uint8)
    keysyms.xcb_key_symbols_get_keycode.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    keysyms.xcb_key_symbols_free.argtypes = [ctypes.c_void_p]
    symbols = keysyms.xcb_key_symbols_alloc(connection)
    found = keysyms.xcb_key_symbols_get_keycode(symbols, keysym)
    codes: list[int] = []
    while found and found[len(codes)]:
        codes.append(int(found[len(codes)]))
    libc.free(found)
    keysyms.xcb_key_symbols_free(symbols)
    return codes


class WindowsKeyboard:
    """GetAsyncKeyState."""

    asks = False

    def down(self, names: Iterable[str]) -> set[str]:
        if sys.platform != "win32":
            return set()
        state = ctypes.windll.user32.GetAsyncKeyState
        return {name for name in names if state(VIRTUAL_KEYS[name]) & 0x8000}

    def close(self) -> None:
        pass


def keyboard_of_system() -> Keyboard | None:
    """Return the keyboard, or None where the system tells nobody of keys that are meant for others."""
    if sys.platform == "win32":
        return WindowsKeyboard()
    if sys.platform == "darwin":
        return None
    if "WAYLAND_DISPLAY" in os.environ:
        return _portal()
    if "DISPLAY" not in os.environ:
        return None
    try:
        return XKeyboard()
    except OSError:
        log.info("keys are heard in the app only", exc_info=True)
        return None


def _portal() -> Keyboard | None:
    try:
        from rvcstudio.keys_portal import PortalKeyboard, is_there
    except ImportError:  # without jeepney
        return None
    return PortalKeyboard() if is_there() else None
