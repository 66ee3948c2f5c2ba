"""The page of live conversion: its settings, and the real engine between two null sinks."""

import os
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from rvc.config import LiveConfig
from rvc.errors import Error
from rvcstudio.live.line import LiveLine
from rvcstudio.live.settings import LiveSettings
from rvcstudio.studio import Studio
from rvcstudio.ui.live.cable import CableGuide
from rvcstudio.ui.window import MainWindow
from tests.pulse import RATE_HZ, PulseServer, pulse

__all__ = ["pulse"]
LONG_MS = 60_000  # an engine that starts on a busy machine


def show(studio: Studio, window: MainWindow, file: Path | None = None) -> LiveLine:
    """Show the page, with a model in the library."""
    folder = studio.library.models.new_folder("Anna")
    model = folder / "anna.safetensors"
    if file is None:
        model.write_bytes(b"no model")
    else:
        shutil.copy(file, model)
    studio.library.models.add("Anna", model)
    studio.go("live")
    line = window.page.findChild(LiveLine)
    assert line is not None
    return line


def test_without_a_model_it_says_where_to_get_one(studio: Studio, window: MainWindow) -> None:
    studio.go("live")
    empty = window.page.findChild(QWidget, "live.empty")
    assert empty.isVisible()
    assert not window.page.findChild(QPushButton, "live.switch").isVisible()


def test_settings_are_those_of_the_engine() -> None:
    settings = LiveSettings(follow_pitch=False, pitch_shift=5, gate_dbfs=-50, push_to_talk=True)
    config = LiveConfig.model_validate(settings.of_engine())
    assert (config.pitch_shift, config.gate_dbfs, config.push_to_talk) == (5, -50, True)
    assert LiveConfig.model_validate(LiveSettings().of_engine()).gate_dbfs is None


def test_sliders_are_remembered_and_say_their_values(studio: Studio, window: MainWindow) -> None:
    line = show(studio, window)
    window.page.findChild(QSlider, "live.gate").setValue(-42)
    window.page.findChild(QSlider, "live.index_rate").setValue(10)
    assert (line.settings.gate_dbfs, line.settings.index_rate) == (-42, 0.5)
    texts = [label.text() for label in window.page.findChildren(QLabel)]
    assert "-42 dB" in texts
    assert "0.50" in texts
    again = LiveLine(studio.settings)
    assert again.settings == line.settings
    pitch = window.page.findChild(QSlider, "live.pitch_shift")
    assert not pitch.isVisible()
    window.page.findChild(QCheckBox, "live.follow_pitch").click()
    assert pitch.isVisible()


def test_the_key_to_talk_works_while_it_is_held(studio: Studio, window: MainWindow, qtbot: QtBot) -> None:
    line = show(studio, window)
    qtbot.keyPress(window.page, Qt.Key.Key_T)
    assert not line.talking
    window.page.findChild(QCheckBox, "live.push_to_talk").click()
    qtbot.keyPress(window.page, Qt.Key.Key_T)
    assert line.talking
    qtbot.keyRelease(window.page, Qt.Key.Key_T)
    assert not line.talking


def test_a_block_that_is_too_short_here_is_said_and_mended(studio: Studio, window: MainWindow) -> None:
    line = show(studio, window)
    text = "This voice needs blocks of 250 ms or more on this computer."
    line._hear({"event": "started", "shortest_block_ms": 250})
    line._hear({"event": "log", "code": "short_block", "text": "x", "level": "warning"})
    block = window.page.findChild(QComboBox, "live.block")
    shown = [block.itemText(number) for number in range(block.count())]
    assert shown[:2] == ["40 ms, too short here", "60 ms, too short here"]
    assert shown[-3:] == ["250 ms", "500 ms", "1000 ms"]
    trouble = window.page.findChild(QWidget, "live.trouble")
    assert trouble.isVisible()
    assert trouble.accessibleName() == text
    window.page.findChild(QPushButton, "live.longer_block").click()
    assert line.settings.block_ms == 250
    assert not trouble.isVisible()


