"""How Korean is said: the sounds of a text by the rules of Standard Pronunciation, for the coverage of prompts."""

import re

ONSETS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
CODAS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
SOUNDS = tuple(dict.fromkeys(ONSETS + VOWELS))
"""18 consonants that begin syllables, ㅇ for the one that only ends them, 21 vowels."""

FIRST, LAST = ord("가"), ord("힣")
SILENT = "ㅇ"  # as an onset

PAIRS = {"ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ"} | {
    "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
HEARD = (
    dict.fromkeys(("ㄱ", "ㄲ", "ㅋ", "ㄳ", "ㄺ"), "ㄱ")
    | dict.fromkeys(("ㄴ", "ㄵ", "ㄶ"), "ㄴ")
    | dict.fromkeys(("ㄷ", "ㅅ", "ㅆ", "ㅈ", "ㅊ", "ㅌ", "ㅎ"), "ㄷ")
    | dict.fromkeys(("ㄹ", "ㄼ", "ㄽ", "ㄾ", "ㅀ"), "ㄹ")
    | dict.fromkeys(("ㅁ", "ㄻ"), "ㅁ")
    | dict.fromkeys(("ㅂ", "ㅍ", "ㅄ", "ㄿ"), "ㅂ")
    | {"ㅇ": "ㅇ"}
)
"""What is heard of a coda at the end of a word or before a consonant."""

BREATHED = {"ㄱ": "ㅋ", "ㄷ": "ㅌ", "ㅂ": "ㅍ", "ㅈ": "ㅊ"}
TENSE = {"ㄱ": "ㄲ", "ㄷ": "ㄸ", "ㅂ": "ㅃ", "ㅅ": "ㅆ", "ㅈ": "ㅉ"}
NASAL = {"ㄱ": "ㅇ", "ㄷ": "ㄴ", "ㅂ": "ㅁ"}

WORD = re.compile(r"[가-힣]+")


def sounds(text: str) -> list[str]:
    """Return the sounds of the Korean words of a text, as letters: ㅇ is the one at the end of a syllable."""
    return [sound for word in WORD.findall(text) for sound in _word(word)]


def _word(word: str) -> list[str]:
    syllables = [_parts(character) for character in word]
    said: list[str] = []
    for place, (onset, vowel, coda) in enumerate(syllables):
        following = syllables[place + 1] if place + 1 < len(syllables) else None
        heard, begins = _joined(coda, following)
        if following is not None:
            following[0] = begins
        said += [sound for sound in (onset if onset != SILENT else "", vowel, heard) if sound]
    return said


def _parts(character: str) -> list[str]:
    """Return onset, vowel and coda of a syllable."""
    code = ord(character) - FIRST
    return [ONSETS[code // 588], VOWELS[code % 588 // 28], CODAS[code % 28]]


def _joined(coda: str, following: list[str] | None) -> tuple[str, str]:
    """Return what is heard of a coda, and how the next syllable begins."""
    if following is None:
        return HEARD.get(coda, ""), ""
    onset, vowel, _ = following
    if not coda:
        return "", onset
    if onset == SILENT:
        return _linked(coda, vowel)
    if coda[-1] == "ㅎ" or PAIRS.get(coda, "").endswith("ㅎ"):
        return _after_h(coda, onset)
    if onset == "ㅎ":
        return _before_h(coda)
    if coda in PAIRS and PAIRS[coda][1] in TENSE | BREATHED:  # also of what is not heard: 앉다 is 안따
        onset = TENSE.get(onset, onset)
    return _assimilated(HEARD[coda], onset)


def _linked(coda: str, vowel: str) -> tuple[str, str]:
    """Carry a coda over to a syllable that begins with a vowel."""
    if coda == "ㅇ":
        return "ㅇ", SILENT
    stays, goes = ("", coda) if coda not in PAIRS else tuple(PAIRS[coda])
    if goes == "ㅎ":
        return ("", stays) if stays else ("", SILENT)
    if vowel == "ㅣ" and goes in "ㄷㅌ":
        goes = {"ㄷ": "ㅈ", "ㅌ": "ㅊ"}[goes]
    if stays and goes == "ㅅ":
        goes = "ㅆ"
    return stays, goes


def _after_h(coda: str, onset: str) -> tuple[str, str]:
    stays = PAIRS[coda][0] if coda in PAIRS else ""
    if onset in BREATHED:
        return stays, BREATHED[onset]
    if onset == "ㅅ":
        return stays, "ㅆ"
    return _assimilated(stays or "ㄷ", onset)


def _before_h(coda: str) -> tuple[str, str]:
    stays, last = ("", coda) if coda not in PAIRS else tuple(PAIRS[coda])
    last = last if last in BREATHED else HEARD[last]
    if last in BREATHED:
        return stays, BREATHED[last]
    return HEARD[coda], "ㅎ"


def _assimilated(coda: str, onset: str) -> tuple[str, str]:
    if coda in NASAL:
        if onset in "ㄴㅁ":
            return NASAL[coda], onset
        if onset == "ㄹ":
            return NASAL[coda], "ㄴ"
        return coda, TENSE.get(onset, onset)
    if coda in "ㅁㅇ" and onset == "ㄹ":
        return coda, "ㄴ"
    if {coda, onset} in ({"ㄴ", "ㄹ"}, {"ㄹ"}):
        return "ㄹ", "ㄹ"
    return coda, onset
