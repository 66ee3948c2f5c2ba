"""`rvc realtime` as a user calls it: files, devices that are not there, and speech through PulseAudio's null sinks."""

import json
import logging
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile
from scipy.ndimage import minimum_filter1d
from scipy.signal import fftconvolve

from rvc import cli
from rvc.errors import InputError
from rvc.live import devices
from rvc.live.status import BLOCKS_MS
from rvc.sound import audio, mark
from tests.live import lite_voice, speech
from tests.pulse import RATE_HZ, PulseServer, pulse

__all__ = ["pulse"]
log = logging.getLogger(__name__)

STARTED = '"event":"started"'


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("voice") / "anna.safetensors"
    lite_voice().save(path)
    return path


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_file_is_converted_as_it_would_be_live(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "talk.wav", tmp_path / "said.flac"
    soundfile.write(source, speech(1.05, 44100), 44100)
    files = ["--input-file", str(source), "--output-file", str(target)]
    assert cli.main(["realtime", str(model), *files, "--block-ms", "250", "--compare", "--json"]) == 0
    done = lines(capsys)[-1]
    assert done["event"] == "done"
    assert 0 < done["summary"]["load"] < 1
    assert done["summary"]["content_similarity"] == pytest.approx(1, abs=1e-4)
    assert soundfile.info(target).duration == pytest.approx(1.05, abs=0.001)
    assert mark.is_ours(audio.comment(target))


@pytest.mark.parametrize(
    "arguments",
    [[], ["MODEL", "--input-file", "a.wav"], ["MODEL", "--block-ms", "5"], ["MODEL", "--gate-dbfs", "3"]],
)
def test_bad_usage_ends_with_2(arguments: list[str]) -> None:
    try:
        code = cli.main(["realtime", *arguments])
    except SystemExit as ended:
        code = ended.code
    assert code == 2


def test_a_missing_portaudio_is_said(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)  # as where it is not installed
    assert cli.main(["realtime", str(model), "--json"]) == 1
    failed = lines(capsys)[-1]
    assert failed["code"] == "no_sound"
    assert "pip install sounddevice" in str(failed["hint"])


def test_the_model_is_looked_for_before_devices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    device = ["--input-device", "tin can"]
    assert cli.main(["realtime", str(tmp_path / "gone.safetensors"), *device, "--json"]) == 3
    assert lines(capsys)[-1]["code"] == "missing_file"


def test_no_devices_are_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(devices, "listed", list)
    assert cli.main(["realtime", "--list-devices"]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "This computer has no sound devices.\n")


def test_an_unknown_device_is_said() -> None:
    pytest.importorskip("sounddevice")
    for name in ("tin can", "999"):
        with pytest.raises(InputError, match=name):
            devices.find(name, "input")


def start(server: PulseServer, model: Path, *options: str) -> "subprocess.Popen[str]":
    """Start a live conversion from the monitor of one sink to the other sink; wait until both are open."""
    pytest.importorskip("sounddevice")
    environment = server.environment() | {"OMP_WAIT_POLICY": "PASSIVE"}
    devices_given = ["--input-device", "microphone_monitor", "--output-device", "speaker"]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "rvc",
            "realtime",
            str(model),
            *devices_given,
            "--control",
            "--json",
            *options,
        ],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if STARTED in line:
            assert json.loads(line)["shortest_block_ms"] in (*BLOCKS_MS, None)
            return process
    pytest.fail("it did not start")


def tell(process: "subprocess.Popen[str]", **request: object) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(request) + "\n")
    process.stdin.flush()


def places(part: np.ndarray, wave: np.ndarray) -> tuple[int, float]:
    """Return where a part is found in a wave, and how alike they are there, 0 to 1."""
    likeness = fftconvolve(wave, part[::-1], "valid")
    best = int(np.argmax(likeness))
    power = np.sqrt(np.square(part).sum() * np.square(wave[best : best + len(part)]).sum())
    return best, float(likeness[best] / power)


