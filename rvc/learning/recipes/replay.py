"""A training step as a CUDA graph: recorded once for each shape of batch, and replayed with one call.

A step of a few clips is thousands of short kernels, and a large GPU ends each before the host has launched the next.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

import torch
from torch import Tensor

from rvc.learning.data import Batch

FRAMES = 64  # to multiples of which batches are padded, so that there are few shapes
WARM_UP = 2  # steps of a shape that are taken as ever: libraries choose and load their kernels in them
Update: TypeAlias = Callable[[Batch, int], dict[str, Tensor]]
"""Learns from a batch with a seed for its draws, and returns losses."""
Shape: TypeAlias = tuple[tuple[str, torch.Size], ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """The graph of an update, with the tensors that it reads and those that it leaves."""

    graph: torch.cuda.CUDAGraph
    batch: Batch
    losses: dict[str, Tensor]

    def replay(self, batch: Batch) -> dict[str, Tensor]:
        """Update with another batch of the same shape."""
        given = _parts(batch)
        for name, own in _parts(self.batch).items():
            own.copy_(given[name])
        self.graph.replay()
        return {name: loss.clone() for name, loss in self.losses.items()}


class Replay:
    """An update that never reads the device back, and whose draws all come from one generator."""

    def __init__(self, update: Update, generator: torch.Generator) -> None:
        self._update, self._generator = update, generator
        self._warm: Counter[Shape] = Counter()
        self._recordings: dict[Shape, Recording] = {}
        self._stream = torch.cuda.Stream(generator.device)
        self._pool = torch.cuda.graph_pool_handle()

    def __call__(self, batch: Batch, draws: int) -> dict[str, Tensor]:
        """Update once. Raises `RuntimeError` where the update waits for the device."""
        shape = tuple((name, part.shape) for name, part in _parts(batch).items())
        if shape not in self._recordings:
            self._warm[shape] += 1
            if self._warm[shape] <= WARM_UP:
                return self._warm_up(batch, draws)
            self._recordings[shape] = self._record(batch, draws)
        self._generator.manual_seed(draws)
        return self._recordings[shape].replay(batch)

    def _warm_up(self, batch: Batch, draws: int) -> dict[str, Tensor]:
        """Update on the stream that is recorded later, whose memory and workspaces are its own."""
        present = torch.cuda.current_stream(self._stream.device)
        self._stream.wait_stream(present)
        with torch.cuda.stream(self._stream):
            losses = self._update(batch, draws)
        present.wait_stream(self._stream)
        return losses

    def _record(self, batch: Batch, draws: int) -> Recording:
        """Record an update, which does not take place by that."""
        own = Batch(**{name: part.clone() for name, part in _parts(batch).items()})
        graph = torch.cuda.CUDAGraph()
        graph.register_generator_state(self._generator)
        self._generator.manual_seed(draws)  # a seed that is set while recording must be the one before
        with torch.cuda.graph(graph, pool=self._pool, stream=self._stream):
            losses = self._update(own, draws)
        return Recording(graph, own, losses)


def _parts(batch: Batch) -> dict[str, Any]:
    """Return the tensors of a batch by name, without what it does not have."""
    parts = {field.name: getattr(batch, field.name) for field in fields(batch)}
    return {name: part for name, part in parts.items() if part is not None}
