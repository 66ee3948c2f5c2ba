"""The private PulseAudio that other tests speak through: what is played into a sink can be recorded from it."""

import sys
import time

import numpy as np
import pytest
from scipy.signal import correlate

from tests.pulse import RATE_HZ, PulseServer, pulse
from tests.sounds import silence, voice

__all__ = ["pulse"]


def test_what_is_played_into_a_sink_is_recorded_from_its_monitor(pulse: PulseServer) -> None:
    played = np.concatenate(
        [silence(0.2, RATE_HZ), voice(0.5, RATE_HZ)]
    )  # a sink wakes up during the first ms
    with pulse.recording("speaker.monitor") as heard, pulse.recording("microphone.monitor") as unheard:
        assert pulse.play(played, "speaker").wait(10) == 0
        time.sleep(0.2)
    start = int(np.argmax(correlate(heard[0], played, "valid")))
    np.testing.assert_allclose(heard[0][start : start + len(played)], played, atol=1e-3)
    assert not unheard[0].any()


def test_portaudio_finds_the_sinks(pulse: PulseServer) -> None:
    pytest.importorskip("sounddevice")
    script = "import sounddevice; print(*(device['name'] for device in sounddevice.query_devices()))"
    found = pulse.run(sys.executable, "-c", script)
    assert {"microphone", "microphone_monitor", "speaker", "speaker_monitor"} <= set(found.split())
