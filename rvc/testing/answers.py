"""The answers to a blind listening page, read back by the key that says what each sound was."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from rvc.errors import InputError
from rvc.testing import intervals
from rvc.testing.report import Identity, Listening, Preference, Rating

KEY_NAME = "listen-key.json"
RECORDING, SOURCE = "\x00recording", "\x00source"  # no model is called so

Ask = Literal["pair", "natural", "same"]
ASKS: tuple[Ask, ...] = ("pair", "natural", "same")
CHOICES: dict[Ask, tuple[str, ...]] = {
    "pair": ("first", "second", "neither"),
    "natural": ("1", "2", "3", "4", "5"),
    "same": ("yes", "no"),
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Question(_Part):
    """What stands behind a question: the names of one or two sounds, `recording`, `source` or a model's label."""

    id: str
    ask: Ask
    sounds: list[str]


class Key(_Part):
    """What the page does not say."""

    test: str
    models: list[str]
    recording: str = RECORDING
    source: str = SOURCE
    questions: list[Question]


class Answers(_Part):
    """What one person answered, as the page saves it."""

    test: str
    session: str
    answers: dict[str, str]


def read(folder: Path, files: Sequence[Path]) -> Listening:
    """Count the answers of several people to the test in `folder`.

    Raises `InputError`: no_listening_test, not_answers, another_test.
    """
    try:
        key = Key.model_validate_json((folder / KEY_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            "no_listening_test",
            f"There is no listening test in {folder}.",
            "Make one: rvc evaluate ... --listen",
        ) from error
    people = {answers.session: answers for answers in (_read_answers(file, key) for file in files)}
    return _count(key, list(people.values()))


def _read_answers(file: Path, key: Key) -> Answers:
    """Read what one person saved; raises `InputError` when it is no answer to this test."""
    try:
        answers = Answers.model_validate_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            "not_answers", f"{file.name} holds no answers to a listening test.", "Save them on the page anew."
        ) from error
    if answers.test != key.test:
        raise InputError(
            "another_test",
            f"{file.name} answers another listening test.",
            "Give the answers to the page that lies beside this report.",
        )
    return answers


def _count(key: Key, people: Sequence[Answers]) -> Listening:
    given = [
        (question, person.answers[question.id])
        for person in people
        for question in key.questions
        if person.answers.get(question.id) in CHOICES[question.ask]
    ]
    return Listening(
        listeners=len(people),
        answers=len(given),
        preferences=_preferences(key, given),
        ratings=_rated(key, given),
        identities=_identities(key, given),
    )


def _preferences(key: Key, given: Sequence[tuple[Question, str]]) -> list[Preference]:
    """Count how often a model was chosen; the answer names the first or the second sound, or neither."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for question, answer in given:
        if question.ask == "pair":
            model, other = sorted(question.sounds, key=lambda what: _rank(key, what))
            chosen = question.sounds[answer == "second"] if answer != "neither" else ""
            groups[model, other].append(chosen)
    return [
        Preference(
            model=model,
            other="" if other == key.recording else other,
            preferred=chosen.count(model),
            undecided=chosen.count(""),
            count=len(chosen),
        )
        for (model, other), chosen in groups.items()
    ]


def _rank(key: Key, what: str) -> int:
    """Order the two sounds of a pair: models as in the test, the recording last."""
    return len(key.models) if what == key.recording else key.models.index(what)


def _rated(key: Key, given: Sequence[tuple[Question, str]]) -> list[Rating]:
    groups: dict[str, list[float]] = defaultdict(list)
    for question, answer in given:
        if question.ask == "natural":
            groups[question.sounds[0]].append(float(answer))
    found = ((what, intervals.of_mean(groups[what])) for what in [*key.models, key.recording])
    return [
        Rating(what="" if what == key.recording else what, interval=interval)
        for what, interval in found
        if interval
    ]


def _identities(key: Key, given: Sequence[tuple[Question, str]]) -> list[Identity]:
    groups: dict[tuple[Literal["model", "voice", "source"], str], list[str]] = defaultdict(list)
    for question, answer in given:
        if question.ask == "same":
            models = [what for what in question.sounds if what in key.models]
            control: Literal["voice", "source"] = "source" if key.source in question.sounds else "voice"
            groups[("model", models[0]) if models else (control, "")].append(answer)
    return [
        Identity(what=what, model=model, agreed=answers.count("yes"), count=len(answers))
        for (what, model), answers in sorted(groups.items())
    ]
