"""How each architecture learns: one class per architecture behind one protocol."""

from typing import TYPE_CHECKING, Protocol

from torch import Tensor, nn
from torch.optim import Optimizer

if TYPE_CHECKING:
    from rvc.learning.data import Clips
    from rvc.learning.plan import Plan
    from rvc.learning.recipes.accumulation import Accumulation
    from rvc.model import Architecture


class Recipe(Protocol):
    """A training step and everything it changes.

    `synthesizer` is what bases fill; `modules` and `optimizers` (under the name of the module whose
    parameters they move) are what a checkpoint needs. All draws of a step follow from the seed and its number.
    """

    modules: dict[str, nn.Module]
    optimizers: dict[str, Optimizer]
    accumulation: "Accumulation"
    """How many rows of a batch are computed at once, and by which process."""
    ends_best: bool
    """Whether later weights are better whatever held-out distances say; otherwise the nearest ones are kept."""
    seeks_speakers: bool
    """Whether a speaker starts as the one of the base that is nearest to it."""

    @property
    def synthesizer(self) -> "Architecture":
        """The network that a base fills."""
        ...

    @property
    def candidates(self) -> "tuple[Architecture, ...]":
        """The networks to speak with; the one nearest to held-out takes is saved, without such takes the first."""
        ...

    def step(self, clips: "Clips", step: int) -> dict[str, Tensor]:
        """Take one step and return its losses as 0-d tensors, without waiting for the device."""
        ...

    def set_progress(self, fraction: float) -> None:
        """Say how much of the training is over, 0 to 1, for recipes whose learning rate falls to an end."""
        ...


def build(plan: "Plan", accumulation: "Accumulation | None" = None) -> Recipe:
    """Return the recipe of a plan's architecture, with fresh weights."""
    if plan.architecture == "lite":
        return _build_lite(plan, accumulation)
    return _build_v2(plan, accumulation)


def _build_lite(plan: "Plan", accumulation: "Accumulation | None") -> Recipe:
    from rvc.device import natural_dtype
    from rvc.learning.recipes.lite import FROM_BASE, FROM_SCRATCH, LiteRecipe
    from rvc.model.lite import LiteConfig

    automatic = plan.config.precision == "auto"
    return LiteRecipe(
        LiteConfig(rate=plan.rate, content_dim=plan.content_dim, speakers=len(plan.speakers)),
        batch_size=plan.batch_size,
        learning_rate=plan.config.learning_rate,
        seed=plan.config.seed,
        device=plan.device,
        dtype=natural_dtype(plan.device) if automatic else plan.dtype,
        schedule=FROM_BASE if all(plan.base) else FROM_SCRATCH,
        accumulation=accumulation,
        recomputes=plan.config.gradient_checkpointing,
    )


def _build_v2(plan: "Plan", accumulation: "Accumulation | None") -> Recipe:
    from rvc.learning.recipes.gan import GanRecipe
    from rvc.model.config import SynthesizerConfig

    usual = SynthesizerConfig.v2(plan.rate, plan.content_dim)
    return GanRecipe(
        usual.model_copy(update={"speakers": max(usual.speakers, len(plan.speakers))}),
        batch_size=plan.batch_size,
        learning_rate=plan.config.learning_rate,
        seed=plan.config.seed,
        device=plan.device,
        dtype=plan.dtype,
        accumulation=accumulation,
        recomputes=plan.config.gradient_checkpointing,
    )
