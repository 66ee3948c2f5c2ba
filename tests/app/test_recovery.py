"""Takes that a crash left behind, and what of them is kept."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

pytest.importorskip("sounddevice", exc_type=OSError)  # it needs PortAudio

from rvc.errors import InputError
from rvcstudio.app import App
from rvcstudio.library import Library, Voice
from rvcstudio.recording import prompts, unfinished
from rvcstudio.recording.settings import SECTION, RecordSettings
from rvcstudio.settings import SettingsStore
from rvcstudio.sound import journal
from rvcstudio.studio import Studio
from tests.app.test_record import MICROPHONE, PATIENCE_MS
from tests.pulse import PulseServer, end, pulse

__all__ = ["pulse"]


def orphan(library: Library, voice_id: str, seconds: float, process: int = 2**22 + 1) -> Path:
    """Leave a journal as a program does that was killed."""
    made = unfinished.begin(library, voice_id, prompts.shipped("ko")[0], "USB", 44100)
    made.write(np.random.default_rng(0).uniform(-0.1, 0.1, round(seconds * 44100)).astype(np.float32))
    made.close()
    content = made.path.read_bytes().split(b"\n", 2)
    facts = made.facts.model_copy(update={"process": process})
    made.path.write_bytes(b"\n".join([content[0], facts.model_dump_json().encode(), content[2]]))
    return made.path


def test_what_a_crash_left_is_in_the_library_at_the_next_start(
    app: App, studio: Studio, voice: Voice, qtbot: QtBot
) -> None:
    left = orphan(studio.library, voice.id, 3.0)
    with qtbot.waitSignal(studio.said, timeout=PATIENCE_MS) as said:
        app.recovery.look()
    assert "1 unsaved take" in said.args[0]
    (take,) = studio.library.takes.all(voice.id)
    assert (take.seconds, take.rate, take.prompt) == (3.0, 44100, prompts.shipped("ko")[0].text)
    assert not left.exists()
    said.args[1]()  # undo
    assert studio.library.takes.all(voice.id) == []


RUNNING = """
import sys
from PySide6.QtCore import QTimer
from rvcstudio.app import App, prepare
from rvcstudio.recording.booth import Booth
application = prepare([])
app = App(application)
app.show([])
app.studio.go("record", voice=sys.argv[1])
page = app.window.page
page.switch()
booth = page.findChild(Booth)
timer = QTimer(interval=20)
timer.timeout.connect(lambda: print(booth.recorder.seconds, flush=True))
timer.start()
application.exec()
"""


def test_the_app_killed_while_recording_opens_again_with_the_take(
    pulse: PulseServer, request: pytest.FixtureRequest, qtbot: QtBot
) -> None:
    settings = SettingsStore()
    settings.update(welcomed=True, language="en")
    settings.keep_section(SECTION, RecordSettings(device=MICROPHONE, reading="en", pause_s=0.0))
    library = Library(settings.value.library_folder)
    voice = library.voices.add("Mina", colour="#123456")
    library.close()
    player = pulse.play(np.random.default_rng(0).uniform(-0.3, 0.3, 48000 * 20), "microphone")
    command = [sys.executable, "-c", RUNNING, voice.id]
    with subprocess.Popen(command, env=pulse.environment(), stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        recorded = next(float(line) for line in child.stdout if float(line) > 3.0)
        child.kill()
    end(player)
    app: App = request.getfixturevalue("app")
    with qtbot.waitSignal(app.studio.said, timeout=PATIENCE_MS) as said:
        app.recovery.look()
    assert "1 unsaved take" in said.args[0]
    (take,) = app.studio.library.takes.all(voice.id)
    assert recorded - take.seconds < 2.0
    assert take.prompt == prompts.shipped("en")[0].text
    assert soundfile.info(take.file).frames == round(take.seconds * 48000)


def test_only_what_was_left_is_recovered(library: Library) -> None:
    voice = library.voices.add("가", colour="#123456")
    mine = unfinished.begin(library, voice.id, None, "USB", 48000)
    mine.close()
    orphan(library, voice.id, 0.0)
    broken = library.folder / unfinished.FOLDER / "broken.part"
    broken.write_bytes(b"?")
    assert unfinished.recover(library) == []
    assert sorted(file.name for file in mine.path.parent.iterdir()) == sorted(
        [mine.path.name, "broken.unreadable"]
    )


def test_a_take_that_was_kept_already_is_not_kept_twice(library: Library) -> None:
    voice = library.voices.add("가", colour="#123456")
    left = orphan(library, voice.id, 1.0)
    copy = left.with_suffix(".copy")
    shutil.copy(left, copy)
    unfinished.keep(library, left)
    copy.rename(left)
    assert unfinished.recover(library) == []
    assert len(library.takes.all(voice.id)) == 1
    assert not left.exists()


def test_a_take_of_an_unknown_voice_cannot_begin(library: Library) -> None:
    with pytest.raises(InputError, match="not in the library"):
        unfinished.begin(library, "nobody", None, "", 48000)


def test_the_journal_is_left_alone_until_it_is_decided(library: Library) -> None:
    voice = library.voices.add("A", colour="#123456")
    left = orphan(library, voice.id, 2.0)
    verdict = unfinished.judge_journal(left)
    assert verdict.grade != "good"
    assert len(journal.read(left)) == 2 * 44100
    unfinished.discard(left)
    unfinished.discard(left)
    assert not left.exists()
