"""Which clips are held out for testing: decided before anything is learnt, and by content, never by order.

Of several speakers a share of each is held out, and by transcript nobody says in training what another says in the
test part.

Many takes are split take by take, takes of one sentence together. Few takes, such as one long recording, or
takes each longer than the test part may be, give contiguous stretches, with a guard on each side thrown away.
"""

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rvc.config import PrepareConfig

Side = Literal["train", "test", "guard"]

MANY_TAKES = 10
GUARD_S = 2.0
STRETCH_S = 15.0  # roughly how long a stretch is where several are taken
LONG_TAKE_S = 60.0  # takes of this length give stretches of their own
LARGEST_GROUP = 0.25  # a sentence that makes up more than this share of the dataset is not held out whole
SPEAKER_TEST_S = 10.0  # of each of several speakers: a sentence or two tell something
LEAST_TRAINING = 0.5  # a test part that leaves less than this share for training is not worth it
TRANSCRIPTS = "transcripts.tsv"
TEXT = "text:"  # before a sentence that a transcript gives; others go by their file's name
TIMESTAMP = re.compile(r"[ _-]\d{8,}$")


@dataclass(frozen=True, slots=True)
class SplitTake:
    """What the split needs to know of a take: `spans` are its clips, in seconds, in order."""

    sha256: str
    sentence: str
    spans: tuple[tuple[float, float], ...]
    speaker: str = ""

    @property
    def seconds(self) -> float:
        return sum(end - start for start, end in self.spans)

    @property
    def has_text(self) -> bool:
        """Whether a transcript says what is said, rather than the name of the file."""
        return self.sentence.startswith(TEXT)


def assign(takes: Sequence[SplitTake], config: PrepareConfig) -> dict[str, list[Side]]:
    """Return the side of every clip by its take's hash. There may be no test part, always a training part."""
    groups: dict[str, list[SplitTake]] = defaultdict(list)
    for take in takes:
        groups[take.speaker].append(take)
    if len(groups) > 1:
        longest = max(config.held_out_max_s / len(groups), min(SPEAKER_TEST_S, config.held_out_max_s))
        config = config.model_copy(update={"held_out_max_s": longest})
    sides: dict[str, list[Side]] = {}
    for group in groups.values():
        sides |= _assign(group, config)
    tested = {take.sentence for take in takes if take.has_text and "test" in sides[take.sha256]}
    for group in groups.values():
        sides |= _untaught(group, tested, sides)
    return sides


def _untaught(
    takes: Sequence[SplitTake], tested: Set[str], sides: Mapping[str, list[Side]]
) -> dict[str, list[Side]]:
    """Take a speaker's takes of what others are tested on out of training, unless that is most there is."""
    found = [take for take in takes if take.sentence in tested and "test" not in sides[take.sha256]]
    total = sum(take.seconds for take in takes)
    if sum(take.seconds for take in found) > (1 - LEAST_TRAINING) * total:
        return {}
    return {take.sha256: ["guard"] * len(take.spans) for take in found}


def _assign(takes: Sequence[SplitTake], config: PrepareConfig) -> dict[str, list[Side]]:
    """Split the takes of one speaker."""
    total = sum(take.seconds for take in takes)
    limit = min(config.held_out * total, config.held_out_max_s)
    sides: dict[str, list[Side]] = {take.sha256: ["train"] * len(take.spans) for take in takes}
    if limit <= 0:
        return sides
    held = dict(sides)
    whole = _held_takes(takes, limit, total, config) if len(takes) >= MANY_TAKES else []
    for take in whole:
        held[take.sha256] = ["test"] * len(take.spans)
    for take, share in [] if whole else _sources(takes, limit, config.seed):
        held[take.sha256] = _stretches(take, share, config)
    left = sum(_seconds(take, held[take.sha256], "train") for take in takes)
    return held if left >= LEAST_TRAINING * total else sides


def sentences(files: Sequence[Path]) -> list[str]:
    """Return what each take says, as far as can be told: equal strings are equal sentences.

    From `transcripts.tsv` (stem, tab, sentence) beside the take or one folder up, else from its name:
    `arctic_a0049_1592747353` is a recording of `arctic_a0049`.
    """
    texts: dict[Path, dict[str, str]] = {}
    for folder in {file.parent for file in files}:
        texts[folder] = _transcripts(folder.parent) | _transcripts(folder)
    names = _prompts([file.stem for file in files])
    pairs = zip(files, names, strict=True)
    return [texts[file.parent].get(file.stem) or f"name:{name}" for file, name in pairs]


