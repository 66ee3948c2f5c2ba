"""A v2 recipe with very narrow layers and clips for it, for tests that compare ways of training.

`python -m tests.small_v2 STEPS FILE` trains it as one of several processes and writes its weights.
"""

import sys
from functools import partial
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from rvc.datasets.dataset import ClipCard
from rvc.learning.data import Clips
from rvc.learning.distributed import World
from rvc.learning.recipes import gan
from rvc.learning.recipes.accumulation import Accumulation
from rvc.learning.recipes.gan import GanRecipe
from rvc.model.config import SynthesizerConfig
from rvc.model.discriminator import MultiPeriodDiscriminator
from tests.datasets import one_thread
from tests.voices import SMALL, SMALL_DIM

RATE, HOP = 32000, 320
CLIPS = 6


def small_recipe(
    batch_size: int, accumulation: Accumulation | None = None, *, recomputes: bool = False
) -> GanRecipe:
    """Return a recipe without seven of the nine parts of the discriminator, which is as large as ever here."""
    whole = gan.MultiPeriodDiscriminator
    gan.MultiPeriodDiscriminator = partial(MultiPeriodDiscriminator, periods=(5,))  # type: ignore[misc, assignment]
    try:
        config = SynthesizerConfig.model_validate(SynthesizerConfig.v2(RATE).model_dump() | SMALL)
        cpu = torch.device("cpu")
        return GanRecipe(
            config, batch_size=batch_size, device=cpu, accumulation=accumulation, recomputes=recomputes
        )
    finally:
        gan.MultiPeriodDiscriminator = whole  # type: ignore[misc]


def small_clips() -> Clips:
    """Return clips of 0.6 to 1 s."""
    random = np.random.default_rng(0)
    parts, cards = [], []
    for number in range(CLIPS):
        frames = 60 + 8 * number
        wave = (3000 * random.standard_normal((frames, HOP))).astype(np.int16)
        content = random.standard_normal((frames // 2, SMALL_DIM)).astype(np.float16)
        parts.append((wave, content, np.full(frames, 150.0 + 20 * number, np.float32)))
        cards.append(
            ClipCard(
                name=str(number),
                take=str(number),
                file=str(number),
                split="train",
                speaker=0,
                start=0,
                seconds=frames / 100,
                offset=0,
                frames=frames,
                scale=1,
                voiced=1,
            )
        )
    return Clips(cards, parts, HOP, SMALL_DIM, torch.device("cpu"))


def train(steps: int, accumulation: Accumulation) -> dict[str, Tensor]:
    """Return the generator's weights after some steps of four clips, computed by one thread."""
    with one_thread():
        recipe, clips = small_recipe(4, accumulation), small_clips()
        for step in range(steps):
            recipe.step(clips, step)
    return recipe.synthesizer.state_dict()


def main(steps: int, path: Path) -> None:
    with World.joined() as world:
        weights = train(steps, Accumulation(world))
        if world.is_first:
            save_file(weights, path)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
