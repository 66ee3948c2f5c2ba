"""Judges of what a model made: how like the voice, how well understood, how natural. Each may be absent.

A judge that is not on this machine is named, with the way to get it: a report never passes over a score in
silence. All of them hear waves (N,) at 16 kHz.
"""

import contextlib
import importlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
import torch

from rvc.analysis import speaker
from rvc.analysis.speaker import SpeakerEncoder
from rvc.config import CONTENT_RATE_HZ, EvaluateConfig
from rvc.errors import Error
from rvc.testing import metrics, recognition
from rvc.testing.metrics import Array
from rvc.testing.recognition import Recogniser
from rvc.testing.report import Absent, Kind, Scores

LANGUAGE_SAMPLES = 30 * CONTENT_RATE_HZ  # all that Whisper looks at
WHISPER_MODEL = "Systran/faster-whisper-base"

Values = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Case:
    """A recording and what was made of it: waves (N,) at 16 kHz, and what is said where that is written down.

    No two originals of a kind have one `name`.
    """

    kind: Kind
    name: str
    take: str
    speaker: int
    original: Array
    output: Array
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A recording of the voice, wave (N,) at 16 kHz, and the take that it is of."""

    take: str
    speaker: int
    wave: Array


@dataclass(frozen=True, slots=True)
class Opinion:
    """What judges say of a case: scores of what was made, and of the original by the same ears."""

    output: Scores
    original: Scores


class Judge(Protocol):
    """Gives scores, named as in `Scores`, to what was made and to its original."""

    name: str

    def meet(self, references: Sequence[Reference]) -> None:
        """Get to know the voice by its recordings."""
        ...

    def score(self, case: Case) -> tuple[Values, Values]:
        """Score what was made, and the original."""
        ...


class Similarity:
    """Cosines between the speaker's vectors, each averaged over several recordings of the voice."""

    name = "similarity"

    def __init__(self, encoder: SpeakerEncoder) -> None:
        self._encoder = encoder
        self._references: list[tuple[Reference, torch.Tensor]] = []
        self._originals: dict[str, torch.Tensor] = {}

    def meet(self, references: Sequence[Reference]) -> None:
        self._references = [(reference, self._embed(reference.wave)) for reference in references]

    def ceiling(self) -> list[float]:
        """Return how alike each recording of the voice is to the others: what a perfect copy would reach."""
        likeness = [self._to_voice(vector, one.take, one.speaker) for one, vector in self._references]
        return [value for value in likeness if value is not None]

    def score(self, case: Case) -> tuple[Values, Values]:
        vector = self._embed(case.output)
        to_voice = self._to_voice(vector, case.take, case.speaker)
        if case.kind == "reconstruction":
            return {"similarity": to_voice}, {}
        if case.name not in self._originals:
            self._originals[case.name] = self._embed(case.original)
        source = self._originals[case.name]
        to_source = speaker.similarity(vector, source)
        gap = None if to_voice is None or to_source is None else to_voice - to_source
        made = {"similarity": to_voice, "source_similarity": to_source, "similarity_gap": gap}
        return made, {"similarity": self._to_voice(source, case.take, case.speaker)}

    def _to_voice(self, vector: torch.Tensor, take: str, who: int) -> float | None:
        """Compare with the speaker's recordings, except those of the same take."""
        return metrics.mean(
            speaker.similarity(vector, other)
            for one, other in self._references
            if one.speaker == who and one.take != take
        )

    def _embed(self, wave: Array) -> torch.Tensor:
        return self._encoder.embed(torch.from_numpy(np.ascontiguousarray(wave, np.float32)))[0]


class Intelligibility:
    """Character error rate against the written text, or else against what the original is heard to say."""

    name = "intelligibility"

    def __init__(self, recogniser: Recogniser, language: str | None = None) -> None:
        self._recogniser = recogniser
        self._given = self._voice_language = language
        self._originals: dict[tuple[str, str], tuple[str, str]] = {}

    def meet(self, references: Sequence[Reference]) -> None:
        """Tell the voice's language from many recordings together: single ones are short."""
        if references and not self._given:
            waves = np.concatenate([reference.wave for reference in references])
            self._voice_language = self._recogniser.language(waves[:LANGUAGE_SAMPLES])

    def score(self, case: Case) -> tuple[Values, Values]:
        language, original = self._hear_original(case)
        heard = self._recogniser.text(case.output, language)
        made = recognition.character_error_rate(case.said or original, heard)
        own = recognition.character_error_rate(case.said, original) if case.said else None
        return {"character_error_rate": made}, {"character_error_rate": own}

    def _hear_original(self, case: Case) -> tuple[str, str]:
        key = case.kind, case.name
        if key not in self._originals:
            known = self._voice_language if case.kind == "reconstruction" else self._given
            language = known or self._recogniser.language(case.original)
            self._originals[key] = language, self._recogniser.text(case.original, language)
        return self._originals[key]


