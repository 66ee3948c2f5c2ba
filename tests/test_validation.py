"""What a training is judged by: held-out clips, as far up as their recordings reach."""

import dataclasses

import pytest
import torch
from torch import Tensor

from rvc.learning.data import Clip
from rvc.learning.recipes.band import limit
from rvc.learning.validation import HeldOut
from tests.voices import SMALL_DIM, small_lite

RATE, FRAMES = 24000, 100


class Echo:
    """A network that says one wave, whatever it is given."""

    has_pitch = True

    def __init__(self, wave: Tensor) -> None:
        self._wave = wave

    def infer(self, *_inputs: object, **_settings: object) -> Tensor:
        return self._wave[None, None]


def clip(wave: Tensor, bandwidth_hz: float | None = None) -> Clip:
    content = torch.zeros(FRAMES // 2, SMALL_DIM, dtype=torch.float16)
    return Clip(content, torch.full((FRAMES,), 150.0), wave, 0, "a", "a", bandwidth_hz)


@pytest.fixture
def wave() -> Tensor:
    return 0.1 * torch.randn(FRAMES * RATE // 100, generator=torch.Generator().manual_seed(0))


def test_the_score_is_a_distance(wave: Tensor) -> None:
    held_out = HeldOut([clip(wave)], RATE)
    assert held_out.score(Echo(wave)) == 0
    assert held_out.score(Echo(wave * 2)) == pytest.approx(0.693, abs=0.01)
    assert held_out.score(small_lite().synthesizer) > 0
    assert HeldOut([], RATE).score(Echo(wave)) is None


def test_what_lies_above_a_recording_s_band_does_not_count(wave: Tensor) -> None:
    narrow = limit(wave[None], torch.tensor([6000.0]), RATE)[0]
    assert HeldOut([clip(narrow)], RATE).score(Echo(wave)) > 0.5
    reaching = clip(narrow, 6000.0)
    assert HeldOut([reaching], RATE).score(Echo(wave)) < 0.05
    louder = dataclasses.replace(reaching, wave=2 * narrow)
    assert HeldOut([louder], RATE).score(Echo(narrow)) == pytest.approx(0.693, abs=0.02)
