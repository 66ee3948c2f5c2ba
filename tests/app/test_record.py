"""The page of recording: driven by its real widgets, with a private PulseAudio as the microphone."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QLabel,
    QProgressBar,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

pytest.importorskip("sounddevice", exc_type=OSError)  # it needs PortAudio

from rvc import paths
from rvc.errors import Error
from rvcstudio.library import Library, Voice
from rvcstudio.recording import prompts, script, unfinished
from rvcstudio.recording.booth import Booth
from rvcstudio.recording.settings import SECTION, RecordSettings
from rvcstudio.sound.levels import Needles
from rvcstudio.studio import Studio
from rvcstudio.ui.record import words
from rvcstudio.ui.record.check import MicrophoneCheck
from rvcstudio.ui.record.meter import ClipLight, LevelMeter
from rvcstudio.ui.record.page import RecordPage
from rvcstudio.ui.voice_dialog import VoiceDialog
from rvcstudio.ui.window import MainWindow
from tests.pulse import PulseServer, end, pulse

__all__ = ["pulse"]


MICROPHONE = "ALSA: microphone_monitor"


PATIENCE_MS = 60_000


@pytest.fixture
def page(
    pulse: PulseServer, studio: Studio, window: MainWindow, voice: Voice, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RecordPage]:
    """The page in front, its microphone open and the first English sentence on it."""
    for name, value in pulse.environment().items():
        monkeypatch.setenv(name, value)
    studio.sound.reread()
    studio.settings.keep_section(
        SECTION, RecordSettings(device=MICROPHONE, voice=voice.id, reading="en", pause_s=1.0)
    )
    studio.go("record")
    assert isinstance(window.page, RecordPage)
    yield window.page
    studio.go("voices")


def booth(page: RecordPage) -> Booth:
    found = page.findChild(Booth)
    assert found is not None
    return found


def click(qtbot: QtBot, page: QWidget, name: str) -> None:
    button = page.findChild(QPushButton, name)
    assert button.isVisible(), name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def text(page: QWidget, name: str) -> str:
    return str(page.findChild(QLabel, name).text())


def read_aloud(pulse: PulseServer, qtbot: QtBot, gain: float = 1.0) -> None:
    """Read a sentence into the microphone."""
    wave, rate = soundfile.read(sorted(paths.resource("demo/voice").glob("*.flac"))[0])
    wave = wave[: round(1.7 * rate)]
    quiet = np.random.default_rng(0).standard_normal(2 * rate) * 10 ** (-65 / 20)
    player = pulse.play(np.concatenate([quiet[: rate // 3], gain * wave, quiet[:rate]]), "microphone", rate)
    qtbot.waitUntil(lambda: player.poll() is not None, timeout=PATIENCE_MS)


def wait_for(qtbot: QtBot, page: RecordPage, state: str) -> None:
    qtbot.waitUntil(lambda: booth(page).state == state, timeout=PATIENCE_MS)


def test_a_sentence_is_read_and_kept(
    page: RecordPage, pulse: PulseServer, studio: Studio, voice: Voice, qtbot: QtBot
) -> None:
    first = text(page, "record.prompt")
    click(qtbot, page, "record.record")
    assert booth(page).state == "recording"
    read_aloud(pulse, qtbot)
    wait_for(qtbot, page, "review")  # it ended by itself
    assert text(page, "record.verdict").startswith("A good take")
    with qtbot.waitSignal(booth(page).kept, timeout=PATIENCE_MS):
        click(qtbot, page, "record.keep")
    assert text(page, "record.prompt") != first
    (take,) = studio.library.takes.all(voice.id)
    assert take.prompt == first
    assert take.verdict["verdict"] == "good"
    facts = soundfile.info(take.file)
    assert (facts.format, facts.subtype, facts.samplerate) == ("FLAC", "PCM_24", 48000)
    assert facts.duration == pytest.approx(take.seconds)
    assert not list((studio.library.folder / unfinished.FOLDER).iterdir())
    qtbot.waitUntil(lambda: not text(page, "record.minutes").startswith("0:00"))
    assert page.findChild(QProgressBar, "record.progress").value() > 1
    page.turn(-1)
    assert text(page, "record.place") == "1 of 156"


def test_everything_works_by_keys(
    page: RecordPage, pulse: PulseServer, studio: Studio, voice: Voice, qtbot: QtBot
) -> None:
    page.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_Right)
    assert text(page, "record.place") == "2 of 156"
    qtbot.keyClick(page, Qt.Key.Key_Space)
    assert booth(page).state == "recording"
    qtbot.keyClick(page, Qt.Key.Key_Right)  # nothing moves while a take is on its way
    assert text(page, "record.place") == "2 of 156"
    read_aloud(pulse, qtbot)
    wait_for(qtbot, page, "review")
    qtbot.keyClick(page, Qt.Key.Key_Backspace)
    assert booth(page).state == "recording"
    assert booth(page).discarded is not None
    qtbot.keyClick(page, Qt.Key.Key_Return)
    wait_for(qtbot, page, "review")
    with qtbot.waitSignal(booth(page).kept, timeout=PATIENCE_MS):
        qtbot.keyClick(page, Qt.Key.Key_Return)
    with qtbot.waitSignal(booth(page).kept, timeout=PATIENCE_MS):
        booth(page).bring_back()  # as the toast does
    assert [take.prompt_id for take in studio.library.takes.all(voice.id)] == [
        prompts.shipped("en")[1].id
    ] * 2


def test_a_key_works_the_control_that_has_the_focus(page: RecordPage, qtbot: QtBot) -> None:
    button = page.findChild(QPushButton, "record.more")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert booth(page).state == "ready"
    assert page.findChild(QWidget, "record.pause").isVisible()


def test_silence_is_no_take(page: RecordPage, qtbot: QtBot) -> None:
    page.switch()
    qtbot.wait(400)
    page.switch()
    wait_for(qtbot, page, "review")
    assert text(page, "record.verdict").startswith("Better read it again")
    assert "No speech" in text(page, "record.remarks")


def test_clipping_is_said_with_what_to_do(page: RecordPage, pulse: PulseServer, qtbot: QtBot) -> None:
    page.switch()
    read_aloud(pulse, qtbot, gain=8.0)
    wait_for(qtbot, page, "review")
    assert "clipped" in text(page, "record.remarks")
    assert "down by about" in text(page, "record.remarks")
    light = page.findChild(ClipLight)
    qtbot.waitUntil(lambda: "Clipped" in light.text())
    click(qtbot, page, "record.clips")
    assert light.text() == "No clipping"


def test_the_room_is_measured_first(page: RecordPage, qtbot: QtBot) -> None:
    click(qtbot, page, "record.measure")
    assert booth(page).state == "measuring"
    qtbot.waitUntil(lambda: booth(page).is_measured, timeout=PATIENCE_MS)
    assert booth(page).room.advice == "muted"  # the null sink is silent as no room is
    assert page.findChild(QWidget, "record.room").accessibleName().startswith("No sound at all")


def test_a_microphone_that_is_gone_ends_the_take_and_keeps_it(
    page: RecordPage, pulse: PulseServer, qtbot: QtBot
) -> None:
    page.switch()
    player = pulse.play(np.full(48000 * 20, 0.1, np.float32), "microphone")
    qtbot.waitUntil(
        lambda: booth(page).recorder is not None and booth(page).recorder.seconds > 1, timeout=PATIENCE_MS
    )
    with qtbot.waitSignal(booth(page).lost, timeout=PATIENCE_MS):
        pulse.run("pactl", "unload-module", "module-null-sink")
    end(player)
    qtbot.waitUntil(lambda: booth(page).recorded is not None, timeout=PATIENCE_MS)
    recorded = booth(page).recorded
    assert recorded is not None
    assert recorded.ended == "device"
    assert recorded.seconds > 0.9
    assert "disappeared" in text(page, "record.remarks")


def test_lost_samples_are_counted_and_shown(page: RecordPage, qtbot: QtBot) -> None:
    capture = booth(page).capture
    assert capture is not None
    page.switch()
    qtbot.wait(200)
    capture.overruns += 2  # as PortAudio reports them
    qtbot.waitUntil(lambda: "2 overruns" in text(page, "record.levels"), timeout=PATIENCE_MS)
    page.switch()
    wait_for(qtbot, page, "review")
    assert booth(page).recorded is not None
    assert booth(page).recorded.overruns == 2
    assert "overruns: 2" in text(page, "record.remarks")


def test_leaving_the_page_keeps_the_take_for_later(page: RecordPage, studio: Studio, qtbot: QtBot) -> None:
    page.switch()
    qtbot.wait(300)
    studio.go("voices")
    assert booth(page).capture is None
    qtbot.waitUntil(lambda: booth(page).recorded is not None, timeout=PATIENCE_MS)
    studio.go("record")
    assert booth(page).state == "review"
    assert page.findChild(QPushButton, "record.keep").isVisible()


def test_one_hears_oneself_until_it_howls(page: RecordPage, pulse: PulseServer, qtbot: QtBot) -> None:
    hear = page.findChild(QCheckBox, "record.monitor")
    hear.setChecked(True)
    assert booth(page).is_monitoring
    with qtbot.waitSignal(booth(page).howled, timeout=PATIENCE_MS):
        player = pulse.play(np.random.default_rng(0).uniform(-0.9, 0.9, 48000 * 9), "microphone")
    end(player)
    assert not booth(page).is_monitoring
    assert not hear.isChecked()
    assert page.findChild(QWidget, "record.howled").isVisible()


def test_ones_own_sentences_are_read(page: RecordPage, tmp_path: Path, studio: Studio) -> None:
    file = tmp_path / "문장.txt"
    file.write_text("첫 문장입니다.\n둘째 문장입니다.\n", encoding="utf-8")
    other = tmp_path / "song.wav"
    assert page.take_files([file, other]) == [other]
    assert text(page, "record.prompt") == "첫 문장입니다."
    assert text(page, "record.place") == "1 of 2"
    kept = studio.settings.section(SECTION, RecordSettings)
    assert (kept.reading, kept.own_file) == ("own", file)


def test_a_file_that_holds_no_sentences_changes_nothing(
    page: RecordPage, tmp_path: Path, studio: Studio
) -> None:
    (tmp_path / "empty.txt").touch()
    failures: list[Error] = []
    studio.failed.disconnect()
    studio.failed.connect(failures.append)
    page.take_files([tmp_path / "empty.txt"])
    assert [error.code for error in failures] == ["no_prompts"]
    assert text(page, "record.place") == "1 of 156"


def test_without_a_microphone_the_page_says_so(studio: Studio, window: MainWindow, voice: Voice) -> None:
    studio.sound.reread()
    studio.go("record", voice=voice.id)
    if booth(window.page).capture is not None:  # type: ignore[arg-type]
        pytest.skip("this machine has a microphone")
    assert window.page.findChild(QWidget, "record.none").isVisible()
    assert not window.page.findChild(QPushButton, "record.record").isEnabled()


def test_without_a_voice_the_page_offers_to_make_one(studio: Studio, window: MainWindow) -> None:
    studio.go("record")
    assert window.page.findChild(QPushButton, "record.new_voice").isVisible()


@pytest.mark.usefixtures("page")
def test_the_first_start_checks_the_microphone(studio: Studio, qtbot: QtBot) -> None:
    studio.go("voices")
    assert studio.microphone_check is not None
    check = studio.microphone_check()
    assert isinstance(check, MicrophoneCheck)
    qtbot.addWidget(check)
    check.show()
    found = check.findChild(Booth)
    assert found is not None
    assert found.capture is not None
    assert check.findChild(LevelMeter).isVisible()
    check.hide()
    assert found.capture is None


@pytest.mark.usefixtures("page")
def test_a_statement_is_recorded_with_the_voice(
    studio: Studio, window: MainWindow, voice: Voice, pulse: PulseServer, qtbot: QtBot
) -> None:
    studio.go("voices")
    asked = VoiceDialog(studio, voice, window)
    asked.open()
    player = pulse.play(np.random.default_rng(0).uniform(-0.3, 0.3, 48000 * 20), "microphone")
    click(qtbot, asked, "voice.statement.record")
    qtbot.wait(600)
    with qtbot.waitSignal(asked.saved, timeout=PATIENCE_MS):
        click(qtbot, asked, "voice.save")  # ends the recording and takes it along
    end(player)
    statement = studio.library.voices.find(voice.id).statement
    assert statement is not None
    wave, rate = soundfile.read(statement)
    assert len(wave) > 0.3 * rate
    assert np.abs(wave).max() > 0.2
    again = VoiceDialog(studio, studio.library.voices.find(voice.id), window)
    again.open()
    assert again.findChild(QAbstractButton, "voice.statement.play").isVisible()
    again.close()


def test_good_speech_is_counted(library: Library, tmp_path: Path) -> None:
    voice = library.voices.add("A", colour="#123456")
    file = tmp_path / "t.flac"
    soundfile.write(file, np.zeros(100), 48000)
    sentence = prompts.shipped("en")[0]
    for grade, excluded in (("good", False), ("fair", False), ("bad", False), ("good", True)):
        library.takes.add(
            voice.id, file, rate=48000, seconds=4.0, prompt=sentence.text, prompt_id=sentence.id,
            verdict={"verdict": grade, "speech_s": 3.0}, excluded=excluded,
        )  # fmt: skip
    progress = script.progress(library.takes.all(voice.id), "en")
    assert (progress.seconds, progress.takes) == (6.0, 2)
    assert progress.coverage is not None
    assert progress.coverage.counts["F"] == 2 * sentence.sounds.count("F")
    assert script.progress([], "nl").coverage is None


def test_every_problem_has_words() -> None:
    assert all(all(words.problem(code)) for code in words.PROBLEMS)
    assert set(words.PROBLEMS) == {"silent", "clipped", "cut_start", "cut_end", "soft", "noisy", "echo"}


def test_the_meter_costs_little(qtbot: QtBot) -> None:
    """60 frames in a second may take 5 % of a core: 0.83 ms each."""
    meter = LevelMeter("meter")
    qtbot.addWidget(meter)
    meter.resize(760, 42)
    meter.show()
    meter.repaint()
    frames = 200
    began = time.thread_time()  # of this thread: others may be at work
    for frame in range(frames):
        meter.show_needles(Needles(peak=-frame / 4, rms=-frame / 3, held=-3.0))
        QApplication.processEvents()
    assert (time.thread_time() - began) / frames < 0.05 / 60
