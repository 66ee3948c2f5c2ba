"""Blocks that a voice says one after another, joined without a click.

SOLA (Roucos & Wilgus 1985): a block is moved by some milliseconds to where it goes on most like the one before,
and both are mixed over a fade. It is moved from its own place each time, so that nothing drifts.
"""

import numpy as np

LEAST_ENERGY = 1e-9


class CrossFade:
    """Joins blocks that overlap by what may be searched on both sides and by a fade."""

    def __init__(self, search: int, fade: int) -> None:
        self.search = search
        self.fade = fade
        self._tail: np.ndarray | None = None

    def join(self, wave: np.ndarray, samples: int, *, aligned: bool = False) -> np.ndarray:
        """Return the next `samples` of the stream.

        `wave` begins `search` samples before them and ends `search + fade` after them. It stays where it is if it is
        known to be `aligned` with the block before.
        """
        moved = self.search
        if self._tail is not None and not aligned:
            moved = best_place(self._tail, wave[: 2 * self.search + self.fade])
        piece = wave[moved : moved + samples + self.fade].copy()
        if self._tail is not None:
            piece[: self.fade] = mixed(self._tail, piece[: self.fade])
        self._tail = piece[samples:]
        return piece[:samples]


def best_place(tail: np.ndarray, wave: np.ndarray) -> int:
    """Return where in `wave` (N,) what is there is most like `tail` (M,), by normalised correlation."""
    likeness = np.correlate(wave, tail, "valid")
    energy = np.convolve(wave * wave, np.ones(len(tail), wave.dtype), "valid")
    return int(np.argmax(likeness / np.sqrt(np.maximum(energy, 0) + LEAST_ENERGY)))


def mixed(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Fade from one wave (N,) to another, with the power of both whether they are alike or not."""
    share = (np.arange(len(old), dtype=np.float32) + 0.5) / len(old)
    powers = float(np.dot(old, old) * np.dot(new, new))
    alike = max(float(np.dot(old, new)) / np.sqrt(powers), 0.0) if powers > LEAST_ENERGY**2 else 1.0
    level = np.sqrt(share**2 + (1 - share) ** 2 + 2 * share * (1 - share) * np.float32(alike))
    return ((1 - share) * old + share * new) / level
