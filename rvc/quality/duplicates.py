"""Recordings that are one and the same although their files differ: another codec, rate, level or cut of one take.

The words of their fingerprints are looked up, so that thousands of takes cost no more than sorting; a second reading
of the same sentence is no copy.
"""

import base64
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from rvc.config import CONTENT_RATE_HZ
from rvc.sound import audio, fingerprint

STRETCH = 3000 * fingerprint.HOP  # samples of a wave looked at at a time, a minute
SILENT = 0  # the word of a frame in which nothing is heard
COMMON = 20  # words in more places than this tell nothing
LEAST_WORDS = 2  # that two copies share at one distance
LEAST_OVERLAP = 0.5  # of the shorter recording
SAME_BITS = 0.75  # where they overlap; two readings of one sentence share 0.7 at most


def words(wave: np.ndarray) -> np.ndarray:
    """Return the fingerprint of a 16 kHz wave (N,) as words (T,) uint32, 50 a second."""
    slow = audio.resample(wave, CONTENT_RATE_HZ, fingerprint.RATE_HZ)
    starts = range(0, max(len(slow) - fingerprint.WINDOW, 1), STRETCH)
    return np.concatenate([_words(slow[at : at + STRETCH + fingerprint.WINDOW]) for at in starts])


def pack(found: np.ndarray) -> str:
    """Return words (T,) as text for a JSON file."""
    return base64.b64encode(found.tobytes()).decode("ascii")


def unpack(text: str) -> np.ndarray:
    """Return the words of a text that `pack` made."""
    return np.frombuffer(base64.b64decode(text), np.uint32)


def same(prints: Sequence[np.ndarray]) -> dict[int, int]:
    """Map every recording that is an earlier one again, or a part of it, to that one, by their words."""
    first: dict[int, int] = {}
    for (one, other), offsets in sorted(_candidates(prints).items()):
        if other not in first and any(_agree(prints[one], prints[other], offset) for offset in offsets):
            first[other] = first.get(one, one)
    return first


def _words(wave: np.ndarray) -> np.ndarray:
    """Return the words of a stretch (N,) at the fingerprint's rate."""
    signs = fingerprint.signs(wave)
    packed = np.packbits(signs > 0, axis=1)
    words = np.ascontiguousarray(np.pad(packed, ((0, 0), (0, 4 - packed.shape[1])))).view(np.uint32)
    return np.where((signs != 0).any(axis=1), words.ravel(), np.uint32(SILENT))


def _candidates(prints: Sequence[np.ndarray]) -> dict[tuple[int, int], list[int]]:
    """Map pairs of recordings to the distances in frames at which they share words."""
    shared: Counter[tuple[int, int, int]] = Counter()
    for takes, frames in _rare(prints):
        for place, (one, start) in enumerate(zip(takes, frames, strict=True)):
            for other, frame in zip(takes[place + 1 :], frames[place + 1 :], strict=True):
                if other != one:
                    shared[one, other, frame - start] += 1
    found: dict[tuple[int, int], list[int]] = {}
    for (one, other, offset), count in shared.items():
        if count >= LEAST_WORDS:
            found.setdefault((one, other), []).append(offset)
    return found


def _rare(prints: Sequence[np.ndarray]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the recordings, in order, and the frames of every word that stands in a few places."""
    everything = np.concatenate([np.zeros(0, np.uint32), *prints])
    takes = np.repeat(np.arange(len(prints)), [len(one) for one in prints])
    frames = np.concatenate([np.zeros(0, int), *(np.arange(len(one)) for one in prints)])
    order = np.argsort(everything, kind="stable")
    edges = np.flatnonzero(np.diff(everything[order])) + 1
    for group in np.split(order, edges):
        if 2 <= len(group) <= COMMON and everything[group[0]] != SILENT:
            yield takes[group].tolist(), frames[group].tolist()


def _agree(one: np.ndarray, other: np.ndarray, offset: int) -> bool:
    """Tell whether two recordings are the same where they overlap, `other` being `offset` frames late."""
    start, stop = max(0, -offset), min(len(one), len(other) - offset)
    ours, theirs = one[start:stop], other[start + offset : stop + offset]
    heard = (ours != SILENT) & (theirs != SILENT)
    shorter = min(np.count_nonzero(one), np.count_nonzero(other))
    if heard.sum() < LEAST_OVERLAP * shorter:
        return False
    different = np.bitwise_count(ours ^ theirs)[heard].mean()
    return bool(different <= (1 - SAME_BITS) * (fingerprint.BANDS - 1))
