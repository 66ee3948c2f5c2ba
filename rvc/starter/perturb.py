"""Make speech sound as if other people said it elsewhere: on spectra, so that it costs next to nothing."""

import math
import random
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from rvc.starter.encoder import BINS

CEPSTRUM = 28  # coefficients that make the envelope (formants); what is left is the voice's fine structure
QUIET = 1e-8
STRETCH = 0.15  # of the duration, at most
FORMANTS = 0.2  # octaves that the envelope moves, standard deviation
PITCH = 0.35  # octaves that the fine structure moves
DEPTH = 0.2  # of the fine structure: more or less voiced
WHISPERED = 0.1  # of the rows have next to no fine structure
CLEAN = 0.25  # of the rows get no noise
EQUALISER_DB = 5.0
GAIN_DB = 8.0


@dataclass(frozen=True, slots=True)
class Perturbation:
    """Random changes of who speaks and how it was recorded; `strength` 0 changes nothing.

    The envelope of each spectrum and its fine structure are moved along the frequency axis by factors of their
    own (formants, pitch); an equaliser, gain and noise follow; a batch is stretched in time by one factor.
    """

    strength: float = 1.0

    def __call__(self, power: Tensor, draw: torch.Generator) -> Tensor:
        """Map power spectra (B, T, BINS) to perturbed ones of the same shape."""
        if self.strength == 0:
            return power
        return self._noisy(self._other_voice(power, draw), draw)

    def stretch(self, draw: random.Random) -> float:
        """Draw the factor by which a batch becomes longer."""
        return math.exp(self.strength * STRETCH * draw.uniform(-1, 1))

    def _other_voice(self, power: Tensor, draw: torch.Generator) -> Tensor:
        rows, bins = len(power), torch.arange(BINS, device=power.device)
        basis = cosines(bins, CEPSTRUM)
        log = (power + QUIET).log()
        cepstrum = log @ (basis * norms(CEPSTRUM, power.device)[:, None]).T
        fine = log - cepstrum @ basis
        formants = 2 ** self._normal((rows, 1), FORMANTS, draw)
        pitch = 2 ** self._normal((rows, 1), PITCH, draw)
        envelope = cepstrum @ cosines(bins / formants, CEPSTRUM)
        depth = 1 + self._normal((rows, 1, 1), DEPTH, draw)
        whispered = self._uniform((rows, 1, 1), draw) < WHISPERED * self.strength
        depth = depth.masked_fill(whispered, 0.3)
        return (envelope + self._equaliser(rows, draw) + depth * warp(fine, pitch)).exp()

    def _equaliser(self, rows: int, draw: torch.Generator) -> Tensor:
        """Return gains (B, 1, BINS), the natural logarithm of power: level, tilt and a few gentle waves."""
        bins = torch.arange(BINS, device=draw.device)
        waves = self._normal((rows, 1, 6), EQUALISER_DB, draw) / torch.arange(1, 7, device=draw.device)
        waves[..., 0] *= GAIN_DB / EQUALISER_DB
        return waves @ cosines(bins, 6) * (math.log(10) / 10)

    def _noisy(self, power: Tensor, draw: torch.Generator) -> Tensor:
        """Add noise of a random colour, 10 to 50 dB below the speech, to three quarters of the rows."""
        rows, bins = len(power), torch.arange(BINS, device=power.device)
        below_db = 10 + 40 * self._uniform((rows, 1, 1), draw)
        below_db = below_db.masked_fill(self._uniform((rows, 1, 1), draw) < CLEAN, 90.0)
        colour = (self._normal((rows, 1, 4), 0.7, draw) @ cosines(bins, 4)).exp()
        level = power.mean((1, 2), keepdim=True) * 10 ** (-below_db / 10)
        texture = torch.empty_like(power).exponential_(generator=draw)
        return power + level * colour * texture

    def _normal(self, shape: tuple[int, ...], spread: float, draw: torch.Generator) -> Tensor:
        normal = torch.randn(shape, generator=draw, device=draw.device)
        return normal.clamp(-2, 2) * spread * self.strength

    def _uniform(self, shape: tuple[int, ...], draw: torch.Generator) -> Tensor:
        return torch.rand(shape, generator=draw, device=draw.device)


def cosines(bins: Tensor, count: int) -> Tensor:
    """Return the first `count` cosines of a DCT at places `bins` (..., K) of the frequency axis: (..., count, K)."""
    orders = torch.arange(count, device=bins.device)[:, None]
    return (math.pi / BINS * (bins[..., None, :] + 0.5) * orders).cos()


def norms(count: int, device: torch.device) -> Tensor:
    """Return what makes `cosines` its own inverse."""
    return torch.where(torch.arange(count, device=device) == 0, 1.0, 2.0) / BINS


def warp(fine: Tensor, factor: Tensor) -> Tensor:
    """Move what is at frequency f of (B, T, BINS) to f * factor (B, 1); beyond the highest it is mirrored."""
    places = torch.arange(BINS, device=fine.device) / factor
    places = (BINS - 1) - ((BINS - 1) - places.remainder(2 * (BINS - 1))).abs()  # a triangle wave
    known = torch.arange(BINS, device=fine.device)[:, None]
    weights = (1 - (places[:, None, :] - known).abs()).clamp(min=0)  # (B, BINS, BINS): two are not 0
    return fine @ weights


def stretched(frames: Tensor, count: int) -> Tensor:
    """Resample (B, T, D) in time to `count` frames, linearly."""
    return F.interpolate(frames.mT, count, mode="linear", align_corners=False).mT
