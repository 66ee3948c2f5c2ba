"""From recordings and a teacher's features to shards: all that a training needs, in files that travel."""

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

from rvc import paths
from rvc.errors import InputError
from rvc.starter.corpus import HOP
from rvc.starter.shards import compress

TARGET_DIM = 96
WINDOW, GAP = 1500, 25  # frames: how teach.py puts recordings one after another into the teacher's windows
PLACE = 10  # frames of a window that share a mean
MERGED = {"ɾ": "r", "ɹ": "r", "ᵻ": "ɪ", "ɒ": "ɔ", "ʔ": "", "ɲ": "n", "ɜ": "ɚ"}  # rare ones, and one r for all


@dataclass(frozen=True, slots=True)
class Take:
    """One utterance with what the teacher heard in it."""

    name: str
    speaker: str
    phonemes: str
    held_out: bool
    audio: np.ndarray  # (N) int16
    teacher: np.ndarray  # (N // HOP, teacher's dim) fp16
    place: int  # frame of the teacher's window at which it begins

    @property
    def places(self) -> np.ndarray:
        """Which part of the teacher's window each frame is from."""
        return (self.place + np.arange(len(self.teacher))) // PLACE


@dataclass(frozen=True, slots=True)
class Projection:
    """The teacher's features without what tells the speaker or the place in the window, on their strongest axes.

    Whisper marks where in its 30 s it is: 39 % of the variance, and nothing that an encoder should learn.
    """

    speakers: dict[str, np.ndarray]  # mean features
    places: np.ndarray  # mean features at each place, less the speaker's
    axes: np.ndarray  # (teacher's dim, TARGET_DIM)
    kept: float

    def centred(self, take: Take) -> np.ndarray:
        return take.teacher.astype(np.float32) - self.speakers[take.speaker] - self.places[take.places]

    def __call__(self, take: Take) -> np.ndarray:
        return (self.centred(take) @ self.axes).astype(np.float16)


def pack(corpora: Sequence[Path], out: Path, small: bool, megabytes: float) -> dict[str, object]:
    """Write `shard-N.safetensors` of at most `megabytes` each, every one with all speakers mixed.

    Raises `InputError` no_teacher where teach.py has not been.
    """
    takes = [take for corpus in corpora for take in _takes(corpus)]
    projection = project(takes)
    speakers = sorted({take.speaker for take in takes})
    symbols = sorted({symbol for take in takes for symbol in take.phonemes})
    card = {
        "speakers": speakers,
        "symbols": "".join(symbols),
        "teacher_variance_kept": round(projection.kept, 4),
        "sources": json.loads((corpora[0] / "corpus.json").read_text(encoding="utf-8"))["sources"],
    }
    order = sorted(takes, key=lambda take: zlib.crc32(take.name.encode()))
    shards = list(_shards(order, megabytes * 1e6, 1 if small else 2))
    paths.make_dir(out)
    for number, shard in enumerate(shards):
        with paths.atomic(out / f"shard-{number:03d}.safetensors") as temporary:
            names = {"names": [take.name for take in shard], **card}
            save_file(tensors(shard, projection, card, small), temporary, {"card": json.dumps(names)})
    seconds = sum(len(take.audio) for take in takes) / 16000
    return {"shards": len(shards), "takes": len(takes), "minutes": round(seconds / 60, 1), **card}


def tensors(
    takes: list[Take], projection: Projection, card: dict[str, Any], small: bool
) -> dict[str, torch.Tensor]:
    """Put takes one after another; `samples` and `token_counts` tell where each ends."""
    audio = torch.from_numpy(np.concatenate([take.audio for take in takes]))
    symbols, speakers = card["symbols"], card["speakers"]
    tokens = [symbols.index(symbol) + 1 for take in takes for symbol in take.phonemes]  # 0 is CTC's blank
    return {
        "audio": compress(audio) if small else audio,
        "samples": torch.tensor([len(take.audio) for take in takes], dtype=torch.int32),
        "target": torch.from_numpy(np.concatenate([projection(take) for take in takes])),
        "tokens": torch.tensor(tokens, dtype=torch.uint8),
        "token_counts": torch.tensor([len(take.phonemes) for take in takes], dtype=torch.int32),
        "speaker": torch.tensor([speakers.index(take.speaker) for take in takes], dtype=torch.int32),
        "held_out": torch.tensor([take.held_out for take in takes]),
    }


