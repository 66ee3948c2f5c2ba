"""What a file is, in plain words, for every kind that can be told: also those that are of no use here."""

from pathlib import Path
from typing import Any

import soundfile

from rvc import names
from rvc.datasets.dataset import Prepared
from rvc.errors import InputError
from rvc.learning import checkpoint
from rvc.model.config import V1_CONTENT_DIM
from rvc.synthesis import index
from rvc.voices import kinds
from rvc.voices.card import VoiceCard
from rvc.voices.voice import Voice, locate

NOWHERE = frozenset(("missing_file", "no_model", "several_models", "not_readable"))
"""Refusals that say nothing about a file."""
SOURCES = {"rvc-studio": "RVC Studio", "webui": "RVC-WebUI", "applio": "Applio"}


def describe(path: Path) -> dict[str, Any]:
    """Return a sentence as `note`, whether the file is `usable` as a voice, and all that is known of it.

    Raises `InputError` missing_file, no_model, several_models, not_readable where there is nothing to look at.
    """
    try:
        return _describe(path)
    except OSError as error:  # of a folder that may not be entered
        raise kinds.not_readable(path, error) from error


def _describe(path: Path) -> dict[str, Any]:
    if Prepared.is_at(path):
        return _dataset(Prepared.open(path))
    if path.is_file() and (found := _companion(path)):
        return {"note": found, "usable": False}
    try:
        card = Voice.load(locate(path)).card
    except InputError as error:
        if error.code in NOWHERE:
            raise
        return {"note": str(error), "kind": error.code, "usable": False}
    facts = card.model_dump(mode="json")
    facts["trained_on"]["takes"] = len(card.trained_on.takes)  # of their hashes nobody can read anything
    return {"note": _voice(card), "usable": True} | facts


def _dataset(prepared: Prepared) -> dict[str, Any]:
    note = (
        f"A prepared dataset of {prepared.summary.clips} clips at {prepared.rate} Hz, to train a voice from."
    )
    return {"note": note} | prepared.model_dump(mode="json", exclude={"takes", "clips"})


def _voice(card: VoiceCard) -> str:
    version = "v1" if card.content_encoder.dim == V1_CONTENT_DIM else "v2"
    kind = card.architecture if card.architecture == "lite" else f"RVC {version}"
    melody = "follows a melody" if card.pitch else "knows no pitch"
    parts = ", ".join(f"{part.share:.0%} {part.name}" for part in card.blended_from)
    origin = f"blended from {parts}" if parts else f"made with {SOURCES[card.source]}"
    if card.student_of is not None:
        kind = f"{kind} with a small decoder, a student of {card.student_of.name},"
    consent = f" Consent: {'; '.join(map(str, card.consent))}." if card.consent else ""
    return f"A voice of the kind {kind} at {card.rate / 1000:g} kHz that {melody}, {origin}.{consent}"


def _companion(path: Path) -> str | None:
    """Describe a file that belongs to voices but is none: an index, a checkpoint, a recording."""
    if path.suffix == checkpoint.SUFFIX:
        step = checkpoint.read_header(path).standing.step
        return f"{path.name} is a checkpoint of a training with RVC Studio, at step {step}."
    if kinds.of_bytes(path) == kinds.INDEX:
        found = index.load(path)
        return f"{path.name} is a retrieval index of {len(found)} rows of {found.dim} dimensions."
    if path.suffix.lower() in names.AUDIO_SUFFIXES:
        return _recording(path)
    return None


def _recording(path: Path) -> str:
    try:
        found = soundfile.info(path)
    except (soundfile.SoundFileError, OSError):  # of a form that only other readers know
        return f"{path.name} is a recording, or called like one."
    return f"{path.name} is a recording of {found.duration:.1f} s at {found.samplerate} Hz."
