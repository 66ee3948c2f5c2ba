"""What a busy core costs: the full model's decoder on all cores, by OpenMP's own way to wait and by the passive one.

`python -m rvc.bench.load` is the process that is measured: it says the seconds that each block took.
"""

import json
import os
import subprocess
import sys
import time

import torch

from rvc.bench.material import Bench

BUSY = "while True: pass"
FRAMES = 100
BLOCKS = 6
POLICY = "OMP_WAIT_POLICY"


def measure_load(bench: Bench) -> dict[str, float]:
    """Return how many times as long the decoder takes while another program keeps a core busy."""
    took = {}
    with bench.reporter.phase("load", 4) as phase:
        for policy in ("default", "PASSIVE"):
            for busy in (False, True):
                took[policy, busy] = _seconds(policy, busy=busy)
                phase.advance()
    return {
        "times as long beside a busy core, OpenMP's default": took["default", True] / took["default", False],
        "times as long beside a busy core, passive waiting": took["PASSIVE", True] / took["PASSIVE", False],
        "times as long when waiting passively, quiet": took["PASSIVE", False] / took["default", False],
    }


def _seconds(policy: str, *, busy: bool) -> float:
    """Return the median seconds of a block in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if name != POLICY}
    if policy != "default":
        environment[POLICY] = policy
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
