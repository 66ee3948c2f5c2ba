"""The part of a take that is in view: zoomed down to samples, and moved along."""

from dataclasses import dataclass, replace

LEAST_SAMPLES = 24  # across the whole view


@dataclass(frozen=True, slots=True)
class Window:
    """Samples from `start` to `stop`, neither whole, of a take of `frames` samples; `width` px show them."""

    frames: int = 1
    start: float = 0.0
    stop: float = 1.0
    width: int = 1

    @classmethod
    def whole(cls, frames: int, width: int) -> "Window":
        return cls(max(1, frames), 0.0, float(max(1, frames)), max(1, width))

    @property
    def samples(self) -> float:
        return self.stop - self.start

    @property
    def is_whole(self) -> bool:
        return self.samples >= self.frames

    def place(self, sample: float) -> float:
        """Return where a sample is, px from the left."""
        return (sample - self.start) / self.samples * self.width

    def sample(self, place: float) -> int:
        """Return the sample nearest to a place, px from the left; the last one is where the take ends."""
        found = self.start + place / self.width * self.samples
        return min(max(round(found), 0), self.frames)

    def zoomed(self, factor: float, place: float) -> "Window":
        """Show more, or with a factor below 1 less; what is at `place` px stays there."""
        samples = min(max(self.samples * factor, min(LEAST_SAMPLES, self.frames)), self.frames)
        fixed = self.start + place / self.width * self.samples
        return self._at(fixed - place / self.width * samples, samples)

    def moved(self, samples: float) -> "Window":
        return self._at(self.start + samples, self.samples)

    def showing(self, sample: float) -> "Window":
        """Move as little as it takes to have a sample in view."""
        if self.start <= sample <= self.stop:
            return self
        return self.moved(sample - (self.start if sample < self.start else self.stop))

    def around(self, start: float, stop: float) -> "Window":
        """Show a part, with a little on both sides of it."""
        margin = 0.05 * (stop - start)
        samples = min(max(stop - start + 2 * margin, min(LEAST_SAMPLES, self.frames)), self.frames)
        return self._at(start - margin, samples)

    def resized(self, width: int) -> "Window":
        return replace(self, width=max(1, width))

    def _at(self, start: float, samples: float) -> "Window":
        start = min(max(start, 0.0), self.frames - samples)
        return replace(self, start=start, stop=start + samples)
