"""Fingerprints of recordings: whether two are the same, however they were coded, cut, resampled or turned up.

As in Haitsma and Kalker (2002): the sign of how the energy of neighbouring bands differs and changes. Long
windows make it insensitive to where a recording begins; the share of equal signs at the best alignment says
how alike two recordings are. Another reading of the same sentence by the same person stays well below.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.fft import irfft, rfft

RATE_HZ = 8000  # what every codec and sample rate keeps
WINDOW = 1024  # 128 ms
HOP = 160  # 20 ms
BANDS = 25
LOWEST_HZ, HIGHEST_HZ = 150.0, 3400.0
FRAME_RATE = RATE_HZ // HOP
PIECE_S = 1.6  # compared at a time, so that a recording is found in which only a part is the same
PIECE_HOP_S = 0.8
PIECE = round(PIECE_S * FRAME_RATE)
FLOOR_DB = -60.0  # below the loudest band: nothing there is compared
LEAST_HEARD = 0.4  # share of a piece that must not be silent, or cut off, for anything to be told
SAME = 0.48  # likeness of one recording in two files; another reading of its sentence reached 0.41 at most
BLOCK = 1024  # frames correlated at a time
STEP = BLOCK - PIECE + 1
GROUP = 32


class Match(NamedTuple):
    """How alike two pieces are: 0 by chance, 1 the same, None when it cannot be told; and where."""

    likeness: float | None
    place: int


def signs(wave: np.ndarray) -> np.ndarray:
    """Return the fingerprint (T, BANDS - 1) of a wave (N,) at 8 kHz: -1 and 1, and 0 where it is silent."""
    if len(wave) < WINDOW + HOP:
        return np.zeros((0, BANDS - 1), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(wave, WINDOW)[::HOP]
    power = np.square(np.abs(rfft(frames * np.hanning(WINDOW).astype(np.float32), axis=1)))
    energy = power @ _bands()
    floor = energy.max() * 10 ** (FLOOR_DB / 10) + 1e-20
    level = np.log(energy + floor)
    change = np.diff(np.diff(level, axis=1), axis=0)
    heard = energy[1:].max(axis=1, keepdims=True) > 4 * floor
    return (np.sign(change) * heard).astype(np.float32)


def pieces(fingerprint: np.ndarray) -> list[np.ndarray]:
    """Cut a fingerprint into overlapping pieces of `PIECE_S`; one that is shorter but not too short is one."""
    if len(fingerprint) <= PIECE:
        return [fingerprint] if len(fingerprint) >= PIECE // 2 else []
    last = len(fingerprint) - PIECE
    starts = [*range(0, last, round(PIECE_HOP_S * FRAME_RATE)), last]
    return [fingerprint[start : start + PIECE] for start in starts]


def search(pieces: Sequence[np.ndarray], others: np.ndarray) -> list[Match]:
    """Return for each piece (T <= PIECE, B) the place of `others` (N, B), made by `joined`, that is most like it.

    Correlated by FFT, block by block, all pieces at once: an hour takes a second.
    """
    if not pieces:
        return []
    padded = np.stack([np.pad(piece, ((0, PIECE - len(piece)), (0, 0))) for piece in pieces])
    heard = np.abs(padded).sum(axis=(1, 2))
    spectra = np.conj(rfft(padded, BLOCK, axis=1)).transpose(1, 2, 0)
    best, places = np.zeros(len(pieces)), np.zeros(len(pieces), np.int64)
    for start in range(0, len(others), STEP * GROUP):
        agreement = _correlate(others[start : start + STEP * GROUP + PIECE], spectra)
        place = agreement.argmax(axis=0)
        score = np.take_along_axis(agreement, place[None], axis=0)[0] / np.maximum(heard, 1)
        places = np.where(score > best, start + place, places)
        best = np.maximum(best, score)
    told = heard >= LEAST_HEARD * PIECE * (BANDS - 1)
    rows = zip(best, places, told, strict=True)
    return [Match(float(score) if known else None, int(place)) for score, place, known in rows]


def _correlate(others: np.ndarray, spectra: np.ndarray) -> np.ndarray:
    """Return the agreement (N, P) of pieces, given as spectra (bins, B, P), with `others` from each place on."""
    starts = range(0, max(len(others) - PIECE, 1), STEP)
    missing = max(0, starts[-1] + BLOCK - len(others))
    room = np.pad(others, ((0, missing), (0, 0)))
    blocks = np.stack([room[start : start + BLOCK] for start in starts])
    product = rfft(blocks, axis=1).transpose(1, 0, 2) @ spectra
    return irfft(product, BLOCK, axis=0)[:STEP].transpose(1, 0, 2).reshape(len(starts) * STEP, -1)


def joined(fingerprints: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Lay fingerprints end to end, a piece's length of nothing around each; return that and their starts."""
    gap = np.zeros((PIECE, BANDS - 1), np.float32)
    parts = [part for fingerprint in fingerprints for part in (gap, fingerprint)]
    lengths = [PIECE + len(fingerprint) for fingerprint in fingerprints]
    return np.concatenate([*parts, gap]), np.cumsum([0, *lengths[:-1]], dtype=np.int64)


def _bands() -> np.ndarray:
    """Return the matrix (bins, BANDS) of rectangular bands, evenly spaced in log frequency."""
    edges = np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1) * WINDOW / RATE_HZ
    bins = np.arange(WINDOW // 2 + 1)
    return ((bins[:, None] >= np.floor(edges[:-1])) & (bins[:, None] < np.ceil(edges[1:]))).astype(np.float32)
