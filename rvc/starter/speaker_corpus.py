"""The clips that the speaker encoder learns from, or is measured on: cut, given other voices, sent through rooms."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import numpy as np

from rvc import paths
from rvc.errors import InputError
from rvc.sound import audio
from rvc.starter.corpus import sources
from rvc.starter.encoder import RATE_HZ
from rvc.starter.speaker_clips import CARD
from rvc.starter.speaker_rooms import travelled
from rvc.starter.speaker_settings import ClipSettings
from rvc.starter.speaker_voices import Voice

KINDS = ("flac", "opus")  # folders of a speaker, not speakers
SHORTEST_S = 0.8
PEAK = 0.7
NATURAL = 0.3  # of the voices are as recorded


def write_clips(speech: Sequence[Path], out: Path, settings: ClipSettings) -> dict[str, object]:
    """Write `clips-N.npz` (audio (clips, samples) int16, speaker, voice) and `clips.json`; keep what is there.

    `speech` are folders in which every folder of recordings is a speaker. Raises `InputError` no_speakers;
    those who are never trained on are left out unless the clips are plain.
    """
    files = _recordings(speech, settings.plain)
    card = {"settings": asdict(settings), "speakers": sorted(files), "sources": sources()}
    paths.write_text(out / CARD, json.dumps(card, indent=1))
    wanted = [number for number in range(settings.files) if not _file(out, number).exists()]
    library = _library(files, settings.minutes) if wanted else {}
    for number in wanted:
        _write(out, number, library, settings)
    return {"speakers": len(files), "files": settings.files, "written": len(wanted)}


def _recordings(speech: Sequence[Path], everybody: bool) -> dict[str, list[Path]]:
    """List each speaker's recordings, of all folders of that name; converted speech is welcome too."""
    never = sources()["never"]
    assert isinstance(never, list)
    found: dict[str, list[Path]] = {}
    for path in sorted(path for root in speech for path in root.rglob("*")):
        if path.suffix in audio.AUDIO_SUFFIXES and (everybody or not set(never).intersection(path.parts)):
            found.setdefault(_speaker(path), []).append(path)
    if not found:
        raise InputError("no_speakers", "There are no speakers here.", "Each has a folder of recordings.")
    return found


def _speaker(path: Path) -> str:
    folder = path.parent
    return folder.parent.name if folder.name in KINDS else folder.name


def _file(out: Path, number: int) -> Path:
    return out / f"clips-{number:03d}.npz"


def _library(files: dict[str, list[Path]], minutes: float) -> dict[str, list[np.ndarray]]:
    """Read the speakers' recordings at 16 kHz."""
    with ThreadPoolExecutor(2) as pool:
        read = {name: list(pool.map(_read, list(_spread(own, minutes * 60)))) for name, own in files.items()}
    return {name: waves for name, waves in read.items() if waves}


def _spread(files: list[Path], seconds: float) -> Iterator[Path]:
    """Yield recordings from all over a list until there are so many seconds of them."""
    for place in np.random.default_rng(0).permutation(len(files)):
        length = audio.duration(files[place])
        if seconds > 0 and length > SHORTEST_S:
            seconds -= length
            yield files[place]


def _read(path: Path) -> np.ndarray:
    wave, _ = audio.read(path, RATE_HZ)
    return wave / max(float(np.abs(wave).max()), 1e-3) * np.float32(PEAK)


def _write(out: Path, number: int, library: dict[str, list[np.ndarray]], settings: ClipSettings) -> None:
    draw = np.random.default_rng([settings.seed, number])
    rows: list[tuple[np.ndarray, str, int]] = []
    for place in range(settings.voices):
        voice = Voice() if settings.plain or draw.random() < NATURAL else Voice.draw(draw)
        name = _name(library, draw, number * settings.voices + place if settings.plain else None)
        for _ in range(settings.clips):
            rows.append((_clip(library, name, voice, settings, draw), name, place))
    audio, speaker, places = zip(*rows, strict=True)
    with paths.atomic(_file(out, number)) as temporary:
        np.savez(temporary, audio=np.stack(audio), speaker=np.array(speaker), voice=np.array(places))


def _name(library: dict[str, list[np.ndarray]], draw: np.random.Generator, place: int | None) -> str:
    """Choose a speaker: by turns, or by how much there is to hear."""
    names = sorted(library)
    if place is not None:
        return names[place % len(names)]
    weights = np.array([len(library[name]) for name in names])
    return names[draw.choice(len(names), p=weights / weights.sum())]


def _clip(
    library: dict[str, list[np.ndarray]],
    name: str,
    voice: Voice,
    settings: ClipSettings,
    draw: np.random.Generator,
) -> np.ndarray:
    """Return a clip (N,) int16 of a speaker in a voice, and mostly through a room."""
    samples = round(settings.seconds * RATE_HZ)
    wave = voice.speak(_excerpt(library[name], round(samples * 2**voice.pitch) + 2048, draw), draw)[:samples]
    if not settings.plain:
        other = _excerpt(library[_name(library, draw, None)], samples, draw)
        wave = travelled(wave, other, draw)
    scale = PEAK * (1.0 if settings.plain else 10 ** (-draw.uniform(0, 30) / 20))
    return np.rint(wave / max(float(np.abs(wave).max()), 1e-6) * scale * 32767).astype(np.int16)


def _excerpt(waves: list[np.ndarray], samples: int, draw: np.random.Generator) -> np.ndarray:
    """Return so many samples of a person's recordings, one after another, from a random place on."""
    taken: list[np.ndarray] = []
    missing = samples
    while missing > 0:
        wave = waves[draw.integers(len(waves))]
        start = int(draw.integers(max(len(wave) - samples, len(wave) // 4))) if not taken else 0
        taken.append(wave[start : start + missing])
        missing -= len(taken[-1])
    return np.concatenate(taken)
