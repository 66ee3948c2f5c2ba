"""The stages of live conversion in a row, on real speech: what comes out is what a recording's conversion gives."""

import gc
import tracemalloc

import librosa
import numpy as np
import pytest
import scipy.signal
import torch

from rvc.config import ConvertConfig, LiveConfig
from rvc.errors import InputError
from rvc.events import Event, Log, Reporter
from rvc.live.chain import Chain, check
from rvc.live.line import Line
from rvc.live.networks import Networks
from rvc.live.speed import Speed, measure
from rvc.synthesis.converter import Converter
from tests.live import networks, plain, said, speech, v2_networks

RATE = 16000
VOICE_RATE = 24000
FRAME = 240
WHOLE = ConvertConfig(noise_scale=0.0, rms_mix=1.0, cache_gb=0)


@pytest.fixture(scope="module")
def nets() -> Networks:
    torch.set_num_threads(1)
    return networks()


@pytest.fixture(scope="module")
def wave() -> np.ndarray:
    return speech(3.0, RATE)


@pytest.fixture(scope="module")
def whole(nets: Networks, wave: np.ndarray) -> np.ndarray:
    """What the conversion of the recording gives."""
    converter = Converter(nets.voice, None, nets.encoder, nets.estimator)
    return converter.convert(wave, RATE, WHOLE)[0]


def log_mel(wave: np.ndarray) -> np.ndarray:
    power = librosa.feature.melspectrogram(y=wave, sr=VOICE_RATE, n_fft=1024, hop_length=FRAME, n_mels=60)
    return np.log(power + 1e-4)


@pytest.fixture(scope="module")
def voiced(nets: Networks, wave: np.ndarray) -> np.ndarray:
    """Frames amid voiced sound: elsewhere a recording's pitch is drawn from both sides, and a stream knows one."""
    assert nets.estimator is not None
    sounds = nets.estimator.estimate(torch.from_numpy(wave)[None])[0].numpy() > 0
    return np.flatnonzero(np.convolve(sounds, np.ones(7), "same")[50:-50] >= 7) + 50


def distance(one: np.ndarray, other: np.ndarray, frames: np.ndarray) -> float:
    """Return the mean difference of two log-mel spectrograms in these frames."""
    return float(np.abs(log_mel(one)[:, frames] - log_mel(other)[:, frames]).mean())


def test_a_stream_says_what_the_recording_says(
    nets: Networks, wave: np.ndarray, whole: np.ndarray, voiced: np.ndarray
) -> None:
    streamed = said(Chain(nets, plain(), RATE), wave, RATE, 0.1)
    assert len(streamed) == len(whole)
    apart = distance(streamed, whole, voiced)
    late = np.concatenate([np.zeros(2 * FRAME, np.float32), streamed])
    assert apart < 0.5 * distance(late, whole, voiced)  # 20 ms
    other = said(Chain(nets, plain(formant_shift=3), RATE), wave, RATE, 0.1)
    assert apart < 0.5 * distance(other, whole, voiced)


def test_looking_further_ahead_is_nearer_to_the_recording(
    nets: Networks, wave: np.ndarray, whole: np.ndarray, voiced: np.ndarray
) -> None:
    blind, near = (
        distance(said(Chain(nets, plain(look_ahead_ms=ahead), RATE), wave, RATE, 0.04), whole, voiced)
        for ahead in (0, 100)
    )
    assert near < 0.9 * blind


def test_the_length_of_blocks_changes_little(nets: Networks, wave: np.ndarray, voiced: np.ndarray) -> None:
    short, long = (said(Chain(nets, plain(), RATE), wave, RATE, block_s) for block_s in (0.033, 0.25))
    assert distance(short, long, voiced) < 0.3 * distance(short, np.roll(long, 2 * FRAME), voiced)


def tone(seconds: float) -> np.ndarray:
    """Return harmonics of 150 Hz."""
    time = np.arange(round(seconds * RATE)) / RATE
    return (0.2 * sum(np.sin(2 * np.pi * 150 * k * time) / k for k in range(1, 12))).astype(np.float32)


