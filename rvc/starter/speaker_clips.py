"""Clips with their teacher's embeddings, as training and measuring read them: numpy and torch only."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from rvc.errors import InputError
from rvc.starter.encoder import RATE_HZ

CARD = "clips.json"


@dataclass(frozen=True, slots=True)
class Clips:
    """Equally long clips; those of one voice follow each other."""

    audio: Tensor  # (clips, N) int16, 16 kHz
    target: Tensor  # (clips, dim) unit vectors
    speaker: tuple[str, ...]
    voice: Tensor  # (clips)
    card: dict[str, object]

    @classmethod
    def open(cls, folder: Path, device: torch.device | str = "cpu") -> "Clips":
        """Load the files that teach_speaker.py has been through; raises `InputError` no_clips when there are none."""
        targets = sorted(folder.glob("teacher-[0-9]*[0-9].npy"))
        if not targets:
            raise InputError(
                "no_clips", f"{folder} holds no clips with a teacher's embeddings.", "Run teach_speaker.py."
            )
        parts = [_load(target) for target in targets]
        audio, target, speaker, voice = zip(*parts, strict=True)
        vectors = F.normalize(torch.from_numpy(np.concatenate(target)).float(), dim=-1)
        return cls(
            torch.from_numpy(np.concatenate(audio)).to(device),
            vectors.to(device),
            tuple(np.concatenate(speaker).tolist()),
            torch.from_numpy(np.concatenate(voice)),
            json.loads((folder / CARD).read_text(encoding="utf-8")),
        )

    def __len__(self) -> int:
        return len(self.audio)

    def wave(self, places: Tensor | slice, start: int = 0, samples: int | None = None) -> Tensor:
        """Return a part of some clips as float32."""
        stop = None if samples is None else start + samples
        return self.audio[places, start:stop].float() / 32768

    def split(self, held_out: int) -> tuple["Clips", "Clips"]:
        """Cut the last clips off, for tests while training."""
        first = len(self) - min(held_out, len(self) // 2)
        return self._part(slice(0, first)), self._part(slice(first, None))

    def batches(self, start: int, size: int, shortest_s: float, seed: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield waves (B, n) and targets (B, dim) of steps `start`, `start` + 1, ...: functions of step and seed.

        Two clips in a row make a pair, mostly of one voice; all of a batch are cut to one random length.
        """
        longest = self.audio.shape[1]
        shortest = min(round(shortest_s * RATE_HZ), longest)
        for step in _from(start):
            draw = np.random.default_rng([seed, step])
            pairs = _epoch(len(self) // 2, step * (size // 2), size // 2, seed)
            places = torch.from_numpy(np.stack([2 * pairs, 2 * pairs + 1], 1).ravel())
            samples = int(draw.integers(shortest, longest + 1))
            begin = int(draw.integers(longest - samples + 1))
            yield self.wave(places.to(self.audio.device), begin, samples), self.target[places]

    def _part(self, part: slice) -> "Clips":
        return Clips(self.audio[part], self.target[part], self.speaker[part], self.voice[part], self.card)


def open_all(folders: Sequence[Path], device: torch.device | str = "cpu") -> Clips:
    """Load several folders whose clips are equally long, and keep the first one's card."""
    parts = [Clips.open(folder, device) for folder in folders]
    return Clips(
        torch.cat([part.audio for part in parts]),
        torch.cat([part.target for part in parts]),
        tuple(name for part in parts for name in part.speaker),
        torch.cat([part.voice for part in parts]),
        parts[0].card,
    )


def _from(start: int) -> Iterator[int]:
    while True:
        yield start
        start += 1


def _epoch(total: int, first: int, count: int, seed: int) -> np.ndarray:
    """Return places `first` to `first + count` of one random order of `total` after another."""
    wanted = range(first, first + count)
    epochs = {place // total for place in wanted}
    orders = {epoch: np.random.default_rng([seed, 1, epoch]).permutation(total) for epoch in epochs}
    return np.array([orders[place // total][place % total] for place in wanted])


def _load(target: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    path = target.with_name(target.stem.replace("teacher", "clips") + ".npz")
    with np.load(path) as file:
        return file["audio"], np.load(target), file["speaker"], file["voice"]
