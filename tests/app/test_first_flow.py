"""A new creator's first minutes: the real app on a real X server, worked by its mouse and keyboard alone.

Xvfb has no window manager, so the keyboard's focus is given to the window as one would. `RVC_STUDIO_PICTURES` names a
folder for a picture of every step.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rvc import paths
from rvcstudio.library import Library, Take, Voice
from rvcstudio.settings import SettingsStore
from tests.pulse import PulseServer, end, pulse

__all__ = ["pulse"]
PATIENCE_S = 60.0
SCREEN = "1280x800x24"
PROGRAMS = ("Xvfb", "xdotool")


class Desk:
    """The app on a screen of its own, and hands for its mouse and keyboard."""

    def __init__(self, display: str, pulse: PulseServer, pictures: Path, scale: str) -> None:
        self._environment = pulse.environment() | {
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": scale,
        }
        self._pictures = pictures
        self._step = 0
        self.app = subprocess.Popen([sys.executable, "-m", "rvcstudio"], env=self._environment)
        self._do("search", "--sync", "--onlyvisible", "--name", "RVC Studio")

    def _do(self, *words: str) -> str:
        command = ["xdotool", *words]
        done = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=PATIENCE_S
        )
        return done.stdout

    def focus(self) -> None:
        """Give the keyboard to the window that opened last."""
        named = ("--all", "--onlyvisible", "--pid", str(self.app.pid), "--name", ".")
        windows = self._do("search", *named).split()
        self._do("windowfocus", "--sync", windows[-1])

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.focus()
            self._do("key", "--clearmodifiers", key)
            time.sleep(0.3)

    def wait_for(self, title: str) -> None:
        """Wait until a window with a title is seen."""
        self._do("search", "--sync", "--onlyvisible", "--name", title)

    def write(self, text: str) -> None:
        self.focus()
        self._do("type", "--delay", "30", text)
        time.sleep(0.3)

    def click(self, across: int, down: int) -> None:
        """Click a place of the screen."""
        self._do("mousemove", str(across), str(down), "click", "1")
        time.sleep(0.5)

    def picture(self, name: str) -> None:
        """Keep what the screen shows."""
        time.sleep(0.5)
        self._step += 1
        from PIL import ImageGrab

        shot = ImageGrab.grab(xdisplay=self._environment["DISPLAY"])
        shot.save(self._pictures / f"{self._step:02} {name}.png")


@pytest.fixture(params=["1", "2"], ids=["100 %", "200 %"])
def desk(request: pytest.FixtureRequest, pulse: PulseServer, tmp_path: Path) -> Iterator[Desk]:
    """The app at its first start, in English."""
    if missing := [program for program in PROGRAMS if shutil.which(program) is None]:
        pytest.skip(f"{missing[0]} is not installed")
    pytest.importorskip("PIL")
    SettingsStore().update(language="en", theme="light")
    pictures = Path(os.environ.get("RVC_STUDIO_PICTURES", tmp_path)) / f"first-flow-{request.param}00"
    pictures.mkdir(parents=True, exist_ok=True)
    read, write = os.pipe()
    screen = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN], pass_fds=[write])
    os.close(write)
    with os.fdopen(read) as told:
        display = told.readline().strip()
    made = Desk(f":{display}", pulse, pictures, request.param)
    yield made
    end(made.app)
    end(screen)


def until(condition, what: str):  # type: ignore[no-untyped-def]
    """Wait until something is so, and return it."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < deadline, what
        time.sleep(0.2)
    return found


def kept() -> tuple[list[Voice], list[Take]]:
    """Return what is in the library by now, read as another program would."""
    library = Library(SettingsStore().value.library_folder)
    try:
        return library.voices.all(), library.takes.all()
    finally:
        library.close()


def takes() -> list[Take]:
    return kept()[1]


@pytest.mark.slow
def test_a_creator_records_a_voice_with_mouse_and_keyboard(desk: Desk, pulse: PulseServer) -> None:
    desk.picture("welcome")
    until(lambda: desk.press("Return") or SettingsStore().value.welcomed, "the first start is over")
    desk.picture("voices")
    desk.press("ctrl+n")
    desk.wait_for("New voice")
    desk.write("Mina")
    desk.picture("new voice")
    desk.press("Return")
    until(lambda: kept()[0], "the voice is there")
    desk.press("ctrl+2")
    time.sleep(3)  # until the microphone is open
    desk.picture("record")
    wave, rate = soundfile.read(sorted(paths.resource("demo/voice").glob("*.flac"))[0])
    quiet = np.random.default_rng(0).standard_normal(4 * rate) * 10 ** (-65 / 20)
    for _ in range(2):
        before = len(takes())
        desk.press("space")
        player = pulse.play(np.concatenate([quiet[: rate // 3], wave, quiet]), "microphone", rate)
        player.wait()  # the take ends by itself in the silence after it
        desk.picture("after a take")
        desk.press("Return")
        until(lambda before=before: len(takes()) > before, "the take is kept")
    assert {take.verdict["verdict"] for take in takes()} == {"good"}
    assert len({take.prompt for take in takes()}) == 2
    desk.press("ctrl+1")
    desk.picture("voices with one")
    desk.press("ctrl+8")
    desk.picture("settings")
    desk.press("question")
    desk.picture("shortcuts")
    desk.press("Escape", "ctrl+q")
    until(lambda: desk.app.poll() is not None, "the app has ended")
    assert desk.app.returncode == 0
