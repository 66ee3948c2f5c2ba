"""Whether training has heard what a model is tested on: the same files, the same recordings, the same sentences.

A score on recordings that were learnt says nothing about new ones. A file is known by its hash, a recording
by its fingerprint (coded anew, trimmed, resampled or turned up, it is still found), a sentence by its text. A model's
card names the files alone, by the beginnings of their hashes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from rvc.datasets import split
from rvc.datasets.dataset import ClipCard, Prepared
from rvc.datasets.takes import FULL_SCALE, Take
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.sound import audio, fingerprint
from rvc.testing.report import Overlap, Twin
from rvc.voices.card import VoiceCard, take_mark

TEXT = "text:"  # how `split.sentences` marks what it knows from a transcript


@dataclass(frozen=True, slots=True)
class Sample:
    """A clip to test on: wave (N,) at `rate`, the hash of its file, and what is said where that is known."""

    name: str
    wave: np.ndarray
    rate: int
    sha256: str
    said: str | None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a training has heard, ready to be searched."""

    takes: list[str]
    hashes: Mapping[str, str]
    sentences: frozenset[str]
    prints: np.ndarray
    starts: np.ndarray

    def take_at(self, place: int) -> str:
        return self.takes[int(np.searchsorted(self.starts, place, side="right")) - 1]


def compare(
    clips: Sequence[Sample],
    datasets: Sequence[Prepared],
    own: Prepared | None,
    reporter: Reporter,
    marks: Set[str] = frozenset(),
) -> Overlap:
    """Look for every clip in the training parts of `datasets`, of which `own` may be where the clips are from.

    `marks` tell the files of recordings that are in no dataset here.
    """
    marked = [Twin(clip=clip.name) for clip in clips if take_mark(clip.sha256) in marks]
    others = [clip for clip in clips if take_mark(clip.sha256) not in marks]
    found = _compare(others, datasets, own, reporter) if datasets else Overlap()
    return found.model_copy(update={"twins": [*marked, *found.twins], "marks": len(marks)})


def marks_of(cards: Iterable[VoiceCard], own: Prepared | None) -> set[str]:
    """Return the marks of what voices were trained on, but of the takes that `own` itself has trained on in part."""
    known = {take_mark(take.sha256) for take in own.takes_of("train")} if own else set()
    return {mark for card in cards for mark in card.trained_on.takes} - known


def _compare(
    clips: Sequence[Sample], datasets: Sequence[Prepared], own: Prepared | None, reporter: Reporter
) -> Overlap:
    heard = listen(datasets, own, reporter)
    pieces = [fingerprint.pieces(_print(clip.wave, clip.rate)) for clip in clips]
    matches = iter(fingerprint.search([piece for parts in pieces for piece in parts], heard.prints))
    twins, untold, repeated = [], [], []
    for clip, parts in zip(clips, pieces, strict=True):
        told = [match for match in (next(matches) for _ in parts) if match.likeness is not None]
        best = max(told, key=lambda match: match.likeness or 0.0, default=None)
        if clip.sha256 in heard.hashes:
            twins.append(Twin(clip=clip.name, take=heard.hashes[clip.sha256], likeness=None))
        elif best is None:
            untold.append(clip.name)
        elif (best.likeness or 0.0) >= fingerprint.SAME:
            twins.append(Twin(clip=clip.name, take=heard.take_at(best.place), likeness=best.likeness))
        elif clip.said in heard.sentences:
            repeated.append(clip.name)
    return Overlap(
        datasets=[dataset.folder.resolve().name for dataset in datasets],
        twins=twins,
        repeated=repeated,
        untold=untold,
    )


def listen(datasets: Sequence[Prepared], own: Prepared | None, reporter: Reporter) -> Heard:
    """Take the fingerprints of all training clips. Takes of `own` are cut in two parts, so files say nothing."""
    takes: list[str] = []
    prints: list[np.ndarray] = []
    hashes: dict[str, str] = {}
    sentences: set[str] = set()
    total = sum(len(dataset.clips_of("train")) for dataset in datasets)
    with reporter.phase("overlap", total, unit="clips") as phase:
        for dataset in datasets:
            trained = dataset.takes_of("train")
            if dataset is not own:
                hashes |= {take.sha256: take.name for take in trained}
            said = said_in(dataset.folder, sorted(take.name for take in trained))
            sentences |= {text for text in said.values() if text}
            for card, wave in _waves(dataset):
                takes.append(card.take)
                prints.append(_print(wave, dataset.rate))
                phase.advance()
    joined, starts = fingerprint.joined(prints)
    return Heard(takes, hashes, frozenset(sentences), joined, starts)


def said_in(folder: Path, takes: Sequence[str]) -> dict[str, str | None]:
    """Return the plain words of takes by the `transcripts.tsv` in a folder, or beside it; None where it lacks one."""
    said = split.sentences([folder / f"{take}.wav" for take in takes])
    return {take: words(text) for take, text in zip(takes, said, strict=True)}


def words(sentence: str) -> str | None:
    """Return the words of what `split.sentences` says, None where it knows no more than a file's name."""
    return sentence.removeprefix(TEXT) if sentence.startswith(TEXT) else None


def require_trained_on(datasets: Sequence[Prepared], known: Sequence[str | None]) -> None:
    """Raise `InputError` for a dataset that no model was trained on; `known` are those that their cards name."""
    if None in known:
        return  # a model that does not say what it was trained on may be of any
    for dataset in datasets:
        if dataset.fingerprint not in known:
            raise InputError(
                "another_dataset",
                f"No model here was trained on {dataset.folder}.",
                "Give the prepared folder that the training was run on.",
            )


def wave_of(take: Take, card: ClipCard, hop: int) -> np.ndarray:
    """Return the wave (N,) of a clip of a take."""
    wave = take.wave[card.offset * hop : (card.offset + card.frames) * hop]
    return wave.astype(np.float32) * np.float32(card.scale / FULL_SCALE)


def _waves(dataset: Prepared) -> Iterator[tuple[ClipCard, np.ndarray]]:
    """Yield the waves of all training clips, one take in memory at a time."""
    for file, cards in groupby(dataset.clips_of("train"), key=lambda card: card.file):
        take = dataset.read(file)
        yield from ((card, wave_of(take, card, dataset.hop)) for card in cards)


def _print(wave: np.ndarray, rate: int) -> np.ndarray:
    return fingerprint.signs(audio.resample(wave, rate, fingerprint.RATE_HZ))
