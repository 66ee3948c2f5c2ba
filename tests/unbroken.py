"""Sound of which not one sample can be missed unnoticed, and a program that records some of it.

    python -m tests.unbroken SECONDS FOLDER

plays it into a microphone of its own and prints, as JSON, how it was recorded.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

from rvcstudio.sound import journal
from rvcstudio.sound.capture import Capture
from rvcstudio.sound.devices import Sound
from rvcstudio.sound.journal import Facts, Journal
from rvcstudio.sound.recorder import Recorder, SilenceWatch
from tests.pulse import PulseServer

RATE = 48000
MICROPHONE = "ALSA: microphone_monitor"
MINUTE_S = 60.0


def hiss(seconds: float) -> np.ndarray:
    """Return noise that is different in every part and nowhere near zero, to find what is missing."""
    random = np.random.default_rng(1)
    count = round(seconds * RATE)
    loudness = random.uniform(0.05, 0.4, count)
    return (loudness * random.choice((-1.0, 1.0), count)).astype(np.float32)


def has_every_sample(heard: np.ndarray, played: np.ndarray) -> bool:
    """Tell whether all of `played` was heard, in its order; a player that is late leaves silence between."""
    sounding = heard[np.abs(heard) > 0.04]
    return len(sounding) == len(played) and bool(np.all(np.abs(sounding - played) < 2**-14))


def record(seconds: float, folder: Path) -> dict[str, object]:
    """Record so much of it, and say what became of it."""
    with PulseServer(folder, ("microphone",)) as server:
        os.environ.update(server.environment())
        device = Sound().find_input(MICROPHONE)
        assert device is not None
        capture = Capture(Sound(), device, RATE)
        facts = Facts(voice="v", file="voices/v/takes/t.flac", rate=RATE)
        recorder = Recorder(capture, Journal(folder / "take.part", facts), SilenceWatch(RATE, -45.0, 0.0))
        wave = hiss(seconds)
        server.play(wave, "microphone").wait()
        time.sleep(0.3)
        recorder.stop()
        capture.close()
    heard = journal.read(recorder.journal.path)
    return {
        "whole": has_every_sample(heard, wave),
        "samples": len(heard),
        "overruns": recorder.overruns,
        "ended": recorder.ended,
    }


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and its daemon goes with it
    sys.stdout.write(json.dumps(record(float(sys.argv[1]), Path(sys.argv[2]))))
