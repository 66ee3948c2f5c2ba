"""Where recordings end, on real speech whose bandwidth is known and on copies that were cut off."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rvc.sound import audio
from rvc.sound.bandwidth import bandwidth_hz, common_hz, is_full

KNOWN_HZ = {  # of takes of each speaker; kerstin's slope begins at 6 kHz and is gone at 8
    "kerstin": (6500, 8500),
    "flemishguy": (12000, 12000),
    "kathleen": (24000, 24000),
    "nathalie": (19500, 20500),
}


def takes(speech: Path, speaker: str, count: int = 6) -> Iterator[tuple[np.ndarray, int]]:
    files = sorted((speech / speaker / "flac").glob("*.flac"))
    return (audio.read(path) for path in files[:: len(files) // count][:count])


def through(wave: np.ndarray, rate: int, narrow: int) -> np.ndarray:
    """Return a wave that has been at a lower rate."""
    return audio.resample(audio.resample(wave, rate, narrow), narrow, rate)


def hiss(samples: int, dbfs: float) -> np.ndarray:
    noise = np.random.default_rng(0).standard_normal(samples) * 10 ** (dbfs / 20)
    return noise.astype(np.float32)


@pytest.mark.parametrize("speaker", KNOWN_HZ)
def test_real_recordings_end_where_they_do(speech: Path, speaker: str) -> None:
    low, high = KNOWN_HZ[speaker]
    found = [bandwidth_hz(wave, rate) for wave, rate in takes(speech, speaker)]
    assert all(low <= hz <= high for hz in found)


@pytest.mark.parametrize("speaker", ["kathleen", "flemishguy", "nathalie"])
@pytest.mark.parametrize("narrow", [8000, 11025, 16000])
def test_the_edge_of_a_narrower_copy_is_found(speech: Path, speaker: str, narrow: int) -> None:
    for wave, rate in takes(speech, speaker, 4):
        assert 0.9 * narrow / 2 <= bandwidth_hz(through(wave, rate, narrow), rate) <= narrow / 2


@pytest.mark.parametrize("speaker", ["kathleen", "nathalie"])
def test_noise_above_the_edge_does_not_hide_it(speech: Path, speaker: str) -> None:
    for wave, rate in takes(speech, speaker, 3):
        narrow = through(wave, rate, 16000)
        assert 7000 <= bandwidth_hz(narrow + hiss(len(narrow), -80), rate) <= 8000


@pytest.mark.parametrize("dbfs", [-70, -50, -40])
@pytest.mark.parametrize("speaker", ["kathleen", "flemishguy"])
def test_speech_that_sinks_into_noise_was_not_cut_off(speech: Path, speaker: str, dbfs: float) -> None:
    for wave, rate in takes(speech, speaker, 4):
        assert is_full(bandwidth_hz(wave + hiss(len(wave), dbfs), rate), rate)


@pytest.mark.parametrize("gain_db", [-20, -40])
def test_soft_takes_are_as_full_as_loud_ones(speech: Path, gain_db: float) -> None:
    for speaker in ("kathleen", "flemishguy"):
        for wave, rate in takes(speech, speaker, 4):
            soft = np.rint(wave * 10 ** (gain_db / 20) * 32767) / 32767
            assert is_full(bandwidth_hz(soft, rate), rate)


@pytest.mark.parametrize("samples", [0, 1, 500, 24000])
def test_silence_and_scraps_are_full(samples: int) -> None:
    assert bandwidth_hz(np.zeros(samples, np.float32), 24000) == 12000


def test_a_long_recording_is_looked_at_all_over() -> None:
    narrow = through(hiss(480000, -20), 24000, 8000) * np.repeat([1, 0.01], 2400).repeat(100)[:480000]
    assert bandwidth_hz(narrow, 24000) == pytest.approx(4000, abs=250)
    assert bandwidth_hz(np.concatenate([narrow, hiss(480000, -20)]), 24000) == 12000


def test_what_is_common_is_moved_by_few_takes_on_neither_side() -> None:
    assert common_hz([8000] * 95 + [12000] * 5, [1.0] * 100) == 8000
    assert common_hz([3000] * 10 + [12000] * 90, [1.0] * 100) == 12000
    assert common_hz([8000, 12000], [1.0, 60.0]) == 12000
    assert common_hz([8000], [3.0]) == 8000
