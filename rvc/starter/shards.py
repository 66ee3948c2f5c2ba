"""Packed utterances in memory, and the batches of a training."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from rvc.errors import InputError
from rvc.starter.encoder import HOP, RATE_HZ

MU = 255.0


@dataclass(frozen=True, slots=True)
class Utterance:
    """One utterance: 16 kHz audio (N) int16 or mu-law, the teacher's features, and what is said."""

    name: str
    speaker: int
    held_out: bool
    audio: Tensor
    target: Tensor  # (N // HOP, target_dim) fp16
    tokens: Tensor  # (M) from 1; 0 is CTC's blank

    @property
    def seconds(self) -> float:
        return len(self.audio) / RATE_HZ

    @property
    def wave(self) -> Tensor:
        """The audio (N) as float32."""
        return expand(self.audio) if self.audio.dtype == torch.uint8 else self.audio.float() / 32768


@dataclass(frozen=True, slots=True)
class Batch:
    """Utterances of about one length, padded with zeros."""

    wave: Tensor  # (B, N)
    frames: Tensor  # (B)
    target: Tensor  # (B, N // HOP, target_dim)
    tokens: Tensor  # (B, M)
    token_counts: Tensor  # (B)
    speaker: Tensor  # (B)

    def to(self, device: torch.device) -> "Batch":
        names = self.__dataclass_fields__
        return replace(self, **{name: getattr(self, name).to(device, non_blocking=True) for name in names})


@dataclass(frozen=True, slots=True)
class Shards:
    """All utterances of some shards, which one call of `pack` has made."""

    utterances: tuple[Utterance, ...]
    speakers: tuple[str, ...]
    symbols: str
    card: dict[str, object]

    @classmethod
    def open(cls, folders: Sequence[Path], device: torch.device | str = "cpu") -> "Shards":
        """Load `shard-*.safetensors` of folders onto a device; raises `InputError` no_shards, other_shards."""
        files = sorted(path for folder in folders for path in folder.glob("shard-*.safetensors"))
        if not files:
            raise InputError("no_shards", f"{folders[0]} holds no shards.", "`pack` writes them.")
        cards, utterances = zip(*(_read(path, device) for path in files), strict=True)
        card = {key: value for key, value in cards[0].items() if key != "names"}
        if any(
            (other["speakers"], other["symbols"]) != (card["speakers"], card["symbols"]) for other in cards
        ):
            raise InputError(
                "other_shards", "These shards come from several calls of `pack`.", "Pack all at once."
            )
        every = tuple(utterance for part in utterances for utterance in part)
        return cls(every, tuple(card["speakers"]), card["symbols"], card)

    @property
    def target_dim(self) -> int:
        return self.utterances[0].target.shape[1]

    def of(self, held_out: bool) -> list[Utterance]:
        return [utterance for utterance in self.utterances if utterance.held_out is held_out]

    def batches(self, start: int, seconds: float, speaker_minutes: float, seed: int) -> Iterator[Batch]:
        """Yield the batches of steps `start`, `start` + 1, and so on: functions of step and seed.

        A batch holds utterances of about the same length and at most `seconds` of audio, padding included. An
        epoch hears at most `speaker_minutes` of each speaker, others every time.
        """
        usable = [utterance for utterance in self.of(held_out=False) if len(utterance.tokens)]
        step = epoch = 0
        while True:
            draw = random.Random(f"{seed} {epoch}")
            groups = list(_groups(_even(usable, 60 * speaker_minutes, draw), seconds, draw))
            for group in groups[max(start - step, 0) :]:
                yield collate(group)
            step, epoch = step + len(groups), epoch + 1


def collate(utterances: list[Utterance]) -> Batch:
    """Pad utterances to the longest."""
    return Batch(
        pad_sequence([utterance.wave for utterance in utterances], batch_first=True),
        torch.tensor([len(utterance.audio) // HOP for utterance in utterances]),
        pad_sequence([utterance.target.float() for utterance in utterances], batch_first=True),
        pad_sequence([utterance.tokens.long() for utterance in utterances], batch_first=True),
        torch.tensor([len(utterance.tokens) for utterance in utterances]),
        torch.tensor([utterance.speaker for utterance in utterances]),
    )


def compress(audio: Tensor) -> Tensor:
    """Map int16 samples to 8 bits, loud and soft ones with the same relative error (mu-law)."""
    wave = audio.float() / 32768
    small = wave.sign() * (wave.abs() * MU).log1p() / torch.tensor(MU).log1p()
    return ((small + 1) * 127.5).round().to(torch.uint8)


def expand(audio: Tensor) -> Tensor:
    """Undo `compress`, as float32."""
    small = audio.float() / 127.5 - 1
    return small.sign() * (small.abs() * torch.tensor(MU).log1p()).expm1() / MU


def _even(utterances: list[Utterance], seconds: float, draw: random.Random) -> list[Utterance]:
    """Choose at random what an epoch hears: of each speaker at most so many seconds."""
    left = dict.fromkeys({utterance.speaker for utterance in utterances}, seconds)
    chosen = []
    for utterance in draw.sample(utterances, len(utterances)):
        if left[utterance.speaker] > 0:
            chosen.append(utterance)
            left[utterance.speaker] -= utterance.seconds
    return chosen


def _groups(utterances: list[Utterance], seconds: float, draw: random.Random) -> Iterator[list[Utterance]]:
    """Yield the batches of an epoch in random order; lengths are blurred so that neighbours change."""
    ordered = sorted(utterances, key=lambda utterance: utterance.seconds * draw.uniform(0.9, 1.1))
    groups: list[list[Utterance]] = [[]]
    longest = 0.0
    for utterance in ordered:
        longest = max(longest, utterance.seconds)
        if groups[-1] and longest * (len(groups[-1]) + 1) > seconds:
            groups.append([])
            longest = utterance.seconds
        groups[-1].append(utterance)
    draw.shuffle(groups)
    yield from groups


def _read(path: Path, device: torch.device | str) -> tuple[dict, list[Utterance]]:
    with safe_open(path, "pt") as file:
        card = json.loads(file.metadata()["card"])
        parts = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
    samples, counts = parts["samples"].tolist(), parts["token_counts"].tolist()
    rows = zip(
        card["names"],
        parts["speaker"].tolist(),
        parts["held_out"].tolist(),
        parts["audio"].to(device).split(samples),
        parts["target"].to(device).split([count // HOP for count in samples]),
        parts["tokens"].to(device).split(counts),
        strict=True,
    )
    return card, [Utterance(*row) for row in rows]
