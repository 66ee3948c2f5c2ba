"""The networks that turn content and pitch into a voice, and what all of them have in common."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:  # importing a configuration must not cost an import of torch
    import torch
    from torch import Tensor

    from rvc.config import Config


class Architecture(Protocol):
    """A voice's network, ready to speak. Both `v2` and `lite` are `torch.nn.Module`s of this form."""

    @property
    def config(self) -> "Config":
        """What the network is rebuilt from."""

    @property
    def rate(self) -> int:
        """Sample rate, Hz."""

    @property
    def hop(self) -> int:
        """Samples of a frame; there are 100 frames/s."""

    @property
    def content_dim(self) -> int: ...

    @property
    def has_pitch(self) -> bool: ...

    @property
    def speakers(self) -> int:
        """How many voices the network has room for; its card names those that it learnt."""

    @property
    def autocasts(self) -> bool:
        """Whether `infer` may run under autocast, its delicate parts staying in float32."""

    def infer(
        self,
        content: "Tensor",
        f0: "Tensor | None",
        lengths: "Tensor",
        speaker: "Tensor",
        *,
        noise_scale: float = 0.66666,
        generator: "torch.Generator | None" = None,
        spoken: tuple[int, int] | None = None,
    ) -> "Tensor":
        """Return waves (B, 1, T * hop) for content (B, T, content_dim) and f0 (B, T) in Hz at 100 frames/s.

        Of all frames only those from the first to before the second of `spoken` are returned.
        """

    def speak(
        self,
        content: "Tensor",
        f0: "Tensor | None",
        lengths: "Tensor",
        speaker: "Tensor",
        *,
        noise_scale: float = 0.66666,
        generator: "torch.Generator | None" = None,
        spoken: tuple[int, int] | None = None,
    ) -> "Iterator[Tensor]":
        """Yield the same, in parts where these are made one after another."""

    def cycles(self, f0: "Tensor") -> "Tensor":
        """Return how many periods (T,) of a pitch (T,) in Hz `infer` has sounded when each frame begins, float64."""

    def fold_weight_norm(self) -> Self:
        """Fold weight norms, where there are any, in place: faster, and no longer trainable."""

    def train(self, mode: bool = True) -> Any: ...

    def eval(self) -> Any: ...

    def state_dict(self) -> "dict[str, Any]": ...
