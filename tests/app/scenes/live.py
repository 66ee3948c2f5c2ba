"""States of the page of live conversion, with a voice that speaks between two null sinks."""

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from PySide6.QtWidgets import QApplication

from rvcstudio.app import App
from rvcstudio.live.line import LiveLine
from tests.live import lite_voice, speech
from tests.pulse import RATE_HZ, PulseServer

ENOUGH_S = 40.0


@cache
def _server() -> PulseServer:
    """Start a sound server for all pictures; nothing of the user's own is heard or touched."""
    folder = Path(tempfile.mkdtemp())
    server = PulseServer(folder).__enter__()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.__exit__, None, None, None)
    return server


@cache
def _model_file() -> Path:
    """Write a voice once for all pictures."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    lite_voice().save(folder / "voice.safetensors")
    return folder / "voice.safetensors"


def _line(app: App) -> LiveLine:
    """Show the page with a model and two devices."""
    os.environ.update(_server().environment())
    app.studio.sound.reread()
    models = app.studio.library.models
    file = models.new_folder("Mina, evening") / "voice.safetensors"
    shutil.copy(_model_file(), file)
    models.add("Mina, evening", file)
    app.studio.go("live")
    line = app.window.page.findChild(LiveLine)
    assert line is not None
    line.change(input_device="ALSA: microphone_monitor", output_device="ALSA: speaker")
    return line


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + ENOUGH_S
    while not until() and time.monotonic() < deadline:
        QApplication.processEvents()
        time.sleep(0.005)


def _speak(app: App) -> LiveLine:
    """Go live, and speak into the microphone for a while."""
    line = _line(app)
    told: list[dict[str, object]] = []
    line.told.connect(told.append)
    app.window.page.switch()
    _wait(lambda: line.state == "live")
    _server().play(speech(20.0, RATE_HZ), "microphone")
    _wait(lambda: len(told) > 12)
    return line


def ready(app: App) -> None:
    """Show the page before it is live."""
    _line(app)


def while_live(app: App) -> None:
    """Speak."""
    _speak(app)


def push_to_talk(app: App) -> None:
    """Be silent until the key is held, and follow no pitch."""
    line = _speak(app)
    line.change(push_to_talk=True, follow_pitch=False, pitch_shift=5, gate_dbfs=-48)


def short_block(app: App) -> None:
    """Be told that the block is too short for this voice here, as it is for a large one on an old computer."""
    line = _line(app)
    line._hear({"event": "started", "shortest_block_ms": 250})
    line._hear({"event": "log", "code": "short_block", "text": "", "level": "warning"})
