"""Measures of one recording, on sounds whose figures are known."""

from collections.abc import Callable

import numpy as np
import pytest
import soxr

from rvc.config import PrepareConfig
from rvc.quality import bands, duplicates, levels, speakers, spectrum
from rvc.quality.findings import faults, level_of
from rvc.quality.measures import Listeners, MeasureStore, measure
from tests.damage import as_mp3, clipped, louder, with_hum
from tests.sounds import sentences, silence, voice

CONFIG = PrepareConfig()


@pytest.fixture(scope="module")
def listeners() -> Listeners:
    return Listeners.load()


def tone(hertz: float, seconds: float, rate: int, *, phase: float = 0.0, dbfs: float = 0.0) -> np.ndarray:
    time = np.arange(round(seconds * rate)) / rate
    return (10 ** (dbfs / 20) * np.sin(2 * np.pi * hertz * time + phase)).astype(np.float32)


def noise(seconds: float, dbfs: float, rate: int = 16000, seed: int = 0) -> np.ndarray:
    samples = np.random.default_rng(seed).standard_normal(round(seconds * rate))
    return (samples * 10 ** (dbfs / 20)).astype(np.float32)


def bursts(room: Callable[[np.ndarray], np.ndarray] = lambda wave: wave) -> np.ndarray:
    """Return noise of -20 dBFS for half of every second, 12 times, in a room, over noise of -50 dBFS."""
    loud = np.tile(np.concatenate([noise(0.5, -20), silence(0.5)]), 12)
    return room(loud) + noise(12, -50, seed=1)


def noise_in(wave: np.ndarray, *, voiced: bool = False, until_s: float = np.inf) -> bands.Noise:
    """Return the noise in a wave that is voiced up to a time, or not at all."""
    powers = bands.powers(wave)
    return bands.noise(powers, voiced & (np.arange(len(powers)) * bands.HOP_S < until_s))


@pytest.mark.parametrize("rate", [16000, 22050, 44100, 48000, 96000])
def test_loudness_is_that_of_the_standard(rate: int) -> None:
    """BS.1770 defines 997 Hz at full scale in one channel as -3.01 LKFS."""
    assert levels.loudness_lufs(tone(997, 3, rate), rate) == pytest.approx(-3.01, abs=0.05)
    assert levels.loudness_lufs(tone(997, 3, rate, dbfs=-20), rate) == pytest.approx(-23.01, abs=0.05)


def test_loudness_has_the_weighting_and_the_gates_of_the_standard() -> None:
    rate = 48000
    treble = levels.loudness_lufs(tone(10000, 3, rate), rate)
    bass = levels.loudness_lufs(tone(38, 3, rate), rate)
    assert treble == pytest.approx(-3.01 + 3.3, abs=0.1)  # +4.0 against +0.7 dB at 997 Hz
    assert bass == pytest.approx(-3.01 - 6.7, abs=0.2)  # half the amplitude, and nothing of the shelf's 0.7
    speech = np.concatenate([tone(997, 10, rate, dbfs=-20), tone(997, 10, rate, dbfs=-60)])
    assert levels.loudness_lufs(speech, rate) == pytest.approx(-23.01, abs=0.2)
    assert levels.loudness_lufs(silence(2, rate), rate) is None
    assert levels.loudness_lufs(tone(997, 0.39, rate), rate) is None


def test_true_peaks_lie_between_samples() -> None:
    """A quarter of the rate, sampled at 45 degrees, reaches 3 dB more than any sample shows."""
    wave = tone(12000, 0.5, 48000, phase=np.pi / 4)
    wave *= np.hanning(len(wave)).astype(np.float32)
    found = levels.peaks(wave, 48000)
    assert found.sample_dbfs == pytest.approx(-3.01, abs=0.05)
    assert found.true_dbfs == pytest.approx(0.0, abs=0.1)
    assert levels.peaks(silence(1), 16000).true_dbfs == levels.peaks(silence(1), 16000).sample_dbfs