def test_a_broken_model_is_said_and_nothing_hangs(
    studio: Studio, window: MainWindow, qtbot: QtBot, pulse: PulseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in pulse.environment().items():
        monkeypatch.setenv(name, value)
    line = show(studio, window)
    errors: list[Error] = []
    studio.failed.disconnect()
    line.failed.connect(errors.append)
    qtbot.mouseClick(window.page.findChild(QPushButton, "live.switch"), Qt.MouseButton.LeftButton)
    assert line.state == "starting"
    qtbot.waitUntil(lambda: line.state == "off", timeout=LONG_MS)
    assert [error.code for error in errors] == ["damaged_model"]


def test_gaps_are_told_with_what_helps(studio: Studio, window: MainWindow) -> None:
    line = show(studio, window)
    line._hear({"event": "started", "shortest_block_ms": 40})
    status = {"event": "status", "input_dbfs": -20.0, "output_dbfs": -20.0, "delay_ms": 300.0, "load": 0.3}
    advice = window.page.findChild(QLabel, "live.advice")
    for gaps, told in ((0, False), (1, True), (1, True)):
        line._hear(status | {"underruns": gaps, "overruns": 0})
        assert advice.isVisible() == told
    assert "Keep more ready" in advice.text()
    for _ in range(50):  # ten seconds, by five states a second
        line._hear(status | {"underruns": 1, "overruns": 0})
    assert not advice.isVisible()
    buffer = window.page.findChild(QComboBox, "live.buffer")
    buffer.setCurrentIndex(buffer.findText("150 ms"))
    buffer.activated.emit(buffer.currentIndex())
    assert line.settings.of_engine()["buffer_ms"] == 150


@pytest.mark.parametrize(
    ("system", "device"), [("win32", "CABLE Input"), ("darwin", "BlackHole 2ch"), ("linux", "voice")]
)
def test_the_way_to_a_cable_is_that_of_the_system(
    studio: Studio, qtbot: QtBot, system: str, device: str
) -> None:
    guide = CableGuide(studio, system)
    qtbot.addWidget(guide)
    guide.say()
    texts = " ".join(label.text() for label in guide.findChildren(QLabel))
    assert f'"{device}"' in texts


@pytest.mark.slow
def test_one_goes_live_between_two_devices(
    studio: Studio,
    window: MainWindow,
    qtbot: QtBot,
    pulse: PulseServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("sounddevice")
    from tests.live import lite_voice, speech

    for name, value in pulse.environment().items():
        if os.environ.get(name) != value:
            monkeypatch.setenv(name, value)
    studio.sound.reread()
    file = tmp_path / "anna.safetensors"
    lite_voice().save(file)
    line = show(studio, window, file)
    line.change(input_device="ALSA: microphone_monitor", output_device="ALSA: speaker")
    told: list[dict[str, float]] = []
    line.told.connect(told.append)
    qtbot.mouseClick(window.page.findChild(QPushButton, "live.switch"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: line.state == "live", timeout=LONG_MS)
    playing = pulse.play(speech(2.0, RATE_HZ), "microphone")
    qtbot.waitUntil(lambda: any(status["output_dbfs"] > -40 for status in told), timeout=LONG_MS)
    assert window.page.findChild(QLabel, "live.facts").text().startswith("Delay ")
    window.page.findChild(QCheckBox, "live.bypass").click()
    qtbot.waitUntil(lambda: bool(told[-1]["bypass"]), timeout=LONG_MS)
    line.record(tmp_path / "said.flac")
    with qtbot.waitSignal(line.recorded, timeout=LONG_MS):
        line.record(None)
    qtbot.mouseClick(window.page.findChild(QPushButton, "live.switch"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: line.state == "off", timeout=LONG_MS)
    assert (tmp_path / "said.flac").is_file()
    playing.wait(30)
