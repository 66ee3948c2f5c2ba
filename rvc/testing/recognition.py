"""What can be understood: a recording read back by Whisper, and how many characters of it are wrong.

Needs the extra `intelligibility` and a Whisper model in CTranslate2's layout, which is a folder.
"""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from rvc import assets
from rvc.errors import InputError

WEIGHTS = "model.bin"
FOLDERS = "whisper*"


class Recogniser(Protocol):
    """Turns speech into text."""

    def language(self, wave: np.ndarray) -> str:
        """Tell the language, as a code such as `en`, of a wave (N,) at 16 kHz."""
        ...

    def text(self, wave: np.ndarray, language: str) -> str:
        """Write down what is said in a wave (N,) at 16 kHz."""
        ...


class Whisper:
    """Whisper through faster-whisper: greedy and without context, so that the same wave gives the same text."""

    def __init__(self, folder: Path, device: str = "cpu") -> None:
        from faster_whisper import WhisperModel

        kind = "float16" if device == "cuda" else "int8"
        try:
            self._model = WhisperModel(str(folder), device=device, compute_type=kind, local_files_only=True)
        except (RuntimeError, ValueError, OSError) as error:
            raise InputError(
                "damaged_whisper",
                f"{folder} holds no Whisper model that can be read: {error}.",
                "Get it again, in the layout of CTranslate2.",
            ) from error
        self.name = folder.resolve().name

    def language(self, wave: np.ndarray) -> str:
        return str(self._model.detect_language(wave)[0])

    def text(self, wave: np.ndarray, language: str) -> str:
        segments, _ = self._model.transcribe(
            wave,
            language=language,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            without_timestamps=True,
        )
        return " ".join(segment.text.strip() for segment in segments)


def find_model(folder: str | None) -> Path | None:
    """Return the folder of a Whisper model: the one given, else one called `whisper...` among the assets.

    Raises `InputError` no_whisper when the given folder holds none.
    """
    if folder is not None:
        path = Path(folder).expanduser()
        if not (path / WEIGHTS).is_file():
            raise InputError(
                "no_whisper", f"{path} holds no Whisper model ({WEIGHTS}).", "Give the folder that holds it."
            )
        return path
    found = (path for root in assets.folders() for path in sorted(root.glob(FOLDERS)))
    return next((path for path in found if (path / WEIGHTS).is_file()), None)


def character_error_rate(said: str, heard: str) -> float | None:
    """Return the edits per character that turn what was said into what was heard, at most 1; None if nothing was.

    Letters and digits of any language count; case, punctuation and spaces do not.
    """
    wanted, found = letters(said), letters(heard)
    return min(edits(wanted, found) / len(wanted), 1.0) if wanted else None


def letters(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))


def edits(one: Sequence[str], other: Sequence[str]) -> int:
    """Count the insertions, deletions and substitutions between two sequences (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for number, left in enumerate(one, start=1):
        diagonal, row[0] = row[0], number
        for place, right in enumerate(other, start=1):
            diagonal, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, diagonal + (left != right)),
            )
    return row[-1]
