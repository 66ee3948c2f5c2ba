"""Make the inputs of a compact set from the formulas of section 2 of the parity data's README."""

import math
from typing import Any

import numpy as np

from tests.parity.weights import normal


def signal(label: str, rate: int, samples: int, seed: int, *, level: float = 0.3) -> np.ndarray:
    """Return the test signal: a sweep that is loud and quiet in turns, with a little noise.

    `samples` at `rate` Hz, float32.
    """
    t = np.arange(samples) / rate
    low, high, duration = 100 + 50 * seed, 0.3 * rate, samples / rate
    envelope = np.where(np.floor(4 * t) % 2 == 0, 1.0, 0.1)
    sweep = np.sin(2 * math.pi * (low * t + (high - low) * t**2 / (2 * duration)))
    return (level * envelope * sweep + 0.02 * normal(label, (samples,), seed)).astype(np.float32)


def generate(recipe: dict[str, Any], stored: dict[str, np.ndarray], seed: int) -> np.ndarray:
    """Make one input: the recipe's only key names its kind."""
    kinds = {"normal": _normal, "signal": _signal, "rows": _rows, "levels": _levels, "mixture": _mixture}
    ((kind, arguments),) = recipe.items()
    return kinds[kind](arguments, stored, seed)


def _normal(arguments: dict[str, Any], _stored: dict[str, np.ndarray], seed: int) -> np.ndarray:
    return normal(arguments["label"], arguments["shape"], seed)


def _signal(arguments: dict[str, Any], _stored: dict[str, np.ndarray], seed: int) -> np.ndarray:
    seed += arguments.get("seed_offset", 0)
    level = arguments.get("level", 0.3)
    wave = signal(arguments["label"], arguments["rate"], arguments["samples"], seed, level=level)
    start, end = arguments.get("silence", (0, 0))
    wave[start:end] = 0
    return wave


def _rows(arguments: dict[str, Any], stored: dict[str, np.ndarray], seed: int) -> np.ndarray:
    """Zero-pad each row's recipe along its first axis to the shape of the whole."""
    batch = np.zeros(arguments["shape"], dtype=np.float32)
    for row, recipe in zip(batch, arguments["rows"], strict=True):
        values = generate(recipe, stored, seed)
        row.reshape(-1)[: values.size] = values.reshape(-1)
    return batch


def _levels(arguments: dict[str, Any], _stored: dict[str, np.ndarray], seed: int) -> np.ndarray:
    """Return noise times a piecewise constant level, rounded to an integer type."""
    ends, levels = np.asarray(arguments["ends"]), np.asarray(arguments["levels"])
    level = np.repeat(levels, np.diff(ends, prepend=0))
    values = normal(arguments["label"], (int(ends[-1]),), seed) * level
    dtype = np.dtype(arguments["dtype"])
    limits = np.iinfo(dtype)
    return np.clip(np.round(values * arguments["scale"]), limits.min, limits.max).astype(dtype)


def _mixture(arguments: dict[str, Any], stored: dict[str, np.ndarray], seed: int) -> np.ndarray:
    """Return rows of centres plus noise, in the stored order where there is one."""
    centres = normal(arguments["centres"], arguments["centres_shape"], seed)
    noise = normal(arguments["noise"], arguments["shape"], seed)
    scale = np.asarray(arguments["scales"], dtype=np.float32)[:, None]
    rows = centres[np.asarray(arguments["picks"])] + scale * noise
    return rows[stored[arguments["order"]]] if "order" in arguments else rows
