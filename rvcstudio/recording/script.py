"""What is read: the prompts of a set, the place in them, and how much good speech a voice has by now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from rvcstudio.library import Take
from rvcstudio.recording import coverage, prompts
from rvcstudio.recording.coverage import Coverage
from rvcstudio.recording.prompts import Prompt
from rvcstudio.recording.settings import Reading

GOAL_S = 600.0


@dataclass(slots=True)
class Script:
    """Prompts in their order. Free recording has none."""

    reading: Reading
    prompts: list[Prompt]
    language: str
    place: int = 0
    read: set[str] = field(default_factory=set)

    @property
    def prompt(self) -> Prompt | None:
        """The sentence to read now."""
        return self.prompts[self.place] if self.prompts else None

    def move(self, steps: int) -> None:
        """Go on, or back, as far as there are prompts."""
        self.place = min(max(0, self.place + steps), max(0, len(self.prompts) - 1))

    def note(self, takes: Iterable[Take], *, find_place: bool = False) -> None:
        """Remember which prompts are read; with `find_place`, go to the first that is not."""
        self.read = {take.prompt_id for take in takes if is_good(take)}
        if find_place:
            unread = (place for place, prompt in enumerate(self.prompts) if prompt.id not in self.read)
            self.place = next(unread, 0)

    def go_on(self) -> None:
        """Go to the next prompt that is not read, or just to the next one."""
        later = range(self.place + 1, len(self.prompts))
        self.place = next(
            (place for place in later if self.prompts[place].id not in self.read),
            min(self.place + 1, max(0, len(self.prompts) - 1)),
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How much good speech there is, and which sounds it has; `coverage` is None where sounds are not known."""

    seconds: float
    takes: int
    coverage: Coverage | None

    @property
    def share(self) -> float:
        return min(1.0, self.seconds / GOAL_S)


def load(reading: Reading, own_file: Path | None, voice_language: str) -> Script:
    """Return a set of prompts from its beginning. Raises `InputError`, see `prompts.own`."""
    if reading == "free" or (reading == "own" and own_file is None):
        return Script("free", [], voice_language)
    if reading == "own" and own_file is not None:
        own = prompts.own(own_file)
        return Script("own", own, prompts.language_of(own))
    return Script(reading, prompts.shipped(reading), reading)


def is_good(take: Take) -> bool:
    return not take.excluded and take.verdict.get("verdict") != "bad"


def progress(takes: Iterable[Take], language: str) -> Progress:
    """Return what the takes of a voice amount to."""
    good = [take for take in takes if is_good(take)]
    seconds = sum(float(take.verdict.get("speech_s", take.seconds)) for take in good)
    if language not in coverage.SOUNDS:
        return Progress(seconds, len(good), None)
    return Progress(seconds, len(good), coverage.of(language, _read(good, language)))


def _read(takes: list[Take], language: str) -> Iterable[Prompt]:
    """Yield the prompts of takes: those that ship with the program as they are there, others by their letters."""
    known = {prompt.id: prompt for prompt in prompts.shipped(language)}
    for take in takes:
        yield known.get(take.prompt_id) or Prompt(
            take.prompt_id, take.prompt, "statement", prompts.sounds_of(take.prompt)
        )
