"""Which sounds of a language have been read, and how often."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rvcstudio.recording import korean
from rvcstudio.recording.prompts import Prompt

EXAMPLES = {
    **{"AA": "father", "AE": "cat", "AH": "cup", "AO": "law", "AW": "now", "AY": "my", "B": "bee"},
    **{"CH": "cheese", "D": "dog", "DH": "this", "EH": "red", "ER": "bird", "EY": "day", "F": "fee"},
    **{"G": "go", "HH": "he", "IH": "it", "IY": "see", "JH": "judge", "K": "key", "L": "lip", "M": "me"},
    **{"N": "no", "NG": "sing", "OW": "go", "OY": "boy", "P": "pea", "R": "red", "S": "sea", "SH": "she"},
    **{"T": "tea", "TH": "thin", "UH": "book", "UW": "blue", "V": "vase", "W": "we", "Y": "yes"},
    **{"Z": "zoo", "ZH": "measure"},
}
"""A word to each English sound, since few readers know the names."""

SOUNDS: Mapping[str, tuple[str, ...]] = {"en": tuple(EXAMPLES), "ko": korean.SOUNDS}
ENOUGH = 5  # times; a voice heard less often in a sound is a guess there


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often each sound of a language was read."""

    counts: Mapping[str, int]

    @property
    def enough(self) -> int:
        """How many sounds were read often enough."""
        return sum(count >= ENOUGH for count in self.counts.values())

    @property
    def missing(self) -> list[str]:
        """The sounds that were not, the rarest first."""
        rare = [sound for sound, count in self.counts.items() if count < ENOUGH]
        return sorted(rare, key=lambda sound: self.counts[sound])


def of(language: str, prompts: Iterable[Prompt]) -> Coverage:
    """Count the sounds of prompts that were read; what is no sound of the language is left out."""
    counted = Counter(sound for prompt in prompts for sound in prompt.sounds)
    return Coverage({sound: counted[sound] for sound in SOUNDS[language]})
