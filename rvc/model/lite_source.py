"""The lite model's voice source: a pitch without gaps, and a band-limited pulse train that follows it."""

import math

import torch
from torch import Tensor

from rvc.gaps import has_float64

DEFAULT_HZ = 150.0  # where a whole recording is unvoiced
PEAK = 1e-4  # so near to a pulse's centre its closed form is 0/0


def interpolate_f0(f0: Tensor) -> Tensor:
    """Return f0 (B, T) in Hz with unvoiced (0) gaps bridged in log frequency, and its ends held."""
    frames = f0.shape[1]
    voiced = f0 > 0
    time = torch.arange(frames, device=f0.device).expand_as(f0)
    before = torch.where(voiced, time, -1).cummax(dim=1).values
    after = torch.where(voiced, time, frames).flip(1).cummin(dim=1).values.flip(1)
    left = torch.where(before < 0, after, before).clamp(max=frames - 1)
    right = torch.where(after == frames, before, after).clamp(min=0)
    log_f0 = f0.clamp(min=1).log2()
    weight = (time - left) / (right - left).clamp(min=1)
    bridged = torch.lerp(log_f0.gather(1, left), log_f0.gather(1, right), weight).exp2()
    return torch.where(voiced.any(dim=1, keepdim=True), bridged, DEFAULT_HZ)


def pulse_train(f0: Tensor, rate: int, hop: int, phase: Tensor) -> Tensor:
    """Return cosines of all harmonics below half the rate, of unit power together, (B, T * hop).

    f0 (B, T) is in Hz and above 0; phase (B) is where the first period starts, in periods. The harmonics are
    summed by the closed form of their sum (Dirichlet's kernel); the highest one fades in and out, so that a
    gliding pitch makes no clicks.
    """
    frequency = glide(f0, hop) / rate
    angle = math.pi * accumulate(frequency, phase).flatten(1)
    harmonics = 0.5 / frequency.flatten(1)
    whole = harmonics.floor()
    sine = angle.sin()
    at_peak = sine.abs() < PEAK
    kernel = ((2 * whole + 1) * angle).sin() / torch.where(at_peak, 1.0, sine)
    kernel = torch.where(at_peak, 2 * whole + 1, kernel)
    fading = (harmonics - whole) * (2 * (whole + 1) * angle).cos()
    return ((kernel - 1) / 2 + fading) * (2 / harmonics).sqrt()


def glide(f0: Tensor, hop: int) -> Tensor:
    """Return f0 (B, T) as (B, T, hop), moving in a straight line from each frame to the next."""
    following = torch.cat([f0[:, 1:], f0[:, -1:]], dim=1)
    weight = torch.arange(hop, device=f0.device) / hop
    return torch.lerp(f0[..., None], following[..., None], weight)


def accumulate(frequency: Tensor, phase: Tensor) -> Tensor:
    """Return the phase in periods, (B, T, hop), of a frequency (B, T, hop) in periods a sample.

    Every frame starts from a phase that is reduced modulo one, so that precision does not fall with time.
    """
    total = frequency.sum(dim=-1)
    start = torch.cat([phase[:, None], total[:, :-1]], dim=1)
    return wrapped_sum(start)[..., None] + frequency.cumsum(dim=-1) - frequency


def wrapped_sum(turns: Tensor) -> Tensor:
    """Return the running sum of turns (B, T) modulo one, summed in float64: on the CPU where the device has none."""
    place = turns.device if has_float64(turns.device) else "cpu"
    return (turns.to(place).double().cumsum(dim=1) % 1).float().to(turns.device)
