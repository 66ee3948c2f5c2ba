"""The latest values of a stream, addressed by their place in all of it."""

import torch
from torch import Tensor


class History:
    """Values (N, ...) of a stream of any length, of which the last `keep` are remembered."""

    def __init__(self, keep: int, shape: tuple[int, ...] = (), device: torch.device | str = "cpu") -> None:
        self._keep = keep
        self._values = torch.zeros(0, *shape, device=device)
        self.stop = 0

    @property
    def start(self) -> int:
        """The place of the oldest value that is remembered."""
        return self.stop - len(self._values)

    def append(self, values: Tensor) -> None:
        """Add values (N, ...) at the end; the oldest are forgotten."""
        self._values = torch.cat([self._values, values.to(self._values)])[-self._keep :]
        self.stop += len(values)

    def forget(self, place: int) -> None:
        """Take back the values from a place on; others may be added there."""
        self._values = self._values[: max(place - self.start, 0)]
        self.stop = place

    def __getitem__(self, part: slice) -> Tensor:
        """Return the values from one place to another; raises `LookupError` for what is not there."""
        start, stop = part.start - self.start, part.stop - self.start
        if not 0 <= start <= stop <= len(self._values):
            raise LookupError(f"{part.start} to {part.stop} of {self.start} to {self.stop}")
        return self._values[start:stop]
