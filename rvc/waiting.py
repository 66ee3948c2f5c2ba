"""How the threads of a computation wait for each other, for processes that import torch later.

OpenMP's own way is to spin for milliseconds: with one core taken by others that slows a training several times. Not to
spin at all costs a sleep and a waking for each of a thousand short layers: of a live block a third. The short spin of
GNU's OpenMP, about 20 µs, costs little either way (docs/performance.md). Others know the first of these names only.
"""

VARIABLES = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "1000"}
