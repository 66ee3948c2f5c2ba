"""Capture, journal and recorder on real streams: a private PulseAudio whose microphone hears what it is given."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

pytest.importorskip("sounddevice", exc_type=OSError)  # it needs PortAudio

from rvc.errors import InputError
from rvcstudio.sound import journal
from rvcstudio.sound.capture import Capture
from rvcstudio.sound.devices import Sound
from rvcstudio.sound.journal import Facts, Journal
from rvcstudio.sound.levels import Levels, Needles, Window, dbfs, frame_dbfs
from rvcstudio.sound.monitor import FeedbackWatch, Monitor
from rvcstudio.sound.recorder import Recorder, SilenceWatch
from rvcstudio.sound.ring import Ring
from tests.pulse import PulseServer, end, pulse
from tests.unbroken import MICROPHONE, MINUTE_S, RATE, has_every_sample, hiss

__all__ = ["pulse"]


@pytest.fixture
def sound(pulse: PulseServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sound]:
    """PortAudio in this process, which sees the private daemon only."""
    for name, value in pulse.environment().items():
        monkeypatch.setenv(name, value)
    made = Sound()
    made.reread()
    yield made
    assert made.reread()  # fails where a stream was left running


@pytest.fixture
def capture(sound: Sound) -> Iterator[Capture]:
    device = sound.find_input(MICROPHONE)
    assert device is not None
    assert device.key == MICROPHONE
    made = Capture(sound, device, RATE)
    yield made
    made.close()


def facts(**changes: object) -> Facts:
    return Facts(**({"voice": "v", "file": "voices/v/takes/t.flac", "rate": RATE} | changes))


def recorder(capture: Capture, folder: Path, *, silence_s: float = 0.0) -> Recorder:
    made = Journal(folder / "take.part", facts(device=capture.device.name))
    return Recorder(capture, made, SilenceWatch(RATE, -45.0, silence_s))


def wait(until: object, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not until():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.02)


def record(
    pulse: PulseServer, capture: Capture, folder: Path, wave: np.ndarray
) -> tuple[Recorder, np.ndarray]:
    made = recorder(capture, folder)
    pulse.play(wave, "microphone").wait()
    time.sleep(0.3)
    made.stop()
    return made, journal.read(made.journal.path)


def test_no_sample_is_lost(pulse: PulseServer, capture: Capture, tmp_path: Path) -> None:
    wave = hiss(3.0)
    made, heard = record(pulse, capture, tmp_path, wave)
    assert made.ended == "stopped"
    assert has_every_sample(heard, wave)
    assert made.overruns == 0
    assert made.levels.frames == len(heard)
    assert not has_every_sample(np.delete(heard, len(heard) // 2), wave)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_sample_is_lost_in_ten_minutes(pulse: PulseServer, capture: Capture, tmp_path: Path) -> None:
    wave = hiss(600.0)
    made, heard = record(pulse, capture, tmp_path, wave)
    assert has_every_sample(heard, wave)
    assert made.overruns == 0


@pytest.mark.parametrize("level", [-3.0, -40.0])
def test_levels_are_right(level: float, pulse: PulseServer, capture: Capture, tmp_path: Path) -> None:
    times = np.arange(RATE) / RATE
    wave = (10 ** (level / 20) * np.sin(2 * np.pi * 997 * times)).astype(np.float32)
    made, heard = record(pulse, capture, tmp_path, wave)
    assert dbfs(made.levels.peak) == pytest.approx(level, abs=0.5)
    frames = frame_dbfs(heard, RATE)
    assert float(np.median(frames[frames > level - 10])) == pytest.approx(level - 3.01, abs=0.5)


def test_clips_are_counted(pulse: PulseServer, capture: Capture, tmp_path: Path) -> None:
    wave = np.full(RATE, 0.1, np.float32)
    for number in range(7):
        wave[4000 + 5000 * number : 4010 + 5000 * number] = 1.0 if number % 2 else -1.0
    made, _ = record(pulse, capture, tmp_path, wave)
    assert made.levels.clips == 7
    assert capture.levels.clips == 7


def test_a_clip_over_two_blocks_counts_once() -> None:
    levels = Levels()
    for block in ([0.0, 1.0], [1.0, 0.0], [-1.0, 0.5, 1.0]):
        levels.add(np.array(block, np.float32))
    assert levels.clips == 3
    assert levels.peak == 1.0


def test_a_take_ends_after_silence(pulse: PulseServer, capture: Capture, tmp_path: Path) -> None:
    made = recorder(capture, tmp_path, silence_s=0.5)
    player = pulse.play(hiss(1.0), "microphone")
    wait(lambda: made.ended)
    end(player)
    made.stop()
    assert made.ended == "silence"
    assert made.silence.spoken_s == pytest.approx(1.0, abs=0.1)
    assert 0.4 < made.silence.silent_s < 1.0


def test_a_device_that_disappears_ends_the_take_and_keeps_it(
    pulse: PulseServer, capture: Capture, tmp_path: Path
) -> None:
    made = recorder(capture, tmp_path)
    player = pulse.play(hiss(9.0), "microphone")
    wait(lambda: made.seconds > 1.0 and made.levels.peak > 0.3)
    pulse.run("pactl", "unload-module", "module-null-sink")  # all of them: else PulseAudio moves the stream
    wait(lambda: made.ended)
    end(player)
    made.stop()
    assert made.ended == "device"
    heard = journal.read(made.journal.path)
    assert len(heard) == made.levels.frames
    assert journal.encode(made.journal.path, tmp_path / "kept.flac") == len(heard)


RECORD = """
import sys, time
from pathlib import Path
from rvcstudio.sound.capture import Capture
from rvcstudio.sound.devices import Sound
from rvcstudio.sound.journal import Facts, Journal
from rvcstudio.sound.recorder import Recorder, SilenceWatch
sound = Sound()
capture = Capture(sound, sound.find_input("ALSA: microphone_monitor"), 48000)
facts = Facts(voice="v", file="voices/v/takes/t.flac", rate=48000, prompt="Was heard.")
recorder = Recorder(capture, Journal(Path(sys.argv[1]), facts), SilenceWatch(48000, -45.0, 0.0))
while True:
    print(recorder.seconds, flush=True)
    time.sleep(0.02)