def wavering(wave: np.ndarray) -> float:
    """Return by how many Hz the fundamental, about 150 Hz, is off its median at most."""
    band = scipy.signal.butter(2, [90, 220], btype="band", fs=VOICE_RATE, output="sos")
    phase = np.unwrap(np.angle(scipy.signal.hilbert(scipy.signal.sosfiltfilt(band, wave))))
    hertz = np.diff(phase)[VOICE_RATE // 2 : -VOICE_RATE // 2] * VOICE_RATE / (2 * np.pi)
    return float(np.abs(hertz - np.median(hertz)).max())


def test_a_minute_neither_clicks_nor_drifts_nor_grows(nets: Networks) -> None:
    chain, wave, block = Chain(nets, plain(), RATE), tone(60.0), RATE // 4
    parts, delays, sizes = [], [], []
    tracemalloc.start()
    try:
        for start in range(0, len(wave), block):
            parts.append(chain.feed(wave[start : start + block]))
            delays.append(chain.delay_s)
            if start % (15 * RATE) == 0:
                gc.collect()
                sizes.append(tracemalloc.get_traced_memory()[0] - sum(part.nbytes for part in parts))
    finally:
        tracemalloc.stop()
    assert wavering(np.concatenate(parts)) < 8
    torn = [part[VOICE_RATE // 1000 :] for part in parts[:20]]  # 1 ms is missing at each joint
    assert wavering(np.concatenate(torn)) > 16
    assert max(delays[4:]) - min(delays[4:]) <= 0.02  # a frame of the encoder
    assert sizes[3] - sizes[1] < 100_000


def test_a_v2_voice_speaks(wave: np.ndarray) -> None:
    chain = Chain(v2_networks(), plain(), RATE)
    streamed = said(chain, wave[: 2 * RATE], RATE, 0.2)
    assert len(streamed) == 2 * chain.rate
    assert np.isfinite(streamed).all()
    assert np.abs(streamed).max() > 1e-4


def test_a_voice_without_pitch_speaks(wave: np.ndarray) -> None:
    chain = Chain(v2_networks(with_pitch=False), plain(), RATE)
    assert np.abs(said(chain, wave[:RATE], RATE, 0.1)).max() > 1e-4


def test_bypass_lets_the_own_voice_through_on_the_same_time_line(nets: Networks, wave: np.ndarray) -> None:
    streamed = said(Chain(nets, plain(bypass=True), RATE), wave, RATE, 0.1)
    own = librosa.resample(wave, orig_sr=RATE, target_sr=VOICE_RATE)
    middle = slice(VOICE_RATE // 2, 2 * VOICE_RATE)
    np.testing.assert_allclose(streamed[middle], own[middle], atol=0.01)


def test_push_to_talk_is_silent_until_the_key_is_held(nets: Networks, wave: np.ndarray) -> None:
    chain = Chain(nets, plain(push_to_talk=True), RATE)
    first = chain.feed(wave[:RATE])
    chain.talking = True
    second = chain.feed(wave[RATE : 2 * RATE])
    chain.talking = False
    third = np.concatenate([chain.feed(wave[2 * RATE :]), chain.feed(wave[:RATE])])
    assert not first.any()
    assert np.abs(second[VOICE_RATE // 2 :]).max() > 0.01
    assert not third[VOICE_RATE // 2 :].any()
    free = said(Chain(nets, plain(), RATE), wave, RATE, 0.5)
    steps = np.abs(np.diff(np.concatenate([first, second, third])))
    assert steps.max() < 1.05 * np.abs(np.diff(free)).max()


def median_pitch(nets: Networks, wave: np.ndarray) -> float:
    assert nets.estimator is not None
    heard = librosa.resample(wave, orig_sr=VOICE_RATE, target_sr=RATE)
    f0 = nets.estimator.estimate(torch.from_numpy(heard)[None])[0]
    return float(f0[f0 > 0].median())


def test_settings_change_between_blocks(nets: Networks, wave: np.ndarray) -> None:
    chain = Chain(nets, plain(), RATE)
    low = chain.feed(tone(1.0))
    chain.change(plain(pitch_shift=12))
    high = chain.feed(tone(2.0))[VOICE_RATE:]
    assert median_pitch(nets, high) / median_pitch(nets, low) == pytest.approx(2, rel=0.02)
    for config in (plain(formant_shift=4), plain(bypass=True), plain(output_gain_db=-20), plain()):
        chain.change(config)
        assert np.isfinite(chain.feed(wave[:RATE])).all()


def test_a_gate_keeps_noise_out(nets: Networks) -> None:
    noise = (np.random.default_rng(0).standard_normal(2 * RATE) * 0.003).astype(np.float32)
    quiet = said(Chain(nets, plain(gate_dbfs=-35), RATE), noise, RATE, 0.1)
    loud = said(Chain(nets, plain(gate_dbfs=-60), RATE), noise, RATE, 0.1)
    assert not quiet.any()
    assert loud.any()


def test_settings_that_do_not_fit_the_voice_are_named(nets: Networks) -> None:
    told: list[Event] = []
    with pytest.raises(InputError, match="no speaker"):
        check(nets, LiveConfig(speaker="Nobody"), Reporter())
    check(nets, LiveConfig(), Reporter(told.append))
    assert told == []
    unknown = v2_networks()
    check(unknown, LiveConfig(pitch_shift="auto"), Reporter(told.append))
    assert [event.code for event in told if isinstance(event, Log)] == ["no_usual_pitch"]
    assert np.isfinite(Chain(unknown, LiveConfig(), RATE).feed(tone(0.5))).all()


def test_whatever_is_lost_is_counted(nets: Networks) -> None:
    line = Line(nets, plain(), RATE, RATE)
    line.heard.gaps += 2  # as a device says that it was not asked in time
    line.playback.skips += 1
    line.heard.write(np.zeros(5 * line.block, np.float32))
    line.catch_up()
    assert line.status(0).overruns == 4
    line.playback.underruns += 1
    assert line.status(0).underruns == 1


def test_the_block_that_this_computer_converts_in_time_is_measured(nets: Networks) -> None:
    speed = measure(nets, plain())
    assert speed.load(40) > speed.load(80) > speed.load(500) >= speed.share > 0
    assert Speed(fixed_s=0.06, share=0.25).shortest_block_ms == 120
    assert Speed(fixed_s=0.06, share=0.8).shortest_block_ms is None


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_an_hour_neither_grows_nor_drifts(nets: Networks) -> None:
    import psutil

    chain, wave = Chain(nets, LiveConfig(), RATE), speech(10.0, RATE)
    delays, sizes = [], []
    for _ in range(360):
        samples = 0
        for start in range(0, len(wave), RATE // 4):
            samples += len(chain.feed(wave[start : start + RATE // 4]))
        delays.append(chain.delay_s)
        sizes.append(psutil.Process().memory_info().rss)
    assert max(delays[1:]) - min(delays[1:]) < 0.001
    assert sizes[-1] - sizes[20] < 20 << 20
