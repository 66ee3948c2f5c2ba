"""The benchmark of a live conversion: blocks through the chain, of the full model also as the incumbents take them."""

from collections.abc import Callable, Iterator
from itertools import cycle

import numpy as np
import torch

from rvc.analysis.features import Features
from rvc.bench.incumbents import LIVE_S
from rvc.bench.material import Bench
from rvc.bench.stages import beside_incumbents, incumbent
from rvc.bench.training import untrained_voice
from rvc.config import CONTENT_RATE_HZ, LiveConfig, Precision
from rvc.datasets.dataset import Prepared
from rvc.events import Reporter
from rvc.live.chain import Chain
from rvc.live.networks import Networks
from rvc.sound import audio
from rvc.synthesis import index
from rvc.synthesis.converter import prepare_network
from rvc.synthesis.index import RetrievalIndex

BLOCK_S = {"v2": 0.25, "lite": 0.1}
BLOCKS = 8
FILLED = 12  # blocks, after which every network hears as much of the past as it ever does


def measure_live(bench: Bench) -> dict[str, float]:
    """Measure blocks of a stream; a share above 1 cannot be held."""
    features = bench.features()
    prepared = bench.prepared(features)
    bank = index.build(prepared, Reporter())
    seconds = BLOCK_S[bench.config.architecture]
    bench.facts["block_ms"] = 1000 * seconds
    runs: dict[str, Callable[[], object]] = {"block": _blocks(bench, features, prepared, bank, "fp32")}
    if bench.config.architecture == "v2":
        if bench.gains_from_bf16:
            runs["block, bf16"] = _blocks(bench, bench.features(torch.bfloat16), prepared, bank, "bf16")
        theirs = incumbent(bench, features, prepared, bank)
        heard = next(_wave(bench, round(LIVE_S * CONTENT_RATE_HZ)))
        runs["block as the incumbents"] = lambda: theirs.convert_block(heard, seconds)
    took = bench.measure(runs, repeat=BLOCKS, warm_up=FILLED)
    return {f"share of what it lasts, {name}": spent / seconds for name, spent in took.items()} | (
        beside_incumbents(took)
    )


def _blocks(
    bench: Bench, features: Features, prepared: Prepared, bank: RetrievalIndex, precision: Precision
) -> Callable[[], object]:
    """Return a function that converts the next block each time it is called."""
    voice, seconds = untrained_voice(bench, prepared), BLOCK_S[bench.config.architecture]
    autocast = prepare_network(voice, bench.device, precision)
    networks = Networks(voice, features.encoder, features.estimator, bank.unpacked(), bench.device, autocast)
    chain = Chain(networks, LiveConfig(block_ms=1000 * seconds, precision=precision), CONTENT_RATE_HZ)
    blocks = _wave(bench, round(seconds * CONTENT_RATE_HZ))

    def convert_next() -> np.ndarray:
        with torch.inference_mode():
            return chain.feed(next(blocks))

    return convert_next


def _wave(bench: Bench, samples: int) -> Iterator[np.ndarray]:
    """Yield the recordings in blocks of so many samples, again and again."""
    wave = np.concatenate([audio.read(path, CONTENT_RATE_HZ)[0] for path in bench.recordings])
    whole = wave[: len(wave) // samples * samples].reshape(-1, samples)
    return cycle(whole)
