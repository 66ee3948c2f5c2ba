"""The voice of a song apart from its backing, by Demucs (an extra), whose weights come from its own hub.

Only weights in safetensors are taken: the package's older files can run code when they are opened.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import torch
from torch import Tensor

from rvc import device
from rvc.errors import Error, InputError
from rvc.events import Reporter
from rvc.sound import audio, encoding, mark, streams
from rvc.sound.spool import BLOCK, Spool

MODEL = "hf://htdemucs"
PIECE_S = 30  # separated at once, of songs of any length
AROUND_S = 4  # heard on either side of it
VOCALS = "vocals"


class SeparationModel(Protocol):
    """What is asked of a model of Demucs."""

    samplerate: int
    sources: list[str]


@dataclass(frozen=True, slots=True)
class Song:
    """A song in two parts at one rate: its voice, mixed to one channel, and its backing, left and right."""

    vocals: Spool
    backing: tuple[Spool, Spool]

    def write_backing(self, path: Path) -> None:
        """Write the backing in stereo."""
        pairs = (
            np.stack([side[start : start + BLOCK] for side in self.backing], axis=1)
            for start in range(0, len(self.vocals), BLOCK)
        )
        encoding.write(path, pairs, self.vocals.rate, channels=2, comment=mark.COPY)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for part in (self.vocals, *self.backing):
            part.close()


class Separator:
    """A separation model, loaded once for any number of songs."""

    def __init__(self, model: SeparationModel, chosen: torch.device | str = "cpu") -> None:
        self._model = model
        self._device = torch.device(chosen)

    @classmethod
    def load(cls, device_name: str) -> Self:
        """Load Demucs. Raises `InputError` missing_extra; `Error` no_weights when the hub cannot be reached."""
        try:
            from demucs.pretrained import get_model
        except ImportError as error:
            raise InputError(
                "missing_extra",
                "Separating voice and backing needs the extra `separation`.",
                "Install it with: pip install 'rvc-studio[separation]'",
            ) from error
        try:
            model: Any = get_model(MODEL)
        except Exception as error:  # the hub's client raises its own kinds, and those of what it uses
            raise Error(
                "no_weights",
                f"The weights of Demucs could not be fetched: {error}.",
                "Connect to the internet once; they are kept. Or separate the song with another program.",
            ) from error
        return cls(model, device.pick(device_name))

    def split(self, path: Path, reporter: Reporter) -> Song:
        """Take a song apart; raises `InputError` as reading it does."""
        rate = self._model.samplerate
        left, right = _stereo(path, rate)
        song = Song(Spool(rate), (Spool(rate), Spool(rate)))
        with left, right, ExitStack() as undone, reporter.phase("separate", len(left)) as phase:
            undone.enter_context(song)
            for start in range(0, len(left), PIECE_S * rate):
                phase.advance(self._split_piece(left, right, start, song))
            undone.pop_all()
        return song

    def _split_piece(self, left: Spool, right: Spool, start: int, song: Song) -> int:
        """Add a piece of a recording to the parts of a song; return its samples."""
        piece, around = PIECE_S * left.rate, AROUND_S * left.rate
        before = min(start, around)
        part = slice(start - before, start + piece + around)
        mix = np.stack([left[part], right[part]])
        voice = self._voice(torch.from_numpy(mix)).numpy()
        own = slice(before, before + piece)
        song.vocals.append(voice[:, own].mean(axis=0))
        for side, spool in enumerate(song.backing):
            spool.append((mix - voice)[side, own])
        return len(mix[0, own])

    @torch.inference_mode()
    def _voice(self, mix: Tensor) -> Tensor:
        """Return the voice in a mix, both (2, N)."""
        from demucs.apply import apply_model

        mean, deviation = mix.mean(), mix.mean(dim=0).std() + 1e-8
        parts = apply_model(
            self._model, ((mix - mean) / deviation)[None], shifts=0, split=True, device=self._device
        )
        voice: Tensor = parts[0, self._model.sources.index(VOCALS)] * deviation
        return voice.float().cpu()


def _stereo(path: Path, rate: int) -> tuple[Spool, Spool]:
    """Read a file of one channel or more as two at a rate."""
    stream = audio.channels(path)
    left, right = Spool(rate), Spool(rate)
    for block in streams.resampled(_pairs(stream.blocks), stream.rate, rate, channels=2):
        left.append(block[:, 0])
        right.append(block[:, 1])
    return left, right


def _pairs(blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """Bring blocks (N, channels) to two channels: one is doubled, those beyond the first two are left out."""
    for block in blocks:
        yield np.ascontiguousarray(block[:, :2] if block.shape[1] > 1 else block.repeat(2, axis=1))
