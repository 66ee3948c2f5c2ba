"""How English is said, for the coverage of prompts that the user brings: known words, and rules for the others.

The words (`resources/prompts/en.words.txt`) were transcribed by `make.py` there, into the 39 sounds of the CMU
dictionary; the rules (`en.rules.txt`) go by letters, as a child reads. docs/recording.md says how often they are wrong.
"""

import re
from functools import cache, lru_cache

from rvc import paths

WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
ENDINGS = (("'s", "Z"), ("s", "Z"), ("ed", "D"), ("d", "D"), ("ing", "IH NG"), ("ly", "L IY"), ("er", "ER"))
"""What known words are lengthened by: the letters, and how they are said after most sounds."""
HISSES, VOICELESS = {"S", "Z", "SH", "ZH", "CH", "JH"}, {"P", "T", "K", "F", "TH"}

REDUCED = {"a": ("AH",)}  # in a sentence; alone it is the letter's name

CONSONANT = "[bcdfghjklmnpqrstvz]"
MAGIC = rf"(?={CONSONANT}e(?:s|d|r|rs|ly|ful|less|ment)?$|{CONSONANT}ing$)"  # it lengthens a vowel before it


def sounds(text: str) -> list[str]:
    """Return the sounds of a text, as phonemes of the CMU dictionary."""
    return [sound for word in WORD.findall(text.lower().replace("’", "'")) for sound in _word(word)]


@lru_cache(maxsize=10_000)
def _word(word: str) -> tuple[str, ...]:
    known = _known()
    return known.get(word) or _lengthened(word, known) or by_rules(word)


def _lengthened(word: str, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return how a known word with an ending is said; nothing where it is none."""
    for ending, said in ENDINGS:
        stem = word.removesuffix(ending)
        for base in (stem, f"{stem}e", stem[:-1] if stem[-2:-1] == stem[-1:] else ""):
            if stem != word and len(base) > 2 and base in known:
                return known[base] + _ending(said, known[base][-1])
    return ()


def _ending(said: str, last: str) -> tuple[str, ...]:
    """Return how an ending is said after a sound."""
    if said == "Z":
        return ("IH", "Z") if last in HISSES else ("S",) if last in VOICELESS else ("Z",)
    if said == "D":
        return (
            ("IH", "D") if last in ("T", "D") else ("T",) if last in VOICELESS | {"S", "SH", "CH"} else ("D",)
        )
    return tuple(said.split())


def by_rules(word: str) -> tuple[str, ...]:
    """Return the sounds of a word by its letters alone."""
    found: list[str] = []
    place = 0
    while place < len(word):
        said, place = next(
            (said, match.end()) for rule, said in _rules() if (match := rule.match(word, place))
        )
        found += said
    return tuple(found)


@cache
def _known() -> dict[str, tuple[str, ...]]:
    lines = paths.resource("prompts/en.words.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines)
    return {word: tuple(said.split()) for word, said in pairs} | REDUCED


@cache
def _rules() -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
    lines = paths.resource("prompts/en.rules.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return [(re.compile(letters.replace("MAGIC", MAGIC)), tuple(said.split())) for letters, said in pairs]
