"""Keys that Wayland's portal binds, on a real bus of the test's own, with a portal that answers as specified."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

pytest.importorskip("jeepney")  # of Linux

from rvcstudio import keys
from rvcstudio.keys import Keys
from rvcstudio.keys_portal import PortalKeyboard, is_there
from rvcstudio.live.line import LiveLine
from rvcstudio.studio import Studio
from rvcstudio.ui.live.keys_panel import KeysPanel
from tests.app.portal import Portal
from tests.app.test_notify import bus_address

__all__ = ["bus_address"]


@pytest.fixture
def portal(bus_address: str) -> Iterator[Portal]:
    made = Portal(bus_address)
    yield made
    made.close()


@pytest.fixture
def keyboard(bus_address: str) -> Iterator[PortalKeyboard]:
    made = PortalKeyboard(bus_address)
    yield made
    made.close()


def test_bound_keys_are_heard_and_others_are_asked_for_anew(
    portal: Portal, keyboard: PortalKeyboard, qtbot: QtBot
) -> None:
    heard: list[tuple[str, str]] = []
    watching = Keys(keyboard)
    watching.pressed.connect(lambda key: heard.append(("down", key)))
    watching.released.connect(lambda key: heard.append(("up", key)))
    watching.watch(["F9", "Right Ctrl"])
    qtbot.waitUntil(lambda: bool(portal.bound))
    asked = {key: facts["preferred_trigger"] for key, facts in portal.bound[0].items()}
    assert asked == {"F9": "F9", "Right Ctrl": "Control_R"}
    portal.press("F9")
    qtbot.waitUntil(lambda: heard == [("down", "F9")])
    portal.release("F9")
    qtbot.waitUntil(lambda: heard[1:] == [("up", "F9")])
    watching.watch(["Pause"])
    qtbot.waitUntil(lambda: len(portal.bound) == 2)
    portal._tell("Activated", "F9", session=0)  # of a session that is over
    portal.press("Pause")
    qtbot.waitUntil(lambda: heard[2:] == [("down", "Pause")])
    watching.watch(())
    assert heard[3:] == [("up", "Pause")]
    assert keyboard.down(()) == set()


def test_a_portal_that_refuses_leaves_the_keys_alone(
    portal: Portal, keyboard: PortalKeyboard, qtbot: QtBot
) -> None:
    portal.refuses = True
    assert keyboard.down(["F9"]) == set()
    qtbot.waitUntil(lambda: bool(portal.sessions))
    qtbot.wait(100)
    assert portal.bound == []
    assert keyboard.down(["F9"]) == set()


def test_what_is_closed_holds_no_key(
    portal: Portal, keyboard: PortalKeyboard, qtbot: QtBot, bus_address: str
) -> None:
    keyboard.down(["F9"])
    qtbot.waitUntil(lambda: bool(portal.bound))
    portal.press("F9")
    qtbot.waitUntil(lambda: keyboard.down(["F9"]) == {"F9"})
    portal.close()
    assert not is_there(bus_address)
    keyboard.close()
    assert keyboard.down(()) == set()


def test_the_panel_takes_the_portal_of_a_wayland_desktop(
    studio: Studio, portal: Portal, bus_address: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus_address)
    line = LiveLine(studio.settings)
    line.change(push_to_talk=True, talk_key="F9")
    panel = KeysPanel(line, keys.keyboard_of_system())
    qtbot.addWidget(panel)
    panel.say()
    panel.show()
    assert "may ask" in panel.findChild(QLabel, "live.keys").text()
    assert panel.findChild(QComboBox, "live.talk_key").isVisible()
    line._become("live")
    qtbot.waitUntil(lambda: bool(portal.bound))
    portal.press("F9")
    qtbot.waitUntil(lambda: line.talking)
    portal.release("F9")
    qtbot.waitUntil(lambda: not line.talking)
    line._become("off")
