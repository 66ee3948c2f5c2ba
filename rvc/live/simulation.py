"""A live conversion of a file: fed block by block as devices would, and as fast as this computer can."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rvc.config import LiveConfig
from rvc.events import Reporter
from rvc.live.chain import Chain, check
from rvc.live.networks import Networks
from rvc.sound import audio, mark
from rvc.sound.audio import Stream
from rvc.sound.encoding import write


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a simulation found; `load` is the computing time of a block as a share of what it lasts."""

    seconds: float
    blocks: int
    load: float
    worst_load: float
    delay_s: float


def simulate(
    networks: Networks, source: Path, target: Path, config: LiveConfig, reporter: Reporter
) -> Simulated:
    """Convert a file as it would be live, and write what would be heard, without its delay."""
    check(networks, config, reporter)
    recording = audio.stream(source)
    meter = Meter()
    with reporter.phase("live", round(audio.duration(source) / (config.block_ms / 1000))) as phase:
        chain = Chain(networks, config, recording.rate)

        def said() -> Iterator[np.ndarray]:
            for wave in converted(chain, recording, config.block_ms / 1000, meter):
                phase.advance()
                yield wave

        write(target, said(), chain.rate, comment=mark.generated(networks.voice.card.name))
    return meter.result(config.block_ms / 1000)


class Meter:
    """Measures blocks in the time that this process computes, since other programs run as well."""

    def __init__(self) -> None:
        self.samples_s = 0.0
        self.delay_s = 0.0
        self._loads: list[float] = []

    def feed(self, chain: Chain, block: np.ndarray, seconds: float) -> np.ndarray:
        """Feed a chain and look at the clock."""
        started = time.process_time()
        wave = chain.feed(block)
        self._loads.append((time.process_time() - started) / seconds)
        self.delay_s = max(self.delay_s, chain.delay_s)
        return wave

    def result(self, block_s: float) -> Simulated:
        loads = np.array(self._loads or [0.0])
        return Simulated(
            seconds=round(len(self._loads) * block_s, 3),
            blocks=len(self._loads),
            load=round(float(loads.mean()), 4),
            worst_load=round(float(loads.max()), 4),
            delay_s=round(self.delay_s, 4),
        )


def converted(chain: Chain, recording: Stream, block_s: float, meter: Meter) -> Iterator[np.ndarray]:
    """Yield what a chain says of a recording, exactly as long as it, block by block."""
    size = max(round(block_s * recording.rate), 1)
    fed = made = 0
    for block in reblocked(recording.blocks, size):
        wave = meter.feed(chain, block, block_s)
        fed, made = fed + len(block), made + len(wave)
        yield wave
    left = round(fed * chain.rate / recording.rate) - made
    while left > 0:
        wave = meter.feed(chain, np.zeros(size, np.float32), block_s)[:left]
        left -= len(wave)
        yield wave


def reblocked(blocks: Iterable[np.ndarray], size: int) -> Iterator[np.ndarray]:
    """Yield the same wave in blocks of `size` samples, the last of which may be shorter."""
    rest = np.zeros(0, np.float32)
    for block in blocks:
        rest = np.concatenate([rest, block])
        for start in range(0, len(rest) - size + 1, size):
            yield rest[start : start + size]
        rest = rest[len(rest) // size * size :]
    if len(rest):
        yield rest
