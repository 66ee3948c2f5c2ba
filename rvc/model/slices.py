"""Random segments of a batch: the decoder is trained on a part of each clip."""

import torch
import torch.nn.functional as F
from torch import Tensor


def draw_starts(lengths: Tensor, frames: int, generator: torch.Generator | None = None) -> Tensor:
    """Draw for each row where a segment of `frames` frames starts, evenly over all places where it fits."""
    device = lengths.device if generator is None else generator.device
    chance = torch.rand(lengths.shape, generator=generator, device=device).to(lengths.device)
    places = (lengths - frames + 1).clamp(min=1)
    # float32 can round chance * places up to places.
    return torch.minimum((chance * places).long(), places - 1)


def slice_segments(x: Tensor, starts: Tensor, size: int) -> Tensor:
    """Cut `size` values of the last axis of (B, C, T) from each row's start, without a host sync.

    What lies behind the end is zero.
    """
    x = F.pad(x, (0, max(size - x.shape[-1], 0)))
    index = starts[:, None] + torch.arange(size, device=x.device)
    return x.gather(-1, index[:, None].expand(-1, x.shape[1], -1))
