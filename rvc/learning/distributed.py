"""The processes that train together, one a GPU: what each of them is, and how they agree.

`torchrun` (or `rvc.learning.ranks`, which `rvc train --gpus N` uses) says in the environment which of them a process
is. Every process makes the same random draws for the whole batch, computes its own rows, and the gradients are added
up over all: what is learnt does not depend on how many there are.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

import torch
import torch.distributed as dist
from torch import Tensor

from rvc.errors import InputError

PATIENCE = timedelta(hours=1)  # for the others to join, while one of them validates or writes


def backend() -> str:
    """Return what carries tensors from process to process."""
    # Gradients go from GPU to GPU; what the loop agrees on stays on the host, so that no GPU is waited for.
    return "cpu:gloo,cuda:nccl" if torch.cuda.is_available() and dist.is_nccl_available() else "gloo"


def is_rank() -> bool:
    """Say whether this process was started as one of several that train together."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


@dataclass(frozen=True, slots=True)
class World:
    """This process among `size`; number 0 writes the files and says what happens."""

    rank: int = 0
    size: int = 1

    @classmethod
    @contextmanager
    def joined(cls) -> Iterator[Self]:
        """Yield the world of this process, alone unless it was started as one of several."""
        if not is_rank():
            yield cls()
            return
        if dist.is_initialized():  # by the engine that started the processes, which ends it too
            yield cls(dist.get_rank(), dist.get_world_size())
            return
        dist.init_process_group(backend(), timeout=PATIENCE)
        try:
            yield cls(dist.get_rank(), dist.get_world_size())
        finally:
            dist.destroy_process_group()

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    def device(self, name: str) -> str:
        """Return which device of that name this process takes: of GPUs, each its own."""
        if self.size == 1 or not (name == "cuda" or (name == "auto" and torch.cuda.is_available())):
            return name
        return f"cuda:{os.environ.get('LOCAL_RANK', self.rank)}"

    def rows(self, total: int) -> range:
        """Return which of a batch's `total` rows this process computes. Raises `InputError` when there are too few."""
        if total < self.size:
            raise InputError(
                "batch_too_small",
                f"A batch of {total} clips cannot be divided among {self.size} processes.",
                f"Use --batch-size {self.size} or more, or fewer --gpus.",
            )
        return range(total * self.rank // self.size, total * (self.rank + 1) // self.size)

    def add_up(self, tensors: Sequence[Tensor]) -> None:
        """Replace tensors of one type by their sums over all processes."""
        if self.size == 1:
            return
        flat = torch.cat([tensor.reshape(-1) for tensor in tensors])
        dist.all_reduce(flat)
        for tensor, part in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
            tensor.copy_(part.view_as(tensor))

    def agree(self, *numbers: float) -> tuple[float, ...]:
        """Return the largest that any process said, the same everywhere."""
        if self.size == 1:
            return numbers
        said = torch.tensor(numbers, dtype=torch.float64)
        dist.all_reduce(said, dist.ReduceOp.MAX)
        return tuple(said.tolist())

    def take_first(self, tensors: Sequence[Tensor]) -> None:
        """Replace tensors by those of the first process."""
        if self.size > 1:
            for tensor in tensors:
                dist.broadcast(tensor.detach(), 0)

    def wait(self) -> None:
        """Return when all processes are here."""
        self.agree(0.0)

    @contextmanager
    def first_goes_ahead(self) -> Iterator[None]:
        """Let the first process do something that the others then find done."""
        if not self.is_first:
            self.wait()
        yield
        if self.is_first:
            self.wait()
