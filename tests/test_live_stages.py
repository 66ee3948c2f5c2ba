"""The parts that live conversion is made of: histories, features, joints, clocks, levels."""

import numpy as np
import pytest
import torch

from rvc.analysis import content, pitch
from rvc.analysis.content import ContentVec, ContentVecV1
from rvc.analysis.hubert import Hubert, HubertConfig
from rvc.live import features
from rvc.live.crossfade import CrossFade, mixed
from rvc.live.features import Following, Sight
from rvc.live.hearing import Ear
from rvc.live.history import History
from rvc.live.levels import Levels, Loudness, rounded_off
from rvc.live.playback import Playback
from rvc.live.register import Register
from rvc.live.resampling import Pace, Player
from rvc.live.ring import Ring
from tests.live import speech

RATE = 16000


def kept(sight: Sight, block: int) -> int:
    return features.kept_samples([sight], block)


def heard(wave: np.ndarray, following: Following, sight: Sight, hop: int, block: int) -> torch.Tensor:
    """Follow a wave that comes in blocks; return the frames."""
    history = History(kept(sight, block))
    frames = []
    for start in range(0, len(wave), block):
        history.append(torch.from_numpy(wave[start : start + block]))
        stop = (history.stop - sight.ahead) // hop
        if stop > 0:
            frames.append(following.follow(history, stop))
    return torch.cat(frames)


@pytest.mark.parametrize("block", [1777, 4000])
def test_streamed_starter_features_are_those_of_the_file(block: int) -> None:
    encoder, wave = content.load("starter-2"), speech(2.0, RATE)
    sight = features.sight_of(encoder, 0)
    whole = encoder.encode(torch.from_numpy(wave)[None])[0]
    streamed = heard(wave, features.content_of(encoder, sight, kept(sight, block)), sight, 320, block)
    assert len(whole) - len(streamed) <= 8
    torch.testing.assert_close(streamed, whole[: len(streamed)], atol=1e-4, rtol=0)
    late = Sight(sight.back, sight.ahead - 320)  # one frame less of what follows is not enough
    hasty = heard(wave, features.content_of(encoder, late, kept(late, block)), late, 320, block)
    assert (hasty[: len(streamed)] - whole[: len(streamed)]).abs().max() > 1e-2


