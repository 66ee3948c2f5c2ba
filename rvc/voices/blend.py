"""Two voices mixed into one: their weights, number by number.

That gives a voice where both were trained from the same base, since only then do their weights mean the same things.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from rvc import names
from rvc.config import BlendConfig
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.synthesis import index
from rvc.synthesis.index import RetrievalIndex
from rvc.voices import voice
from rvc.voices.card import BlendPart, Consent, Material, VoiceCard
from rvc.voices.voice import SUFFIX, Voice

SPEAKERS = "emb_g.weight"  # a row for each; the only weight whose shape may differ


@dataclass(frozen=True, slots=True)
class Source:
    """A voice that goes into a blend, the file it is from, and its share."""

    voice: Voice
    file: Path
    share: float

    @property
    def card(self) -> VoiceCard:
        return self.voice.card

    def described(self) -> BlendPart:
        with self.file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return BlendPart(name=self.card.name, sha256=digest, share=self.share, consent=self.card.consent)


Pair = tuple[Source, Source]


def blend(first: Path, second: Path, out: Path, config: BlendConfig, reporter: Reporter) -> dict[str, str]:
    """Write the mix of two models, and of their indexes where both have one, to `out`; return the files by kind.

    Raises `InputError` not_blendable with what differs, and what loading the models raises.
    """
    files = (voice.locate(first), voice.locate(second))
    shares = (1 - config.ratio, config.ratio)
    one, other = (Source(Voice.load(file), file, share) for file, share in zip(files, shares, strict=True))
    mixed = mix((one, other), config.name)
    _doubt((one, other), reporter)
    model = out / f"{names.file_stem(config.name)}{SUFFIX}"
    joined = _joined_index((one, other), reporter) if config.index else None
    mixed.save(model)
    if joined is None:
        return {"model": str(model)}
    joined.save(index.index_path(model))
    return {"model": str(model), "index": str(index.index_path(model))}


def mix(pair: Pair, name: str) -> Voice:
    """Return the voice between two; raises `InputError` not_blendable."""
    one, other = pair
    differences = [*_differences(pair)]
    if differences:
        raise InputError(
            "not_blendable",
            f"{one.file.name} and {other.file.name} cannot be blended: {'; '.join(differences)}.",
            "Blend models of one architecture, sample rate and content encoder.",
        )
    tensors = _mixed_tensors(pair)
    config = one.card.config | {"speakers": len(tensors[SPEAKERS])}
    card = _card(pair, name, config)
    return Voice(card, voice.build(card.architecture, config, tensors, Path(name)))  # type: ignore[arg-type]


def _differences(pair: Pair) -> Iterator[str]:
    """Say in what two voices differ that makes their weights mean different things."""
    one, other = (source.card for source in pair)
    if "student" in (one.architecture, other.architecture):
        yield "a student's decoder learnt from one voice alone; blend the models that students were made of"
        return
    facts = {
        "the architecture": [card.architecture for card in (one, other)],
        "the sample rate": [f"{card.rate} Hz" for card in (one, other)],
        "the content encoder": [
            f"{card.content_encoder.name} ({card.content_encoder.dim})" for card in (one, other)
        ],
        "the pitch": ["a melody" if card.pitch else "none" for card in (one, other)],
    }
    for fact, (left, right) in facts.items():
        if left != right:
            yield f"{fact} is {left} in one and {right} in the other"
            return
    shapes, others = ({name: x.shape for name, x in source.voice.tensors().items()} for source in pair)
    unfit = sorted(
        name
        for name in shapes.keys() | others.keys()
        if name != SPEAKERS and shapes.get(name) != others.get(name)
    )
    if unfit:
        yield f"{len(unfit)} weights have another shape, the first is {unfit[0]}"


def _mixed_tensors(pair: Pair) -> dict[str, Tensor]:
    """Mix in float32; of the speakers' rows as many are kept as both have."""
    ours, theirs = (
        {name: tensor.detach().cpu().float() for name, tensor in source.voice.tensors().items()}
        for source in pair
    )
    rows = min(len(ours[SPEAKERS]), len(theirs[SPEAKERS]))
    for tensors in (ours, theirs):
        tensors[SPEAKERS] = tensors[SPEAKERS][:rows]
    return {name: torch.lerp(tensor, theirs[name], pair[1].share) for name, tensor in ours.items()}


def _card(pair: Pair, name: str, config: dict[str, object]) -> VoiceCard:
    one, other = (source.card for source in pair)
    count = min(len(one.speakers), len(other.speakers))
    heard = [card.trained_on for card in (one, other)]
    pitches = [_between(pair, one.usual_pitch_of(i), other.usual_pitch_of(i)) for i in range(count)]
    return VoiceCard(
        name=name,
        architecture=one.architecture,
        rate=one.rate,
        content_encoder=one.content_encoder,
        pitch=one.pitch,
        pitch_estimator=one.pitch_estimator if one.pitch_estimator == other.pitch_estimator else None,
        usual_pitch_hz=_between(pair, one.usual_pitch_hz, other.usual_pitch_hz),
        speakers=_speakers(one.speakers[:count], other.speakers[:count], name),
        pitch_of_speakers_hz=pitches if count > 1 else [],
        trained_on=Material.of(
            sum(part.seconds for part in heard),
            sum(part.clips for part in heard),
            [take for part in heard for take in part.takes],
        ),
        consent=_consent(one, other),
        config=config,
        blended_from=[source.described() for source in pair],
    )


def _consent(one: VoiceCard, other: VoiceCard) -> list[Consent]:
    """Return the consent of all whose voices are mixed; none where one of the two voices has none."""
    if not (one.consent and other.consent):
        return []
    return [*one.consent, *(each for each in other.consent if each not in one.consent)]


def _between(pair: Pair, hz: float | None, other_hz: float | None) -> float | None:
    """Return the pitch as far between two, in octaves, as the voices are mixed."""
    if hz is None or other_hz is None:
        return None
    return math.exp(pair[0].share * math.log(hz) + pair[1].share * math.log(other_hz))


def _speakers(ours: list[str], theirs: list[str], name: str) -> list[str]:
    """Name the speakers: the first as the blend where there is one only, others after both they are mixed from."""
    if len(ours) == 1:
        return [name]
    return [left if left == right else f"{left} + {right}" for left, right in zip(ours, theirs, strict=True)]


def _doubt(pair: Pair, reporter: Reporter) -> None:
    """Warn where this program's own cards say that the voices did not come from one base."""
    if any(source.card.source != "rvc-studio" for source in pair):
        return
    one, other = (_base(source.card) for source in pair)
    if one is None or one != other:
        reporter.warn(
            "not_one_base",
            "The two were not trained from one base: such blends seldom sound like either voice. Listen first.",
        )


def _base(card: VoiceCard) -> str | None:
    """Return the hash of the generator that a training started from."""
    base = card.settings.get("base")
    return str(base[0]) if isinstance(base, list | tuple) and base and base[0] else None


def _joined_index(pair: Pair, reporter: Reporter) -> RetrievalIndex | None:
    """Return the union of both indexes, None where a voice has none."""
    found = [index.find_index(source.file, reporter) for source in pair]
    if None in found:
        lacking = pair[found.index(None)].file.name
        reporter.log("no_index", f"The blend gets no index: there is none beside {lacking}.")
        return None
    loaded = [index.load(path) for path in found if path is not None]
    for each in loaded:
        each.require_dim(pair[0].card.content_encoder.dim)
    return RetrievalIndex(index.condense(torch.cat([each.vectors for each in loaded])))
