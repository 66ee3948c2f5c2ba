"""What a busy core costs: the full model's decoder on all cores, by several ways of its threads to wait for each other.

`python -m rvc.bench.load` is the process that is measured: it says the seconds that each block took.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping

import torch

from rvc import waiting
from rvc.bench.material import Bench

BUSY = "while True: pass"
FRAMES = 100
BLOCKS = 6
WAYS: dict[str, dict[str, str]] = {
    "OpenMP's own": {},
    "without spinning": {"OMP_WAIT_POLICY": "PASSIVE"},
    "this program's": waiting.VARIABLES,
}


def measure_load(bench: Bench) -> dict[str, float]:
    """Return how many times as long the decoder takes while another program keeps a core busy, and by each way."""
    took = {}
    with bench.reporter.phase("load", 2 * len(WAYS)) as phase:
        for way in WAYS:
            for busy in (False, True):
                took[way, busy] = _seconds(WAYS[way], busy=busy)
                phase.advance()
    usual = took["OpenMP's own", False]
    beside = {f"times as long beside a busy core, {way}": took[way, True] / took[way, False] for way in WAYS}
    return beside | {f"times as long on a quiet machine, {way}": took[way, False] / usual for way in WAYS}


def _seconds(way: Mapping[str, str], *, busy: bool) -> float:
    """Return the median seconds of a block in a process of its own."""
    usual = {name: value for name, value in os.environ.items() if name not in waiting.VARIABLES}
    environment = {**usual, **way}
    other = subprocess.Popen([sys.executable, "-c", BUSY]) if busy else None
    try:
        said = subprocess.run(
            [sys.executable, "-m", __name__], env=environment, capture_output=True, text=True, check=True
        )
    finally:
        if other is not None:
            other.kill()
            other.wait()
    return sorted(json.loads(said.stdout))[BLOCKS // 2]


def _decode_blocks() -> list[float]:
    from rvc.model.config import SynthesizerConfig
    from rvc.model.decoder import Decoder
    from rvc.model.layers import fold_weight_norm

    config = SynthesizerConfig.v2(40000)
    decoder = Decoder(config).eval()
    fold_weight_norm(decoder)
    z, g = torch.randn(1, config.inter_channels, FRAMES), torch.zeros(1, config.gin_channels, 1)
    took = []
    with torch.inference_mode():
        for _ in range(BLOCKS + 1):
            started = time.perf_counter()
            decoder(z, torch.full((1, FRAMES), 200.0), g, torch.randn_like)
            took.append(time.perf_counter() - started)
    return took[1:]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_decode_blocks()))
