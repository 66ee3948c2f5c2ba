"""Go through recordings in overlapping pieces: memory stays bounded, and like pieces share a batch."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Piece:
    """Frames `start` to `stop` of a row's result, made from its frames `left` to `right`."""

    row: int
    start: int
    stop: int
    left: int
    right: int

    @property
    def frames(self) -> int:
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class Pieces:
    """How an estimator is fed. Lengths are in frames of `hop` samples, margins in samples.

    A piece adds at most `length` frames to the result. It sees `context` frames more on either side, and
    `before` and `after` samples more; beyond its ends the recording goes on by reflection. The pieces of a
    batch have at most `batch` frames in all and agree in `frames // bucket`, unless `bucket` is None.
    """

    hop: int
    length: int
    context: int
    batch: int
    before: int = 0
    after: int = 0
    bucket: int | None = None

    def run(
        self,
        wave: Tensor,
        lengths: Tensor | None,
        function: Callable[[Tensor, list[Piece]], Tensor],
        result: Tensor,
    ) -> Tensor:
        """Fill `result` (B, N // hop, ...) with what `function` makes of the pieces of `wave` (B, N).

        `function` maps waves (b, n) on the device of `result`, padded with zeros to the longest of the
        batch, to (b, at least the frames of each piece, ...). `lengths` (B) are the valid samples of each
        row; frames after them stay as they are.
        """
        rows = [row[:samples] for row, samples in zip(wave, sample_counts(wave, lengths), strict=True)]
        for batch in self._batches(self.cut([len(row) // self.hop for row in rows])):
            excerpts = [self._excerpt(rows[piece.row], piece) for piece in batch]
            waves = torch.nn.utils.rnn.pad_sequence(excerpts, batch_first=True).to(result.device)
            for piece, frames in zip(batch, function(waves, batch), strict=True):
                made = frames[piece.start - piece.left : piece.stop - piece.left]
                result[piece.row, piece.start : piece.stop] = made
        return result

    def cut(self, frames: Sequence[int]) -> list[Piece]:
        """Cut rows of so many frames into pieces."""
        return [
            self._piece(row, start, total)
            for row, total in enumerate(frames)
            for start in range(0, total, self.length)
        ]

    def _piece(self, row: int, start: int, total: int) -> Piece:
        stop = min(start + self.length, total)
        return Piece(row, start, stop, max(start - self.context, 0), min(stop + self.context, total))

    def _batches(self, pieces: list[Piece]) -> Iterator[list[Piece]]:
        batch: list[Piece] = []
        for piece in sorted(pieces, key=lambda piece: piece.frames, reverse=True):
            full = batch and (len(batch) + 1) * batch[0].frames > self.batch
            if full or (batch and self._bucket(piece) != self._bucket(batch[0])):
                yield batch
                batch = []
            batch.append(piece)
        if batch:
            yield batch

    def _bucket(self, piece: Piece) -> int:
        return 0 if self.bucket is None else piece.frames // self.bucket

    def _excerpt(self, wave: Tensor, piece: Piece) -> Tensor:
        return excerpt(wave, piece.left * self.hop - self.before, piece.right * self.hop + self.after)


def sample_counts(wave: Tensor, lengths: Tensor | None) -> list[int]:
    """Return how many samples of each row of `wave` (B, N) are valid."""
    if lengths is None:
        return [wave.shape[-1]] * len(wave)
    return [int(samples) for samples in lengths.tolist()]


def excerpt(wave: Tensor, start: int, stop: int) -> Tensor:
    """Return samples `start` to `stop` of `wave` (N), which goes on by reflection beyond its ends."""
    if start >= 0 and stop <= len(wave):
        return wave[start:stop]
    period = max(2 * (len(wave) - 1), 1)
    index = torch.arange(start, stop, device=wave.device).remainder(period)
    return wave[torch.minimum(index, period - index).clamp(max=len(wave) - 1)]
