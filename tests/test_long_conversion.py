"""Long recordings: memory does not grow with them."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests import sounds

RATE = 44100
HOURS_GB = 3.0

# A process of its own: the peak of memory is that of a process, and never falls.
SHORT = """
import resource, sys, json
from pathlib import Path
import torch
torch.set_num_threads(1)
from rvc.analysis import pitch
from rvc.sound import audio, encoding, spool
from rvc.synthesis import hearing
from rvc.config import ConvertConfig
from rvc.synthesis.converter import Converter
from tests import voices
spool.MEMORY_BYTES, hearing.SPAN_S = 1 << 20, 10  # so that a few minutes are as long as hours
converter = Converter(voices.small_lite(), None, voices.small_encoder(), pitch.load("swift"))
peaks = []
for name in sys.argv[1:]:
    path = Path(name)
    with converter.speak(audio.stream(path), ConvertConfig(loudness=-20, rate=48000, chunk_s=10)) as spoken:
        encoding.write(path.with_suffix(".flac"), spoken.blocks(), 48000)
    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print(json.dumps(peaks))
"""

HOURS = """
import resource, sys, json
from pathlib import Path
from rvc.cli import main
model, *names = sys.argv[1:]
peaks = []
for name in names:
    assert main(["convert", model, name, "--out", str(Path(name).parent / "out"), "--device", "cpu"]) == 0
    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print(json.dumps(peaks))
"""


def record(path: Path, seconds: float) -> str:
    """Write a recording of sentences in stereo, half a minute at a time."""
    wave = sounds.sentences(12, RATE, seconds=1.9)
    part = np.stack([wave, 0.8 * wave], axis=1)
    with soundfile.SoundFile(path, "w", RATE, 2) as file:
        for _ in range(round(seconds / 30)):
            file.write(part)
    return str(path)


def run(program: str, *arguments: str) -> list[float]:
    """Return the peaks of memory (MiB) that a program tells in its last line."""
    pytest.importorskip("resource")
    command = [sys.executable, "-c", program, *arguments]
    finished = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1]
    )
    assert finished.returncode == 0, finished.stderr
    peaks: list[float] = json.loads(finished.stdout.splitlines()[-1])
    return peaks


def test_memory_does_not_grow_with_the_recording(tmp_path: Path) -> None:
    short, long = record(tmp_path / "short.wav", 120), record(tmp_path / "long.wav", 240)
    first, second = run(SHORT, short, long)
    assert soundfile.info(tmp_path / "long.flac").duration == 240
    assert second - first < 30  # what is longer has 22 MiB at 48 kHz, and as much again at the other rates


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_two_hours_need_less_than_three_gigabytes(tmp_path: Path, offline_assets: Path) -> None:  # noqa: ARG001
    from rvc.model.lite import LiteConfig, LiteSynthesizer
    from rvc.voices.voice import Voice
    from tests.voices import card

    config = LiteConfig()
    voice = Voice(
        card(config, "lite", "wakehubert-tiny", usual_pitch_hz=200.0), LiteSynthesizer(config).eval()
    )
    voice.save(tmp_path / "lite.safetensors")
    minutes, hours = record(tmp_path / "minutes.wav", 600), record(tmp_path / "hours.wav", 7200)
    first, second = run(HOURS, str(tmp_path / "lite.safetensors"), minutes, hours)
    assert second < HOURS_GB * 1024
    assert second - first < 250
    assert soundfile.info(tmp_path / "out" / "hours_Änna.wav").duration == 7200
