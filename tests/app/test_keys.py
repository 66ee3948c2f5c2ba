"""Keys that are heard while another program is in front, on a real X server."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from rvcstudio import keys
from rvcstudio.keys import KEYSYMS, NAMES, VIRTUAL_KEYS, Keys, XKeyboard
from rvcstudio.live.line import LiveLine
from rvcstudio.studio import Studio
from rvcstudio.ui.live.keys_panel import KeysPanel
from tests.app.xserver import FakeKeyboard, display

__all__ = ["display"]

F9, RIGHT_CTRL = 75, 105  # key codes of a PC keyboard on X


@pytest.fixture
def keyboard(display: str) -> Iterator[XKeyboard]:
    try:
        made = XKeyboard(display)
    except OSError:
        pytest.skip("there are no libraries for X")
    yield made
    made.close()


def test_keys_are_heard_when_they_go_down_and_up(display: str, keyboard: XKeyboard, qtbot: QtBot) -> None:
    heard: list[tuple[str, str]] = []
    watching = Keys(keyboard)
    watching.pressed.connect(lambda key: heard.append(("down", key)))
    watching.released.connect(lambda key: heard.append(("up", key)))
    watching.watch(["F9"])
    with FakeKeyboard(display) as hands:
        hands.press(RIGHT_CTRL)  # nobody asked for it
        hands.press(F9)
        qtbot.waitUntil(lambda: heard == [("down", "F9")])
        watching.watch(["F9", "Right Ctrl"])  # what is held stays held
        qtbot.waitUntil(lambda: len(heard) == 2)
        hands.release(F9)
        qtbot.waitUntil(lambda: len(heard) == 3)
        watching.watch(())
    assert heard[1:] == [("down", "Right Ctrl"), ("up", "F9"), ("up", "Right Ctrl")]


def test_talking_goes_on_as_long_as_the_key_is_held(
    studio: Studio, display: str, keyboard: XKeyboard, qtbot: QtBot
) -> None:
    line = LiveLine(studio.settings)
    line.change(push_to_talk=True)
    panel = KeysPanel(line, keyboard)
    qtbot.addWidget(panel)
    panel.say()
    for name, key in (("talk_key", "F9"), ("bypass_key", "Right Ctrl")):
        choice = panel.findChild(QComboBox, f"live.{name}")
        choice.setCurrentIndex(choice.findData(key))
        choice.activated.emit(choice.currentIndex())
    with FakeKeyboard(display) as hands:
        hands.press(F9)
        qtbot.wait(3 * keys.LOOK_MS)
        assert not line.talking  # it is not live
        hands.release(F9)
        line._become("live")
        hands.press(F9)
        qtbot.waitUntil(lambda: line.talking)
        hands.release(F9)
        qtbot.waitUntil(lambda: not line.talking)
        for wanted in (True, False):
            hands.press(RIGHT_CTRL)
            qtbot.waitUntil(lambda wanted=wanted: line.bypass == wanted)
            hands.release(RIGHT_CTRL)
            qtbot.wait(3 * keys.LOOK_MS)
    assert LiveLine(studio.settings).settings.talk_key == "F9"


def test_where_keys_are_told_to_nobody_it_is_said(
    studio: Studio, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")  # no portal either
    assert keys.keyboard_of_system() is None
    monkeypatch.delenv("WAYLAND_DISPLAY")
    monkeypatch.setenv("DISPLAY", ":4999")
    assert keys.keyboard_of_system() is None
    panel = KeysPanel(LiveLine(studio.settings), None)
    qtbot.addWidget(panel)
    panel.say()
    panel.show()
    assert "this window only" in panel.findChild(QLabel, "live.keys").text()
    assert not panel.findChild(QComboBox, "live.talk_key").isVisible()


def test_every_key_has_its_number_on_every_system() -> None:
    assert set(NAMES) == set(KEYSYMS) == set(VIRTUAL_KEYS)


def test_a_server_that_goes_lets_every_key_go(keyboard: XKeyboard) -> None:
    keyboard.close()
    assert keyboard.down(NAMES) == set()
