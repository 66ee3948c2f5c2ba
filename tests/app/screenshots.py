"""Pictures of every page and scene, in English on light and in Korean on dark: `make screenshots`.

    python -m tests.app.screenshots [NAME ...] [--out DIR] [--scale 2] [--size 1180x780]

writes `build/screenshots/<name>-<language>.png`; NAME is a page (`voices`) or a scene (`voices.new_voice`).
"""

import argparse
import importlib
import inspect
import os
import pkgutil
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shiboken6
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from rvcstudio.app import App, prepare
from rvcstudio.settings import SettingsStore
from rvcstudio.ui.pages import PAGES
from tests.app import scenes
from tests.app.content import fill

LOOKS = {"en": "light", "ko": "dark"}
OF_SOMETHING = ("voice", "dataset", "model", "job")  # nobody comes to these without a voice, a model or a job
SETTLE_MS = 400
PATIENCE_S = 15

Scene = Callable[[App], None]


def found_scenes() -> Iterator[tuple[str, Scene]]:
    """Yield every page, and every function of the modules in `tests/app/scenes`."""
    for entry in PAGES:
        if entry.name in OF_SOMETHING:
            continue
        yield entry.name, lambda app, entry=entry: app.studio.go(entry.name)
    for module in pkgutil.iter_modules(scenes.__path__):
        loaded = importlib.import_module(f"{scenes.__name__}.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if not name.startswith("_") and function.__module__ == loaded.__name__:
                yield f"{module.name}.{name}", function


def picture(name: str, scene: Scene, language: str, out: Path, size: tuple[int, int]) -> Path:
    """Bring a fresh app into a state and save what the window, or the dialog before it, shows."""
    home = Path(tempfile.mkdtemp())
    os.environ["RVC_STUDIO_HOME"] = str(home)
    SettingsStore().update(language=language, theme=LOOKS[language], welcomed=True)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    app = App(application)
    try:
        fill(app.studio.library)
        app.window.resize(*size)
        app.window.show()
        scene(app)
        _settle(app)
        file = out / f"{name}-{language}.png"
        _front(app).grab().save(str(file))
        return file
    finally:
        for dialog in app.window.findChildren(QDialog):
            dialog.close()
        app.close()
        shiboken6.delete(app.window)
        shiboken6.delete(app)
        shutil.rmtree(home, ignore_errors=True)


def _front(app: App):  # type: ignore[no-untyped-def]
    """Return the dialog that is open, or the window."""
    return next((dialog for dialog in app.window.findChildren(QDialog) if dialog.isVisible()), app.window)


def _settle(app: App) -> None:
    """Let everything come to rest, with some time to paint."""
    deadline = time.monotonic() + PATIENCE_S
    _spin()
    while not app.studio.tasks.is_idle and time.monotonic() < deadline:
        _spin()
    _spin()


def _spin() -> None:
    loop = QEventLoop()
    QTimer.singleShot(SETTLE_MS, loop.quit)
    loop.exec()


def main() -> int:
    parser = argparse.ArgumentParser(description="Pictures of every page and scene.")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--out", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--scale", default="1")
    parser.add_argument("--size", default="1180x780")
    arguments = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = arguments.scale
    width, height = map(int, arguments.size.split("x"))
    arguments.out.mkdir(parents=True, exist_ok=True)
    application = prepare([])
    application.setQuitOnLastWindowClosed(False)
    for name, scene in found_scenes():
        if not arguments.names or name in arguments.names:
            for language in LOOKS:
                print(picture(name, scene, language, arguments.out, (width, height)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
