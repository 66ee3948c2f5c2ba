"""A prepared dataset in memory, and the batches that a training step sees.

Everything stays as it is stored (int16 waves, fp16 features) in RAM or in the GPU's memory, framed so that
one index per frame finds wave, features and pitch. A batch depends on the seed and the step alone: a resumed
training sees what an uninterrupted one would have seen. Nothing here waits for the GPU.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rvc.config import FRAME_RATE
from rvc.datasets.dataset import ClipCard, Prepared, Split
from rvc.datasets.takes import FULL_SCALE, Take
from rvc.device import free_bytes
from rvc.errors import InputError
from rvc.learning import sampling

LENGTH_JITTER = 50  # frames by which clips of a batch may differ, so that epochs mix them anew
GPU_SHARE = 0.5  # a dataset that fills more than this part of the GPU's free memory stays in RAM


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip: content (T/2, dim) fp16, f0 (T,) Hz, wave (T*hop,) float32."""

    content: Tensor
    f0: Tensor
    wave: Tensor
    speaker: int
    name: str
    source: str
    bandwidth_hz: float | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Clips by frames: content (B, T, dim), f0 (B, T) Hz, wave (B, 1, T*hop), lengths and speaker (B).

    `bandwidth_hz` (B) is up to where each wave holds anything; None, known without asking the device, where all fill
    the dataset's rate.
    """

    content: Tensor
    f0: Tensor
    lengths: Tensor
    wave: Tensor
    speaker: Tensor
    bandwidth_hz: Tensor | None = None

    def __len__(self) -> int:
        return len(self.content)

    def rows(self, rows: slice) -> "Batch":
        """Return some of the rows, padded as they are here."""
        parts: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, part in parts.items():
            parts[name] = None if part is None else part[rows]
        return Batch(**parts)


def load(
    prepared: Prepared, split: Split, device: torch.device | str = "cpu", *, widest_is_full: bool = True
) -> "Clips":
    """Read one side of a prepared dataset. Raises `InputError` damaged_take when a file is not as written.

    `widest_is_full`: take the widest recordings of the dataset for full ones. Without a base nothing else could teach
    what lies above them, and what nobody teaches is noise.
    """
    cards = _as_full(prepared.clips, prepared.clips_of(split)) if widest_is_full else prepared.clips_of(split)
    takes: dict[str, Take] = {}
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for card in cards:
        if card.file not in takes:
            takes = {card.file: prepared.read(card.file)}  # clips are ordered by take: one is open at a time
        parts.append(_arrays(takes[card.file], card, prepared.hop))
    return Clips(cards, parts, prepared.hop, prepared.encoder.dim, torch.device(device))


def _as_full(every: Sequence[ClipCard], cards: Sequence[ClipCard]) -> list[ClipCard]:
    """Return `cards` with no bandwidth where it is the widest of `every` clip."""
    widest = max((_reach_hz(card) for card in every), default=math.inf)
    return [
        card.model_copy(update={"bandwidth_hz": None}) if _reach_hz(card) >= widest else card
        for card in cards
    ]


def _reach_hz(card: ClipCard) -> float:
    return math.inf if card.bandwidth_hz is None else card.bandwidth_hz


def _arrays(take: Take, card: ClipCard, hop: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    start, end = card.offset, card.offset + card.frames
    wave = take.wave[start * hop : end * hop].reshape(card.frames, hop)
    return wave, take.content[start // 2 : end // 2], take.f0[start:end]


class Clips:
    """The clips of one side, end to end: waves (ΣT, hop) int16, content (ΣT/2, dim) fp16, f0 (ΣT)."""

    def __init__(
        self,
        cards: Sequence[ClipCard],
        parts: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]],
        hop: int,
        dim: int,
        device: torch.device,
    ) -> None:
        self.device = device
        self._cards = list(cards)
        self._frames = np.array([card.frames for card in cards], np.int64)
        self._offsets = np.cumsum(self._frames) - self._frames
        self._speakers = np.array([card.speaker for card in cards], np.int64)
        self._bandwidths = np.array([_reach_hz(card) for card in cards], np.float32)
        self._pool = sampling.Pool(self._speakers, self._frames)
        self._scales = np.array([card.scale / FULL_SCALE for card in cards], np.float32)
        empty = (np.zeros((0, hop), np.int16), np.zeros((0, dim), np.float16), np.zeros(0, np.float32))
        columns = zip(empty, *parts, strict=True)
        wave, content, f0 = (torch.from_numpy(np.concatenate(column)) for column in columns)
        home = _home(device, wave.nbytes + content.nbytes + f0.nbytes)
        self._wave, self._content, self._f0 = wave.to(home), content.to(home), f0.to(home)

    def __len__(self) -> int:
        return len(self._cards)

    @property
    def seconds(self) -> float:
        return float(self._frames.sum()) / FRAME_RATE

    @property
    def usual_pitch_hz(self) -> float | None:
        """The median over all voiced frames, Hz; None when nothing is voiced."""
        return _median_hz(self._f0)

    def usual_pitch_of(self, speaker: int) -> float | None:
        """Return the same of one speaker."""
        spoken = torch.from_numpy(np.repeat(self._speakers == speaker, self._frames))
        return _median_hz(self._f0[spoken.to(self._f0.device)])

    @property
    def cards(self) -> list[ClipCard]:
        return list(self._cards)

    def clip(self, index: int) -> Clip:
        """Return one clip whole, on the device."""
        card, start = self._cards[index], int(self._offsets[index])
        frames = slice(start, start + card.frames)
        return Clip(
            content=self._content[start // 2 : (start + card.frames) // 2].to(self.device),
            f0=self._f0[frames].to(self.device),
            wave=self._wave[frames].to(self.device).float().flatten() * float(self._scales[index]),
            speaker=card.speaker,
            name=card.name,
            source=card.take,
            bandwidth_hz=card.bandwidth_hz,
        )

    def batch(self, step: int, batch_size: int, seed: int, multiple: int = 1) -> Batch:
        """Return whole clips of similar length: each once an epoch, a few twice to fill the last batch.

        They are padded to the longest, and to a multiple of so many frames.
        """
        self._check_not_empty()
        epoch, number = divmod(step, -(-self._pool.epoch_length // batch_size))
        ids = self._epoch(epoch, batch_size, seed)[number]
        frames = -(-int(self._frames[ids].max()) // multiple) * multiple
        return self._gather(ids, np.zeros_like(ids), frames)

    def segments(self, step: int, batch_size: int, seed: int, frames: int) -> Batch:
        """Return random stretches of exactly `frames` frames: each clip once an epoch, short ones padded."""
        self._check_not_empty()
        places = np.arange(step * batch_size, (step + 1) * batch_size)
        epochs, numbers = np.divmod(places, self._pool.epoch_length)
        orders = {epoch: self._pool.order(int(epoch), seed) for epoch in np.unique(epochs)}
        ids = np.array([orders[epoch][number] for epoch, number in zip(epochs, numbers, strict=True)])
        room = np.maximum(self._frames[ids] - frames, 0)
        # Even starts: two frames share one frame of content.
        starts = 2 * sampling.random(seed, sampling.STARTS, step).integers(0, room // 2, endpoint=True)
        return self._gather(ids, starts, frames)

    def _check_not_empty(self) -> None:
        if not len(self):
            raise InputError("empty_split", "This part of the prepared dataset holds no clips.")

    def _epoch(self, epoch: int, batch_size: int, seed: int) -> np.ndarray:
        """Return clip numbers (batches, batch_size): clips of about one length together, batches shuffled."""
        batches = -(-self._pool.epoch_length // batch_size)
        order = np.resize(self._pool.order(epoch, seed), batches * batch_size)
        random = sampling.random(seed, sampling.ORDER, epoch, batch_size)
        length = self._frames[order] + random.uniform(0, LENGTH_JITTER, len(order))
        return random.permutation(order[np.argsort(length)].reshape(-1, batch_size))

    def _gather(self, ids: np.ndarray, starts: np.ndarray, frames: int) -> Batch:
        """Cut `frames` frames of every clip from its start; what lies beyond a clip's end is zero."""
        home = self._f0.device
        lengths = np.minimum(self._frames[ids] - starts, frames)
        numbers = np.stack([self._offsets[ids] + starts, lengths, self._speakers[ids]])
        first, valid, speaker = _move(torch.from_numpy(numbers), home)
        scale = _move(torch.from_numpy(self._scales[ids]), self.device)
        time = torch.arange(frames, device=home)
        inside = time < valid[:, None]
        index = torch.where(inside, first[:, None] + time, 0)
        wave = _move(self._wave[index], self.device).float() * scale[:, None, None]
        content = _move(self._content[index // 2], self.device).float()
        f0, inside, valid, speaker = (
            _move(part, self.device) for part in (self._f0[index], inside, valid, speaker)
        )
        return Batch(
            content=content * inside[..., None],
            f0=f0 * inside,
            lengths=valid,
            wave=(wave * inside[..., None]).reshape(len(ids), 1, -1),
            speaker=speaker,
            bandwidth_hz=self._band(ids),
        )

    def _band(self, ids: np.ndarray) -> Tensor | None:
        bandwidths = self._bandwidths[ids]
        return None if np.isinf(bandwidths).all() else _move(torch.from_numpy(bandwidths), self.device)


def _median_hz(f0: Tensor) -> float | None:
    voiced = f0[f0 > 0]
    return float(voiced.median()) if len(voiced) else None


def _move(tensor: Tensor, device: torch.device) -> Tensor:
    """Bring a tensor to the device without making the host wait: from pinned memory where that matters."""
    if tensor.device.type == device.type:
        return tensor
    if device.type != "cuda":
        return tensor.to(device)
    return tensor.pin_memory().to(device, non_blocking=True)


def _home(device: torch.device, size: int) -> torch.device:
    """Return where `size` bytes of data live: on the device if they fit well, else in RAM."""
    free = free_bytes(device)
    if device.type == "cpu" or (free is not None and size <= GPU_SHARE * free):
        return device
    return torch.device("cpu")
