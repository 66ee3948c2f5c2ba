"""How the threads of a computation wait for each other, for processes that import torch later.

OpenMP's own way is to spin for milliseconds: with one core taken by others that slows a training several times. Not to
spin at all costs a sleep and a waking for each of a thousand short layers: of a live block a third. A spin of about
20 µs costs little either way (docs/performance.md). GNU's OpenMP, which torch brings for Linux, can be told how long;
told to wait passively, it does not spin where several threads of a program compute. Others know only whether to spin.
"""

import sys
from collections.abc import Mapping

VARIABLES = (
    {"OMP_WAIT_POLICY": "ACTIVE", "GOMP_SPINCOUNT": "1000", "KMP_BLOCKTIME": "0"}
    if sys.platform == "linux"
    else {"OMP_WAIT_POLICY": "PASSIVE"}
)


def variables(known: Mapping[str, str]) -> dict[str, str]:
    """Return what a process with the environment `known` still needs: nothing where somebody chose how to wait."""
    return {} if known.keys() & VARIABLES.keys() else VARIABLES
