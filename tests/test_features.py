import numpy as np
import torch

from rvc.analysis import features
from rvc.analysis.features import Features
from tests.sounds import CrossingEstimator, LoudnessEncoder, voice


def clips() -> list[np.ndarray]:
    lengths = [0.4, 3.7, 1.3, 3.68, 0.42, 2.9]
    return [voice(length, seed=number) for number, length in enumerate(lengths)]


def test_batched_features_are_those_of_single_clips() -> None:
    networks = Features(LoudnessEncoder(), CrossingEstimator(), torch.device("cpu"))
    waves = clips()
    found = {described.index: described for described in networks.describe(waves)}
    assert sorted(found) == list(range(len(waves)))
    for index, wave in enumerate(waves):
        (alone,) = networks.describe([wave])
        assert found[index].content.shape == (len(wave) // 320, 4)
        assert found[index].f0.shape == (len(wave) // 160,)
        assert found[index].content.dtype == np.float16
        assert np.array_equal(found[index].content, alone.content)


def test_batches_hold_clips_of_similar_length() -> None:
    random = np.random.default_rng(0)
    lengths = random.integers(6400, 64000, 500).tolist()
    found = list(features.batches(lengths))
    assert sorted(index for batch in found for index in batch) == list(range(500))
    padded = sum(len(batch) * max(lengths[index] for index in batch) for batch in found)
    assert padded < 1.1 * sum(lengths)
    assert all(len(batch) * max(lengths[i] for i in batch) <= features.BATCH_SAMPLES for batch in found)
    assert len(found) < 120


def test_a_clip_longer_than_a_batch_goes_alone() -> None:
    assert list(features.batches([10**7, 320, 10**7])) == [[0], [2], [1]]
    assert list(features.batches([])) == []
