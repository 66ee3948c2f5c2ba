"""The page Convert: its queue and settings, and the real engine with a small voice."""

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QMessageBox, QPushButton, QSlider, QTreeWidget, QWidget
from pytestqt.qtbot import QtBot

from rvc import paths
from rvc.config import ConvertConfig
from rvc.jobs import Job, JobFile
from rvc.sound.growing import GrowingWave
from rvcstudio.app import App
from rvcstudio.convert import ConvertSettings, Order, SoundSettings, free_place, recordings
from rvcstudio.convert_line import UNFINISHED
from rvcstudio.convert_queue import Summary
from rvcstudio.hub import Address
from rvcstudio.library import Model
from rvcstudio.library.orders import Piece, SentOrder
from rvcstudio.recording.settings import SECTION, RecordSettings
from rvcstudio.studio import Studio
from rvcstudio.ui.compare import gains
from rvcstudio.ui.convert import ConvertPage
from rvcstudio.ui.job_commands import JobCommands
from rvcstudio.ui.window import MainWindow
from tests.jobs import cleared
from tests.pulse import PulseServer, pulse

__all__ = ["pulse"]
NOW = datetime.now(UTC)
LONG_MS = 90_000  # an engine that starts on a busy machine


def add_model(studio: Studio, file: Path | None = None, name: str = "Anna") -> Model:
    place = studio.library.models.new_folder(name) / "anna.safetensors"
    if file is None:
        place.write_bytes(b"no model")
    else:
        shutil.copy(file, place)
    return studio.library.models.add(name, place)


def show(studio: Studio, window: MainWindow, model: Model | None = None) -> ConvertPage:
    model = model or add_model(studio)
    studio.go("convert", model=model.id)
    page = window.page
    assert isinstance(page, ConvertPage)
    return page