def test_speech_goes_through_devices(pulse: PulseServer, model: Path, tmp_path: Path) -> None:
    recorded = tmp_path / "said.wav"
    process = start(pulse, model, "--bypass", "--record", str(recorded))
    wave = speech(3.0, RATE_HZ)
    with pulse.recording("microphone.monitor") as played, pulse.recording("speaker.monitor") as heard:
        assert pulse.play(wave, "microphone").wait(20) == 0
        tell(process, set={"bypass": False})
        time.sleep(0.7)
        tell(process, set={"block_ms": 120})  # opens the devices again, and a second recording
        time.sleep(0.7)
        tell(process, stop=True)
        said, _ = process.communicate(timeout=30)
    events = [json.loads(line) for line in said.splitlines()]
    done = events[-1]
    assert done["event"] == "done"
    status = [event for event in events if event["event"] == "status"]
    assert max(event["input_dbfs"] for event in status) > -30
    assert [event["bypass"] for event in status][-1] is False
    if done["summary"]["underruns"] or done["summary"]["overruns"]:
        pytest.skip("this machine is too busy for sound without gaps")
    first, _ = places(wave[RATE_HZ // 2 : RATE_HZ], played[0])
    for start_s in (0.5, 0.8, 1.1, 1.4, 1.7):  # a quarter of a second each: the pace may change a little
        part = wave[round(start_s * RATE_HZ) :][: RATE_HZ // 4]
        found, alike = places(part, heard[0])
        assert alike > 0.8  # the own voice, as far as 12 kHz
        late = (found - first) / RATE_HZ - (start_s - 0.5)
        assert 0.1 < late < 1.5
    assert [mark.is_ours(audio.comment(Path(file))) for file in done["artifacts"].values()] == [True, True]


def test_latency_is_measured_by_a_click(pulse: PulseServer, model: Path) -> None:
    process = start(pulse, model, "--measure-latency", "--output-device", "microphone")
    assert process.stdout is not None
    events = [json.loads(line) for line in process.stdout]
    process.communicate(timeout=30)
    done = events[-1]["summary"]
    if done["underruns"] or done["overruns"]:
        pytest.skip("this machine is too busy for sound without gaps")
    measured = next(event for event in events if event["event"] == "latency")
    counted = [event["delay_ms"] for event in events if event["event"] == "status"][-1]
    assert max(measured["rounds_ms"]) - min(measured["rounds_ms"]) < 40
    assert measured["measured_ms"] == pytest.approx(counted, abs=120)


HEARD_HZ, PART_S = 16000, 10
FRAME = HEARD_HZ // 100  # 10 ms
BUSY_PERCENT = 60  # of all cores; the conversion alone takes 15 of two
LOUD, SILENT = 0.03, 0.0003  # RMS


def latencies(played: np.ndarray, heard: np.ndarray, longest_s: float = 2.0) -> np.ndarray:
    """Return how late each part of what was played is heard, in seconds, by a quarter of a second of it."""
    part, span, found = PART_S * HEARD_HZ, HEARD_HZ // 4, []
    for start in range(part // 2, len(played) - part, part):
        loudest = start + span * int(np.argmax(levels(played[start : start + part // 2], span)))
        sought = heard[loudest : loudest + span + round(longest_s * HEARD_HZ)]
        found.append(places(played[loudest : loudest + span], sought)[0] / HEARD_HZ)
    return np.array(found)


def levels(wave: np.ndarray, frame: int = FRAME) -> np.ndarray:
    """Return the RMS of the frames of a wave."""
    whole = wave[: len(wave) // frame * frame].reshape(-1, frame)
    return np.sqrt(np.square(whole).mean(axis=1))


def drop_outs(played: np.ndarray, heard: np.ndarray, late: np.ndarray) -> int:
    """Count the frames of silence amid what was played loudly; the pace may have moved them by 20 ms."""
    part, gaps = PART_S * HEARD_HZ, 0
    for number, seconds in enumerate(late):
        start = number * part + part // 4
        loud = minimum_filter1d(levels(played[start : start + part // 2]), 9) > LOUD
        moved = start + round(seconds * HEARD_HZ)
        silent = levels(heard[moved : moved + part // 2]) < SILENT
        gaps += int((loud[: len(silent)] & silent[: len(loud)]).sum())
    return gaps


@pytest.mark.slow
@pytest.mark.parametrize(
    "minutes",
    [
        pytest.param(10, marks=pytest.mark.timeout(1200)),
        pytest.param(60, marks=[pytest.mark.timeout(5400)]),
    ],
)
def test_minutes_without_a_gap(pulse: PulseServer, model: Path, minutes: int) -> None:
    process = start(pulse, model, "--buffer-ms", "150", "--bypass")
    psutil.cpu_percent()  # counts from now on
    said: list[str] = []
    assert process.stdout is not None
    reader = threading.Thread(target=said.extend, args=(process.stdout,))
    reader.start()  # a full pipe would hold the conversion up
    with (
        pulse.recording("microphone.monitor", HEARD_HZ) as played,
        pulse.recording("speaker.monitor", HEARD_HZ) as heard,
    ):
        assert pulse.play(speech(60.0 * minutes, RATE_HZ), "microphone").wait(66 * minutes) == 0
    tell(process, stop=True)
    reader.join(60)
    process.communicate(timeout=30)
    done = json.loads(said[-1])["summary"]
    late = latencies(played[0], heard[0])
    silent = drop_outs(played[0], heard[0], late)
    text = "latency %.0f ms (%.0f to %.0f), %d silent frames, %s"
    log.info(text, *(1000 * np.array([np.median(late), late.min(), late.max()])), silent, done)
    gaps = done["underruns"] + done["overruns"] + silent
    if gaps and (busy := psutil.cpu_percent()) > BUSY_PERCENT:
        pytest.skip(f"other programs kept this machine busy ({busy:.0f} %): {gaps} gaps")
    assert gaps == 0
    assert len(late) > 6 * minutes - 3
    tenth = len(late) // 10
    assert abs(np.median(late[-tenth:]) - np.median(late[:tenth])) < 0.08


def test_silence_amid_speech_is_found() -> None:
    played = speech(25.0, HEARD_HZ)
    heard = np.concatenate([np.zeros(6400, np.float32), 0.5 * played])
    late = latencies(played, heard)
    np.testing.assert_allclose(late, 0.4, atol=1e-3)
    assert drop_outs(played, heard, late) == 0
    loud = int(np.argmax(minimum_filter1d(levels(played[:64000]), 15)[300:])) + 300
    heard[6400 + FRAME * (loud - 3) : 6400 + FRAME * (loud + 3)] = 0  # 60 ms
    assert 4 <= drop_outs(played, heard, late) <= 6


def test_devices_are_listed(pulse: PulseServer) -> None:
    pytest.importorskip("sounddevice")
    listed = json.loads(pulse.run(sys.executable, "-m", "rvc", "realtime", "--list-devices", "--json"))
    names = {device["name"]: device for device in listed["summary"]["devices"]}
    assert {"microphone_monitor", "speaker"} <= names.keys()
    assert set(names["speaker"]) == set(devices.SoundDevice.__dataclass_fields__)
