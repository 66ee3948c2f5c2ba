"""What every voice's network says of itself, read from its configuration."""

from typing import Any

from torch import nn


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
