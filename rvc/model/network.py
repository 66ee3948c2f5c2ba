"""What every voice's network says of itself, read from its configuration."""

from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn


class VoiceNetwork(nn.Module):
    """Base of all architectures; see `rvc.model.Architecture` for the whole of what they have in common."""

    config: Any

    @property
    def rate(self) -> int:
        return int(self.config.rate)

    @property
    def hop(self) -> int:
        return int(self.config.hop)

    @property
    def content_dim(self) -> int:
        return int(self.config.content_dim)

    @property
    def speakers(self) -> int:
        return int(self.config.speakers)

    def speak(self, *inputs: Any, **settings: Any) -> Iterator[Tensor]:
        """Yield what `infer` returns, in parts where they are made one after another."""
        yield self.infer(*inputs, **settings)  # type: ignore[operator]
