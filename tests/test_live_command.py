"""`rvc realtime` as a user calls it: files, devices that are not there, and speech through PulseAudio's null sinks."""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy.signal import fftconvolve

from rvc import cli
from rvc.errors import InputError
from rvc.live import devices
from rvc.sound import audio, mark
from tests.live import lite_voice, speech
from tests.pulse import RATE_HZ, PulseServer, pulse

__all__ = ["pulse"]
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


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ten_minutes_without_a_gap(pulse: PulseServer, model: Path) -> None:
    process = start(pulse, model, "--buffer-ms", "150")
    assert pulse.play(speech(600.0, RATE_HZ), "microphone").wait(700) == 0
    tell(process, stop=True)
    said, _ = process.communicate(timeout=30)
    status = [json.loads(line) for line in said.splitlines() if '"event":"status"' in line]
    assert status[-1]["underruns"] == status[-1]["overruns"] == 0
    delays = np.array([event["delay_ms"] for event in status[100:]])
    minute = len(delays) // 10  # single counts jump where another program held a device up
    assert abs(np.median(delays[-minute:]) - np.median(delays[:minute])) < 80


def test_devices_are_listed(pulse: PulseServer) -> None:
    pytest.importorskip("sounddevice")
    listed = json.loads(pulse.run(sys.executable, "-m", "rvc", "realtime", "--list-devices", "--json"))
    names = {device["name"]: device for device in listed["summary"]["devices"]}
    assert {"microphone_monitor", "speaker"} <= names.keys()
    assert set(names["speaker"]) == set(devices.SoundDevice.__dataclass_fields__)