def button(page: QWidget, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert found is not None
    return found


@pytest.fixture
def voice_file(tmp_path: Path) -> Path:
    pytest.importorskip("torch")
    from tests.live import lite_voice

    file = tmp_path / "voice.safetensors"
    lite_voice().save(file)
    return file


@pytest.fixture
def words(tmp_path: Path) -> Path:
    """Two seconds of speech."""
    source = paths.resource("demo/source/visitor.flac")
    rate = soundfile.info(source).samplerate
    wave, _ = soundfile.read(source, frames=2 * rate)
    file = tmp_path / "말 words.flac"
    soundfile.write(file, wave, rate)
    return file


def test_without_a_model_it_says_where_to_get_one(studio: Studio, window: MainWindow) -> None:
    studio.go("convert")
    assert window.page.findChild(QWidget, "convert.empty").isVisible()
    assert not button(window.page, "convert.start").isVisible()


def test_the_sound_is_that_of_the_engine_and_comes_back() -> None:
    for sound in (SoundSettings(), SoundSettings(follow_pitch=False, pitch_shift=-5, index_rate=0.2)):
        config = ConvertConfig.model_validate(sound.of_engine())
        assert config.pitch_shift == ("auto" if sound.follow_pitch else -5)
        assert SoundSettings.read(config.model_dump()) == sound


def test_names_follow_the_choice_and_never_replace(studio: Studio, tmp_path: Path) -> None:
    model = add_model(studio, name="A/B")
    stems = {
        naming: Order(model, tmp_path, naming=naming).stem(Path("x/say.it.wav"))  # type: ignore[arg-type]
        for naming in ("both", "recording", "model")
    }
    assert stems == {"both": "say.it_A-B", "recording": "say.it", "model": "A-B"}
    (tmp_path / "a.wav").touch()
    (tmp_path / "a-2.wav").touch()
    assert free_place(tmp_path, "a", ".wav").name == "a-3.wav"


def test_folders_give_their_recordings_and_other_files_are_left(
    studio: Studio, window: MainWindow, qtbot: QtBot, tmp_path: Path, tone: Path
) -> None:
    folder = tmp_path / "takes" / "inner"
    folder.mkdir(parents=True)
    shutil.copy(tone, folder / "one.flac")
    (folder / ".hidden.flac").touch()
    (folder / "notes.txt").touch()
    assert [file.name for file in recordings([tmp_path / "takes"])] == ["one.flac"]
    page = show(studio, window)
    assert page.take_files([tone, folder / "notes.txt", tmp_path / "takes"]) == [folder / "notes.txt"]
    qtbot.waitUntil(lambda: len(page.queue.items) == 2)
    qtbot.waitUntil(lambda: all(item.seconds == 2.0 for item in page.queue.items))
    assert page.take_files([tone]) == []
    qtbot.wait(50)
    assert len(page.queue.items) == 2
    listed = page.findChild(QTreeWidget, "convert.recordings")
    listed.setCurrentItem(listed.topLevelItem(0))
    qtbot.keyClick(listed, Qt.Key.Key_Delete)
    assert len(page.queue.items) == 1


def test_settings_presets_and_folder_are_remembered(studio: Studio, window: MainWindow) -> None:
    page = show(studio, window)
    slider = page.findChild(QSlider, "convert.pitch_shift")
    assert not slider.isVisible()
    page.findChild(QCheckBox, "convert.follow_pitch").click()
    assert slider.isVisible()
    slider.setValue(7)
    page._sound._keep_preset("Robot")
    page._output._take_folder("/somewhere")
    kept = studio.settings.section("convert", ConvertSettings)
    assert kept.sound.pitch_shift == 7
    assert kept.presets["Robot"] == kept.sound
    assert Path(kept.folder) == Path("/somewhere")


def test_the_louder_of_two_is_turned_down(tmp_path: Path, tone: Path) -> None:
    wave, rate = soundfile.read(tone)
    quiet = tmp_path / "quiet.wav"
    soundfile.write(quiet, wave / 10, rate, subtype="FLOAT")
    assert gains([tone, quiet]) == pytest.approx((-20, 0), abs=0.1)


def test_recordings_are_converted_one_is_broken_and_all_is_said_once(
    studio: Studio, window: MainWindow, qtbot: QtBot, tmp_path: Path, voice_file: Path, words: Path
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"nothing")
    page = show(studio, window, add_model(studio, voice_file))
    page.take_files([broken, words])
    qtbot.waitUntil(lambda: len(page.queue.items) == 2)
    with qtbot.waitSignal(page.queue.ended, timeout=LONG_MS):
        qtbot.mouseClick(button(page, "convert.start"), Qt.MouseButton.LeftButton)
    states = {item.source: item.state for item in page.queue.items}
    assert states == {broken: "failed", words: "done"}
    text = page.findChild(QWidget, "convert.summary").accessibleName()
    assert text.startswith("1 recording converted. 1 could not be converted")
    page._list.look_at(page.queue.items[0])
    assert "broken.wav" in page.findChild(QWidget, "convert.reason").accessibleName()
    page._list.look_at(page.queue.items[1])
    assert not page.findChild(QWidget, "convert.reason").isVisible()
    (made,) = studio.library.conversions.all()
    assert made.output.name == "말 words_Anna.wav"
    assert soundfile.info(made.output).duration == pytest.approx(2.0, abs=0.001)
    qtbot.waitUntil(lambda: page._compare.strips[1].file == made.output)
    qtbot.waitUntil(lambda: page._compare.strips[1].view.frames > 0)
    proposal = page.findChild(QLabel, "convert.proposal")
    page._list.look_at(page.queue.items[1])
    qtbot.waitUntil(lambda: "The voice: about 200 Hz" in proposal.text(), timeout=LONG_MS)

    assert button(page, "convert.start").text() == "Convert again"
    page._again(made)
    page.findChild(QCheckBox, "convert.follow_pitch").click()
    page.queue.remove([page.queue.items[0]])
    with qtbot.waitSignal(page.queue.ended, timeout=LONG_MS):
        page.start()
    assert len(studio.library.conversions.all()) == 2


def test_what_is_spoken_can_be_heard_while_the_rest_is_converted(
    studio: Studio, window: MainWindow, words: Path
) -> None:
    page = show(studio, window)
    listen = button(page, "convert.early")
    (item,) = page.queue.add([words])
    place = page.queue._new_early()
    page.queue.moved.emit(item)
    assert not listen.isVisible()
    GrowingWave(place).hear(np.zeros(100, np.float32), 24000)
    page.queue.moved.emit(item)
    assert listen.isVisible()
    assert listen.text() == "Listen meanwhile"
    page.queue._new_early()
    assert not place.exists()
    page.queue.ended.emit(Summary(1, 0, stopped=False))
    assert not listen.isVisible()


def test_another_computer_is_given_numbers_for_names(
    app: App, studio: Studio, window: MainWindow, qtbot: QtBot, tmp_path: Path, voice_file: Path, words: Path
) -> None:
    from rvc.jobs import LocalJobs

    app.desk.open()
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"nothing")
    page = show(studio, window, add_model(studio, voice_file))
    with cleared(tmp_path / "attic"):
        attic = LocalJobs(tmp_path / "attic")
        studio.jobs.add("attic", lambda: attic)
        page.queue.add([broken, words])
        page._keep(computer="attic", sound=SoundSettings(follow_pitch=False))
        page._offer_computers()
        with qtbot.waitSignal(page.queue.ended, timeout=LONG_MS):
            page.start()
        (job,) = attic.jobs()
        names = [file.name for file in (attic.home / job.id / "inputs" / "recordings").rglob("*.*")]
        assert sorted(names) == ["00000.wav", "00001.flac"]
    assert [item.state for item in page.queue.items] == ["failed", "done"]
    (made,) = studio.library.conversions.all()
    assert made.source == words
    assert made.output.name == "말 words_Anna.wav"
    assert made.settings["computer"] == "attic"
    assert made.seconds == pytest.approx(2.0, abs=0.001)


