"""What a training starts from: the weights of a base, its generator and its discriminator."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from rvc.errors import InputError
from rvc.learning import checkpoint
from rvc.learning.data import Clips
from rvc.learning.plan import Plan
from rvc.learning.recipes import Recipe
from rvc.learning.validation import HeldOut, spread
from rvc.voices import community, voice
from rvc.voices.card import VoiceCard

SPEAKERS = "emb_g.weight"  # a base and a new voice may have different numbers of them
TRIED_S = 6.0  # of a new speaker's recordings are said by every speaker of a base


def load(recipe: Recipe, plan: Plan, clips: Clips) -> None:
    """Put the weights of the bases that a plan names into the recipe's networks.

    Raises `InputError` when a file is missing, damaged, or belongs to other recordings or networks.
    """
    generator, discriminator = plan.bases.generator, plan.bases.discriminator
    if generator:
        _fill_generator(recipe, plan, clips, generator)
    if discriminator:
        if "discriminator" not in recipe.modules:
            raise InputError("no_discriminator", "This architecture trains without a discriminator.")
        _fill(recipe.modules["discriminator"], _read_discriminator(discriminator), discriminator)


def _fill_generator(recipe: Recipe, plan: Plan, clips: Clips, path: Path) -> None:
    """Load the weights of `path`; speakers begin as the base's first, or as those that they are nearest to."""
    module = cast(nn.Module, recipe.synthesizer)
    weights = _read_generator(recipe, plan, path)
    speakers, rows = module.state_dict().get(SPEAKERS), weights.get(SPEAKERS)
    if speakers is None or rows is None or rows.dim() != 2 or rows.shape[1:] != speakers.shape[1:]:
        _fill(module, weights, path)
        return
    _fill(module, {**weights, SPEAKERS: _adapt_rows(rows, speakers)}, path)
    if recipe.seeks_speakers and len(rows) > 1:
        seek_speakers(recipe, rows.to(speakers), clips)


def _fill(module: nn.Module, weights: Mapping[str, Tensor], path: Path) -> None:
    """Load weights into a module that must have the same names and shapes."""
    wanted = module.state_dict()
    _check(weights, wanted, path)
    module.load_state_dict({name: weights[name].float() for name in wanted})


def _read_generator(recipe: Recipe, plan: Plan, path: Path) -> dict[str, Tensor]:
    """Read a community base, a model of ours, or that part of one of our checkpoints."""
    if path.suffix == checkpoint.SUFFIX:
        role = next(name for name, each in recipe.modules.items() if each is recipe.synthesizer)
        return checkpoint.read_module(path, role)
    file = voice.locate(path)
    if voice.is_zip(file):
        return community.read_weights(file)
    card, weights = voice.read(file)
    _check_card(card, plan, path)
    return weights


def _check_card(card: VoiceCard, plan: Plan, path: Path) -> None:
    """Raise `InputError` where shapes may fit and yet nothing would, and where they cannot."""
    if card.architecture == "student":
        raise InputError(
            "student_base",
            f"{path.name} is a student: it has a small decoder, which recordings do not train further.",
            "Train the model that it was made of, and make a student of the result.",
        )
    if (card.content_encoder.name, card.rate) != (plan.encoder, plan.rate):
        raise InputError(
            "wrong_base",
            f"{path.name} was trained at {card.rate} Hz on {card.content_encoder.name} features, the dataset has "
            f"{plan.rate} Hz and those of {plan.encoder}.",
            "Prepare the recordings again for this base, or choose another.",
        )


def _read_discriminator(path: Path) -> dict[str, Tensor]:
    """Read a community base, a file of weights, or that part of one of our checkpoints."""
    if path.suffix == checkpoint.SUFFIX:
        return checkpoint.read_module(path, "discriminator")
    if voice.is_zip(path):
        return community.read_weights(path)
    try:
        return load_file(path)
    except SafetensorError as error:
        raise InputError("damaged_base", f"{path.name} is damaged, or no base.", "Get it again.") from error


def seek_speakers(recipe: Recipe, rows: Tensor, clips: Clips) -> None:
    """Begin every speaker as the one of a base, a row of (K, channels), that says its clips most like it."""
    synthesizer = recipe.synthesizer
    table = cast(nn.Module, synthesizer).get_parameter(SPEAKERS).data
    for speaker in range(len(table)):
        heard = HeldOut(spread(clips, TRIED_S, speaker), synthesizer.rate)
        distances = []
        for row in rows:
            table[speaker] = row
            distances.append(heard.score(synthesizer) or 0.0)
        table[speaker] = rows[distances.index(min(distances))]


def _adapt_rows(rows: Tensor, wanted: Tensor) -> Tensor:
    """Return as many speakers as wanted: those of the base, then those that are there already."""
    return torch.cat([rows.to(wanted), wanted[len(rows) :]])[: len(wanted)]


def _check(weights: Mapping[str, Tensor], wanted: Mapping[str, Tensor], path: Path) -> None:
    missing = sorted(wanted.keys() - weights.keys())
    if missing and all(name.startswith("enc_q.") for name in missing):
        raise InputError(
            "not_a_base",
            f"{path.name} is a finished voice without the part that only training needs.",
            "Start from a base or a G_ checkpoint.",
        )
    unfit = missing or sorted(name for name in wanted if weights[name].shape != wanted[name].shape)
    if unfit:
        raise InputError(
            "wrong_base",
            f"{path.name} does not fit this training: {len(unfit)} weights differ, the first is {unfit[0]}.",
            "Choose the base of the same architecture, sample rate and content encoder.",
        )
