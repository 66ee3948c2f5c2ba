"""Long recordings in pieces: where they are cut, and how what was made of the pieces is joined again.

Long silences are in no piece: no network hears them, and they stay silent.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from rvc.config import CONTENT_FRAME_RATE, CONTENT_RATE_HZ, FRAME_RATE
from rvc.sound import streams
from rvc.sound.spool import Samples, blocks

CONTENT_FRAME = FRAME_RATE // CONTENT_FRAME_RATE  # pitch frames; chunks begin and end with a whole one
HOP = CONTENT_RATE_HZ // FRAME_RATE
REFERENCE_WINDOW = HOP  # samples over which quietness is judged
PAUSE = 10 * HOP  # the same for our own cuts, which need room for a fade
CONTEXT = 100  # frames that a chunk hears, but does not speak, on either side
HIDDEN = CONTEXT - 10  # frames of that which are far enough from what is heard of a chunk
FADE = 2  # frames on either side of a joint over which two chunks are mixed
SEARCH = 0.25  # of a chunk's length, before and after: where a quiet place is looked for
SPARE = 1.25  # recordings up to so many chunks long stay whole
SILENT_DB = -60.0  # below the loudest frame of a recording
SILENT_DBFS = -85.0  # nobody hears this, however quiet the rest is
MARGIN = 20  # frames that belong to a sound before and after it
LEAST_SILENCE = 2 * (CONTEXT + MARGIN + CONTENT_FRAME)  # frames: a shorter pause is heard as context anyway


@dataclass(frozen=True, slots=True)
class Chunk:
    """Frames `start` to `stop` of `total` at 100 frames/s."""

    start: int
    stop: int
    total: int

    @property
    def frames(self) -> int:
        return self.stop - self.start

    @property
    def heard(self) -> slice:
        """The frames that the networks are given, of a recording with `CONTEXT` more frames at both ends."""
        return slice(self.start, self.stop + 2 * CONTEXT)

    @property
    def own(self) -> tuple[int, int]:
        """The frames `first` to `last`, counted among those that are heard."""
        return self.first - self.start + CONTEXT, self.last - self.start + CONTEXT

    def gain(self, start: int, stop: int, hop: int) -> np.ndarray:
        """Return what the samples `start` to `stop` of its own frames are multiplied with: they fade at the joints.

        The fades of two neighbours add up to one; they are straight lines because both say the same.
        """
        place, length = np.arange(start, stop) + 0.5, 2 * FADE * hop
        rising = place / length if self.first > 0 else np.ones(len(place))
        if self.last < self.total:
            rising = np.minimum(rising, ((self.last - self.first) * hop - place) / length)
        return np.minimum(rising, 1).astype(np.float32)

    @property
    def first(self) -> int:
        """The first frame that sounds, half a fade before the chunk."""
        return max(self.start - FADE, 0)

    @property
    def last(self) -> int:
        return min(self.stop + FADE, self.total)


def join(pieces: Iterable[tuple[Chunk, Iterable[np.ndarray]]], total: int, hop: int) -> Iterator[np.ndarray]:
    """Yield the whole, total * hop samples, of chunks and the blocks that were made of their own frames.

    Neighbours are cross-faded; between chunks that are none there is silence. A block goes on as soon as it comes, but
    for what the next chunk may be mixed with.
    """
    held = 2 * FADE * hop
    done = 0
    tail = np.zeros(0, np.float32)
    for chunk, blocks_said in pieces:
        apart = chunk.first * hop - done
        yield tail[:apart]
        yield from streams.silence(apart - len(tail))
        overlap, tail, place = tail[apart:], tail[:0], 0
        for block in blocks_said:
            piece = block * chunk.gain(place, place + len(block), hop)
            before = overlap[place : place + len(piece)]
            piece[: len(before)] += before
            place += len(piece)
            tail = np.concatenate([tail, piece])
            yield tail[:-held]
            tail = tail[-held:]
        done = chunk.last * hop - len(tail)
    yield tail
    yield from streams.silence(total * hop - done - len(tail))


def carry_phase(f0: Tensor, cycles: Tensor, heard: slice, count: Callable[[Tensor], Tensor]) -> Tensor:
    """Return the pitch of the heard frames of f0 (T,), such that a network's source goes on in phase.

    A network counts cycles from its first frame: `count` gives those (T,) done when each frame starts, `cycles` are
    those of the whole.
    """
    return turn(f0[heard].clone(), cycles[heard], count) if heard.start else f0[heard].clone()


def turn(part: Tensor, expected: Tensor, count: Callable[[Tensor], Tensor]) -> Tensor:
    """Return a pitch (T,) after whose hidden frames `count` agrees with the expected cycles (T,), modulo one.

    A frame of pure context is raised by less than 100 Hz, which turns all that follows by just what is lacking.
    """
    voiced = part[: HIDDEN + 2] > 0
    inner = (voiced[:-2] & voiced[1:-1] & voiced[2:]).nonzero()
    if not len(inner):
        return part
    frame = int(inner[0, 0]) + 1
    lacking = expected[frame + 1] - count(part)[frame + 1]
    part[frame] += (lacking % 1) * FRAME_RATE
    return part


def cut(wave: Samples, seconds: float) -> list[Chunk]:
    """Cut a 16 kHz wave into chunks of about so many seconds, at quiet places, without losing a sound."""
    total = total_frames(len(wave))
    return [
        Chunk(start, stop, total)
        for sound in sounds(wave)
        for start, stop in _cut_sound(wave, sound, int(seconds * CONTENT_RATE_HZ))
    ]


def _cut_sound(wave: Samples, sound: tuple[int, int], length: int) -> list[tuple[int, int]]:
    """Cut the frames of a sound into those of chunks of about `length` samples."""
    first, last = sound
    start, stop = first * HOP, min(last * HOP, len(wave))
    places: list[int] = []
    if stop - start > SPARE * length:
        places = quiet_places(wave, length, int(SEARCH * length), PAUSE, start, stop)
    edges = [first]
    for place in places:
        edge = place // (CONTENT_FRAME * HOP) * CONTENT_FRAME
        if edge - edges[-1] >= CONTEXT and last - edge >= CONTEXT:
            edges.append(edge)
    return list(zip(edges, [*edges[1:], last], strict=True))


def sounds(wave: Samples) -> list[tuple[int, int]]:
    """Return where a 16 kHz wave sounds, in whole content frames: only long silences are left out."""
    total = total_frames(len(wave))
    levels = np.concatenate([np.zeros(0), *(_frame_levels(block) for block in blocks(wave, HOP << 11))])
    loud = np.flatnonzero(levels > max(levels.max(initial=0) * _gain(SILENT_DB), _gain(SILENT_DBFS)))
    if not len(loud):
        return []
    gaps = np.flatnonzero(np.diff(loud) > LEAST_SILENCE)
    starts = [loud[0] if loud[0] > LEAST_SILENCE else MARGIN, *loud[gaps + 1]]
    stops = [*loud[gaps], loud[-1] if total - loud[-1] > LEAST_SILENCE else total]
    return [
        (_whole(start - MARGIN), min(_whole(stop + 1 + MARGIN + 1), total))
        for start, stop in zip(starts, stops, strict=True)
    ]


def _whole(frame: int) -> int:
    return int(frame) // CONTENT_FRAME * CONTENT_FRAME


def _frame_levels(block: np.ndarray) -> np.ndarray:
    """Return the rms of the frames of a block (N,), the last of which may be short."""
    frames = np.pad(block, (0, -len(block) % HOP)).reshape(-1, HOP)
    return np.sqrt(np.einsum("tn,tn->t", frames, frames, dtype=np.float64) / HOP)


def _gain(decibels: float) -> float:
    return float(10 ** (decibels / 20))


def spans(parts: list[Chunk], longest: int) -> list[tuple[int, int]]:
    """Group neighbouring chunks into spans (start, stop) of at most so many frames, or of one chunk."""
    found: list[tuple[int, int]] = []
    for part in parts:
        start, stop = found[-1] if found else (-1, -1)
        if stop == part.start and part.stop - start <= longest:
            found[-1] = (start, part.stop)
        else:
            found.append((part.start, part.stop))
    return found


def total_frames(samples: int) -> int:
    """Return how many frames hold so many samples at 16 kHz: whole content frames, the last one filled up."""
    return CONTENT_FRAME * -(-samples // (CONTENT_FRAME * HOP))


def quiet_places(
    wave: Samples,
    distance: int,
    search: int,
    window: int = REFERENCE_WINDOW,
    start: int = 0,
    stop: int | None = None,
) -> list[int]:
    """Return the quietest sample within `search` of every multiple of `distance`, the first if several are.

    As WebUI does it: quietness is the sum of |x| over a window around a sample, the wave reflected at its ends.
    Multiples count from `start`; nothing is looked for from `stop` on.
    """
    end = len(wave) if stop is None else stop
    places = []
    for centre in range(start + distance, end, distance):
        low, high = centre - search, min(centre + search, end)
        places.append(low + int(np.argmin(_levels(wave, low, high, window))))
    return places


def _levels(wave: Samples, start: int, stop: int, window: int) -> np.ndarray:
    """Return the sum of |x| over the window around each of the samples `start` to `stop`."""
    low, high = start - window // 2, stop + window // 2 - 1
    inside = wave[max(low, 0) : high]
    beyond = (max(-low, 0), max(high - len(wave), 0))
    heard = np.abs(np.pad(inside, beyond, mode="reflect"), dtype=np.float64)
    sums = np.concatenate([[0.0], np.cumsum(heard)])
    return sums[window:] - sums[:-window]
