"""What is heard of a conversion while it goes on, through a private PulseAudio."""

import sys

import numpy as np
import pytest

from tests.pulse import RATE_HZ, PulseServer, pulse

pytest.importorskip("sounddevice", exc_type=OSError)  # it needs PortAudio

__all__ = ["pulse"]
SCRIPT = """
import numpy as np
from rvc.live.loudspeaker import Loudspeaker
tone = 0.5 * np.sin(2 * np.pi * 500 * np.arange(12000) / 24000).astype(np.float32)
with Loudspeaker("speaker") as loudspeaker:
    loudspeaker.hear(tone, 24000)
    loudspeaker.hear(tone, 24000)
    loudspeaker.finish(lambda: {stopping})
"""


def sounding_s(wave: np.ndarray) -> float:
    """Return for how many seconds the tone is heard."""
    frames = wave[: len(wave) // 480 * 480].reshape(-1, 480)
    return float(np.sum(np.abs(frames).max(axis=1) > 0.4)) * 480 / RATE_HZ


def test_blocks_are_heard_one_after_another(pulse: PulseServer) -> None:
    with pulse.recording("speaker.monitor") as heard:
        pulse.run(sys.executable, "-c", SCRIPT.format(stopping=False))
    assert sounding_s(heard[0]) == pytest.approx(1.0, abs=0.1)


def test_it_falls_silent_when_it_is_asked_to_stop(pulse: PulseServer) -> None:
    with pulse.recording("speaker.monitor") as heard:
        pulse.run(sys.executable, "-c", SCRIPT.format(stopping=True))
    assert sounding_s(heard[0]) < 0.8