@pytest.mark.parametrize("rate", [16000, 48000])
@pytest.mark.parametrize("turned_db", [0, -20])
def test_clipping_is_found_at_whatever_level_it_stands(rate: int, turned_db: int) -> None:
    wave = sentences(3, rate)
    for share in (0.01, 0.05):
        spoilt = louder(turned_db)(clipped(share)(wave, rate), rate)
        assert levels.peaks(spoilt, rate).clipped_share == pytest.approx(share, rel=0.35)
    assert levels.peaks(wave, rate).clipped_share < 1e-4


def test_an_offset_is_measured() -> None:
    assert levels.peaks(sentences(1) + np.float32(0.03), 16000).offset == pytest.approx(0.03, abs=0.001)


@pytest.mark.parametrize("snr_db", [10, 20, 30, 50])
def test_noise_is_told_from_speech(snr_db: int) -> None:
    loud = np.tile(np.concatenate([noise(0.5, -20), silence(0.5)]), 12)
    found = noise_in(loud + noise(12, -20 - snr_db, seed=1))
    assert found.has_pause
    assert found.snr_db == pytest.approx(snr_db, abs=1.5)
    assert found.gated_share < 0.01


def test_a_held_note_is_no_noise() -> None:
    note = voice(4)
    assert noise_in(note, voiced=True).snr_db is None
    with_pause = noise_in(np.concatenate([note, silence(0.5)]) + noise(4.5, -50), voiced=True, until_s=4)
    assert with_pause.snr_db == pytest.approx(30, abs=2)


def test_a_gate_does_not_hide_the_noise_that_it_lets_through() -> None:
    wave = bursts()
    gate = np.tile(np.arange(16000) < 11000, 12)
    found = noise_in(wave * gate)
    assert found.gated_share == pytest.approx(0.25, abs=0.03)
    assert found.snr_db == pytest.approx(30, abs=2)


@pytest.mark.parametrize("rt60_s", [0.3, 0.6, 1.0])
def test_the_decay_of_a_room_is_measured(rt60_s: float) -> None:
    time = np.arange(round(rt60_s * 16000)) / 16000
    impulse = noise(rt60_s, 0) * 10 ** (-3 * time / rt60_s)

    def room(wave: np.ndarray) -> np.ndarray:
        return np.convolve(wave, impulse / np.sqrt(np.square(impulse).sum()))[: len(wave)].astype(np.float32)

    assert bands.decay_s(bands.powers(bursts(room))) == pytest.approx(rt60_s, rel=0.2)
    assert bands.decay_s(bands.powers(noise(3, -20))) is None


def test_silence_is_a_share_of_time() -> None:
    assert bands.silence_share(bands.powers(bursts())) == pytest.approx(0.5, abs=0.08)
    assert bands.silence_share(bands.powers(silence(1))) == 1.0


@pytest.mark.parametrize("hertz", [50, 60])
def test_mains_hum_is_found_and_named(hertz: int) -> None:
    wave = sentences(4)
    found = spectrum.hum(with_hum(hertz, 30)(wave, 16000))
    assert found is not None
    assert found.hertz == hertz
    assert spectrum.hum(wave) is None
    assert spectrum.hum(wave[:4000]) is None


def test_the_average_spectrum_is_in_bands_of_250_hertz() -> None:
    found = spectrum.average(spectrum.speech_powers(tone(3100, 1, 48000, dbfs=-6), 48000))
    assert found.shape == (96,)
    assert found.argmax() == 12
    assert levels.decibels(float(found.sum())) == pytest.approx(
        -9, abs=0.2
    )  # a sine's power is half its peak's


def test_low_bit_rates_leave_holes() -> None:
    wave = voice(4, 48000) + noise(4, -60, 48000)
    for spoilt, least, most in ((wave, 0, 0.001), (as_mp3(32)(wave, 48000), 0.012, 1)):
        assert least <= spectrum.holes_share(spectrum.speech_powers(spoilt, 48000), 15000) <= most


