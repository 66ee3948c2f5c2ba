"""Overtraining, told from two curves: how far a model is from takes it never saw, and from takes it learns from.

A model that learns a few recordings by heart comes ever closer to them while it moves away from others. Where both
distances rise, something else goes on: the lite model's discriminator, for instance, wants other things than a small
distance.
"""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from rvc.learning.history import Row

HELD_OUT, HEARD = "val_mel", "heard_mel"  # in a training's history
SMOOTHED = 3  # validations in a mean
LATER = 2  # means after the lowest, at least
MARGIN = 0.02  # of the lowest: less is chance


class Overtraining(BaseModel):
    """From `since_step` on a model moved away from held-out takes; log-mel distances in nats, smoothed."""

    model_config = ConfigDict(frozen=True)

    since_step: int
    then: float
    now: float

    @property
    def text(self) -> str:
        """Say it in plain words."""
        return (
            f"Since step {self.since_step} the voice only learns its recordings by heart: held-out takes are "
            f"{self.now / self.then - 1:.0%} further away than they were. Training on will not help; "
            "more recordings will."
        )


def find(rows: Sequence[Row]) -> Overtraining | None:
    """Return the overtraining that a history shows, None where there is none."""
    rows = [row for row in rows if HELD_OUT in row.values and HEARD in row.values]
    held_out, heard = (_smooth([row.values[name] for row in rows]) for name in (HELD_OUT, HEARD))
    if len(held_out) <= LATER:
        return None
    lowest = held_out.index(min(held_out))
    then, now = held_out[lowest], held_out[-1]
    if len(held_out) - 1 - lowest < LATER or now < then * (1 + MARGIN) or heard[-1] > heard[lowest]:
        return None
    return Overtraining(since_step=rows[lowest + SMOOTHED // 2].step, then=then, now=now)


def _smooth(values: Sequence[float]) -> list[float]:
    """Return the means of every `SMOOTHED` values that follow each other."""
    return [sum(values[i : i + SMOOTHED]) / SMOOTHED for i in range(len(values) - SMOOTHED + 1)]
