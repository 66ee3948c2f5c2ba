"""The phase of the pitch across chunks: a network counts cycles from its first frame, and must not start anew."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from rvc.chunks import CONTEXT
from rvc.config import FRAME_RATE
from rvc.model import Architecture
from rvc.model.lite import LiteSynthesizer
from rvc.model.lite_source import interpolate_f0

Cycles = Callable[[Tensor], Tensor]
HIDDEN = CONTEXT - 10  # frames at a chunk's beginning that are far enough from what is heard of it


def cycles_of(synthesizer: Architecture) -> Cycles:
    """Return how a network counts: a function from f0 (T,) to the cycles (T,) done when each frame starts."""
    if isinstance(synthesizer, LiteSynthesizer):
        return partial(glided_cycles, hop=synthesizer.hop)
    return stepped_cycles


def stepped_cycles(f0: Tensor) -> Tensor:
    """Count as v2 does: the pitch stays for a frame, and stands still where nothing is voiced."""
    turns = f0.double().cpu() / FRAME_RATE
    return turns.cumsum(0) - turns


def glided_cycles(f0: Tensor, hop: int) -> Tensor:
    """Count as lite does: the pitch moves straight from frame to frame, sample by sample, across gaps too."""
    bridged = interpolate_f0(f0[None].cpu())[0].double()
    following = torch.cat([bridged[1:], bridged[-1:]])
    turns = ((hop + 1) * bridged + (hop - 1) * following) / (2 * hop * FRAME_RATE)
    return turns.cumsum(0) - turns


def carry(f0: Tensor, cycles: Tensor, heard: slice, count: Cycles) -> Tensor:
    """Return the pitch of the heard frames, such that its cycles go on where those of the whole (T,) are.

    A frame of pure context is raised by less than 100 Hz, which turns all that follows by just what is lacking.
    """
    part = f0[heard].clone()
    voiced = part[: HIDDEN + 2] > 0
    inner = (voiced[:-2] & voiced[1:-1] & voiced[2:]).nonzero()
    if heard.start == 0 or not len(inner):
        return part
    frame = int(inner[0, 0]) + 1
    lacking = cycles[heard.start + frame + 1] - count(part)[frame + 1]
    part[frame] += (lacking % 1) * FRAME_RATE
    return part
