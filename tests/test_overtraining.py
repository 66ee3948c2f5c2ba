"""When a training is said to learn by heart, from its two curves."""

from collections.abc import Sequence

from rvc.learning import overtraining
from rvc.learning.history import Row


def rows(held_out: Sequence[float], heard: Sequence[float]) -> list[Row]:
    pairs = zip(held_out, heard, strict=True)
    curve = [Row(100 * n, {"val_mel": a, "heard_mel": b}) for n, (a, b) in enumerate(pairs, 1)]
    return [Row(50, {"loss_mel": 1.0}), *curve, Row(10_000, {"loss_mel": 0.1})]


FALLING = [1.0, 0.8, 0.7, 0.65, 0.6, 0.57, 0.54, 0.52, 0.5, 0.49]


def test_away_from_others_and_nearer_to_its_own() -> None:
    found = overtraining.find(rows([1.0, 0.8, 0.7, 0.68, 0.7, 0.73, 0.76, 0.8, 0.83, 0.85], FALLING))
    assert found is not None
    assert found.since_step == 400
    assert 0.65 < found.then < 0.72 < found.now
    assert "step 400" in found.text
    assert "%" in found.text


def test_a_training_that_still_helps() -> None:
    assert overtraining.find(rows(FALLING, FALLING)) is None


def test_chance_is_not_overtraining() -> None:
    wavering = [1.0, 0.8, 0.7, 0.69, 0.70, 0.69, 0.705, 0.69, 0.70, 0.695]
    assert overtraining.find(rows(wavering, FALLING)) is None


def test_where_both_rise_something_else_goes_on() -> None:
    rising = [1.0, 0.8, 0.6, 0.6, 0.62, 0.66, 0.7, 0.72, 0.73, 0.74]
    assert overtraining.find(rows(rising, [value - 0.05 for value in rising])) is None


def test_one_bad_validation_is_not_enough() -> None:
    assert overtraining.find(rows([1.0, 0.8, 0.7, 0.6, 0.9], FALLING[:5])) is None
    assert overtraining.find([]) is None
