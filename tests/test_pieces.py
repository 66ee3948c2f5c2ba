"""Pieces: every frame once, from the right samples, in batches that fit."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from rvc.analysis.pieces import Piece, Pieces, excerpt

HOP = 4


def sums(waves: Tensor, _pieces: list[Piece]) -> Tensor:
    """Sum each frame's samples with two more on either side."""
    return waves.unfold(1, HOP + 4, HOP).sum(-1, keepdim=True)


def run(pieces: Pieces, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
    return pieces.run(wave, lengths, sums, torch.zeros(len(wave), wave.shape[1] // HOP, 1))


@given(
    frames=st.lists(st.integers(0, 40), min_size=1, max_size=5),
    length=st.integers(1, 12),
    context=st.integers(0, 5),
    batch=st.integers(1, 60),
    bucket=st.sampled_from([None, 1, 3]),
)
def test_result_does_not_depend_on_the_cutting(
    frames: list[int], length: int, context: int, batch: int, bucket: int | None
) -> None:
    wave = torch.arange(len(frames) * 170.0).view(len(frames), 170)
    lengths = torch.tensor([HOP * count + count % HOP for count in frames])
    whole = Pieces(HOP, length=1000, context=0, batch=1, before=2, after=2)
    cut = Pieces(HOP, length, context, batch, before=2, after=2, bucket=bucket)
    assert torch.equal(run(cut, wave, lengths), run(whole, wave, lengths))


def test_frames_beyond_the_length_stay() -> None:
    result = run(Pieces(HOP, 10, 0, 10, before=2, after=2), torch.ones(2, 40), torch.tensor([40, 13]))
    assert result[0].count_nonzero() == 10
    assert result[1].count_nonzero() == 3


def test_batches_fit_and_agree() -> None:
    pieces = Pieces(HOP, length=8, context=2, batch=24, bucket=4)
    batches = list(pieces._batches(pieces.cut([100, 3, 7, 22])))
    assert sum(len(batch) for batch in batches) == 13 + 1 + 1 + 3
    for batch in batches:
        assert len(batch) * max(piece.frames for piece in batch) <= 24
        assert len({piece.frames // 4 for piece in batch}) == 1


@pytest.mark.parametrize("samples", [2, 3, 7, 50])
def test_excerpt_goes_on_by_reflection(samples: int) -> None:
    wave = torch.arange(float(samples))
    expected = np.pad(wave.numpy(), (9, 9), mode="reflect")
    assert np.array_equal(excerpt(wave, -9, samples + 9), expected)
    assert np.array_equal(excerpt(wave, 1, samples), wave[1:])


def test_excerpt_of_a_single_sample() -> None:
    assert excerpt(torch.tensor([3.0]), -2, 4).tolist() == [3.0] * 6