class Elsewhere:
    """Another computer with one conversion, whose state and results are told it."""

    def __init__(self, result: Path) -> None:
        self.job = _job("running", progress=0.5)
        self._result = result
        self.asked: list[str] = []

    def jobs(self, _states: object = ()) -> list[Job]:
        return [self.job]

    def events(self, *_: object, **__: object) -> list[object]:
        return []

    def submit(self, *_: object, **__: object) -> Job:
        return self.job

    def end(self, state: str) -> None:
        self.job = _job(state, ended=NOW)

    def files(self, _job: str) -> list[JobFile]:
        numbers = (0, 1) if str(self.job.state) == "done" else (1,)
        return [JobFile(name=f"converted/{number:05}.flac", size_bytes=5) for number in numbers]

    def fetch(self, _job: str, _name: str, to: Path) -> Path:
        return Path(shutil.copy(self._result, to))

    def retry(self, _id: str) -> Job:
        self.job = _job("queued")
        return self.job

    def cancel(self, _job: str) -> Job:
        self.asked.append("cancel")
        self.end("cancelled")
        return self.job


def _job(state: str, **facts: object) -> Job:
    base = {"id": "job-1", "number": 1, "kind": "convert", "name": "Anna", "state": state, "created": NOW}
    return Job.model_validate({**base, **facts})


def order_for(studio: Studio, *recordings: Path) -> SentOrder:
    model = add_model(studio)
    pieces = tuple(Piece(file, f"{file.stem}_Anna") for file in recordings)
    folder = studio.library.conversions.folder
    order = SentOrder("attic", "job-1", model.id, model.name, folder, pieces, {"format": "flac"})
    studio.library.orders.add(order)
    return order


def test_what_was_converted_while_the_app_was_closed_comes_home(
    app: App, studio: Studio, window: MainWindow, qtbot: QtBot, tmp_path: Path, tone: Path
) -> None:
    order_for(studio, tmp_path / "broken.wav", tone)
    there = Elsewhere(tone)
    there.end("failed")
    studio.jobs.add("attic", lambda: there)  # type: ignore[arg-type, return-value]
    with qtbot.waitSignal(app.desk.arrivals.came, timeout=LONG_MS):
        app.desk.open()
    (made,) = studio.library.conversions.all()
    assert (made.source, made.output.name, made.seconds) == (tone, "tone_Anna.flac", 2.0)
    assert studio.library.orders.waiting() == []
    assert show(studio, window).queue.items == []
    app.desk.arrivals.look(list(studio.jobs.jobs()))
    assert len(studio.library.conversions.all()) == 1

    address = Address("attic", "job-1")
    JobCommands(studio, window).give("retry", [address])
    qtbot.waitUntil(lambda: str(studio.jobs.job(address).state) == "queued", timeout=LONG_MS)
    there.end("done")
    with qtbot.waitSignal(app.desk.arrivals.came, timeout=LONG_MS):
        studio.jobs.look("attic")
    assert len(studio.library.conversions.all()) == 2  # what was missing, and nothing twice


