"""The icon in the tray: its menu, and a real tray that sees it over D-Bus."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from rvcstudio.hub import HERE
from rvcstudio.notify import Notifier
from rvcstudio.studio import Studio
from rvcstudio.tray import Tray
from tests.app.scenes.jobs import JOBS, _job
from tests.app.test_notify import Desktop, bus_address

__all__ = ["bus_address"]

ITEM = "org.kde.StatusNotifierItem"
PROPERTIES = "org.freedesktop.DBus.Properties.Get"
LAYOUT = "com.canonical.dbusmenu.GetLayout"


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


def test_without_a_tray_nothing_is_shown(tray: Tray) -> None:
    tray.open()
    assert not tray.is_there


@pytest.fixture
def display() -> Iterator[str]:
    """An X server without a screen."""
    if shutil.which("Xvfb") is None:
        pytest.skip("there is no Xvfb")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


def ask(bus: str, service: str, place: str, method: str, *values: str) -> str:
    """Call a method over D-Bus as any other program would, and return its printed answer."""
    command = ["dbus-send", f"--bus={bus}", "--print-reply", f"--dest={service}", place, method, *values]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_real_tray_sees_the_icon(display: str, bus_address: str, tmp_path: Path) -> None:
    desktop = Desktop(bus_address)
    environment = {
        **os.environ,
        "DISPLAY": display,
        "DBUS_SESSION_BUS_ADDRESS": bus_address,
        "QT_QPA_PLATFORM": "xcb",
        "RVC_STUDIO_HOME": str(tmp_path / "home"),
    }
    app = subprocess.Popen(
        [sys.executable, "-m", "tests.app.tray_app"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert app.stdout is not None
    try:
        if app.stdout.readline() != "there\n":
            _, complaint = app.communicate(timeout=60)
            if "xcb" in complaint:
                pytest.skip("Qt finds no libraries for X here")
            raise AssertionError(complaint)
        item = desktop.received()["item"]
        assert "RVC Studio" in ask(
            bus_address, item, "/StatusNotifierItem", PROPERTIES, f"string:{ITEM}", "string:Title"
        )
        menu = ask(bus_address, item, "/MenuBar", LAYOUT, "int32:0", "int32:-1", "array:string:")
        assert "Mina Park" in menu
        assert "Quiet mode" in menu
        app.communicate("\n", timeout=60)
        assert app.returncode == 0
    finally:
        app.kill()
        app.communicate()
        desktop.close()
