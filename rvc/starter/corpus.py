"""The recordings that the starter encoder learns from: chosen, resampled and put into a few large files."""

import csv
import json
import re
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from rvc import paths
from rvc.errors import InputError
from rvc.sound import audio

RATE_HZ = 16_000
HOP = 320
SHORTEST_S, LONGEST_S = 0.8, 12.0
FILE_S = 600.0  # seconds of speech in one file
HELD_OUT_SHARE = 12  # one sentence of so many is kept for tests, whoever reads it
PEAK = 0.9


@dataclass(frozen=True, slots=True)
class Recording:
    """One utterance: who says what, and whether it is kept for tests."""

    path: Path
    speaker: str
    stem: str
    phonemes: str
    held_out: bool


def write_corpus(
    speech: Sequence[Path], out: Path, minutes: float, phonemes: Path | None = None
) -> dict[str, float]:
    """Write `corpus.json` and `recordings-N.npz` (16 kHz int16) and return each speaker's minutes.

    `speech` are folders of speakers (`transcripts.tsv`, `phonemes.tsv`, `flac/`, `opus/`); of each speaker at
    most `minutes` are taken, spread over all recordings. `phonemes` holds `SPEAKER.phonemes.tsv` of speakers
    whose own folder has none. Raises `InputError` no_speakers, no_phonemes, not_for_training.
    """
    folders = find_speakers(speech)
    paths.make_dir(out)
    rows: list[dict[str, object]] = []
    taken = {folder.name: 0.0 for folder in folders}
    chosen = [
        recording for folder in folders for recording in _chosen(recordings(folder, phonemes), minutes * 60)
    ]
    for number, group in enumerate(_groups(_read(chosen))):
        waves = [wave for _, wave in group]
        for recording, wave in group:
            taken[recording.speaker] += len(wave) / RATE_HZ / 60
            rows.append({**asdict(recording), "path": recording.path.name, "file": number})
        with paths.atomic(out / f"recordings-{number:03d}.npz") as temporary:
            np.savez(temporary, audio=np.concatenate(waves), samples=np.array([len(wave) for wave in waves]))
    card = {"rate": RATE_HZ, "sources": sources(), "minutes": taken, "recordings": rows}
    paths.write_text(out / "corpus.json", json.dumps(card, ensure_ascii=False, indent=1))
    return taken


def sources() -> dict[str, object]:
    """Return the manifest of public sources with their licences."""
    text = paths.resource("starter/sources.json").read_text(encoding="utf-8")
    manifest: dict[str, object] = json.loads(text)
    return manifest


def recordings(folder: Path, phonemes: Path | None = None) -> list[Recording]:
    """List a speaker's recordings that have a transcript, in a random order that is always the same."""
    texts = table(folder / "transcripts.tsv")
    sounds = table(_phoneme_file(folder, phonemes))
    found = [
        Recording(path, folder.name, path.stem, sounds[path.stem], is_held_out(texts[path.stem]))
        for path in audio.find_audio([folder])
        if path.stem in texts and sounds.get(path.stem)
    ]
    return sorted(found, key=lambda recording: zlib.crc32(recording.stem.encode()))


def is_held_out(sentence: str) -> bool:
    """Tell whether a sentence is for tests only: a property of its letters, so equal ones stay together."""
    letters = re.sub(r"\W", "", sentence.lower())
    return zlib.crc32(letters.encode()) % HELD_OUT_SHARE == 0


def find_speakers(speech: Sequence[Path]) -> list[Path]:
    """Return the speakers' folders; those kept for tests are left out, and refused where they are named.

    Raises `InputError` no_speakers, not_for_training.
    """
    manifest = sources()
    never = manifest["never"]
    assert isinstance(never, list)
    folders = sorted(path.parent for root in speech for path in root.glob("**/transcripts.tsv"))
    folders = [folder for folder in folders if folder.name not in never or folder in speech]
    refused = [folder.name for folder in folders if folder.name in never]
    if refused:
        raise InputError(
            "not_for_training", f"{refused[0]} is kept for tests and cannot be trained on.", "Leave it out."
        )
    if not folders:
        raise InputError("no_speakers", "There are no speakers here.", "A speaker has a transcripts.tsv.")
    return folders


def _phoneme_file(folder: Path, phonemes: Path | None) -> Path:
    beside = folder / "phonemes.tsv"
    path = beside if beside.exists() or phonemes is None else phonemes / f"{folder.name}.phonemes.tsv"
    if not path.exists():
        raise InputError(
            "no_phonemes", f"{folder.name} has no phonemes.tsv.", "resources/starter/phonemes.py writes it."
        )
    return path


def table(path: Path) -> dict[str, str]:
    """Read two columns: a recording's stem, and what is said in it."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row[0]: row[1] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def _chosen(found: list[Recording], seconds: float) -> Iterator[Recording]:
    """Yield recordings of a usable length until there are so many seconds of them."""
    for recording in found:
        length = audio.duration(recording.path)
        if seconds > 0 and SHORTEST_S <= length <= LONGEST_S:
            seconds -= length
            yield recording


def _read(chosen: list[Recording]) -> Iterator[tuple[Recording, np.ndarray]]:
    with ThreadPoolExecutor(2) as pool:
        yield from zip(chosen, pool.map(_wave, chosen), strict=True)


def _wave(recording: Recording) -> np.ndarray:
    """Return a recording at 16 kHz as int16, a whole number of frames long, turned to a common peak."""
    wave, _ = audio.read(recording.path, RATE_HZ)
    wave = wave[: len(wave) // HOP * HOP]
    scale = PEAK / max(float(np.abs(wave).max()), 1e-3)
    return np.rint(wave * scale * 32767).astype(np.int16)


def _groups(pairs: Iterator[tuple[Recording, np.ndarray]]) -> Iterator[list[tuple[Recording, np.ndarray]]]:
    """Group recordings into files of about ten minutes."""
    group: list[tuple[Recording, np.ndarray]] = []
    for pair in pairs:
        group.append(pair)
        if sum(len(wave) for _, wave in group) > FILE_S * RATE_HZ:
            yield group
            group = []
    if group:
        yield group
