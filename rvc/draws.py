"""Where random draws come from: every one follows from the user's seed and the place it is drawn at."""

STRIDE = 1_000_003  # keeps the draws of (seed, place) apart from those of (seed + 1, place)


def seed_at(seed: int, place: int) -> int:
    """Return the seed of a generator for one place: a training's step, or the frame where a chunk starts."""
    return seed * STRIDE + place
