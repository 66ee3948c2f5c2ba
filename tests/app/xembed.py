"""A system tray of the old kind for tests, in a process of its own: icons dock in its window by XEmbed.

    python -m tests.app.xembed

writes what it receives as JSON lines: icons that dock, and windows that appear. It reads `picture` (how the icon looks
now), `press WINDOW BUTTON`, and ends with its input. https://specifications.freedesktop.org/systemtray-spec/latest/
"""

import ctypes
import json
import select
import sys
from collections import Counter
from ctypes import Structure, Union, byref, c_int, c_long, c_uint, c_ulong, c_void_p

ICON_SIZE = 48
REQUEST_DOCK = 0
EMBEDDED_NOTIFY = 0
STRUCTURE_NOTIFY, SUBSTRUCTURE_NOTIFY = 1 << 17, 1 << 19
BUTTON_MASKS = {4: 1 << 2, 5: 1 << 3}
BUTTON_PRESS, BUTTON_RELEASE, MAP_NOTIFY, CLIENT_MESSAGE = 4, 5, 19, 33
ALL_PLANES, Z_PIXMAP = c_ulong(-1), 2


class Message(Structure):
    _fields_ = (
        ("type", c_int), ("serial", c_ulong), ("sent", c_int), ("display", c_void_p), ("window", c_ulong),
        ("kind", c_ulong), ("format", c_int), ("data", c_long * 5),
    )  # fmt: skip


class Mapped(Structure):
    _fields_ = (
        ("type", c_int), ("serial", c_ulong), ("sent", c_int), ("display", c_void_p), ("parent", c_ulong),
        ("window", c_ulong), ("override", c_int),
    )  # fmt: skip


class Button(Structure):
    _fields_ = (
        ("type", c_int), ("serial", c_ulong), ("sent", c_int), ("display", c_void_p), ("window", c_ulong),
        ("root", c_ulong), ("child", c_ulong), ("time", c_ulong), ("x", c_int), ("y", c_int), ("x_root", c_int),
        ("y_root", c_int), ("state", c_uint), ("button", c_uint), ("same_screen", c_int),
    )  # fmt: skip


class Event(Union):
    _fields_ = (
        ("type", c_int),
        ("message", Message),
        ("mapped", Mapped),
        ("button", Button),
        ("pad", c_long * 24),
    )


def library() -> ctypes.CDLL:
    """Load Xlib, with the types of what is larger than an int."""
    xlib = ctypes.CDLL("libX11.so.6")
    for name in ("XOpenDisplay", "XGetImage"):
        getattr(xlib, name).restype = c_void_p
    for name in (
        "XDefaultRootWindow",
        "XCreateSimpleWindow",
        "XInternAtom",
        "XGetSelectionOwner",
        "XGetPixel",
    ):
        getattr(xlib, name).restype = c_ulong
    xlib.XGetPixel.argtypes = [c_void_p, c_int, c_int]
    xlib.XDestroyImage.argtypes = [c_void_p]
    return xlib


