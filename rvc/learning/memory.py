"""How much of a batch fits into memory at once: estimated before a training, corrected by what happens in it."""

import re
from typing import TYPE_CHECKING

import torch

from rvc.device import free_bytes
from rvc.errors import Error
from rvc.events import Reporter

if TYPE_CHECKING:
    from rvc.learning.plan import Plan
    from rvc.learning.recipes import Recipe

STATE_BYTES = (
    12  # of a weight: its gradient and two averages of its optimiser, 4 each, that are still to come
)
# Of what is free: a computer also does other things.
USABLE_SHARE = {"cuda": 0.8, "xpu": 0.8, "mps": 0.6, "cpu": 0.7}
MIB = 1 << 20
# Of a clip of 3.7 s in fp32, the first without, the second with gradient checkpointing. docs/training.md says how they
# were measured; where they are wrong, a step that runs out of memory corrects them.
ROW_BYTES = {"v2": (450 * MIB, 260 * MIB), "lite": (36 * MIB, 30 * MIB)}
# The last is what oneDNN says, which computes convolutions on CPUs.
_TEXTS = re.compile(
    "allocate memory|not enough memory|out of memory|ALLOC_FAILED|could not (create|execute) a primitive$"
)


def divide(recipe: "Recipe", plan: "Plan", reporter: Reporter) -> None:
    """Decide how many clips of a batch are computed at once: what the settings say, or what memory has room for."""
    accumulation = recipe.accumulation
    rows = len(accumulation.world.rows(plan.batch_size))
    fitting = rows_that_fit(recipe, plan, accumulation.world.size)
    at_once = plan.config.micro_batch or (rows if fitting is None else max(fitting, 1))
    if at_once >= rows:
        return
    accumulation.micro_batch = at_once
    reporter.log(
        "in_parts",
        f"{at_once} of {rows} clips are computed at once, and their gradients are added up: the same is learnt, with "
        "less memory.",
        micro_batch=at_once,
        batch=rows,
    )


def rows_that_fit(recipe: "Recipe", plan: "Plan", processes: int = 1) -> int | None:
    """Return how many clips there is room for at once, None where that is not known; 0 is possible."""
    free = free_bytes(plan.device)
    if free is None:
        return None
    if plan.device.type == "cpu":
        free //= processes  # a GPU has its memory to itself
    weights = sum(
        parameter.numel()
        for module in recipe.modules.values()
        for parameter in module.parameters()
        if parameter.requires_grad
    )
    usable = USABLE_SHARE[plan.device.type] * free - STATE_BYTES * weights
    return max(int(usable / ROW_BYTES[plan.architecture][plan.config.gradient_checkpointing]), 0)


def is_exhausted(error: BaseException) -> bool:
    """Say whether an error means that memory ran out; most devices have no type of their own for that."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and _TEXTS.search(str(error)) is not None


def exhausted(plan: "Plan") -> Error:
    """Return the error for a training of which not even one clip at a time fits."""
    hint = "Close other programs that use it, or train with --architecture lite, which needs little."
    if not plan.config.gradient_checkpointing:
        hint = "Use --gradient-checkpointing, or close other programs that use it."
    return Error(
        "out_of_memory", f"The memory of {plan.device} does not suffice for one clip at a time.", hint
    )
