"""Whether a take says its prompt: asked of the engine, where speech recognition is installed."""

import importlib.util
import logging
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from rvc import paths
from rvcstudio import companion
from rvcstudio.companion import Engine
from rvcstudio.sound import journal

log = logging.getLogger(__name__)

RECOGNISER = "faster_whisper"
OTHER_WORDS = 0.35  # of the characters; a slip of the tongue or of the recogniser is less


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood, and the share of its characters that the prompt does not have."""

    text: str
    error_rate: float

    @property
    def is_prompt(self) -> bool:
        return self.error_rate <= OTHER_WORDS


def is_installed() -> bool:
    """Tell whether this computer can understand speech."""
    return importlib.util.find_spec(RECOGNISER) is not None and companion.is_installed()


def hear(engine: Engine, path: Path, text: str, language: str) -> Heard | None:
    """Return what a journal says; None where there is no model for that. Blocks.

    Raises `Error` as the engine does.
    """
    file = paths.cache_dir() / f"heard-{uuid4().hex}.flac"
    try:
        journal.encode(path, file)
        answer = engine.call("hear", {"file": str(file), "text": text, "language": language})
    finally:
        file.unlink(missing_ok=True)
    if answer["heard"] is None or answer["error_rate"] is None:
        return None
    return Heard(answer["heard"], answer["error_rate"])