def _transcripts(folder: Path) -> dict[str, str]:
    """Return `TEXT` and the plain words of each stem that a table in the folder names."""
    path = folder / TRANSCRIPTS
    if not path.is_file():
        return {}
    lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    pairs = (line.split("\t", 1) for line in lines if "\t" in line)
    return {stem.strip(): f"{TEXT}{words}" for stem, text in pairs if (words := _words(text))}


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.findall(r"\w+", plain))


def _prompts(stems: Sequence[str]) -> list[str]:
    """Return stems without a trailing time stamp where what is left looks like the number of a prompt."""
    short = [TIMESTAMP.sub("", stem) for stem in stems]
    chosen = [left if re.search(r"\d", left) else stem for left, stem in zip(short, stems, strict=True)]
    most = max(Counter(chosen).values(), default=0)
    # names that nearly all begin alike carry a date, not a prompt
    return list(stems) if most > len(stems) / 2 else chosen


def _held_takes(
    takes: Sequence[SplitTake], limit: float, total: float, config: PrepareConfig
) -> list[SplitTake]:
    """Choose whole sentences by hash until `limit` seconds are full; one more take moves hardly any other."""
    groups: dict[str, list[SplitTake]] = defaultdict(list)
    for take in takes:
        groups[take.sentence].append(take)
    lengths = {sentence: sum(take.seconds for take in group) for sentence, group in groups.items()}
    order = sorted(groups, key=lambda sentence: _draw(config.seed, sentence))
    chosen: list[str] = []
    for sentence in order:
        if lengths[sentence] <= limit:
            chosen.append(sentence)
            limit -= lengths[sentence]
        elif chosen:
            break
    if not chosen:
        shortest = min(order, key=lengths.__getitem__)
        if lengths[shortest] <= min(LARGEST_GROUP * total, config.held_out_max_s):
            chosen = [shortest]
    return [take for sentence in chosen for take in groups[sentence]]


def _sources(takes: Sequence[SplitTake], limit: float, seed: int) -> list[tuple[SplitTake, float]]:
    """Return the takes to cut test stretches from and the seconds of each: long ones, else the longest."""
    said = Counter(take.sentence for take in takes)
    single = [take for take in takes if said[take.sentence] == 1]
    if not single:
        return []
    longest = max(single, key=lambda take: (take.seconds, take.sha256))
    long = [take for take in single if take.seconds >= LONG_TAKE_S] or [longest]
    sources = sorted(long, key=lambda take: _draw(seed, take.sha256))[: max(1, int(limit / STRETCH_S))]
    total = sum(take.seconds for take in sources)
    return [(take, limit * take.seconds / total) for take in sources]


def _stretches(take: SplitTake, limit: float, config: PrepareConfig) -> list[Side]:
    """Hold out about `limit` seconds as stretches spread over the take, and guard them."""
    count = max(1, round(limit / STRETCH_S))
    held: list[int] = []
    seconds = 0.0
    for number in range(count):
        jitter = 0.25 + 0.5 * _draw(config.seed, f"{take.sha256}/{number}")
        middle = (number + jitter) / count * take.seconds
        start = _clip_at(take, middle - limit / count / 2)
        budget = limit * (number + 1) / count
        for index in range(start, len(take.spans)):
            length = take.spans[index][1] - take.spans[index][0]
            first = not held and length <= config.held_out_max_s
            if index in held or not (first or seconds + length <= budget):
                break
            held.append(index)
            seconds += length
    return _guarded(take, held)


def _clip_at(take: SplitTake, position: float) -> int:
    """Return the clip at `position` seconds of the clips laid end to end."""
    for index, (start, end) in enumerate(take.spans):
        position -= end - start
        if position < 0:
            return index
    return len(take.spans) - 1


def _guarded(take: SplitTake, held: Sequence[int]) -> list[Side]:
    zones = [(take.spans[index][0] - GUARD_S, take.spans[index][1] + GUARD_S) for index in held]
    sides: list[Side] = []
    for index, (start, end) in enumerate(take.spans):
        near = any(start < right and end > left for left, right in zones)
        sides.append("test" if index in held else "guard" if near else "train")
    return sides


def _seconds(take: SplitTake, sides: Sequence[Side], side: Side) -> float:
    return sum(end - start for (start, end), at in zip(take.spans, sides, strict=True) if at == side)


def _draw(seed: int, text: str) -> float:
    """Return a number in [0, 1) that depends on nothing but the seed and the text."""
    digest = hashlib.sha256(f"{seed}:{text}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
