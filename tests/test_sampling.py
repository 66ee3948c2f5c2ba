import numpy as np
import pytest

from rvc.learning import sampling
from rvc.learning.sampling import Pool


def pool(*counts: int, frames: int = 300) -> Pool:
    """Return a pool of speakers with so many clips each."""
    speakers = np.repeat(np.arange(len(counts)), counts)
    return Pool(speakers, np.full(len(speakers), frames))


def test_one_speaker_says_every_clip_once_an_epoch_in_the_order_of_old() -> None:
    for epoch in (0, 3):
        expected = np.random.default_rng([7, sampling.ORDER, epoch]).permutation(11)
        assert np.array_equal(pool(11).order(epoch, 7), expected)


def test_speakers_have_turns_by_the_square_root_of_their_minutes() -> None:
    order = np.concatenate([pool(900, 100, 25).order(epoch, 0) for epoch in range(4)])
    shares = np.bincount(np.digitize(order, [900, 1000]), minlength=3) / len(order)
    assert shares == pytest.approx(np.array([30, 10, 5]) / 45, abs=0.01)


def test_no_clip_of_a_speaker_comes_again_before_all_others_came() -> None:
    many, few = pool(40, 4), range(40, 44)
    order = np.concatenate([many.order(epoch, 3) for epoch in range(30)])
    for clips in (range(40), few):
        counts = np.bincount(order, minlength=44)[list(clips)]
        assert counts.max() - counts.min() <= 1


def test_an_order_depends_on_seed_and_epoch_only() -> None:
    first, again = pool(20, 5), pool(20, 5)
    assert np.array_equal(first.order(9, 1), again.order(9, 1))
    first.order(0, 1)
    again.order(4, 1)
    assert np.array_equal(first.order(1, 1), again.order(1, 1))
    assert not np.array_equal(first.order(1, 1), first.order(1, 2))


def test_the_smallest_speaker_has_a_turn() -> None:
    tiny = Pool(np.array([0] * 99 + [1]), np.array([100_000] * 99 + [40]))
    assert 99 in tiny.order(0, 0)
