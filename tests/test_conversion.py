"""Conversion: exact lengths, seeds, chunks and their joints."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from rvc.analysis import pitch
from rvc.config import CONTENT_RATE_HZ, ConvertConfig
from rvc.errors import InputError
from rvc.model.lite_source import interpolate_f0, pulse_train
from rvc.model.source import phases
from rvc.sound import audio
from rvc.sound.audio import Stream
from rvc.sound.spool import blocks
from rvc.synthesis import chunks, loudness
from rvc.synthesis.chunks import Chunk
from rvc.synthesis.converter import PASSES, Converter, shape_content
from rvc.synthesis.index import RetrievalIndex
from rvc.voices.voice import Voice
from tests import sounds, voices
from tests.parity import oracle


@pytest.fixture(scope="module")
def estimator() -> pitch.PitchEstimator:
    return pitch.load("swift")


@pytest.fixture(scope="module")
def v2(estimator: pitch.PitchEstimator) -> Converter:
    return Converter(voices.small_v2(), None, voices.small_encoder(), estimator)


@pytest.fixture(scope="module")
def lite(estimator: pitch.PitchEstimator) -> Converter:
    return Converter(voices.small_lite(), None, voices.small_encoder(), estimator)


def usual_pitch(wave: np.ndarray, rate: int, estimator: pitch.PitchEstimator) -> float:
    heard = torch.from_numpy(audio.resample(wave, rate, CONTENT_RATE_HZ))[None]
    f0 = estimator.estimate(heard)[0]
    assert (f0 > 0).float().mean() > 0.5
    return float(f0[f0 > 0].median())


@pytest.mark.parametrize(("samples", "rate"), [(8000, 16000), (22051, 44100), (4800, 48000), (7999, 8000)])
@pytest.mark.parametrize("target", [None, 44100])
def test_the_result_is_as_long_as_the_source(
    samples: int, rate: int, target: int | None, v2: Converter
) -> None:
    wave = sounds.voice(samples / rate, rate)
    assert len(wave) == samples
    converted, found = v2.convert(wave, rate, ConvertConfig(rate=target))
    assert found == (target or 32000)
    assert len(converted) == int(np.floor(samples * found / rate + 0.5))
    assert converted.dtype == np.float32


def test_the_same_seed_gives_the_same_sound(v2: Converter, lite: Converter) -> None:
    wave = sounds.voice(0.5)
    for converter in (v2, lite):
        first, again, other = (
            converter.convert(wave, 16000, ConvertConfig(seed=seed))[0] for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(first, again)
        assert np.abs(first - other).max() > 1e-4


def test_the_length_of_chunks_does_not_change_a_short_recording(v2: Converter) -> None:
    wave = sounds.voice(1.0)
    short, long = (v2.convert(wave, 16000, ConvertConfig(chunk_s=length))[0] for length in (2, 60))
    np.testing.assert_array_equal(short, long)


def test_silence_becomes_silence(v2: Converter, lite: Converter) -> None:
    for converter in (v2, lite):
        converted, _ = converter.convert(sounds.silence(1.0), 16000, ConvertConfig(rms_mix=0.0))
        assert np.abs(converted).max() < 1e-3


@pytest.mark.parametrize("level", [1e-4, 30.0])
def test_levels_beyond_reason_stay_within_full_scale(level: float, v2: Converter) -> None:
    converted, _ = v2.convert(sounds.voice(0.5) * np.float32(level), 16000, ConvertConfig())
    assert np.isfinite(converted).all()
    assert np.abs(converted).max() <= 0.991


def test_less_than_a_tenth_of_a_second_is_refused(v2: Converter) -> None:
    for samples in (0, 1, 1599):
        with pytest.raises(InputError, match="too short"):
            v2.convert(np.zeros(samples, np.float32), 16000, ConvertConfig())
    assert len(v2.convert(np.zeros(1600, np.float32), 16000, ConvertConfig())[0]) == 3200


def test_only_speakers_of_the_card_are_there(estimator: pitch.PitchEstimator) -> None:
    voice = voices.small_v2()
    alone = Voice(voice.card.model_copy(update={"speakers": ["Änna"]}), voice.synthesizer)
    converter = Converter(alone, None, voices.small_encoder(), estimator)
    with pytest.raises(InputError, match="no speaker 1; it has 1,"):
        converter.convert(sounds.voice(0.3), 16000, ConvertConfig(speaker=1))


def test_a_speaker_that_is_not_there_is_refused(v2: Converter) -> None:
    wave = sounds.voice(0.3)
    v2.convert(wave, 16000, ConvertConfig(speaker=1))
    with pytest.raises(InputError, match="no speaker 2"):
        v2.convert(wave, 16000, ConvertConfig(speaker=2))


def test_what_does_not_belong_to_the_voice_is_refused(estimator: pitch.PitchEstimator) -> None:
    voice = voices.small_v2()
    encoder = voices.small_encoder()
    with pytest.raises(InputError, match="16 dimensions"):
        Converter(voice, RetrievalIndex(torch.zeros(3, 16)), encoder, estimator)
    encoder.name = "spin"
    with pytest.raises(InputError, match="trained on contentvec"):
        Converter(voice, None, encoder, estimator)


def test_a_voice_without_pitch_needs_no_estimator(estimator: pitch.PitchEstimator) -> None:
    for unneeded in (None, estimator):
        converter = Converter(voices.small_v2(pitch=False), None, voices.small_encoder(), unneeded)
        converted, _ = converter.convert(sounds.voice(0.5), 16000, ConvertConfig())
        assert len(converted) == 16000


def test_the_pitch_follows_the_shift(lite: Converter, estimator: pitch.PitchEstimator) -> None:
    wave = sounds.voice(1.5, f0=150.0)
    for shift, expected in ((0.0, 150.0), (7.0, 150 * 2 ** (7 / 12)), ("auto", 150 * 2 ** (7 / 12))):
        converted, rate = lite.convert(wave, 16000, ConvertConfig(pitch_shift=shift))
        assert usual_pitch(converted, rate, estimator) == pytest.approx(expected, rel=0.02)


def test_a_voice_that_does_not_know_its_pitch_cannot_choose_the_shift(v2: Converter) -> None:
    with pytest.raises(InputError, match="how high it usually speaks"):
        v2.convert(sounds.voice(0.5), 16000, ConvertConfig(pitch_shift="auto"))


def test_the_index_changes_what_is_said(estimator: pitch.PitchEstimator) -> None:
    bank = RetrievalIndex(torch.randn(30, voices.SMALL_DIM, generator=torch.Generator().manual_seed(0)))
    converter = Converter(voices.small_v2(), bank, voices.small_encoder(), estimator)
    wave = sounds.voice(0.5)
    without, with_it = (
        converter.convert(wave, 16000, ConvertConfig(index_rate=rate))[0] for rate in (0.0, 1.0)
    )
    assert np.abs(without - with_it).max() > 1e-3


def test_protection_is_for_unvoiced_frames() -> None:
    features, bank = torch.zeros(2, 4), RetrievalIndex(torch.ones(1, 4))
    f0 = torch.tensor([200.0, 0.0, 0.0, 200.0])
    phone = shape_content(features, f0, bank, 0.5, 0.2)
    torch.testing.assert_close(phone[:, 0], torch.tensor([0.5, 0.1, 0.1, 0.5]))
    torch.testing.assert_close(shape_content(features, f0, bank, 0.5, 0.5), torch.full((4, 4), 0.5))
    torch.testing.assert_close(shape_content(features, None, bank, 0.5, 0.2), torch.full((4, 4), 0.5))


def test_a_loud_mix_keeps_the_rise_and_fall_of_the_source() -> None:
    level = np.repeat([0.05, 0.5], 3 * 16000)
    source = (level * np.sin(np.arange(6 * 16000) * 0.05)).astype(np.float32)
    flat = np.sin(np.arange(6 * 24000) * 0.05).astype(np.float32)
    mixed = loudness.mix(source, 16000, flat, 24000, 0.0)
    quiet, loud = (float(np.abs(mixed[start : start + 24000]).max()) for start in (24000, 4 * 24000))
    assert (quiet, loud) == (pytest.approx(0.05, rel=0.05), pytest.approx(0.5, rel=0.05))
    assert loudness.mix(source, 16000, flat, 24000, 1.0) is flat


def long_recording() -> np.ndarray:
    return sounds.sentences(5, seconds=1.5)


def test_chunks_meet_in_the_pauses_and_cover_everything() -> None:
    wave = long_recording()
    parts = chunks.cut(wave, 2.0)
    assert len(parts) > 3
    assert [part.start for part in parts] == [0, *(part.stop for part in parts[:-1])]
    assert (parts[-1].stop - 2) * 160 < len(wave) <= parts[-1].stop * 160
    for part in parts[:-1]:
        assert np.abs(wave[part.stop * 160 - 80 : part.stop * 160 + 80]).max() < 0.01
    assert [part.frames for part in chunks.cut(wave[: int(2.4 * 16000)], 2.0)] == [240]


def test_joints_add_up_to_one() -> None:
    parts = chunks.cut(long_recording(), 2.0)
    hop = 7
    spoken = [(part, blocks(np.ones((part.own[1] - part.own[0]) * hop, np.float32), 50)) for part in parts]
    whole = np.concatenate(list(chunks.join(spoken, parts[-1].stop, hop)))
    assert len(whole) == parts[-1].stop * hop
    np.testing.assert_allclose(whole, 1, rtol=1e-6)


def test_a_chunk_speaks_the_frames_that_it_stands_for() -> None:
    hop, total = 3, 900
    frames = np.arange(-chunks.CONTEXT, total + chunks.CONTEXT, dtype=np.float32).repeat(hop)
    parts = [Chunk(start, stop, total) for start, stop in ((0, 400), (400, 620), (620, 900))]
    said = [(part, frames.reshape(-1, hop)[part.heard][slice(*part.own)].ravel()) for part in parts]
    spoken = [(part, blocks(wave, size)) for (part, wave), size in zip(said, (3, 11, 5000), strict=True)]
    whole = np.concatenate(list(chunks.join(spoken, total, hop)))
    np.testing.assert_allclose(whole, np.arange(total, dtype=np.float32).repeat(hop), rtol=1e-5)


def sine(f0: torch.Tensor) -> torch.Tensor:
    return torch.sin(2 * torch.pi * phases(f0[None], 320, 32000)[0])


def pulses(f0: torch.Tensor) -> torch.Tensor:
    return pulse_train(interpolate_f0(f0[None]), 24000, 240, torch.zeros(1))[0].view(len(f0), 240)


@pytest.mark.parametrize(
    ("voice", "source", "tolerance"), [(voices.small_v2(), sine, 5e-3), (voices.small_lite(), pulses, 0.05)]
)
@pytest.mark.parametrize("start", [52, 320, 700])
def test_the_phase_goes_on_across_chunks(
    voice: Voice, source: Callable[[torch.Tensor], torch.Tensor], tolerance: float, start: int
) -> None:
    count = voice.synthesizer.cycles
    f0 = 200 + 30 * torch.sin(torch.arange(1000) / 20)
    f0[300:340] = 0
    f0[720] = 0
    heard = slice(start, start + 250)
    part = source(chunks.carry_phase(f0, count(f0), heard, count))
    spoken = slice(chunks.CONTEXT - chunks.FADE, 250 - chunks.CONTEXT)
    torch.testing.assert_close(part[spoken], source(f0)[heard][spoken], rtol=0, atol=tolerance)
    assert (source(f0[heard])[spoken] - source(f0)[heard][spoken]).abs().max() > 3 * tolerance


def seconds_of(wave: np.ndarray, rate: int) -> list[np.ndarray]:
    return np.split(wave, range(rate, len(wave), rate))


@pytest.mark.parametrize("voice", [voices.small_v2(), voices.small_lite()])
def test_chunks_sound_like_the_whole(voice: Voice, estimator: pitch.PitchEstimator) -> None:
    if voice.card.architecture == "v2":
        oracle.fill_weights(voice.synthesizer, 0)  # the pitch of untrained weights is hardly heard
    converter = Converter(voice, None, voices.small_encoder(), estimator)
    wave = sounds.voice(6.0)  # without a pause: the worst case
    settings = {"noise_scale": 0.0, "rms_mix": 1.0}
    whole, rate = converter.convert(wave, 16000, ConvertConfig(chunk_s=120, **settings))
    parts, _ = converter.convert(wave, 16000, ConvertConfig(chunk_s=2, **settings))
    similarity = [
        float(np.dot(one, other) / (np.linalg.norm(one) * np.linalg.norm(other)))
        for one, other in zip(seconds_of(whole, rate), seconds_of(parts, rate), strict=True)
    ]
    assert min(similarity) > 0.97


@pytest.mark.parametrize("kind", ["v2", "lite"])
def test_what_is_spoken_is_heard_before_the_whole_is(kind: str, v2: Converter, lite: Converter) -> None:
    converter, config = {"v2": v2, "lite": lite}[kind], ConvertConfig(chunk_s=2, rms_mix=1)
    heard: list[np.ndarray] = []
    done: list[int] = []
    at: list[int] = []  # frames that were done when each block was heard

    def hear(block: np.ndarray, rate: int) -> None:
        assert rate == converter.rate
        heard.append(block)
        at.append(sum(done))

    with converter.speak(Stream(16000, [long_recording()]), config, done.append, hear) as spoken:
        whole = np.concatenate(list(spoken.blocks()))
    np.testing.assert_allclose(np.concatenate(heard) * spoken.gain.factor, whole, atol=1e-6)
    first = next(number for number, block in enumerate(heard) if len(block))
    assert at[first] == at[-1] // PASSES  # the pitch is known, and nothing else is done


def test_memory_and_progress_go_by_chunks(v2: Converter) -> None:
    frames: list[int] = []
    v2.convert(long_recording(), 16000, ConvertConfig(chunk_s=2), frames.append)
    assert len(frames) > 3
    assert sum(frames) == PASSES * chunks.total_frames(len(long_recording()))
