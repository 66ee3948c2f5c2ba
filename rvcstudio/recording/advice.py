"""What reading would add to a voice: sounds that were hardly read, and ways of speaking that were not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rvcstudio.library import Take
from rvcstudio.recording import prompts, script
from rvcstudio.recording.coverage import ENOUGH
from rvcstudio.recording.prompts import Prompt, Style

PLENTY_S = 300.0  # of speech of which nobody knows the words: it has every sound


@dataclass(frozen=True, slots=True)
class Wanted:
    """`sounds` were read fewer than five times, the rarest first; so many `sentences` to read next have them all."""

    language: str
    sounds: tuple[str, ...] = ()
    sentences: int = 0
    styles: tuple[Style, ...] = ()


def wanted(takes: Sequence[Take], language: str) -> Wanted:
    """Return what a voice lacks, as far as that is known: there are prompts in some languages only."""
    if language not in prompts.LANGUAGES:
        return Wanted(language)
    good = [take for take in takes if script.is_good(take)]
    if sum(take.seconds for take in good if not take.prompt) >= PLENTY_S:
        return Wanted(language)
    shipped = prompts.shipped(language)
    read = {take.prompt_id for take in good}
    progress = script.progress(good, language)
    assert progress.coverage is not None
    said = {prompt.style for prompt in shipped if prompt.id in read}
    return Wanted(
        language=language,
        sounds=tuple(progress.coverage.missing),
        sentences=_needed(progress.coverage.counts, [one for one in shipped if one.id not in read]),
        styles=tuple(style for style in prompts.STYLES if style not in said),
    )


def _needed(counts: Mapping[str, int], unread: Sequence[Prompt]) -> int:
    """Return how many sentences to read, in their order, until every sound was read often enough."""
    counted = Counter(counts)
    for number, prompt in enumerate(unread):
        if all(counted[sound] >= ENOUGH for sound in counts):
            return number
        counted.update(prompt.sounds)
    return len(unread)