"""


def test_a_killed_program_leaves_its_take(pulse: PulseServer, tmp_path: Path) -> None:
    part = tmp_path / "unfinished" / "take.part"
    player = pulse.play(hiss(12.0), "microphone")
    command = [sys.executable, "-c", RECORD, str(part)]
    with subprocess.Popen(command, env=pulse.environment(), stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        recorded = 0.0
        for line in child.stdout:
            recorded = float(line)
            if recorded > 3.0:
                break
        os.kill(child.pid, signal.SIGKILL)
    end(player)
    kept = journal.read_facts(part)
    assert kept.prompt == "Was heard."
    assert kept.is_orphan
    samples = journal.encode(part, tmp_path / "take.flac")
    assert recorded - samples / RATE < 2.0
    assert soundfile.info(tmp_path / "take.flac").subtype == "PCM_24"


def test_a_flac_holds_every_bit_of_the_journal(tmp_path: Path) -> None:
    wave = (np.random.default_rng(2).integers(-(2**23), 2**23, 100_000) / 2**23).astype(np.float32)
    made = Journal(tmp_path / "take.part", facts(rate=44100))
    made.write(wave[:70_000])
    made.write(wave[70_000:])
    made.close()
    assert journal.encode(made.path, tmp_path / "take.flac") == len(wave)
    read, rate = soundfile.read(tmp_path / "take.flac", dtype="float32")
    assert rate == 44100
    assert np.array_equal(read, wave)


def test_a_torn_journal_gives_what_it_has(tmp_path: Path) -> None:
    made = Journal(tmp_path / "take.part", facts())
    made.write(np.full(1000, 0.5, np.float32))
    made.close()
    with made.path.open("ab") as file:
        file.write(b"\x00\x00\x01")
    assert len(journal.read(made.path)) == 1000
    assert not journal.read_facts(made.path).is_orphan


@pytest.mark.parametrize("content", [b"", b"RVC Studio take 1\n", b"RVC Studio take 1\n{}\n", b"RIFF"])
def test_what_is_no_journal_says_so(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "take.part").write_bytes(content)
    with pytest.raises(InputError, match="left unfinished"):
        journal.encode(tmp_path / "take.part", tmp_path / "take.flac")
    assert not (tmp_path / "take.flac").exists()


def test_a_full_disk_ends_the_take_and_keeps_what_there_is(sound: Sound, small_disk: Path) -> None:
    device = sound.find_input(MICROPHONE)
    assert device is not None
    capture = Capture(sound, device, RATE)
    made = recorder(capture, small_disk)
    wait(lambda: made.ended)
    made.stop()
    capture.close()
    assert made.ended == "disk"
    assert made.error is not None
    assert made.error.code == "disk_full"
    assert len(journal.read(made.journal.path)) > 10_000


def test_a_ring_counts_what_it_could_not_keep() -> None:
    ring = Ring(10)
    reader = ring.reader()
    for start in range(0, 24, 4):
        ring.write(np.arange(start, start + 4, dtype=np.float32))
    assert list(reader.read(3)) == [14, 15, 16]
    assert reader.lost == 14
    assert list(reader.read()) == [17, 18, 19, 20, 21, 22, 23]
    assert list(ring.latest(4)) == [20, 21, 22, 23]
    assert not len(reader.read())


def test_needles_rise_at_once_and_fall_as_meters_do() -> None:
    needles = Needles()
    needles.move(Window(peak=1.0, energy=100.0, frames=100), 0.016)
    assert needles.peak == needles.held == pytest.approx(0.0)
    for _ in range(100):
        needles.move(Window(frames=10), 0.017)
    assert needles.peak == pytest.approx(-20.0, abs=0.1)
    assert needles.held == pytest.approx(0.0)
    for _ in range(200):
        needles.move(Window(frames=10), 0.017)
    assert needles.held < -15


def test_one_hears_oneself(pulse: PulseServer, sound: Sound, capture: Capture) -> None:
    output = sound.find_output("ALSA: speaker")
    assert output is not None
    with pulse.recording("speaker.monitor") as heard:
        monitor = Monitor(sound, capture, output)
        pulse.play(hiss(1.5), "microphone").wait()
        time.sleep(0.3)
        monitor.close()
    assert np.abs(heard[0]).max() == pytest.approx(0.4, abs=0.02)


def test_feedback_is_told_from_a_loud_voice() -> None:
    watch = FeedbackWatch()
    voice = [-6.0, -6.0, -20.0] * 20
    assert not any(watch.hears(level, 0.2) for level in voice)
    assert [watch.hears(-5.0, 0.2) for _ in range(5)] == [False, False, False, True, True]


def test_devices_are_found_and_lost(sound: Sound) -> None:
    assert MICROPHONE in {device.key for device in sound.inputs()}
    assert sound.rates(sound.inputs()[0])
    capture = Capture(sound, sound.inputs()[0], RATE)
    assert not sound.reread()  # never under a stream that runs
    capture.close()
    assert sound.find_input("USB: unplugged") == sound.inputs()[0]


def test_no_sample_is_lost_in_a_minute(minute: "subprocess.Popen[str] | None") -> None:
    if minute is None:
        pytest.skip("PulseAudio is not installed")
    told, errors = minute.communicate(timeout=240)
    if "Skipped" in errors:
        pytest.skip(errors.splitlines()[-1])
    found = json.loads(told)
    assert found["whole"]
    assert found["samples"] >= MINUTE_S * RATE
    assert (found["overruns"], found["ended"]) == (0, "stopped")
