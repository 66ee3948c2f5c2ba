"""Which clips a training sees, and in what order: a function of the seed and the epoch.

Of several speakers each has turns by the square root of its minutes, so that one with an hour does not drown one with
a minute, and still has more to say.
"""

from collections.abc import Sequence

import numpy as np

ORDER, STARTS, TURNS = 1, 2, 3  # what a random draw is for


def random(seed: int, *purpose: int) -> np.random.Generator:
    """Return a generator that depends on the seed and on what it is for."""
    return np.random.default_rng([seed % 2**63, *purpose])


class Pool:
    """The clips of all speakers, and how often each speaker has its turn in an epoch."""

    def __init__(self, speakers: np.ndarray, frames: np.ndarray) -> None:
        """Take the speaker and the length of every clip, (N,) each."""
        self._clips: Sequence[np.ndarray] = [
            np.flatnonzero(speakers == speaker) for speaker in np.unique(speakers)
        ]
        weights = np.array([frames[clips].sum() ** 0.5 for clips in self._clips])
        turns = np.rint(len(frames) * weights / weights.sum()).astype(int)
        self._turns: list[int] = np.maximum(turns, 1).tolist()
        self.epoch_length = sum(self._turns)
        self._orders: dict[tuple[int, int], np.ndarray] = {}

    def order(self, epoch: int, seed: int) -> np.ndarray:
        """Return the clips (epoch_length,) of an epoch; of one speaker, every clip once."""
        key = epoch, seed
        if key not in self._orders:  # steps ask for the same one or two again and again
            self._orders = dict([*self._orders.items()][-1:]) | {key: self._shuffled(epoch, seed)}
        return self._orders[key]

    def _shuffled(self, epoch: int, seed: int) -> np.ndarray:
        drawn = np.concatenate([self._drawn(number, epoch, seed) for number in range(len(self._clips))])
        shuffled: np.ndarray = drawn[random(seed, ORDER, epoch).permutation(len(drawn))]
        return shuffled

    def _drawn(self, number: int, epoch: int, seed: int) -> np.ndarray:
        """Return a speaker's clips of an epoch: it goes through all of them before any comes again."""
        clips, turns = self._clips[number], self._turns[number]
        if len(self._clips) == 1:
            return clips
        rounds, places = np.divmod(np.arange(epoch * turns, (epoch + 1) * turns), len(clips))
        parts = [
            random(seed, TURNS, number, int(one)).permutation(clips)[places[rounds == one]]
            for one in np.unique(rounds)
        ]
        return np.concatenate(parts)
