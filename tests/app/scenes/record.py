"""States of the page of recording, with a microphone that hears a bundled recording."""

import atexit
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
from PySide6.QtWidgets import QApplication

from rvc import paths
from rvcstudio.app import App
from rvcstudio.library import Voice
from rvcstudio.recording import prompts
from rvcstudio.recording.booth import Booth
from rvcstudio.recording.settings import SECTION, RecordSettings
from tests.pulse import PulseServer, end

ROOM_DBFS = -63.0
ENOUGH_S = 20.0

_sounding: list["subprocess.Popen[bytes]"] = []


@cache
def _server() -> PulseServer:
    """Start a sound server for all pictures; nothing of the user's own is heard or touched."""
    folder = Path(tempfile.mkdtemp())
    server = PulseServer(folder, ("microphone",)).__enter__()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.__exit__, None, None, None)
    return server


def _booth(app: App) -> Booth:
    """Show the page with a microphone in a quiet room."""
    server = _server()
    os.environ.update(server.environment())
    app.studio.sound.reread()
    voice = _reader(app)
    app.studio.settings.keep_section(
        SECTION, RecordSettings(voice=voice.id, reading=app.studio.languages.current)
    )  # type: ignore[arg-type]
    app.studio.go("record")
    booth = app.window.page.findChild(Booth)
    assert booth is not None
    wave = np.random.default_rng(0).standard_normal(48000 * 60) * 10 ** (ROOM_DBFS / 20)
    for old in _sounding:
        end(old)
    _sounding[:] = [server.play(wave.astype(np.float32), "microphone")]
    booth.change(device="ALSA: microphone_monitor")
    return booth


def _reader(app: App) -> Voice:
    """Return a voice that has read some prompts already."""
    takes = app.studio.library.takes
    voice = next(voice for voice in app.studio.library.voices.all() if voice.name == "Mina Park")
    recordings = sorted(paths.resource("demo/voice").glob("*.flac"))
    for prompt, recording in zip(prompts.shipped(app.studio.languages.current), recordings, strict=False):
        file = takes.new_file(voice.id, "read")
        file.write_bytes(recording.read_bytes())
        verdict = {"verdict": "good", "speech_s": 3.2}
        takes.add(
            voice.id, file, rate=24000, seconds=3.8, prompt=prompt.text, prompt_id=prompt.id, verdict=verdict
        )
    return voice


def _read(gain: float = 1.0) -> None:
    """Read a sentence into the microphone."""
    wave, rate = soundfile.read(sorted(paths.resource("demo/voice").glob("*.flac"))[3])
    _server().play(np.pad(gain * wave, (rate // 2, 0)), "microphone", rate)


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + ENOUGH_S
    while not until() and time.monotonic() < deadline:
        QApplication.processEvents()
        time.sleep(0.005)


def ready(app: App) -> None:
    """Show the page before a take, the room measured."""
    booth = _booth(app)
    booth.measure_room()
    _wait(lambda: booth.is_measured)


def measuring_the_room(app: App) -> None:
    """Measure the room."""
    booth = _booth(app)
    booth.measure_room()
    _wait(lambda: booth.measured_share > 0.5)


def while_recording(app: App) -> None:
    """Record a sentence."""
    booth = _booth(app)
    booth.measure_room()
    _wait(lambda: booth.is_measured)
    app.window.page.switch()
    _read()
    _wait(lambda: booth.recorder is not None and booth.recorder.seconds > 2.5)


def after_a_take(app: App) -> None:
    """Decide about a good take."""
    while_recording(app)
    booth = app.window.page.findChild(Booth)
    _wait(lambda: booth.recorded is not None)


def after_a_bad_take(app: App) -> None:
    """Decide about a clipped take."""
    booth = _booth(app)
    app.window.page.switch()
    _read(gain=6.0)
    _wait(lambda: booth.recorded is not None)
