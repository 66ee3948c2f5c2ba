"""What the networks hear of a recording: 16 kHz, not too loud, without rumble, in chunks with their surroundings."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from typing import Self, TypeAlias

import numpy as np
import torch
from torch import Tensor

from rvc.analysis.pitch import PitchEstimator
from rvc.config import CONTENT_RATE_HZ
from rvc.sound import audio, streams
from rvc.sound.audio import Stream
from rvc.sound.spool import BLOCK, Samples, Spool, reflected
from rvc.synthesis import chunks
from rvc.synthesis.chunks import CONTEXT, HOP

SOURCE_PEAK = 0.95  # of full scale: louder sources are turned down before anything hears them
SETTLED_S = 1.0  # after which the high-pass filter has forgotten its start to e^-90
SPAN_S = 120  # of the recording, whose pitch is estimated at once

Clean: TypeAlias = Callable[[Samples], Iterator[np.ndarray]]
Advance: TypeAlias = Callable[[int], None]
"""Is told of frames that are done, and raises where the work is to stop."""


def silently(_frames: int) -> None:
    """Tell nobody."""


class Source:
    """A recording of any length: `wave` at 16 kHz, and the `parts` of it that are no long silence."""

    def __init__(self, wave: Spool, samples: int, rate: int, chunk_s: float) -> None:
        """`samples` at `rate` is how long the recording itself is."""
        self.wave = wave
        self.samples = samples
        self.rate = rate
        self.parts = chunks.cut(wave, chunk_s)

    @classmethod
    def hear(
        cls, recording: Stream, chunk_s: float, cleaned: Clean | None = None, advance: Advance = silently
    ) -> Self:
        """Take in a recording; `cleaned` yields blocks of what it is to be taken for at 16 kHz instead.

        `advance` is told of no progress, but may raise.
        """
        counted = Counted(recording.blocks, advance)
        with Spool.of(streams.resampled(counted, recording.rate, CONTENT_RATE_HZ), CONTENT_RATE_HZ) as raw:
            gain = min(1.0, SOURCE_PEAK / raw.peak) if raw.peak else 1.0
            with nullcontext(raw) if cleaned is None else Spool.of(cleaned(raw), raw.rate) as clean:
                wave = Spool.of(streams.scaled(highpassed(clean), gain), CONTENT_RATE_HZ)
        return cls(wave, counted.samples, recording.rate, chunk_s)

    @property
    def frames(self) -> int:
        return chunks.total_frames(len(self.wave))

    def length(self, rate: int) -> int:
        """Return how many samples at another rate last as long as the recording, to the nearest."""
        return (2 * self.samples * rate + self.rate) // (2 * self.rate)

    def heard(self, start: int, stop: int) -> Tensor:
        """Return what is heard (1, N) of the frames `start` to `stop`: `CONTEXT` more at both ends."""
        wave = reflected(self.wave, (start - CONTEXT) * HOP, (stop + CONTEXT) * HOP)
        return torch.from_numpy(wave)[None]

    def estimate_pitch(self, estimator: PitchEstimator, advance: Advance = silently) -> Tensor:
        """Return the pitch of all frames and `CONTEXT` more at both ends, Hz on the CPU; 0 in long silences.

        `advance` is told of the frames done.
        """
        f0 = torch.zeros(self.frames + 2 * CONTEXT)
        known = 0  # of f0, from an earlier span
        for start, stop in chunks.spans(self.parts, SPAN_S * CONTENT_RATE_HZ // HOP):
            found = estimator.estimate(self.heard(start, stop))[0].float().cpu()
            new = CONTEXT if start + 2 * CONTEXT == known else 0
            f0[start + new : stop + 2 * CONTEXT] = found[new:]
            advance(stop - max(known - 2 * CONTEXT, 0))
            known = stop + 2 * CONTEXT
        advance(self.frames - max(known - 2 * CONTEXT, 0))
        return f0

    def close(self) -> None:
        self.wave.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


class Counted:
    """Passes blocks on and counts their samples."""

    def __init__(self, blocks: Iterable[np.ndarray], advance: Advance) -> None:
        self.samples = 0
        self._blocks = blocks
        self._advance = advance

    def __iter__(self) -> Iterator[np.ndarray]:
        for block in self._blocks:
            self.samples += len(block)
            self._advance(0)
            yield block


def highpassed(wave: Samples, rate: int = CONTENT_RATE_HZ) -> Iterator[np.ndarray]:
    """Yield what `audio.highpass` makes of the whole with zero phase: every block is filtered with its surroundings."""
    around = round(SETTLED_S * rate)
    for start in range(0, len(wave), BLOCK):
        before = min(start, around)
        part = audio.highpass(wave[start - before : start + BLOCK + around], rate, zero_phase=True)
        yield part[before : before + BLOCK]