def tell(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


class TrayHost:
    """A window that owns the tray's selection."""

    def __init__(self) -> None:
        self._x = library()
        self._display = c_void_p(self._x.XOpenDisplay(None))
        self._root = c_ulong(self._x.XDefaultRootWindow(self._display))
        make = self._x.XCreateSimpleWindow
        self._window = c_ulong(make(self._display, self._root, 0, 0, ICON_SIZE, ICON_SIZE, 0, 0, 0))
        self._icon: c_ulong | None = None
        self._x.XSelectInput(self._display, self._root, c_long(SUBSTRUCTURE_NOTIFY))
        self._x.XMapWindow(self._display, self._window)
        selection = self._atom("_NET_SYSTEM_TRAY_S0")
        self._x.XSetSelectionOwner(self._display, selection, self._window, c_ulong(0))
        self._send(self._root, "MANAGER", (0, selection.value, self._window.value), STRUCTURE_NOTIFY)
        owner = self._x.XGetSelectionOwner(self._display, selection)
        tell(ready=owner == self._window.value)

    def _atom(self, name: str) -> c_ulong:
        return c_ulong(self._x.XInternAtom(self._display, name.encode(), 0))

    def _send(self, window: c_ulong, kind: str, data: tuple[int, ...], mask: int = 0) -> None:
        event = Event()
        event.message = Message(CLIENT_MESSAGE, 0, 1, None, window, self._atom(kind), 32, (c_long * 5)(*data))
        self._x.XSendEvent(self._display, window, 0, c_long(mask), byref(event))
        self._x.XFlush(self._display)

    def run(self) -> None:
        """Serve until the input ends."""
        number = self._x.XConnectionNumber(self._display)
        while True:
            while self._x.XPending(self._display):
                event = Event()
                self._x.XNextEvent(self._display, byref(event))
                self._receive(event)
            ready, _, _ = select.select([number, sys.stdin], [], [])
            if sys.stdin in ready:
                words = sys.stdin.readline().split()
                if not words:
                    return
                self._obey(*words)

    def _receive(self, event: Event) -> None:
        message = event.message
        if event.type == CLIENT_MESSAGE and message.kind == self._atom("_NET_SYSTEM_TRAY_OPCODE").value:
            if message.data[1] == REQUEST_DOCK:
                self._dock(c_ulong(message.data[2]))
        elif event.type == MAP_NOTIFY and event.mapped.window != self._window.value:
            tell(window=event.mapped.window, size=self._size(c_ulong(event.mapped.window)))

    def _dock(self, icon: c_ulong) -> None:
        """Take an icon in, as the specification asks."""
        self._icon = icon
        self._x.XReparentWindow(self._display, icon, self._window, 0, 0)
        self._x.XResizeWindow(self._display, icon, ICON_SIZE, ICON_SIZE)
        self._send(icon, "_XEMBED", (0, EMBEDDED_NOTIFY, 0, self._window.value, 0))
        self._x.XMapWindow(self._display, icon)
        self._x.XFlush(self._display)
        tell(docked=icon.value)

    def _size(self, window: c_ulong) -> tuple[int, int]:
        root, numbers = c_ulong(), [c_int() for _ in range(6)]
        self._x.XGetGeometry(self._display, window, byref(root), *map(byref, numbers))
        return numbers[2].value, numbers[3].value

    def _obey(self, verb: str, *values: str) -> None:
        if verb == "picture":
            tell(picture=self._colours())
        elif verb == "press":
            self._press(c_ulong(int(values[0])), int(values[1]))

    def _colours(self) -> dict[str, int]:
        """Return how many points of the icon have which colour; as panels are, the tray is above all windows."""
        self._x.XRaiseWindow(self._display, self._window)
        image = self._x.XGetImage(
            self._display, self._window, 0, 0, ICON_SIZE, ICON_SIZE, ALL_PLANES, Z_PIXMAP
        )
        points = [(x, y) for x in range(ICON_SIZE) for y in range(ICON_SIZE)]
        found = Counter(f"#{self._x.XGetPixel(image, x, y) & 0xFFFFFF:06x}" for x, y in points)
        self._x.XDestroyImage(image)
        return dict(found.most_common())

    def _press(self, window: c_ulong, button: int) -> None:
        """Press a button of the mouse amid a window, and let it go."""
        width, height = self._size(window)
        x, y, child = c_int(), c_int(), c_ulong()
        middle = width // 2, height // 2
        self._x.XTranslateCoordinates(
            self._display, window, self._root, *middle, byref(x), byref(y), byref(child)
        )
        for kind, mask in BUTTON_MASKS.items():
            event = Event()
            held = 1 << (7 + button) if kind == BUTTON_RELEASE else 0
            event.button = Button(
                kind, 0, 1, None, window, self._root, 0, 0, *middle, x.value, y.value, held, button, 1
            )
            self._x.XSendEvent(self._display, window, 1, c_long(mask), byref(event))
        self._x.XFlush(self._display)


if __name__ == "__main__":
    TrayHost().run()
