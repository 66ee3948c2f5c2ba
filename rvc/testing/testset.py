"""What a model is tested on: the held-out part of a dataset, or recordings that a user gives."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rvc.analysis.features import Features
from rvc.config import CONTENT_RATE_HZ, PrepareConfig
from rvc.datasets import split
from rvc.datasets.dataset import ClipCard, Prepared
from rvc.datasets.preparation import prepare_testset
from rvc.datasets.recordings import collect
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.learning import data
from rvc.learning.data import Clip, Clips
from rvc.sound import audio
from rvc.testing import metrics, overlap
from rvc.testing.judges import Reference
from rvc.testing.overlap import Sample
from rvc.testing.report import Overlap

MAX_REFERENCES = 16  # recordings of each speaker that others are compared with


@dataclass(frozen=True, slots=True)
class Testset:
    """Recordings of the voice itself.

    `numbers` are the clips to test on, `references` recordings that tell how the voice sounds, `said` the words
    of takes. `speaker` is whose recordings plain files are.
    """

    prepared: Prepared
    clips: Clips
    references: list[Reference]
    usual_pitch_hz: float | None
    numbers: tuple[int, ...]
    skipped: list[str]
    said: Mapping[str, str | None]
    speaker: int | None = None

    @property
    def rate(self) -> int:
        return self.prepared.rate

    def speaker_of(self, clip: Clip) -> int:
        return clip.speaker if self.speaker is None else self.speaker

    def said_in(self, take: str) -> str | None:
        """Return what a take says where it is one clip: text of a whole take says nothing of its parts."""
        whole = next((one.clips == 1 for one in self.prepared.takes if one.name == take), False)
        return self.said.get(take) if whole else None

    def to_compare(self) -> list[Sample]:
        """Return the clips as `overlap.compare` wants them."""
        hashes = {take.name: take.sha256 for take in self.prepared.takes}
        clips = [self.clips.clip(number) for number in self.numbers]
        return [
            Sample(
                clip.name,
                clip.wave.cpu().numpy(),
                self.rate,
                hashes.get(clip.source, ""),
                self.said.get(clip.source),
            )
            for clip in clips
        ]

    def without(self, found: Overlap) -> "Testset":
        """Leave out the clips that training has heard."""
        heard = {twin.clip for twin in found.twins}
        names = [card.name for card in self.clips.cards]
        return self.only([one for one in self.numbers if names[one] not in heard])

    def only(self, numbers: Sequence[int]) -> "Testset":
        """Test on these clips; the others still tell how the voice sounds."""
        return replace(self, numbers=tuple(numbers))


def open_dataset(prepared: Prepared, transcripts: Path | None, features: Features) -> Testset:
    """Take the held-out part of a dataset; its training part tells how the voice sounds."""
    clips = data.load(prepared, "test", features.device, widest_is_full=False)
    said = overlap.said_in(transcripts or prepared.folder, [take.name for take in prepared.takes])
    references, usual_hz = _references(prepared, None)
    return Testset(prepared, clips, references, usual_hz, tuple(range(len(clips))), [], said)


def read_recordings(
    path: Path,
    transcripts: Path | None,
    rate: int,
    speaker: int,
    features: Features,
    reporter: Reporter,
    folder: Path,
) -> Testset:
    """Prepare plain recordings as those of a dataset, in `folder`, and test on all of them."""
    settings = PrepareConfig(
        rate=rate, encoder=features.encoder.name, pitch=features.estimator.name, held_out=0
    )
    if Prepared.is_at(folder):
        prepared = Prepared.open(folder)
    else:
        prepared = prepare_testset([path], folder, settings, reporter, features)
    clips = data.load(prepared, "train", features.device, widest_is_full=False)
    references, usual_hz = _references(prepared, speaker)
    skipped = [f"{file.file}: {file.reason}" for file in prepared.skipped]
    said = _said(path, transcripts)
    return Testset(prepared, clips, references, usual_hz, tuple(range(len(clips))), skipped, said, speaker)


def _references(prepared: Prepared, speaker: int | None) -> tuple[list[Reference], float | None]:
    """Return recordings that tell how each speaker sounds, at 16 kHz, and how high they speak, Hz."""
    references, pitches = [], []
    for card in choose_references(prepared.clips_of("train")):
        take = prepared.read(card.file)
        wave = audio.resample(overlap.wave_of(take, card, prepared.hop), prepared.rate, CONTENT_RATE_HZ)
        references.append(Reference(card.take, card.speaker if speaker is None else speaker, wave))
        pitches.append(take.f0[card.offset : card.offset + card.frames])
    return references, metrics.median_pitch(np.concatenate([*pitches, np.zeros(0, np.float32)]))


def choose_references(cards: Sequence[ClipCard]) -> list[ClipCard]:
    """Choose each speaker's longest clips, one of a take: short ones tell a speaker badly."""
    longest: dict[tuple[int, str], ClipCard] = {}
    for card in sorted(cards, key=lambda card: -card.seconds):
        longest.setdefault((card.speaker, card.take), card)
    count: Counter[int] = Counter()
    chosen = []
    for card in longest.values():
        count[card.speaker] += 1
        if count[card.speaker] <= MAX_REFERENCES:
            chosen.append(card)
    return chosen


def transcripts_folder(path: Path | None) -> Path | None:
    """Return the folder of a table of what is said. Raises `InputError` no_transcripts."""
    if path is None:
        return None
    folder = path if path.is_dir() else path.parent
    if not (folder / split.TRANSCRIPTS).is_file() or (path.is_file() and path.name != split.TRANSCRIPTS):
        raise InputError(
            "no_transcripts",
            f"{path} is no table of what is said.",
            f"Give a file called {split.TRANSCRIPTS}: on each line a recording's name without its suffix, a tab, "
            "and the sentence.",
        )
    return folder


def _said(path: Path, transcripts: Path | None) -> dict[str, str | None]:
    """Return the words of every recording by its name, from `transcripts` or from a table beside it."""
    recordings, _ = collect([path])
    if transcripts is not None:
        return overlap.said_in(transcripts, [recording.name for recording in recordings])
    said = split.sentences([recording.path for recording in recordings])
    pairs: Sequence[tuple[str, str]] = list(zip((one.name for one in recordings), said, strict=True))
    return {name: overlap.words(sentence) for name, sentence in pairs}
