"""The sentences to read: those that ship with the program, and the user's own, one a line."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from rvc import paths
from rvc.errors import InputError
from rvcstudio.recording import english, korean

Style = Literal["statement", "question", "exclamation", "loud", "soft", "sung"]
STYLES: tuple[Style, ...] = get_args(Style)
LANGUAGES = ("en", "ko")

LONGEST_TEXT = 1000
LONGEST_FILE = 4_000_000  # bytes
ENCODINGS = ("utf-8-sig", "utf-16", "cp949")  # as editors of Korean and Western systems write
HANGUL = re.compile("[가-힣]")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A sentence to read. `sounds` are its phonemes, none where they are not known."""

    id: str
    text: str
    style: Style
    sounds: tuple[str, ...]


def shipped(language: str) -> list[Prompt]:
    """Return the program's own prompts in a language, in the order in which they cover it soonest."""
    lines = paths.resource(f"prompts/{language}.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines]
    said = _said(language, [text for _, text in pairs])
    return [
        Prompt(_id(language, text), text, _style(style), sounds)
        for (style, text), sounds in zip(pairs, said, strict=True)
    ]


def _said(language: str, texts: Sequence[str]) -> list[tuple[str, ...]]:
    if language == "ko":
        return [tuple(korean.sounds(text)) for text in texts]
    lines = paths.resource(f"prompts/{language}.sounds.txt").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split()) for line in lines]


def own(file: Path) -> list[Prompt]:
    """Read a prompt file of the user's: one line a sentence; empty lines, and those that begin with #, are left out.

    Raises `InputError`: missing_file, not_text, no_prompts.
    """
    lines = (" ".join(line.split()) for line in _text(file).splitlines())
    texts = list(dict.fromkeys(line[:LONGEST_TEXT] for line in lines if line and not line.startswith("#")))
    if not texts:
        raise InputError("no_prompts", f"{file.name} has no sentences.", "Write one sentence a line.")
    return [Prompt(_id("own", text), text, "statement", sounds_of(text)) for text in texts]


def sounds_of(text: str) -> tuple[str, ...]:
    """Return the sounds of a text in Korean, or else in English."""
    return tuple(korean.sounds(text) if HANGUL.search(text) else english.sounds(text))


def language_of(prompts: Sequence[Prompt]) -> str:
    """Return the language that most prompts of a file are in, as far as their letters tell."""
    written = sum(bool(HANGUL.search(prompt.text)) for prompt in prompts)
    return "ko" if 2 * written > len(prompts) else "en"


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(LONGEST_FILE)
    except OSError as error:
        raise InputError("missing_file", f"{file.name} cannot be read.", "Check where it is.") from error
    for encoding in ENCODINGS:
        if encoding == "utf-16" and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(
        "not_text", f"{file.name} is no text file.", "Save the sentences as plain text in UTF-8."
    )


def _id(kind: str, text: str) -> str:
    """Return a name that stays when the list is put in another order."""
    return f"{kind}:{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def _style(name: str) -> Style:
    return next(style for style in STYLES if style == name)
