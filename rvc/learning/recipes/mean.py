"""The losses of many steps as one number each, without waiting for the device at every step."""

from collections import Counter
from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(slots=True)
class Mean:
    """Averages a step's metrics on the device and brings them to the host only when they are read."""

    sums: dict[str, Tensor] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, metrics: dict[str, Tensor]) -> None:
        for name, value in metrics.items():
            self.sums[name] = self.sums[name] + value if name in self.sums else value
        self.counts.update(metrics.keys())

    def read(self) -> dict[str, float]:
        """Return the means since the last reading. This waits for the device."""
        if not self.sums:
            return {}
        totals = torch.stack([value.float() for value in self.sums.values()]).tolist()
        means = {name: total / self.counts[name] for name, total in zip(self.sums, totals, strict=True)}
        self.sums, self.counts = {}, Counter()
        return means