def test_closing_asks_about_what_is_converted_here(
    studio: Studio, window: MainWindow, qtbot: QtBot, tone: Path
) -> None:
    page = show(studio, window)
    page.queue.add([tone])
    page.start()
    assert page.queue.converts_here
    window.close()
    box = window.findChild(QMessageBox, "closing.unfinished")
    assert box is not None
    box.findChild(QPushButton, "closing.unfinished.wait").click()
    assert window.isVisible()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "closing.unfinished") is None)
    if page.queue.converts_here:  # on a quick machine it has found out by now that this is no model
        window.close()
        window.findChild(QPushButton, "closing.unfinished.quit").click()
        assert not window.isVisible()


def test_a_conversion_that_still_runs_is_found_again(
    app: App, studio: Studio, window: MainWindow, qtbot: QtBot, tmp_path: Path, tone: Path
) -> None:
    order_for(studio, tmp_path / "broken.wav", tone)
    there = Elsewhere(tone)
    studio.jobs.add("attic", lambda: there)  # type: ignore[arg-type, return-value]
    app.desk.open()
    page = show(studio, window)
    qtbot.waitUntil(lambda: page.queue.is_running, timeout=LONG_MS)
    assert [(item.state, item.share) for item in page.queue.items] == [("working", 0.5)] * 2
    there.end("failed")
    with qtbot.waitSignal(page.queue.ended, timeout=LONG_MS):
        studio.jobs.look("attic")
    assert [item.state for item in page.queue.items] == ["failed", "done"]
    assert page.queue.items[0].error is not None
    assert page.queue.items[0].error.code == "not_converted"


def test_only_the_user_cancels_what_another_computer_does(
    app: App, studio: Studio, window: MainWindow, qtbot: QtBot, tone: Path
) -> None:
    there = Elsewhere(tone)
    studio.jobs.add("attic", lambda: there)  # type: ignore[arg-type, return-value]
    app.desk.open()
    page = show(studio, window)
    page.queue.add([tone])
    page._keep(computer="attic")
    page._offer_computers()
    page.start()
    qtbot.waitUntil(lambda: bool(studio.library.orders.waiting()), timeout=LONG_MS)
    studio.tasks.stop()  # as the app does when it is closed
    assert there.asked == []
    qtbot.waitUntil(lambda: page.queue.is_running, timeout=LONG_MS)
    with qtbot.waitSignal(page.queue.ended, timeout=LONG_MS) as ended:
        qtbot.mouseClick(button(page, "convert.stop"), Qt.MouseButton.LeftButton)
    assert there.asked == ["cancel"]
    assert ended.args[0].stopped
    assert page.queue.items[0].state == "waiting"


def test_a_line_is_recorded_and_waits_to_be_converted(
    studio: Studio, window: MainWindow, qtbot: QtBot, pulse: PulseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("sounddevice", exc_type=OSError)
    for name, value in pulse.environment().items():
        monkeypatch.setenv(name, value)
    studio.sound.reread()
    studio.settings.keep_section(SECTION, RecordSettings(device="ALSA: microphone_monitor"))
    page = show(studio, window)
    qtbot.mouseClick(button(page, "convert.record"), Qt.MouseButton.LeftButton)
    assert page._line.is_recording
    qtbot.wait(400)
    assert button(page, "convert.record.stop").isVisible()
    qtbot.mouseClick(button(page, "convert.record.stop"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(page.queue.items) == 1, timeout=LONG_MS)
    (item,) = page.queue.items
    assert item.source.is_relative_to(studio.library.conversions.folder)
    assert soundfile.info(item.source).duration > 0.2
    assert not list((studio.library.folder / UNFINISHED).glob("*"))


def test_another_pitch_takes_less_than_half_of_the_first_time(tmp_path: Path, voice_file: Path) -> None:
    from rvc.events import Reporter
    from rvc.synthesis.answers import convert

    source = paths.resource("demo/source/visitor.flac")
    wave, rate = soundfile.read(source)
    spoken, other = tmp_path / "spoken.flac", tmp_path / "other.flac"
    soundfile.write(spoken, np.resize(wave, 20 * rate), rate)
    soundfile.write(other, wave[::-1], rate)
    loaded: dict[str, object] = {}

    def seconds(recording: Path, **config: float) -> float:
        began = time.process_time()
        params = {"model": str(voice_file), "recording": str(recording), "out": str(tmp_path), "stem": "said"}
        convert({**params, "config": config}, Reporter(), loaded)
        return time.process_time() - began

    seconds(other)  # loads the networks
    first = seconds(spoken)
    assert seconds(spoken, pitch_shift=3) < 0.5 * first
    assert seconds(spoken, pitch_shift=3, index_rate=0.3, protect=0.1) < 0.5 * first