class Naturalness:
    """A network's guess of how listeners would rate the sound, from 1 to 5."""

    def __init__(self, name: Literal["dnsmos", "distillmos"], rate: Callable[[Array], float]) -> None:
        self.name: str = name
        self._rate = rate
        self._originals: dict[tuple[str, str], float] = {}

    def meet(self, references: Sequence[Reference]) -> None:
        """Need not know the voice."""

    def score(self, case: Case) -> tuple[Values, Values]:
        key = case.kind, case.name
        if key not in self._originals:
            self._originals[key] = self._rate(case.original)
        return {self.name: self._rate(case.output)}, {self.name: self._originals[key]}


@dataclass(frozen=True, slots=True)
class Panel:
    """The judges that are here, and what is said of those that are not."""

    judges: list[Judge]
    absent: list[Absent] = field(default_factory=list)

    @property
    def similarity(self) -> Similarity | None:
        return next((judge for judge in self.judges if isinstance(judge, Similarity)), None)

    def meet(self, references: Sequence[Reference]) -> None:
        for judge in self.judges:
            judge.meet(references)

    def judge(self, case: Case) -> Opinion:
        """Let every judge score a case."""
        made: Values = {}
        original: Values = {}
        for judge in self.judges:
            of_output, of_original = judge.score(case)
            made |= of_output
            original |= of_original
        return Opinion(Scores.model_validate(made), Scores.model_validate(original))


def load(config: EvaluateConfig, device: torch.device) -> Panel:
    """Load the judges of this machine. Raises `InputError` when `config.whisper` names no model."""
    loaders = (
        lambda: _load_similarity(device),
        lambda: _load_intelligibility(config, device),
        _load_dnsmos,
        _load_distillmos,
    )
    found = [loader() for loader in loaders]
    return Panel(
        [judge for judge in found if not isinstance(judge, Absent)],
        [judge for judge in found if isinstance(judge, Absent)],
    )


def _load_similarity(device: torch.device) -> Judge | Absent:
    try:
        return Similarity(speaker.load(device))
    except Error as error:
        get = "reinstall RVC Studio"
        return Absent(judge="similarity", reason="no_weights", text=error.text, get=get)


def _load_intelligibility(config: EvaluateConfig, device: torch.device) -> Judge | Absent:
    folder = recognition.find_model(config.whisper)
    if not _is_usable("faster_whisper"):
        return _without_package("intelligibility", "faster-whisper", "intelligibility")
    if folder is None:
        get = f"hf download {WHISPER_MODEL} --local-dir FOLDER, then --whisper FOLDER"
        text = "There is no Whisper model on this machine."
        return Absent(judge="intelligibility", reason="no_model", text=text, get=get)
    whisper = recognition.Whisper(folder, "cuda" if device.type == "cuda" else "cpu")
    return Intelligibility(whisper, config.spoken_language)


def _load_dnsmos() -> Judge | Absent:
    if not _is_usable("speechmos"):
        return _without_package("dnsmos", "speechmos", "naturalness")
    from speechmos import dnsmos

    def rate(wave: Array) -> float:
        return float(dnsmos.run(np.clip(wave, -1, 1).astype(np.float32), sr=16000)["ovrl_mos"])

    return Naturalness("dnsmos", rate)


def _load_distillmos() -> Judge | Absent:
    if not _is_usable("distillmos"):
        return _without_package("distillmos", "distillmos", "naturalness")
    import distillmos

    with contextlib.redirect_stdout(io.StringIO()):  # it says where its weights lie
        network = distillmos.ConvTransformerSQAModel().eval()

    @torch.inference_mode()
    def rate(wave: Array) -> float:
        return float(network(torch.from_numpy(np.ascontiguousarray(wave, np.float32))[None])[0])

    return Naturalness("distillmos", rate)


def _is_usable(module: str) -> bool:
    """Tell whether a package can be imported: one that lacks a part of its own is as good as none."""
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def _without_package(judge: str, package: str, extra: str) -> Absent:
    text = f"The package {package} is not installed, or not wholly."
    return Absent(judge=judge, reason="no_package", text=text, get=f"pip install 'rvc-studio[{extra}]'")