def test_copies_are_found_and_second_readings_are_not() -> None:
    takes = [sentences(2, seed=seed, seconds=1.2 + 0.1 * seed) for seed in range(5)]
    other = soxr.resample(soxr.resample(takes[2], 16000, 22050), 22050, 16000) * 0.3
    copies = [other, takes[3][5000:], np.concatenate([silence(1), takes[0]])]
    prints = [duplicates.unpack(duplicates.pack(duplicates.words(take))) for take in [*takes, *copies]]
    assert duplicates.same(prints) == {5: 2, 6: 3, 7: 0}
    assert duplicates.same([]) == {}
    assert duplicates.same([duplicates.words(silence(2))] * 2) == {}


def vectors(*counts: int, spread: float = 0.6) -> np.ndarray:
    """Return unit vectors of so many takes of each of several voices."""
    rng = np.random.default_rng(0)
    centres = np.eye(64)[: len(counts)]
    rows = np.repeat(centres, counts, axis=0) + spread * rng.standard_normal((sum(counts), 64)) / 8
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_voices_are_told_apart() -> None:
    assert speakers.group(vectors(20)).tolist() == [0] * 20
    assert speakers.group(vectors(5, 20)).tolist() == [1] * 5 + [0] * 20
    assert sorted(set(speakers.group(vectors(10, 20, 8)).tolist())) == [0, 1, 2]
    assert speakers.group(vectors(60, 1)).tolist() == [0] * 61  # one odd take is no second person
    assert speakers.group(vectors(1)).tolist() == [0]
    assert speakers.group(np.zeros((0, 64))).tolist() == []


@pytest.mark.parametrize(
    ("wave", "rate"),
    [
        (np.ones(1, np.float32), 48000),
        (np.zeros(10, np.float32), 8000),
        (silence(1, 48000), 48000),
        (np.full(22050, 0.5, np.float32), 22050),
        (noise(1, -20, 44100), 44100),
        (voice(1, 4000), 4000),
        (voice(1, 192000), 192000),
        (voice(1) * np.float32(1e6), 16000),
    ],
)
def test_every_recording_has_figures(wave: np.ndarray, rate: int, listeners: Listeners) -> None:
    found = measure(wave, rate, CONFIG, listeners)
    assert found.measures.seconds == pytest.approx(len(wave) / rate)
    assert 0 <= found.measures.usable_s <= found.measures.seconds
    assert type(found).model_validate_json(found.model_dump_json()) == found


def test_speech_is_measured(listeners: Listeners) -> None:
    found = measure(sentences(4, 24000), 24000, CONFIG, listeners).measures
    assert found.usable_s == pytest.approx(8, abs=2.5)
    assert found.pitch_hz == pytest.approx(135, abs=15)
    assert found.silence_share == pytest.approx(0.6 / 2.6, abs=0.05)


def test_a_quiet_recording_is_turned_up_before_it_is_counted(listeners: Listeners) -> None:
    wave = sentences(4, 24000)
    usual, quiet = (
        measure(one, 24000, CONFIG, listeners).measures for one in (wave, wave * np.float32(0.01))
    )
    assert quiet.usable_s == pytest.approx(usual.usable_s, abs=0.3)
    assert {fault.code: fault.severity for fault in faults(quiet)}["too_quiet"] == "major"


def test_measures_are_kept_by_content_and_settings(listeners: Listeners) -> None:
    found = measure(sentences(1), 16000, CONFIG, listeners)
    MeasureStore(CONFIG, listeners).add("a" * 64, found)
    assert MeasureStore(CONFIG, listeners).find("a" * 64) == found
    assert MeasureStore(CONFIG, listeners).find("b" * 64) is None
    assert MeasureStore(CONFIG.model_copy(update={"silence_dbfs": -50.0}), listeners).find("a" * 64) is None


@pytest.mark.parametrize(
    ("value", "severity"), [(31, None), (30, None), (29, "minor"), (20, "major"), (3, "critical")]
)
def test_thresholds_name_the_severity(value: float, severity: str | None) -> None:
    assert level_of(value, (30, 24, 15)) == severity
    assert level_of(-value, (-30, -24, -15)) == severity
