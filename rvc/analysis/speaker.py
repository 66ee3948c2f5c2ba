"""Who speaks: 16 kHz speech becomes a vector, and the vectors of one person's recordings point the same way."""

import math
from functools import lru_cache
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from rvc import paths
from rvc.analysis.pieces import sample_counts
from rvc.starter.encoder import RATE_HZ
from rvc.starter.speaker_network import SpeakerNetwork, load_network

WEIGHTS = "starter/speaker.safetensors"
SHORTEST_S = 0.5  # a shorter recording says nothing about who speaks
WINDOW_S = 6.0  # of a longer one so much is heard at a time
QUIET_DBFS = -70.0  # a quieter window holds no speech
PAUSE_DB = -35.0  # nor does one so far below the loudest
BATCH = 8  # windows heard at once


class SpeakerEncoder:
    """The project's own speaker encoder; `docs/starter.md` says what its similarities mean."""

    rate = RATE_HZ

    def __init__(
        self, network: SpeakerNetwork, card: dict[str, Any], device: torch.device | str = "cpu"
    ) -> None:
        self.dim = network.config.dim
        self.card = card
        self._device = torch.device(device)
        self._network = network.to(self._device).eval()

    @torch.no_grad()
    def embed(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Map 16 kHz waves (B, N) or (N,), `lengths` (B) samples of which are valid, to unit vectors (B, dim).

        They are on the CPU. A row that is too short, silent or not finite becomes zeros: nobody is heard.
        Long rows are heard in overlapping windows whose vectors are averaged, so that memory stays bounded.
        A row of a batch gives the same vector as alone.
        """
        rows = wave[None] if wave.ndim == 1 else wave
        counts = sample_counts(rows, lengths)
        vectors = [self._embed_row(row[:count].float()) for row, count in zip(rows, counts, strict=True)]
        return torch.stack(vectors) if vectors else torch.zeros(0, self.dim)

    def _embed_row(self, wave: Tensor) -> Tensor:
        heard = _with_speech(_windows(wave))
        total = torch.zeros(self.dim)
        for start in range(0, len(heard), BATCH):
            batch = torch.stack(heard[start : start + BATCH]).to(self._device)
            total += self._network(batch).sum(0).cpu()
        return F.normalize(total, dim=0)


@lru_cache(maxsize=2)
def load(device: torch.device | str = "cpu") -> SpeakerEncoder:
    """Load the weights that ship with the program; the second time they are there already."""
    return SpeakerEncoder(*load_network(paths.resource(WEIGHTS)), device)


def similarity(one: Tensor, other: Tensor) -> float | None:
    """Return the cosine of two people's mean vectors, from vectors (B, dim) or (dim,) of each.

    None where nobody is heard.
    """
    first, second = (vectors.reshape(-1, vectors.shape[-1]).float().mean(0) for vectors in (one, other))
    if not (first.any() and second.any()):
        return None
    return float(F.cosine_similarity(first, second, dim=0))


def _windows(wave: Tensor) -> list[Tensor]:
    """Return equally long parts of a wave (N,) that cover it, evenly spread; none if it is too short."""
    if len(wave) < SHORTEST_S * RATE_HZ:
        return []
    length = min(len(wave), round(WINDOW_S * RATE_HZ))
    count = math.ceil(len(wave) / length)
    last = len(wave) - length
    starts = [last * number // max(count - 1, 1) for number in range(count)]
    return [wave[start : start + length] for start in starts]


def _with_speech(windows: list[Tensor]) -> list[Tensor]:
    """Return those of the windows that are not silent and hold numbers only."""
    powers = [float(window.square().mean()) for window in windows]
    loudest = max((power for power in powers if math.isfinite(power)), default=0.0)
    least = max(loudest * 10 ** (PAUSE_DB / 10), 10 ** (QUIET_DBFS / 10))
    return [window for window, power in zip(windows, powers, strict=True) if least <= power < math.inf]
