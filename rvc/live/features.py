"""Content features and pitch of a stream: each frame is computed once, with what surrounds it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from rvc.analysis.content import HOP, ContentEncoder, ContentVec, WakeHubertTiny
from rvc.analysis.pieces import excerpt
from rvc.analysis.pitch import PitchEstimator
from rvc.config import CONTENT_FRAME_RATE, CONTENT_RATE_HZ, FRAME_RATE
from rvc.live.history import History
from rvc.starter.content import Starter

GRID = 1280  # samples: where the frames of every encoder and estimator begin, also those 256 samples apart
PITCH_BACK_S = {"swift": 0.2, "fcpe": 1.0, "rmvpe": 1.0}
ELSEWHERE_BACK_S = 2.0
AHEAD = 2040  # samples that follow a frame: what the starter encoder needs, and SwiftF0 is within 0.1 cent
DRIFT = math.log(1.25)  # by which a norm over time may differ from one that was heard with
SHORTEST = 1024  # samples that every network can hear


@dataclass(frozen=True, slots=True)
class Sight:
    """How many samples before and after a frame are heard for it."""

    back: int
    ahead: int

    def start(self, sample: int) -> int:
        """Return where that begins which a frame at a sample hears."""
        return max(sample - self.back, 0) // GRID * GRID


def sight_of(encoder: ContentEncoder, context_s: float) -> Sight:
    """Return what an encoder needs: all that it sees where that is bounded, else `context_s` of the past."""
    if isinstance(encoder, Starter):
        return Sight(encoder.samples_back, encoder.samples_ahead)
    if isinstance(encoder, WakeHubertTiny):
        return Sight(encoder.SIGHT * HOP, max(encoder.DELAY * HOP, AHEAD))
    return Sight(round(context_s * CONTENT_RATE_HZ), AHEAD)


def sight_of_pitch(estimator: PitchEstimator) -> Sight:
    """Return how much of the past an estimator needs; what follows is what the content needs."""
    return Sight(round(PITCH_BACK_S.get(estimator.name, ELSEWHERE_BACK_S) * CONTENT_RATE_HZ), AHEAD)


class Following(Protocol):
    """Computes the frames of a stream as soon as enough is heard."""

    def follow(self, wave: History, stop: int) -> Tensor:
        """Return the frames (N, ...) up to `stop` that were not returned before."""
        ...


class FollowingAnew:
    """Computes frames anew with all that they see."""

    def __init__(self, compute: Callable[[Tensor], Tensor], frame_rate: int, sight: Sight) -> None:
        """`compute` maps waves (1, N) to frames (1, N // hop, ...)."""
        self._compute = compute
        self._hop = CONTENT_RATE_HZ // frame_rate
        self._sight = sight
        self._done = 0

    def follow(self, wave: History, stop: int) -> Tensor:
        left = self._sight.start(self._done * self._hop)
        frames = self._compute(wave[left : wave.stop][None])[0]
        first = left // self._hop
        new = frames[self._done - first : stop - first]
        self._done = stop
        return new


class ContentVecFollowing:
    """Computes ContentVec's frames: its convolutions hear each sample once, only attention goes back to the past.

    What was heard keeps the norm over time that it was heard with, until that drifts: then the past is heard anew.
    """

    def __init__(self, encoder: ContentVec, sight: Sight, kept: int) -> None:
        """`kept` is how many samples of the wave are remembered."""
        self._encoder, self._network, self._sight = encoder, encoder.network, sight
        self._heard = History(kept // HOP, (self._network.config.hidden,), encoder.device)
        self._gains = History(kept // HOP)
        self._done = 0

    def follow(self, wave: History, stop: int) -> Tensor:
        left = self._sight.start(self._done * HOP)
        unsettled = self._hear(wave, left)
        first = left // HOP
        heard = torch.cat([self._heard[first : self._heard.stop], unsettled])
        new = self._encoder.understand(heard[None], slice(self._done - first, stop - first))[0]
        self._done = stop
        return new

    def _hear(self, wave: History, left: int) -> Tensor:
        """Hear what is new, and return the frames that need more: for them the wave goes on by reflection."""
        margin, last = self._encoder.MARGIN, wave.stop // HOP
        window = wave[left : wave.stop]
        norms = self._network.norms([excerpt(window, -margin, len(window) + margin)])
        gain = norms[0, 0].abs().log().median().cpu()  # a channel may be switched off
        self._forget_drifted(left // HOP, gain)
        known = self._heard.stop
        if known == last:
            return self._heard[known:known]
        fresh = excerpt(window, known * HOP - margin - left, last * HOP + margin - left)
        frames = self._network.hear(fresh[None], norms)[0]
        settled = (wave.stop - margin) // HOP - known
        self._heard.append(frames[:settled])
        self._gains.append(gain.expand(settled))
        return frames[settled:]

    def _forget_drifted(self, first: int, gain: Tensor) -> None:
        known = self._gains[first : self._gains.stop]
        if ((known - gain).abs() > DRIFT).any():
            self._heard.forget(first)
            self._gains.forget(first)


def content_of(encoder: ContentEncoder, sight: Sight, kept: int) -> Following:
    """Follow what is said, at 50 frames/s; so many samples of the wave are `kept`."""
    if isinstance(encoder, ContentVec):
        return ContentVecFollowing(encoder, sight, kept)
    return FollowingAnew(encoder.encode, CONTENT_FRAME_RATE, sight)


def pitch_of(estimator: PitchEstimator) -> Following:
    """Follow the pitch, at 100 frames/s."""
    return FollowingAnew(estimator.estimate, FRAME_RATE, sight_of_pitch(estimator))


def kept_samples(sights: list[Sight], longest_block: int) -> int:
    """Return how much of a wave must be remembered for all of these, when so many samples come at once."""
    return max(sight.back + sight.ahead for sight in sights) + longest_block + 2 * GRID
