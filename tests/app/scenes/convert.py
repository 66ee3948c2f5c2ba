"""States of the page Convert, with a small voice and the real engine."""

import atexit
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication

from rvc import paths
from rvc.sound.growing import GrowingWave
from rvcstudio.app import App
from rvcstudio.library import Model
from rvcstudio.ui.convert import ConvertPage
from tests.live import lite_voice

ENOUGH_S = 240.0


@cache
def _model_file() -> Path:
    """Write a voice once for all pictures."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    lite_voice().save(folder / "voice.safetensors")
    return folder / "voice.safetensors"


def _add_model(app: App, name: str) -> Model:
    models = app.studio.library.models
    voice = app.studio.library.voices.all()[0]
    file = models.new_folder(name, voice.id) / "voice.safetensors"
    shutil.copy(_model_file(), file)
    return models.add(name, file, voice_id=voice.id)


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + ENOUGH_S
    while not until() and time.monotonic() < deadline:
        QApplication.processEvents()
        time.sleep(0.01)


def _page(app: App) -> ConvertPage:
    model = _add_model(app, "Mina, evening")
    app.studio.go("convert", model=model.id)
    page = app.window.page
    assert isinstance(page, ConvertPage)
    return page


def ready(app: App) -> None:
    """Show the page before anything is dropped."""
    _page(app)


def converted(app: App) -> None:
    """Show results: one recording is broken, the others are converted."""
    page = _page(app)
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "broken phone memo.wav").write_bytes(b"nothing")
    takes = sorted(paths.resource("demo/voice").glob("*.flac"))[:2]
    page.take_files([folder / "broken phone memo.wav", *takes])
    _wait(lambda: len(page.queue.items) == 3)
    page.start()
    _wait(lambda: not page.queue.is_running)
    page._ask_pitch()
    _wait(lambda: page._sound._proposal is not None)
    _wait(lambda: app.studio.tasks.is_idle)


def heard_early(app: App) -> None:
    """Show a recording of which something can be heard before the whole is converted."""
    page = _page(app)
    (item,) = page.queue.add([paths.resource("demo/source/visitor.flac")])
    item.state, item.share = "working", 0.4
    GrowingWave(page.queue._new_early()).hear(np.zeros(2400, np.float32), 24000)
    page.queue.moved.emit(item)
