"""The icon in the tray: its menu, and real trays that see it, over D-Bus and by XEmbed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import pytest
from pytestqt.qtbot import QtBot

from rvc.jobs import Failure, State
from rvcstudio.hub import HERE
from rvcstudio.notify import Notifier
from rvcstudio.studio import Studio
from rvcstudio.tray import Tray
from rvcstudio.ui.tokens import LIGHT
from tests.app.scenes.jobs import JOBS, _job
from tests.app.test_notify import Desktop, bus_address
from tests.app.xserver import display

__all__ = ["bus_address", "display"]

ITEM = "org.kde.StatusNotifierItem"
PROPERTIES = "org.freedesktop.DBus.Properties.Get"
LAYOUT = "com.canonical.dbusmenu.GetLayout"
NO_BUS = "unix:path=/nowhere"
RIGHT, LEFT = 3, 1  # buttons of the mouse
PATIENCE_S = 30.0


@pytest.fixture
def tray(studio: Studio) -> Iterator[Tray]:
    assert isinstance(studio.notifier, Notifier)
    made = Tray(studio, studio.notifier)
    yield made
    made.close()


def test_the_menu_tells_what_runs_and_opens_it(studio: Studio, tray: Tray, qtbot: QtBot) -> None:
    tray.refresh()
    assert tray._menu.actions()[0].text() == "Nothing runs"
    studio.jobs.take(HERE, _job(1, JOBS[0]))
    tray.refresh()
    first = tray._menu.actions()[0]
    assert first.text() == "Mina Park · 43 % · 25 min left"
    assert "Mina Park" in tray._icon.toolTip()
    with qtbot.waitSignal(tray.wanted) as wanted:
        first.trigger()
    assert wanted.args[0].job == _job(1, JOBS[0]).id


def test_quiet_mode_is_switched_in_the_menu(studio: Studio, tray: Tray) -> None:
    tray.refresh()
    quiet = next(action for action in tray._menu.actions() if action.text() == "Quiet mode")
    quiet.trigger()
    assert studio.notifier is not None
    assert studio.notifier.settings.quiet


def test_the_icon_is_marked_by_what_there_is_to_know(studio: Studio, tray: Tray) -> None:
    assert studio.notifier is not None
    studio.notifier._in_front = lambda _address: False
    marks = []
    running = _job(1, JOBS[0])
    failed = {
        "state": State.FAILED,
        "failure": Failure(code="disk_full", text="Full."),
        "ended": datetime.now(UTC),
    }
    for update in ({}, failed):
        studio.jobs.take(HERE, running.model_copy(update=update))
        tray.refresh()
        picture = tray._icon.icon().pixmap(64, 64).toImage()
        marks.append(picture.pixelColor(49, 49).name())
    assert marks == [LIGHT.good.lower(), LIGHT.bad.lower()]
    studio.notifier.mark_read()
    tray.refresh()
    assert tray._icon.icon().pixmap(64, 64).toImage().pixelColor(49, 49).name() not in marks


def test_without_a_tray_nothing_is_shown(tray: Tray) -> None:
    tray.open()
    assert not tray.is_there


def ask(bus: str, service: str, place: str, method: str, *values: str) -> str:
    """Call a method over D-Bus as any other program would, and return its printed answer."""
    command = ["dbus-send", f"--bus={bus}", "--print-reply", f"--dest={service}", place, method, *values]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


class Program:
    """A module of the tests in a process of its own, which is told and tells lines."""

    def __init__(self, module: str, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.app.{module}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def received(self, fact: str) -> dict[str, Any]:
        """Return the next line of facts with this one."""
        while line := self.read():
            if fact in (found := json.loads(line)):
                return dict(found)
        raise AssertionError(self.end()[1])

    def tell(self, *words: object) -> None:
        assert self._process.stdin is not None
        print(*words, file=self._process.stdin, flush=True)

    def end(self) -> tuple[int, str]:
        """Close its input; return how it ended, and what it complained of."""
        _, complaint = self._process.communicate(timeout=60)
        return self._process.returncode, complaint


@contextmanager
def tray_app(display: str, bus_address: str, home: Path) -> Iterator[Program]:
    """Run the app until the system shows its icon; skip where Qt cannot show windows of X."""
    environment = {
        "DISPLAY": display,
        "DBUS_SESSION_BUS_ADDRESS": bus_address,
        "QT_QPA_PLATFORM": "xcb",
        "RVC_STUDIO_HOME": str(home),
    }
    with Program("tray_app", environment) as app:
        if app.read() != "there":
            _, complaint = app.end()
            if "xcb" in complaint:
                pytest.skip("Qt finds no libraries for X here")
            raise AssertionError(complaint)
        yield app


def test_a_tray_on_the_bus_sees_the_icon(display: str, bus_address: str, tmp_path: Path) -> None:
    desktop = Desktop(bus_address)
    try:
        with tray_app(display, bus_address, tmp_path / "home") as app:
            item = desktop.received()["item"]
            assert "RVC Studio" in ask(
                bus_address, item, "/StatusNotifierItem", PROPERTIES, f"string:{ITEM}", "string:Title"
            )
            menu = ask(bus_address, item, "/MenuBar", LAYOUT, "int32:0", "int32:-1", "array:string:")
            assert "Mina Park" in menu
            assert "Quiet mode" in menu
            assert app.end() == (0, "")
    finally:
        desktop.close()


def test_a_tray_of_x_shows_the_icon_its_menu_and_the_news(display: str, tmp_path: Path) -> None:
    if find_library("X11") is None:
        pytest.skip("there is no Xlib")
    with Program("xembed", {"DISPLAY": display}) as host:
        assert host.received("ready")["ready"]
        with tray_app(display, NO_BUS, tmp_path / "home") as app:
            icon = host.received("docked")["docked"]
            dot = LIGHT.good.lower()
            assert dot in picture(host, lambda colours: len(colours) > 50 and dot in colours)  # a job runs
            host.tell("press", icon, LEFT)
            assert app.read() == "shown"
            app.tell("done")
            news = host.received("window")
            host.tell("press", news["window"], LEFT)
            assert app.read() == f"opened {_job(1, JOBS[0]).id}"
            rested = picture(host, lambda colours: len(colours) > 50 and dot not in colours)
            assert len(rested) > 50
            assert dot not in rested
            app.tell("running")
            assert dot in picture(host, lambda colours: dot in colours)
            host.tell("press", icon, RIGHT)
            width, height = host.received("window")["size"]
            assert width > 150  # the job's name, how far it is, and how long it takes
            assert height > 100


def picture(host: Program, wanted: Callable[[dict[str, int]], bool]) -> dict[str, int]:
    """Return the colours of the docked icon, as soon as they are the wanted ones."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        host.tell("picture")
        colours: dict[str, int] = host.received("picture")["picture"]
        if wanted(colours) or time.monotonic() > deadline:
            return colours
        time.sleep(0.1)
