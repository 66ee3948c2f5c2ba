"""Blind listening: pairs of recordings whose makers are not told, and what the answers amount to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import sqrt
from pathlib import Path
from random import Random

from rvcstudio.report import KINDS, Report

MOST = 12  # questions; more tire
Z = 1.959963984540054  # of a normal distribution, for 95 %
ORIGINAL = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """Two versions of a recording in the order in which they are heard; makers by name, "" the recording itself."""

    name: str
    files: tuple[Path, Path]
    makers: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Share:
    """How often one of two makers was preferred, and the 95 % range (Wilson 1927) of that."""

    one: str
    other: str
    preferred: int
    count: int
    undecided: int

    @property
    def range(self) -> tuple[float, float]:
        """Return the bounds of the share, 0 to 1; half of the undecided count for each."""
        if not self.count:
            return 0.0, 1.0
        share = (self.preferred + self.undecided / 2) / self.count
        middle = (share + Z**2 / (2 * self.count)) / (1 + Z**2 / self.count)
        spread = share * (1 - share) / self.count + Z**2 / (4 * self.count**2)
        half = Z * sqrt(spread) / (1 + Z**2 / self.count)
        return max(0.0, middle - half), min(1.0, middle + half)


def make_trials(reports: Sequence[tuple[str, Report, Path]], seed: int) -> list[Trial]:
    """Return pairs in a random order: of the models, or of the only model with the recordings themselves."""
    versions: dict[tuple[str, str], dict[str, Path]] = {}
    for name, report, folder in reports:
        for kind in KINDS:
            for row in report.to_hear(kind):
                known = versions.setdefault((kind, row.name), {})
                if kind == "reconstruction":
                    known.setdefault(ORIGINAL, folder / str(row.original))
                known[name] = folder / str(row.output)
    random = Random(seed)
    several = len(reports) > 1
    trials = []
    for (_, clip), known in versions.items():
        makers = [maker for maker in known if maker != ORIGINAL or not several]
        for pair in combinations(makers, 2):
            one, other = random.sample(pair, 2)
            trials.append(Trial(clip, (known[one], known[other]), (one, other)))
    random.shuffle(trials)
    return trials[:MOST]


@dataclass(slots=True)
class Listener:
    """One person's way through a test: `choices` are 0, 1, or None where no difference was heard."""

    trials: list[Trial]
    choices: list[int | None] = field(default_factory=list)

    @property
    def trial(self) -> Trial | None:
        """What is asked now; None when everything is answered."""
        return self.trials[len(self.choices)] if len(self.choices) < len(self.trials) else None

    def answer(self, choice: int | None) -> None:
        self.choices.append(choice)

    def back(self) -> None:
        """Take the last answer back."""
        if self.choices:
            self.choices.pop()

    def shares(self) -> list[Share]:
        """Return what was preferred, by pairs of makers in the order of their names."""
        found: dict[tuple[str, str], list[str | None]] = {}
        for trial, choice in zip(self.trials, self.choices, strict=False):
            pair = sorted(trial.makers)
            found.setdefault((pair[0], pair[1]), []).append(None if choice is None else trial.makers[choice])
        return [
            Share(one, other, answers.count(one), len(answers), answers.count(None))
            for (one, other), answers in sorted(found.items())
        ]
