"""What a training starts from: the weights of a base, its generator and its discriminator."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from rvc import checkpoint, community, voice
from rvc.config import TrainConfig
from rvc.errors import InputError
from rvc.recipes import Recipe

SPEAKERS = "emb_g.weight"  # a base and a new voice may have different numbers of them


def load(recipe: Recipe, config: TrainConfig) -> None:
    """Put the weights of the bases that the settings name into the recipe's networks.

    Raises `InputError` when a file is missing, damaged, or of another shape.
    """
    if config.base_generator:
        _fill(recipe, cast(nn.Module, recipe.synthesizer), Path(config.base_generator))
    if config.base_discriminator:
        discriminator = recipe.modules.get("discriminator")
        if discriminator is None:
            raise InputError("no_discriminator", "This architecture trains without a discriminator.")
        _fill(recipe, discriminator, Path(config.base_discriminator))


def _fill(recipe: Recipe, module: nn.Module, path: Path) -> None:
    """Load the weights of `path` into a module of `recipe`; both must have the same names and shapes."""
    weights = _read(recipe, module, path)
    wanted = module.state_dict()
    if SPEAKERS in wanted and SPEAKERS in weights:
        weights = {**weights, SPEAKERS: _adapt_rows(weights[SPEAKERS], wanted[SPEAKERS])}
    _check(weights, wanted, path)
    module.load_state_dict({name: weights[name].float() for name in wanted})


def _read(recipe: Recipe, module: nn.Module, path: Path) -> dict[str, Tensor]:
    """Read a community base, a model of ours, or the module's part of one of our checkpoints."""
    if path.suffix == checkpoint.SUFFIX:
        role = next(name for name, each in recipe.modules.items() if each is module)
        return checkpoint.read_module(path, role)
    file = voice.locate(path)
    return community.read_weights(file) if voice.is_zip(file) else voice.read(file)[1]


def _adapt_rows(rows: Tensor, wanted: Tensor) -> Tensor:
    """Return as many speakers as wanted: those of the base, then those that are there already."""
    if rows.dim() != 2 or rows.shape[1:] != wanted.shape[1:]:
        return rows
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
