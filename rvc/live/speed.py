"""Which blocks this computer converts in time, measured with the voice that was loaded."""

import time
from dataclasses import dataclass

import numpy as np

from rvc.config import LiveConfig
from rvc.live.chain import Chain
from rvc.live.networks import Networks
from rvc.live.status import BLOCKS_MS

HOLDS = 0.75  # of the time that a block lasts may go into computing it: other programs run as well
SHORT_MS, LONG_MS = 80, 500
REPEATS = {SHORT_MS: 5, LONG_MS: 3}
RATE_HZ = 48000
FULL_S = 2.0  # after which every network hears as much of the past as it ever does
NOISE_RMS = 0.05


@dataclass(frozen=True, slots=True)
class Speed:
    """A block takes as long as what it is computed anew for takes, and a share of what it lasts besides."""

    fixed_s: float
    share: float

    def load(self, block_ms: float) -> float:
        """Return the share of the time that computing takes with blocks of this length."""
        return self.share + 1000 * self.fixed_s / block_ms

    @property
    def shortest_block_ms(self) -> int | None:
        """The shortest block that is converted in time; None if a second is too short."""
        return next((block for block in BLOCKS_MS if self.load(block) <= HOLDS), None)


def measure(networks: Networks, config: LiveConfig) -> Speed:
    """Convert noise, which takes as long as speech, first so much that a process is warm, then by the clock."""
    chain = Chain(networks, config, RATE_HZ)
    noise = NOISE_RMS * np.random.default_rng(0).standard_normal(RATE_HZ, np.float32)
    while chain.seconds < FULL_S:
        chain.feed(noise)
    short_s, long_s = (_seconds(chain, noise[: block * RATE_HZ // 1000], REPEATS[block]) for block in REPEATS)
    share = max((long_s - short_s) / (LONG_MS - SHORT_MS) * 1000, 0.0)
    return Speed(max(short_s - share * SHORT_MS / 1000, 0.0), share)


def _seconds(chain: Chain, block: np.ndarray, repeats: int) -> float:
    """Return how long a block takes, the median of several."""
    took = []
    for _ in range(repeats):
        began = time.perf_counter()
        chain.feed(block)
        took.append(time.perf_counter() - began)
    return float(np.median(took))
