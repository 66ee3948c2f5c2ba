"""The formant shift: a voice as from a smaller or larger body, at the same pitch and pace.

Content is spoken slower by a ratio and at a pitch lower by it, and played back faster by it: pace and pitch are
those of the source again, and the resonances, which the network put where they belong, have moved up. Shifting
what the content encoder hears instead would do little, since content is what no speaker changes.
"""

from collections.abc import Callable

import numpy as np
import soxr
import torch
from torch import Tensor

from rvc.synthesis import chunks

Cycles = Callable[[Tensor], Tensor]


def ratio(semitones: float) -> float:
    """Return by how much the resonances' frequencies are multiplied."""
    return float(2 ** (semitones / 12))


def stretch(frames: Tensor, ratio: float) -> Tensor:
    """Let frames (T, dim) last longer by `ratio`, with straight lines between them."""
    if ratio == 1:
        return frames
    place = _places(len(frames), ratio, frames.device)
    before = place.floor().long()
    after = (before + 1).clamp(max=len(frames) - 1)
    return torch.lerp(frames[before], frames[after], (place - before)[:, None].to(frames.dtype))


def stretch_pitch(f0: Tensor, ratio: float) -> Tensor:
    """Let a pitch (T,) in Hz last longer by `ratio` and be lower by it; 0 stays 0."""
    if ratio == 1:
        return f0.clone()
    place = _places(len(f0), ratio, f0.device)
    before = place.floor().long()
    after = (before + 1).clamp(max=len(f0) - 1)
    glide = torch.lerp(f0[before], f0[after], (place - before).to(f0.dtype))
    voiced = (f0[before] > 0) & (f0[after] > 0)
    return torch.where(voiced, glide, f0[place.round().long()]) / ratio


def carry_phase(f0: Tensor, cycles: Tensor, heard: slice, count: Cycles, ratio: float) -> Tensor:
    """Return what `chunks.carry_phase` does, for a pitch that lasts longer; `cycles` are those of the whole then."""
    if ratio == 1:
        return chunks.carry_phase(f0, cycles, heard, count)
    part = stretch_pitch(f0[heard], ratio)
    if heard.start == 0:
        return part
    place = heard.start * ratio + np.arange(len(part))
    expected = np.interp(place, np.arange(len(cycles)), cycles.double().cpu().numpy())
    return chunks.turn(part, torch.from_numpy(expected), count)


def restore(wave: np.ndarray, ratio: float, samples: int) -> np.ndarray:
    """Play a wave (N,) faster by `ratio`; return so many samples of it."""
    if ratio == 1:
        return wave[:samples]
    played = soxr.resample(wave, ratio, 1.0, quality="VHQ")[:samples]
    return np.pad(played, (0, samples - len(played)))


def _places(frames: int, ratio: float, device: torch.device) -> Tensor:
    """Return the place in the original (T * ratio, rounded up) of each frame of what lasts longer."""
    count = -int(-frames * ratio // 1)
    return (torch.arange(count, device=device) / ratio).clamp(max=frames - 1)
