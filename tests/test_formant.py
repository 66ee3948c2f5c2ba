"""The formant shift: resonances move, pitch and pace stay."""

import numpy as np
import pytest
import torch

from rvc.analysis import pitch
from rvc.config import ConvertConfig
from rvc.model.lite_source import interpolate_f0, pulse_train
from rvc.sound import audio
from rvc.synthesis import chunks, formant
from rvc.synthesis.converter import Converter
from rvc.voices.voice import Voice
from tests import sounds, voices

FORMANT_BAND = 12  # of 32 points, even in mel


def resonant_voice() -> Voice:
    """Return a lite voice that has one resonance."""
    voice = voices.small_lite()
    with torch.no_grad():
        bands = voice.synthesizer.config.bands
        voice.synthesizer.head.weight.zero_()
        voice.synthesizer.head.bias[:bands] = -3.0
        voice.synthesizer.head.bias[FORMANT_BAND] = 0.0
        voice.synthesizer.head.bias[bands : 2 * bands] = -8.0
    return voice


@pytest.fixture(scope="module")
def converter() -> Converter:
    return Converter(resonant_voice(), None, voices.small_encoder(), pitch.load("swift"))


def resonance_hz(wave: np.ndarray, rate: int) -> float:
    """Return where the long-term spectrum, smoothed over an octave third, is strongest."""
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave)))) ** 2
    hz = np.fft.rfftfreq(len(wave), 1 / rate)
    centres = np.geomspace(300, 5000, 200)
    energy = [spectrum[(hz > centre / 1.12) & (hz < centre * 1.12)].sum() / centre for centre in centres]
    return float(centres[int(np.argmax(energy))])


def pitch_hz(wave: np.ndarray, rate: int) -> float:
    heard = torch.from_numpy(audio.resample(wave, rate, 16000))[None]
    f0 = pitch.load("swift").estimate(heard)[0]
    return float(f0[f0 > 0].median())


@pytest.mark.parametrize("semitones", [-5.0, 4.0])
def test_resonances_move_and_pitch_and_length_stay(semitones: float, converter: Converter) -> None:
    wave = sounds.voice(1.5, f0=110.0)
    plain, rate = converter.convert(wave, 16000, ConvertConfig())
    moved, _ = converter.convert(wave, 16000, ConvertConfig(formant_shift=semitones))
    assert len(moved) == len(plain)
    assert pitch_hz(plain, rate) == pytest.approx(110, rel=0.05)
    assert pitch_hz(moved, rate) == pytest.approx(110, rel=0.05)
    ratio = resonance_hz(moved, rate) / resonance_hz(plain, rate)
    assert 12 * np.log2(ratio) == pytest.approx(semitones, abs=1.5)


def test_a_voice_without_pitch_is_shifted_too() -> None:
    converter = Converter(voices.small_v2(pitch=False), None, voices.small_encoder(), None)
    wave = sounds.voice(0.5)
    plain, moved = (converter.convert(wave, 16000, ConvertConfig(formant_shift=s))[0] for s in (0, 3))
    assert len(moved) == len(plain)
    assert np.abs(moved - plain).max() > 1e-3


def test_frames_are_stretched_between_straight_lines() -> None:
    frames = torch.tensor([[0.0], [2.0], [4.0]])
    torch.testing.assert_close(formant.stretch(frames, 2.0)[:, 0], torch.tensor([0.0, 1, 2, 3, 4, 4]))
    torch.testing.assert_close(formant.stretch(frames, 0.5)[:, 0], torch.tensor([0.0, 4]))
    f0 = torch.tensor([100.0, 0.0, 200.0])
    torch.testing.assert_close(formant.stretch_pitch(f0, 0.5), torch.tensor([200.0, 400.0]))


@pytest.mark.parametrize("ratio", [0.8, 1.25])
def test_the_phase_goes_on_across_chunks(ratio: float) -> None:
    """The pulses of a stretched chunk, played back, are those of the whole, played back."""
    f0 = 200 + 30 * torch.sin(torch.arange(1000) / 20)
    count = voices.small_lite().synthesizer.cycles
    cycles = count(formant.stretch_pitch(f0, ratio))
    heard = slice(321, 321 + 300)

    def pulses(stretched: torch.Tensor, frames: int) -> np.ndarray:
        train = pulse_train(interpolate_f0(stretched[None]), 24000, 240, torch.zeros(1))[0]
        return formant.restore(train.numpy(), ratio, frames * 240).reshape(frames, 240)

    spoken = slice(chunks.CONTEXT - chunks.FADE, 300 - chunks.CONTEXT)
    whole = pulses(formant.stretch_pitch(f0, ratio), 1000)[heard][spoken].ravel()
    carried = pulses(formant.carry_phase(f0, cycles, heard, count, ratio), 300)[spoken].ravel()
    restarted = pulses(formant.stretch_pitch(f0[heard], ratio), 300)[spoken].ravel()
    assert np.corrcoef(whole, carried)[0, 1] > 0.9
    assert np.corrcoef(whole, restarted)[0, 1] < 0.7
