"""The formula that gives every weight of the parity data: the name alone decides the value.

Section 1 of the README beside the full data; all arithmetic is float32.
"""

import math
import zlib
from collections.abc import Sequence

import numpy as np

_EMBEDDINGS = ("emb_g.weight", "enc_p.emb_pitch.weight")
_LOUD = ("dec.ups.", "discriminators.")


def normal(label: str, shape: Sequence[int], seed: int) -> np.ndarray:
    """Draw the standard normals that belong to a label."""
    key = zlib.crc32(f"{label}#{seed}".encode())
    return np.random.Generator(np.random.PCG64(key)).standard_normal(tuple(shape), dtype=np.float32)


def weight(name: str, shape: Sequence[int], seed: int) -> np.ndarray:
    """Return the value of the parameter with the community's name `name`."""
    if name.endswith("num_batches_tracked"):
        return np.zeros(tuple(shape), dtype=np.int64)
    n = normal(name, shape, seed)
    for fits, value in _rules(name, shape, n):
        if fits:
            return np.asarray(value, dtype=np.float32)
    return 0.01 * n


def _rules(name: str, shape: Sequence[int], n: np.ndarray) -> list[tuple[bool, np.ndarray]]:
    """List (does it fit, value) in the order of precedence."""
    recurrent = "_ih_" in name or "_hh_" in name
    return [
        (name.endswith(".running_mean"), 0.01 * n),
        (name.endswith(".running_var"), 1 + 0.1 * abs(n)),
        (name.endswith(".weight_v"), n),
        (name.endswith(".weight_g"), (1.4 if name.startswith(_LOUD) else 0.5) + 0.1 * abs(n)),
        (name.endswith(".gamma"), 1 + 0.1 * n),
        (name.endswith((".bias", ".beta")) or (recurrent and ".bias_" in name), 0.01 * n),
        ("emb_rel_" in name or name in _EMBEDDINGS, 0.3 * n),
        (name == "dec.m_source.l_linear.weight", 1 + 0.1 * n),
        (name.endswith(".weight") and len(shape) == 1, 0.7 + 0.1 * n),
        (name.endswith(".weight") or (recurrent and ".weight_" in name), _scaled(name, shape, n)),
    ]


def _scaled(name: str, shape: Sequence[int], n: np.ndarray) -> np.ndarray:
    value = n / math.sqrt(math.prod(shape[1:]))
    if name.endswith(".proj.weight"):
        return value * 0.6
    if name.endswith(("out_proj.weight", "output_dense.weight")):
        return value * 0.3
    return value
