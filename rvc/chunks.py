"""Long recordings in pieces: where they are cut, and how what was made of the pieces is joined again."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from rvc.config import CONTENT_FRAME_RATE, CONTENT_RATE_HZ, FRAME_RATE

CONTENT_FRAME = FRAME_RATE // CONTENT_FRAME_RATE  # pitch frames; chunks begin and end with a whole one
HOP = CONTENT_RATE_HZ // FRAME_RATE
REFERENCE_WINDOW = HOP  # samples over which quietness is judged
PAUSE = 10 * HOP  # the same for our own cuts, which need room for a fade
CONTEXT = 100  # frames that a chunk hears, but does not speak, on either side
HIDDEN = CONTEXT - 10  # frames of that which are far enough from what is heard of a chunk
FADE = 2  # frames on either side of a joint over which two chunks are mixed
SEARCH = 0.25  # of a chunk's length, before and after: where a quiet place is looked for
SPARE = 1.25  # recordings up to so many chunks long stay whole


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

    def add(self, spoken: np.ndarray, to: np.ndarray, hop: int) -> None:
        """Mix what was made of the heard frames into the whole (total * hop,), fading at the joints.

        The fades of two neighbours add up to one; they are straight lines because both say the same.
        """
        first, last = max(self.start - FADE, 0), min(self.stop + FADE, self.total)
        offset = (CONTEXT - self.start) * hop
        piece = spoken[first * hop + offset : last * hop + offset]
        ramp = (np.arange(2 * FADE * hop, dtype=np.float32) + 0.5) / (2 * FADE * hop)
        if first > 0:
            piece[: len(ramp)] *= ramp
        if last < self.total:
            piece[-len(ramp) :] *= ramp[::-1]
        to[first * hop : last * hop] += piece


def carry_phase(f0: Tensor, cycles: Tensor, heard: slice, count: Callable[[Tensor], Tensor]) -> Tensor:
    """Return the pitch of the heard frames of f0 (T,), such that a network's source goes on in phase.

    A network counts cycles from its first frame: `count` gives those (T,) done when each frame starts, `cycles` are
    those of the whole. A frame of pure context is raised by less than 100 Hz, which turns all that follows by just
    what is lacking.
    """
    part = f0[heard].clone()
    voiced = part[: HIDDEN + 2] > 0
    inner = (voiced[:-2] & voiced[1:-1] & voiced[2:]).nonzero()
    if heard.start == 0 or not len(inner):
        return part
    frame = int(inner[0, 0]) + 1
    lacking = cycles[heard.start + frame + 1] - count(part)[frame + 1]
    part[frame] += (lacking % 1) * FRAME_RATE
    return part


def cut(wave: np.ndarray, seconds: float) -> list[Chunk]:
    """Cut a 16 kHz wave into chunks of about so many seconds, at quiet places, without losing a frame."""
    total = total_frames(len(wave))
    length = int(seconds * CONTENT_RATE_HZ)
    places: list[int] = []
    if len(wave) > SPARE * length:
        places = quiet_places(wave, length, int(SEARCH * length), PAUSE)
    edges = [0]
    for place in places:
        edge = place // (CONTENT_FRAME * HOP) * CONTENT_FRAME
        if edge - edges[-1] >= CONTEXT and total - edge >= CONTEXT:
            edges.append(edge)
    return [Chunk(start, stop, total) for start, stop in zip(edges, [*edges[1:], total], strict=True)]


def total_frames(samples: int) -> int:
    """Return how many frames hold so many samples at 16 kHz: whole content frames, the last one filled up."""
    return CONTENT_FRAME * -(-samples // (CONTENT_FRAME * HOP))


def quiet_places(wave: np.ndarray, distance: int, search: int, window: int = REFERENCE_WINDOW) -> list[int]:
    """Return the quietest sample within `search` of every multiple of `distance`, the first if several are.

    As WebUI does it: quietness is the sum of |x| over a window around a sample, the wave reflected at its ends.
    """
    places = []
    for centre in range(distance, len(wave), distance):
        start, stop = centre - search, min(centre + search, len(wave))
        places.append(start + int(np.argmin(_levels(wave, start, stop, window))))
    return places


def _levels(wave: np.ndarray, start: int, stop: int, window: int) -> np.ndarray:
    """Return the sum of |x| over the window around each of the samples `start` to `stop`."""
    low, high = start - window // 2, stop + window // 2 - 1
    inside = wave[max(low, 0) : high]
    beyond = (max(-low, 0), max(high - len(wave), 0))
    heard = np.abs(np.pad(inside, beyond, mode="reflect"), dtype=np.float64)
    sums = np.concatenate([[0.0], np.cumsum(heard)])
    return sums[window:] - sums[:-window]
