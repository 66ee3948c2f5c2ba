"""What a device could do at best: how much arithmetic something is, and how fast the device can be at it."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch.utils.flop_counter import FlopCounterMode

from rvc.bench.material import Bench

SQUARE = {"cpu": 2048, "cuda": 8192}  # values a side, enough for full speed
USUAL_SQUARE = 4096
CHANNELS, TAPS = 512, 7  # of a convolution over time: a CPU's are faster than its products
TRIES = 5


def operations(run: Callable[[], object]) -> int:
    """Return the multiplications and additions of products and convolutions in `run`, gradients included."""
    with FlopCounterMode(display=False) as counter:
        run()
    return counter.get_total_flops()


@torch.no_grad()
def peak(bench: Bench, dtype: torch.dtype) -> float:
    """Return how many of them a second the device does at best: in a product, or in a convolution."""
    size = SQUARE.get(bench.device.type, USUAL_SQUARE)
    left, right = (torch.randn(size, size, device=bench.device).to(dtype) for _ in range(2))
    frames = size * size // CHANNELS
    x = torch.randn(1, CHANNELS, 1, frames, device=bench.device)
    x = x.to(dtype).contiguous(memory_format=torch.channels_last)
    weight = torch.randn(CHANNELS, CHANNELS, 1, TAPS, device=bench.device).to(dtype)
    runs = (lambda: left @ right, lambda: F.conv2d(x, weight))
    return max(operations(run) / min(bench.time(run).wall for _ in range(TRIES)) for run in runs)