@pytest.mark.parametrize(("back", "limit"), [(40000, 1e-5), (12000, 2e-2)])
@pytest.mark.parametrize("block", [777, 4000])
@pytest.mark.parametrize("version", [ContentVec, ContentVecV1])
def test_contentvec_understands_a_stream_as_if_it_heard_it_anew(
    version: type[ContentVec], block: int, back: int, limit: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for the norm over time, which stays what it was, and for the wave before the past, which is no mirror."""
    torch.manual_seed(0)
    sizes = HubertConfig(conv_dim=16, hidden=48, heads=4, ffn=48, layers=9, pos_kernel=16, pos_groups=4)
    network = Hubert(sizes)
    encoder = version(network, torch.nn.Linear(48, 24)) if version is ContentVecV1 else version(network)
    wave = speech(1.5, RATE)
    norm = network.norms([torch.from_numpy(wave)])
    monkeypatch.setattr(network, "norms", lambda _waves: norm)
    sight = Sight(back, features.AHEAD)
    anew = features.FollowingAnew(encoder.encode, 50, sight)
    with torch.inference_mode():
        streamed = heard(wave, features.content_of(encoder, sight, kept(sight, block)), sight, 320, block)
        expected = heard(wave, anew, sight, 320, block)
    assert len(streamed) > 60
    torch.testing.assert_close(streamed, expected, atol=limit, rtol=0)


def test_contentvec_hears_the_past_anew_once_it_is_another_loudness(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    sizes = HubertConfig(conv_dim=16, hidden=48, heads=4, ffn=48, layers=2, pos_kernel=16, pos_groups=4)
    encoder = ContentVec(Hubert(sizes))
    encoder.network.feature_extractor.conv_layers[0].layer_norm.weight.data[0] = 0
    hear, lengths = encoder.network.hear, []

    def count(wave: torch.Tensor, norms: torch.Tensor) -> torch.Tensor:
        lengths.append(wave.shape[1])
        return hear(wave, norms)

    monkeypatch.setattr(encoder.network, "hear", count)
    loud = speech(3.0, RATE)
    sight = Sight(16000, features.AHEAD)
    with torch.inference_mode():
        following = features.content_of(encoder, sight, kept(sight, 4000))
        heard(np.concatenate([loud, 0.2 * loud]), following, sight, 320, 4000)
    steady, change = lengths[4:12], lengths[12:18]
    assert sum(length < 4800 for length in steady) >= 5
    assert any(length > 12000 for length in change)


def test_streamed_pitch_is_that_of_the_file() -> None:
    estimator, wave = pitch.load("swift"), speech(2.0, RATE)
    sight = features.sight_of_pitch(estimator)
    whole = estimator.estimate(torch.from_numpy(wave)[None])[0]
    streamed = heard(wave, features.pitch_of(estimator), sight, 160, 1600)
    whole = whole[: len(streamed)]
    assert ((streamed > 0) != (whole > 0)).float().mean() < 0.02
    both = (streamed > 0) & (whole > 0)
    assert (1200 * (streamed[both] / whole[both]).log2().abs()).quantile(0.99) < 5  # cents


def test_the_ear_is_the_same_whatever_the_blocks() -> None:
    wave = speech(1.0, 48000)
    ear, other = Ear(48000), Ear(48000)
    whole = ear.feed(wave)
    parts = np.concatenate([other.feed(part) for part in np.array_split(wave, 37)])
    np.testing.assert_allclose(parts, whole[: len(parts)], atol=1e-5)


def test_a_history_forgets_what_is_old() -> None:
    history = History(5)
    for start in range(0, 12, 3):
        history.append(torch.arange(start, start + 3))
    assert history.start == 7
    assert history[8:11].tolist() == [8, 9, 10]
    with pytest.raises(LookupError):
        history[6:8]
    history.forget(9)
    assert (history.start, history.stop) == (7, 9)
    history.append(torch.tensor([1]))
    assert history[7:10].tolist() == [7, 8, 1]
    history.forget(3)
    assert (history.start, history.stop) == (3, 3)


def test_blocks_in_any_phase_are_joined_without_a_step() -> None:
    rate, samples, search, fade = 24000, 2400, 240, 240
    random = np.random.default_rng(0)

    def block() -> np.ndarray:
        time = np.arange(samples + 2 * search + fade) / rate
        return np.sin(2 * np.pi * (180 * time + random.random())).astype(np.float32)

    blocks = [block() for _ in range(20)]
    joint = CrossFade(search, fade)
    joined = np.concatenate([joint.join(wave, samples) for wave in blocks])
    steepest = 2 * np.pi * 180 / rate
    assert len(joined) == 20 * samples
    assert np.abs(np.diff(joined)).max() < 1.1 * steepest
    assert np.abs(np.diff(np.concatenate([wave[:samples] for wave in blocks]))).max() > 5 * steepest


def test_a_fade_keeps_the_power_of_what_is_alike_and_of_what_is_not() -> None:
    one, other = np.random.default_rng(0).standard_normal((2, 20000)).astype(np.float32)
    np.testing.assert_allclose(mixed(one, one), one, atol=1e-5)
    middle = mixed(one, other)[8000:12000]
    assert np.square(middle).mean() == pytest.approx(1, rel=0.05)


@pytest.mark.parametrize("target", [16000, 44100, 48000])
def test_a_played_wave_is_the_wave(target: int) -> None:
    source, hertz = 24000, 1000.0
    player = Player(source, target)
    wave = np.sin(2 * np.pi * hertz * np.arange(source) / source).astype(np.float32)
    played = np.concatenate([player.play(part) for part in np.array_split(wave, 13)])
    expected = np.sin(2 * np.pi * hertz * np.arange(len(played)) / target)
    assert abs(len(played) - target) < 100
    np.testing.assert_allclose(played[200:], expected[200:], atol=2e-4)


def test_what_a_device_cannot_play_is_left_out() -> None:
    wave = np.sin(2 * np.pi * 11000 * np.arange(24000) / 24000).astype(np.float32)
    assert np.abs(Player(24000, 16000).play(wave)[100:-100]).max() < 0.01


def test_a_change_of_pace_is_not_heard() -> None:
    player, rate = Player(24000, 48000), 24000
    wave = np.sin(2 * np.pi * 500 * np.arange(rate) / rate).astype(np.float32)
    paces = 1 + 0.003 * np.random.default_rng(0).choice([-1, 1], 20)
    played = np.concatenate(
        [player.play(part, pace) for part, pace in zip(np.split(wave, 20), paces, strict=True)]
    )
    second = np.abs(np.diff(played[200:], 2))
    assert second.max() < 1.02 * (2 * np.pi * 500 / 48000) ** 2


def drifted(pace: Pace | None, ppm: float, seconds: float) -> tuple[float, float]:
    """Return the least and the most that a buffer holds when its reader is slower by `ppm`."""
    filled, low, high = 0.06, 1.0, 0.0
    for step in range(round(seconds / 0.1)):
        speed = 1.0 if pace is None else pace.follow(filled, 0.1)
        filled += 0.1 / speed - 0.1 * (1 - ppm / 1e6)
        if step > 600:
            low, high = min(low, filled), max(high, filled)
    return low, high


@pytest.mark.parametrize("ppm", [-300.0, 0.0, 300.0])
def test_an_hour_of_two_clocks_leaves_the_buffer_as_it_is(ppm: float) -> None:
    low, high = drifted(Pace(0.06), ppm, 3600)
    assert 0.05 < low <= high < 0.075
    low, high = drifted(None, ppm, 3600)
    assert (high - low > 0.5) == bool(ppm)


def test_a_ring_takes_what_fits_and_gives_it_back() -> None:
    ring = Ring(10)
    for start in range(0, 60, 6):
        part = np.arange(start, start + 6, dtype=np.float32)
        assert ring.write(part) == 0
        np.testing.assert_array_equal(ring.read(6), part)
    assert ring.write(np.ones(12, np.float32)) == 2
    assert len(ring.read(20)) == 10
    assert not ring.wait(1, 0.01)


def test_playback_starts_stops_and_skips_softly() -> None:
    rate = 1000
    playback = Playback(rate, ready_s=0.1, longest_s=2)
    assert not playback.read(20).any()
    playback.write(np.ones(99, np.float32))
    assert not playback.read(20).any()  # not enough yet
    playback.write(np.ones(21, np.float32))
    played = np.concatenate([playback.read(50) for _ in range(3)])
    assert playback.underruns == 1
    playback.write(np.ones(120, np.float32))
    played = np.concatenate([played, playback.read(20)])
    playback.write(np.ones(900, np.float32))
    played = np.concatenate([played, *(playback.read(20) for _ in range(5))])
    assert playback.skips == 1
    assert playback.filled_s < 0.2
    playback.end()
    played = np.concatenate([played, playback.read(20), playback.read(20)])
    assert not played[-15:].any()
    assert np.abs(np.diff(played)).max() <= 0.25 + 1e-6  # 5 ms, the shortest fade, have five samples here


def test_the_gate_opens_before_and_closes_after_what_is_loud() -> None:
    levels = Levels()
    wave = np.zeros(RATE, np.float32)
    wave[RATE // 2 : RATE // 2 + 1600] = 0.1
    levels.feed(wave, talking=True)
    gate = levels.open(0, 90, -30.0)
    assert len(gate) == 91
    assert not gate[:40].any()
    np.testing.assert_allclose(gate[50:61], 1)
    assert not gate[95:].any()
    assert np.abs(np.diff(gate)).max() <= 0.2
    np.testing.assert_allclose(levels.open(5, 90, None), 1)


def test_a_voice_follows_the_speakers_loudness() -> None:
    loudness, hop = Loudness(240), 240
    wave = (0.1 * np.random.default_rng(0).standard_normal(200 * hop)).astype(np.float32)
    wanted = np.concatenate([np.full(100, 0.1), np.full(100, 0.05)])
    followed = np.concatenate(
        [loudness.follow(wave[:24000], wanted[:100], 0.0), loudness.follow(wave[24000:], wanted[100:], 0.0)]
    )
    assert followed[-4800:].std() == pytest.approx(0.05, rel=0.1)
    np.testing.assert_array_equal(Loudness(hop).follow(wave, wanted, 1.0), wave)


def test_loud_peaks_are_rounded_off() -> None:
    wave = np.linspace(-4, 4, 1001, dtype=np.float32)
    rounded = rounded_off(wave)
    assert np.abs(rounded).max() <= 1
    assert (np.diff(rounded) >= 0).all()
    quiet = np.abs(wave) < 0.8
    np.testing.assert_array_equal(rounded[quiet], wave[quiet])


def test_the_register_changes_in_pauses_only() -> None:
    register, usual = Register(), 200.0
    voiced = torch.full((10,), 100.0)
    assert register.semitones(voiced, usual) == 0  # too little is known
    for _ in range(5):
        register.semitones(voiced, usual)
    assert register.semitones(voiced, usual) == 12
    higher = torch.full((100,), 141.4)
    for _ in range(30):
        assert register.semitones(higher, usual) == 12
    assert register.semitones(torch.zeros(10), usual) == 6
