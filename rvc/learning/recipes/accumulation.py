"""A step's batch in parts: of several processes each computes its own rows, and so many at once as memory holds.

The gradients of the parts add up to those of the whole batch, so neither memory nor the number of GPUs changes what is
learnt. For that a part's losses count by its share of the batch, and random draws are made for all rows.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor, nn

from rvc import device as devices
from rvc.learning import memory
from rvc.learning.data import Batch
from rvc.learning.distributed import World
from rvc.model.layers import Noise


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a batch, the others of which are computed at another time or by another process."""

    whole: Batch
    rows: slice
    is_only: bool
    """Whether this process computes no other part of the step."""

    @property
    def batch(self) -> Batch:
        return self.whole.rows(self.rows)

    @property
    def is_whole(self) -> bool:
        return self.rows == slice(0, len(self.whole))

    @property
    def share(self) -> float:
        """What part of the batch's rows these are."""
        return (self.rows.stop - self.rows.start) / len(self.whole)

    @property
    def share_of_frames(self) -> Tensor:
        """What part of the batch's frames, without padding, lies in these rows: a 0-d tensor."""
        lengths = self.whole.lengths
        return lengths[self.rows].sum() / lengths.sum()

    def draw(self, noise: Noise) -> Noise:
        """Return a way to draw for all rows and keep these: the parts together get what the whole would."""

        def draw_rows(like: Tensor) -> Tensor:
            return noise(like.new_empty(len(self.whole), *like.shape[1:]))[self.rows]

        return noise if self.is_whole else draw_rows


class Accumulation:
    """Adds up the gradients of a batch over parts and processes; the parts become smaller when memory runs out."""

    def __init__(self, world: World | None = None, micro_batch: int | None = None) -> None:
        self.world = world or World()
        self.micro_batch = micro_batch
        """At most so many rows are computed at once; None is all."""

    def run(
        self,
        batch: Batch,
        parameters: Sequence[nn.Parameter],
        descend: Callable[[Part], dict[str, Tensor]],
    ) -> dict[str, Tensor]:
        """Leave the batch's gradient in `parameters` and return its losses.

        `descend` adds a part's gradients to what is there, and returns its losses; both by the part's share.
        """
        while True:
            try:
                return self._all_parts(batch, parameters, descend)
            except (RuntimeError, MemoryError) as error:
                if not memory.is_exhausted(error) or not self._step_back(batch):
                    raise
            # Only here, where the error and all that its frames hold are gone, is the memory free again.
            devices.give_back(batch.wave.device)

    def _step_back(self, batch: Batch) -> bool:
        """Halve the parts; say whether that was possible."""
        rows = len(self.world.rows(len(batch)))
        now = rows if self.micro_batch is None else min(self.micro_batch, rows)
        self.micro_batch = max(now // 2, 1)
        return now > 1

    def _all_parts(
        self,
        batch: Batch,
        parameters: Sequence[nn.Parameter],
        descend: Callable[[Part], dict[str, Tensor]],
    ) -> dict[str, Tensor]:
        for parameter in parameters:
            parameter.grad = None
        losses: dict[str, Tensor] = {}
        for part in self.parts(batch):
            for name, loss in descend(part).items():
                losses[name] = losses[name] + loss if name in losses else loss
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        self.world.add_up([*gradients, *losses.values()])
        return losses

    def parts(self, batch: Batch) -> list[Part]:
        """Return what this process computes of a batch: parts of about equal size."""
        mine = self.world.rows(len(batch))
        count = -(-len(mine) // (self.micro_batch or len(mine)))
        bounds = [mine.start + len(mine) * number // count for number in range(count + 1)]
        slices = [slice(start, stop) for start, stop in itertools.pairwise(bounds)]
        return [Part(batch, rows, is_only=count == 1) for rows in slices]
