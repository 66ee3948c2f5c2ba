"""Times along a waveform."""

import math
from collections.abc import Iterator

from rvcstudio.ui.waveform.window import Window

FINE_STEPS_S = (nice * 10.0**power for power in range(-5, 2) for nice in (1, 2, 5))
STEPS_S = (*FINE_STEPS_S, 60, 120, 300, 600, 1800, 3600)
LEAST_APART = 78  # px
MINUTE_S = 60


def ticks(window: Window, rate: int) -> Iterator[tuple[float, str]]:
    """Yield where times are written, px from the left, and what."""
    seconds_a_pixel = window.samples / window.width / rate
    step = next((step for step in STEPS_S if step >= LEAST_APART * seconds_a_pixel), STEPS_S[-1])
    first = math.ceil(window.start / rate / step)
    for number in range(first, math.floor(window.stop / rate / step) + 1):
        yield window.place(number * step * rate), clock(number * step, decimals(step))


def decimals(step: float) -> int:
    """Return how many digits after the point tell times a step apart from each other."""
    return max(0, -math.floor(math.log10(step) + 1e-9))


def clock(seconds: float, digits: int = 3) -> str:
    """Return a time as m:ss with so many digits of a second."""
    units = 10**digits
    whole, part = divmod(round(seconds * units), units)
    minutes, rest = divmod(whole, MINUTE_S)
    return f"{minutes}:{rest:02}" + (f".{part:0{digits}}" if digits else "")
