"""Content features and pitch of a stream: each frame is computed once, with what surrounds it."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor

from rvc.analysis.content import ContentEncoder, WakeHubertTiny
from rvc.analysis.pitch import PitchEstimator
from rvc.config import CONTENT_FRAME_RATE, CONTENT_RATE_HZ, FRAME_RATE
from rvc.live.history import History
from rvc.starter.content import Starter

GRID = 1280  # samples: where the frames of every encoder and estimator begin, also those 256 samples apart
PITCH_BACK_S = {"swift": 0.2, "fcpe": 1.0, "rmvpe": 1.0}
ELSEWHERE_BACK_S = 2.0
AHEAD = 2040  # samples that follow a frame: what the starter encoder needs, and SwiftF0 is within 0.1 cent
SHORTEST = 1024  # samples that every network can hear


@dataclass(frozen=True, slots=True)
class Sight:
    """How many samples before and after a frame are heard for it."""

    back: int
    ahead: int


def sight_of(encoder: ContentEncoder, context_s: float) -> Sight:
    """Return what an encoder needs: all that it sees where that is bounded, else `context_s` of the past."""
    if isinstance(encoder, Starter):
        return Sight(encoder.samples_back, encoder.samples_ahead)
    if isinstance(encoder, WakeHubertTiny):
        hop = CONTENT_RATE_HZ // CONTENT_FRAME_RATE
        return Sight(encoder.SIGHT * hop, max(encoder.DELAY * hop, AHEAD))
    return Sight(round(context_s * CONTENT_RATE_HZ), AHEAD)


def sight_of_pitch(estimator: PitchEstimator) -> Sight:
    """Return how much of the past an estimator needs; what follows is what the content needs."""
    return Sight(round(PITCH_BACK_S.get(estimator.name, ELSEWHERE_BACK_S) * CONTENT_RATE_HZ), AHEAD)


class Following:
    """Computes the frames of a stream as soon as enough is heard."""

    def __init__(self, compute: Callable[[Tensor], Tensor], frame_rate: int, sight: Sight) -> None:
        """`compute` maps waves (1, N) to frames (1, N // hop, ...)."""
        self._compute = compute
        self._hop = CONTENT_RATE_HZ // frame_rate
        self._sight = sight
        self._done = 0

    def follow(self, wave: History, stop: int) -> Tensor:
        """Return the frames (N, ...) up to `stop` that were not returned before."""
        left = max(self._done * self._hop - self._sight.back, 0) // GRID * GRID
        frames = self._compute(wave[left : wave.stop][None])[0]
        first = left // self._hop
        new = frames[self._done - first : stop - first]
        self._done = stop
        return new


def content_of(encoder: ContentEncoder, sight: Sight) -> Following:
    """Follow what is said, at 50 frames/s."""
    return Following(encoder.encode, CONTENT_FRAME_RATE, sight)


def pitch_of(estimator: PitchEstimator) -> Following:
    """Follow the pitch, at 100 frames/s."""
    return Following(estimator.estimate, FRAME_RATE, sight_of_pitch(estimator))


def kept_samples(sights: list[Sight], longest_block: int) -> int:
    """Return how much of a wave must be remembered for all of these, when so many samples come at once."""
    return max(sight.back + sight.ahead for sight in sights) + longest_block + 2 * GRID
