"""Blind listening: a page that asks people what they hear.

The page knows sounds by random names only; what each one is stands in a key beside it, which stays with
whoever made the test. All sounds have one loudness and one comment, so that neither gives them away.
"""

import base64
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile
from markupsafe import Markup

from rvc import paths
from rvc.sound import audio, mark
from rvc.testing.answers import ASKS, KEY_NAME, RECORDING, SOURCE, Ask, Key, Question
from rvc.testing.report import Kind, Report
from rvc.testing.trials import Heard, Trial, spread
from rvc.testing.words import Words, environment

PAGE_NAME = "listen.html"
COMMENT = f"For blind listening: a recording, or AI generated, {mark.SIGNATURE}"

PAIRS = 8  # of the model with the recordings
RIVAL_PAIRS = 6  # with each other model
RATED = 4  # clips of each kind that are rated by themselves
CONTROLS = 2  # questions about a person whose answer is known
LONGEST_S = 8.0
LEVEL = 0.06  # root mean square of what is loud enough to be speech
SPEECH_SHARE = 0.1  # of the loudest moment: quieter ones are pauses

Made = tuple[str, Sequence[Trial]]
"""A model's label and what it made."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A wave (N,) to be heard, and what it is."""

    what: str
    wave: np.ndarray
    rate: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its sounds."""

    ask: Ask
    sounds: tuple[Sound, ...]


def write(report: Report, entrants: Sequence[Made], folder: Path) -> Path:
    """Write `listen.html` and its key into `folder`: what every model, named, made of the same recordings."""
    random = np.random.default_rng([report.seed % 2**63, len(entrants)])
    asked = [*_pairs(entrants), *_ratings(entrants), *_persons(entrants)]
    sounds: dict[str, str] = {}
    questions, shown = [], []
    for ask in ASKS:
        group = [one for one in asked if one.ask == ask]
        for place in random.permutation(len(group)):
            one = group[place]
            order = [one.sounds[side] for side in random.permutation(len(one.sounds))]
            names = [_add(sounds, sound, random) for sound in order]
            question = Question(id=_token(random), ask=ask, sounds=[sound.what for sound in order])
            questions.append(question)
            shown.append({"id": question.id, "ask": ask, "sounds": names})
    test = hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:12]
    key = Key(test=test, models=[label for label, _ in entrants], questions=questions)
    paths.write_text(folder / KEY_NAME, key.model_dump_json(indent=1) + "\n")
    words = Words.of(report.language)
    data = {
        "test": test,
        "questions": shown,
        "sounds": dict(sorted(sounds.items())),
        "words": words.text["blind"],
    }
    page = environment().get_template(PAGE_NAME).render(words=words, data=_script_json(data))
    paths.write_text(folder / PAGE_NAME, page)
    return folder / PAGE_NAME


def _pairs(entrants: Sequence[Made]) -> Iterable[Asked]:
    """Ask which of two sounds more natural: the model or the recording, the model or another one."""
    label, trials = entrants[0]
    for place in _some(trials, "reconstruction", PAIRS):
        yield Asked("pair", (_sound(label, trials[place].output), _sound(RECORDING, trials[place].original)))
    for other, others in entrants[1:]:
        for place in spread(len(trials), RIVAL_PAIRS):
            yield Asked("pair", (_sound(label, trials[place].output), _sound(other, others[place].output)))


def _ratings(entrants: Sequence[Made]) -> Iterable[Asked]:
    """Ask how natural single sounds are: recordings, and what every model makes."""
    for number, (label, trials) in enumerate(entrants):
        for kind in ("reconstruction", "conversion"):
            for place in _some(trials, kind, RATED):
                yield Asked("natural", (_sound(label, trials[place].output),))
                if kind == "reconstruction" and not number:
                    yield Asked("natural", (_sound(RECORDING, trials[place].original),))


def _persons(entrants: Sequence[Made]) -> Iterable[Asked]:
    """Ask whether two sounds are of one person: the voice and what a model made; and pairs whose answer is known."""
    own = entrants[0][1]
    voice = [own[place] for place in _some(own, "reconstruction", len(own))]
    takes = list({trial.take: trial for trial in voice}.values())
    if len(takes) < 2:
        return
    sources = _some(own, "conversion", RATED)
    for label, trials in entrants:
        for number, place in enumerate(sources or _some(own, "reconstruction", RATED)):
            made = trials[place]
            others = [trial for trial in takes if trial.take != made.take]
            recording = others[number % len(others)].original
            yield Asked("same", (_sound(label, made.output), _sound(RECORDING, recording)))
    for number, (one, other) in enumerate(pairwise(takes[: CONTROLS + 1])):
        yield Asked("same", (_sound(RECORDING, one.original), _sound(RECORDING, other.original)))
        if sources:
            source = own[sources[number % len(sources)]].original
            yield Asked("same", (_sound(SOURCE, source), _sound(RECORDING, one.original)))


def _some(trials: Sequence[Trial], kind: Kind, most: int) -> list[int]:
    places = [place for place, trial in enumerate(trials) if trial.kind == kind]
    return [places[one] for one in spread(len(places), most)]


def _sound(what: str, heard: Heard) -> Sound:
    return Sound(what, heard.wave, heard.rate)


def _add(sounds: dict[str, str], sound: Sound, random: np.random.Generator) -> str:
    """Put a sound on the page under a name that says nothing, anew for every question."""
    name = _token(random)
    sounds[name] = base64.b64encode(_encoded(sound)).decode("ascii")
    return name


def _encoded(sound: Sound) -> bytes:
    """Return a FLAC file of the sound at the common loudness."""
    wave = sound.wave[: int(LONGEST_S * sound.rate)]
    level = audio.rms(wave, sound.rate // 20, sound.rate // 100)
    speech = level[level >= SPEECH_SHARE * level.max()]
    loudness = float(np.sqrt(np.square(speech).mean())) if len(speech) else 0.0
    even = audio.limit(wave * np.float32(LEVEL / max(loudness, 1e-6)))
    stream = io.BytesIO()
    with soundfile.SoundFile(stream, "w", sound.rate, 1, "PCM_16", format="FLAC") as file:
        file.comment = COMMENT
        file.write(even)
    return stream.getvalue()


def _token(random: np.random.Generator) -> str:
    return random.bytes(6).hex()


def _script_json(data: object) -> Markup:
    """Write data as JSON that cannot end the script that it stands in."""
    return Markup(json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"))
