"""Noise taken away from a recording before it is converted, by the package `noisereduce` (an extra)."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from rvc.config import CONTENT_RATE_HZ
from rvc.errors import InputError
from rvc.sound.spool import Samples
from rvc.synthesis.hearing import Clean

PIECE = 60 * CONTENT_RATE_HZ  # cleaned at once
AROUND = 5 * CONTENT_RATE_HZ  # heard on either side of it: the noise is followed over 2 s


def cleaner(strength: float) -> Clean | None:
    """Return what takes a share of the noise away, None at 0. Raises `InputError` missing_extra without the package."""
    if not strength:
        return None
    try:
        import noisereduce
    except ImportError as error:
        raise InputError(
            "missing_extra",
            "Denoising needs the extra `denoise`.",
            "Install it with: pip install 'rvc-studio[denoise]'",
        ) from error
    reduce = partial(noisereduce.reduce_noise, sr=CONTENT_RATE_HZ, stationary=False, prop_decrease=strength)

    def cleaned(wave: Samples) -> Iterator[np.ndarray]:
        for start in range(0, len(wave), PIECE):
            before = min(start, AROUND)
            part = wave[start - before : start + PIECE + AROUND]
            quiet = reduce(y=part) if part.any() else part  # of pure zeros it makes no numbers
            yield quiet[before : before + PIECE].astype(np.float32)

    return cleaned
