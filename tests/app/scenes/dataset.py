"""States of the page of a dataset."""

import re
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
from PySide6.QtCore import QEventLoop, QTimer

from rvc import paths
from rvcstudio.app import App
from rvcstudio.dataset import report
from rvcstudio.dataset.report import Answer
from rvcstudio.library import Take
from rvcstudio.library.records import plain_stem
from rvcstudio.ui.dataset.page import DatasetPage

RATE = 24000


def takes(app: App) -> None:
    """Show takes, and a part of one selected."""
    page = _open(app, "Mina Park")
    view = page._takes_pane.editor.view
    page._takes_pane.open_file(page._takes_pane.table.dataset.shown[5].file.name)
    _wait(lambda: view.frames > 0)
    view.select((round(1.1 * view.rate), round(2.3 * view.rate)))


def spectrum(app: App) -> None:
    """Show a take's spectrum."""
    page = _open(app, "Mina Park")
    view = page._takes_pane.editor.view
    _wait(lambda: view.frames > 0)
    view.show_mode("spectrum")
    page._takes_pane.editor._mode.choose("spectrum")
    _wait(lambda: False, 600)


def samples(app: App) -> None:
    """Show a take down to its samples."""
    page = _open(app, "Mina Park")
    view = page._takes_pane.editor.view
    _wait(lambda: view.frames > 0)
    view.seek(view.rate)
    view.zoom(1e-9)
    view.zoom(3)


def comparison(app: App) -> None:
    """Compare two takes."""
    page = _open(app, "Old Sailor")
    pane = page._takes_pane
    shown = pane.table.dataset.shown
    pane.table.select({shown[0].id, shown[1].id}, shown[0].id)
    pane.compare()


def quality(app: App) -> None:
    """Show the report on takes of which some are damaged."""
    page = _open(app, "Old Sailor", damaged=True)
    page.show_view("report")
    voice = page._voice
    assert voice is not None
    if _known():
        page._show_answer((voice.id, Answer.model_validate_json(_renamed(_known()[0], page._takes))))
        return
    page.check()
    _wait(lambda: page._answer is not None, 600_000)
    if page._answer is not None:
        _known().append(page._answer.model_dump_json())


@cache
def _known() -> list[str]:
    """Return the answer of the engine, once there is one: it is the same for all pictures but for the files' names."""
    return []


def _renamed(answer: str, takes: list[Take]) -> str:
    """Return an answer about the same recordings under the names that they have now."""
    for take in takes:
        stem = plain_stem(take.file)
        answer = re.sub(rf"{stem}-[0-9a-f]{{8}}", take.file.stem, answer)
    return answer


def quality_findings(app: App) -> None:
    """Show the report's findings."""
    quality(app)
    page = _page(app)
    _wait(lambda: False, 200)
    page._report_pane.verticalScrollBar().setValue(430)


def quality_pictures(app: App) -> None:
    """Show the report's pictures."""
    quality(app)
    page = _page(app)
    _wait(lambda: False, 200)
    bar = page._report_pane.verticalScrollBar()
    bar.setValue(bar.maximum())


def imported(app: App) -> None:
    """Show what an import of mixed files came to."""
    page = _open(app, "Podcast host")
    folder = Path(tempfile.mkdtemp()) / "recordings"
    folder.mkdir()
    for number, file in enumerate(sorted(paths.resource("demo/voice").glob("*.flac"))[8:32]):
        shutil.copy(file, folder / f"interview {number + 1:02}.flac")
    shutil.copy(paths.resource("demo/voice/02-kettle.flac"), folder / "kettle again.flac")
    (folder / "interview 25.mp3").write_text("no sound")
    (folder / "broken.flac").write_bytes((folder / "interview 01.flac").read_bytes()[:9000])
    (folder / "notes.txt").write_text("left alone")
    page.import_files([folder])
    _wait(lambda: page._work.is_busy is False, 30_000)
    shutil.rmtree(folder.parent)


def nothing_yet(app: App) -> None:
    """Show the page of a voice without takes."""
    voice = app.studio.library.voices.add("New voice", colour="#3569B8")
    app.studio.go("dataset", voice=voice.id)


def _open(app: App, name: str, *, damaged: bool = False) -> DatasetPage:
    voice = next(voice for voice in app.studio.library.voices.all() if voice.name == name)
    if damaged:
        _damage(app, voice.id)
    app.studio.go("dataset", voice=voice.id)
    page = _page(app)
    _wait(lambda: bool(page._takes))
    return page


def _page(app: App) -> DatasetPage:
    page = app.window.page
    assert isinstance(page, DatasetPage)
    return page


def _damage(app: App, voice_id: str) -> None:
    """Make some takes as bad as takes of beginners are."""
    library, noise = app.studio.library, np.random.default_rng(0)
    for number, take in enumerate(library.takes.all(voice_id)):
        wave, rate = soundfile.read(take.file, dtype="float32")
        match number % 6:
            case 1:
                wave = wave + noise.normal(0, 0.012, len(wave))
            case 2 if number < 4:
                wave = np.clip(6 * wave, -0.8, 0.8)
            case 3:
                wave = wave / 20
            case 5:
                wave = np.concatenate([np.zeros(2 * rate), wave, np.zeros(3 * rate)])
            case _:
                continue
        soundfile.write(take.file, wave, rate, subtype="PCM_24")
    assert report.kept(voice_id) is None


def _wait(until: Callable[[], bool], limit_ms: int = 5000) -> None:
    """Let the app run until something is so."""
    loop, look = QEventLoop(), QTimer(interval=20)
    look.timeout.connect(lambda: loop.quit() if until() else None)
    look.start()
    QTimer.singleShot(limit_ms, loop.quit)
    loop.exec()
