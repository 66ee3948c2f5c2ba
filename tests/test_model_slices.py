"""Random segments of a batch."""

import torch

from rvc.model.slices import draw_starts, slice_segments


def test_segments_start_at_their_own_place() -> None:
    x = torch.arange(24.0).view(2, 1, 12)
    assert slice_segments(x, torch.tensor([0, 7]), 4)[:, 0].tolist() == [[0, 1, 2, 3], [19, 20, 21, 22]]


def test_what_lies_behind_the_end_is_zero() -> None:
    assert slice_segments(torch.ones(1, 1, 3), torch.tensor([0]), 5).tolist() == [[[1, 1, 1, 0, 0]]]


def test_starts_cover_all_places_evenly() -> None:
    lengths = torch.tensor([32, 40, 33, 10]).repeat(2000)
    starts = draw_starts(lengths, 32, torch.Generator().manual_seed(0)).view(-1, 4)
    assert starts[:, 0].unique().tolist() == [0]
    assert starts[:, 1].bincount().tolist() == [n for n in starts[:, 1].bincount().tolist() if 150 < n < 300]
    assert len(starts[:, 1].unique()) == 9
    assert starts[:, 2].unique().tolist() == [0, 1]
    assert starts[:, 3].unique().tolist() == [0]


def test_starts_follow_the_generator() -> None:
    lengths = torch.full((50,), 300)
    draws = [draw_starts(lengths, 32, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)]
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])