def project(takes: Sequence[Take]) -> Projection:
    """Find the strongest axes of the training takes; strong ones are evened out by half (in decibels)."""
    dim = takes[0].teacher.shape[1]
    speakers = _means_of_speakers(takes)
    projection = Projection(speakers, _means_of_places(takes, speakers), np.zeros((dim, 0)), 0.0)
    covariance = np.zeros((dim, dim))
    frames = 0
    for take in takes:
        if not take.held_out:
            centred = projection.centred(take)
            covariance += centred.T @ centred
            frames += len(centred)
    every, vectors = np.linalg.eigh(covariance / frames)
    values, vectors = every[::-1][:TARGET_DIM], vectors[:, ::-1][:, :TARGET_DIM]
    axes = vectors / values**0.25
    axes /= np.sqrt(np.mean(np.sqrt(values)))  # the mean variance of a target is 1
    kept = float(values.sum() / every.sum())
    return Projection(speakers, projection.places, axes.astype(np.float32), kept)


def _means_of_speakers(takes: Sequence[Take]) -> dict[str, np.ndarray]:
    frames: dict[str, list[np.ndarray]] = {}
    for take in takes:
        frames.setdefault(take.speaker, []).append(take.teacher)
    return {name: np.concatenate(parts).mean(0, dtype=np.float64) for name, parts in frames.items()}


def _means_of_places(takes: Sequence[Take], speakers: dict[str, np.ndarray]) -> np.ndarray:
    """Return the mean features (WINDOW // PLACE, dim) at each place of a window."""
    count = WINDOW // PLACE
    sums, frames = np.zeros((count, takes[0].teacher.shape[1])), np.zeros(count)
    for take in takes:
        member = np.eye(count)[take.places]
        sums += member.T @ (take.teacher.astype(np.float32) - speakers[take.speaker])
        frames += member.sum(0)
    return sums / np.maximum(frames, 1)[:, None]


def _takes(corpus: Path) -> Iterator[Take]:
    card = json.loads((corpus / "corpus.json").read_text(encoding="utf-8"))
    rows: dict[int, list[dict[str, Any]]] = {}
    for row in card["recordings"]:
        rows.setdefault(row["file"], []).append(row)
    for number, members in rows.items():
        audio, samples, teacher = _file(corpus, number)
        ends = np.cumsum(samples)
        cuts = np.split(audio, ends[:-1]), np.split(teacher, ends[:-1] // HOP), places(samples // HOP)
        for row, wave, heard, place in zip(members, *cuts, strict=True):
            said = _merged(row["phonemes"])
            yield Take(row["stem"], row["speaker"], said, row["held_out"], wave, heard, place)


def places(frames: np.ndarray) -> list[int]:
    """Return at which frame of a window teach.py has put each recording of so many frames."""
    found: list[int] = []
    start = 0
    for count in frames.tolist():
        if start + count + GAP > WINDOW:
            start = 0
        found.append(start)
        start += count + GAP
    return found


def _file(corpus: Path, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    path = corpus / f"teacher-{number:03d}.npy"
    if not path.exists():
        raise InputError(
            "no_teacher", f"{path} is missing: the teacher has not been here.", "Run teach.py first."
        )
    with np.load(corpus / f"recordings-{number:03d}.npz") as file:
        return file["audio"], file["samples"], np.load(path)


def _merged(phonemes: str) -> str:
    return "".join(MERGED.get(symbol, symbol) for symbol in phonemes)


def _shards(takes: list[Take], limit: float, width: int) -> Iterator[list[Take]]:
    """Group takes so that no group, its audio `width` bytes a sample, is larger than `limit` bytes."""
    shard: list[Take] = []
    size = 0.0
    for take in takes:
        needed = len(take.audio) * width + len(take.teacher) * TARGET_DIM * 2 + 200
        if shard and size + needed > limit:
            yield shard
            shard, size = [], 0.0
        shard.append(take)
        size += needed
    if shard:
        yield shard
