"""The word on a take, and on the room: on real speech, whole and made worse on purpose."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rvc import paths
from rvcstudio.recording import room
from rvcstudio.recording.judge import judge
from tests.damaged_takes import DAMAGES, as_take, judged, scores

RATE = 48000
TIMES = np.arange(3 * RATE) / RATE


@pytest.fixture(scope="module")
def recordings() -> list[Path]:
    return sorted(paths.resource("demo/voice").glob("*.flac"))[:6]


@pytest.fixture
def take(recordings: list[Path]) -> tuple[np.ndarray, int]:
    wave, rate = soundfile.read(recordings[0])
    return as_take(wave, rate, np.random.default_rng(0)).astype(np.float32), rate


def test_a_good_take_has_no_problems(take: tuple[np.ndarray, int]) -> None:
    verdict = judge(*take)
    assert verdict.problems == ()
    assert verdict.grade == "good"
    assert 2.0 < verdict.speech_s < verdict.seconds
    assert verdict.record()["verdict"] == "good"


@pytest.mark.parametrize("code", DAMAGES)
def test_every_problem_is_noticed(code: str, take: tuple[np.ndarray, int]) -> None:
    wave, rate = take
    worse = DAMAGES[code](wave, rate, np.random.default_rng(3))  # type: ignore[index]
    verdict = judge(worse.astype(np.float32), rate)
    assert code in verdict.problems
    assert verdict.grade != "good"


def test_the_judge_is_seldom_wrong(recordings: list[Path]) -> None:
    assert all(precision >= 0.8 and recall >= 0.8 for precision, recall in scores(recordings[:3]).values())


@pytest.mark.slow
def test_the_judge_is_seldom_wrong_about_anybody(speech: Path) -> None:
    files = [file for folder in sorted(speech.glob("*/flac")) for file in sorted(folder.glob("*.flac"))[:40]]
    assert all(precision >= 0.9 and recall >= 0.9 for precision, recall in scores(files).values())
    whole = [found for done, found in judged(files) if done is None]
    assert sum(not found for found in whole) >= 0.95 * len(whole)


@pytest.mark.parametrize("count", [0, 1, 100, 480, 1500, 5000])
def test_however_short_a_take_is_it_is_judged(count: int) -> None:
    assert judge(np.zeros(count, np.float32), RATE).problems == ("silent",)


def test_a_long_take_is_judged_within_a_second(take: tuple[np.ndarray, int]) -> None:
    wave, rate = take
    long = np.tile(wave, 6)
    began = time.thread_time()  # of this thread: others may be at work
    judge(long, rate)
    assert time.thread_time() - began < 1.0


def test_the_room_is_measured() -> None:
    hiss = np.random.default_rng(0).standard_normal(len(TIMES)).astype(np.float32)
    assert room.measure(hiss * 10 ** (-70 / 20), RATE).advice == "quiet"
    assert room.measure(hiss * 10 ** (-70 / 20), RATE).noise_dbfs == pytest.approx(-70, abs=0.5)
    assert room.measure(hiss * 10 ** (-55 / 20), RATE).advice == "fair"
    assert room.measure(hiss * 10 ** (-40 / 20), RATE).advice == "noisy"
    assert room.measure(hiss * 0, RATE).advice == "muted"
    assert room.measure(np.zeros(0, np.float32), RATE) == room.UNKNOWN


def test_a_word_in_the_silence_is_noticed() -> None:
    wave = 1e-4 * np.sin(2 * np.pi * 300 * TIMES)
    wave[RATE : RATE + 9600] *= 1000
    assert room.measure(wave.astype(np.float32), RATE).advice == "disturbed"


@pytest.mark.parametrize("mains", [50, 60])
def test_a_hum_is_named(mains: int) -> None:
    wave = 0.005 * np.sin(2 * np.pi * mains * TIMES) + 0.002 * np.sin(4 * np.pi * mains * TIMES)
    measured = room.measure(wave.astype(np.float32), RATE)
    assert (measured.hum_hz, measured.advice) == (mains, "hum")


def test_the_gain_is_advised() -> None:
    assert room.gain_change_db(1.0) == pytest.approx(-9.0)
    assert room.gain_change_db(0.01) == pytest.approx(31.0)
    assert room.gain_change_db(0.3) == 0.0


def test_judging_needs_no_engine() -> None:
    code = (
        "import sys, rvcstudio.recording.judge, rvcstudio.recording.room, rvcstudio.sound.recorder;"
        "print({'torch', 'scipy', 'librosa'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
