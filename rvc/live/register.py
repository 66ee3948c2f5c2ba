"""How much higher or lower a live speaker is brought, when the voice's usual pitch decides it."""

import torch
from torch import Tensor

from rvc.analysis import pitch
from rvc.config import FRAME_RATE
from rvc.live.history import History

REMEMBERED_S = 20  # of voiced speech
LEAST_S = 0.3  # of voiced speech before a first guess
STAYS = 1  # semitones by which the guess may be off before it is changed


class Register:
    """Follows a speaker's pitch, and changes its mind only in pauses, so that no word glides."""

    def __init__(self) -> None:
        self._voiced = History(REMEMBERED_S * FRAME_RATE)
        self._semitones: int | None = None

    def semitones(self, f0: Tensor, usual_hz: float) -> int:
        """Return by how much the new frames f0 (T,) in Hz are to be raised."""
        voiced = f0[f0 > 0]
        self._voiced.append(voiced.cpu())
        if self._semitones is None or len(voiced) < len(f0):
            self._guess(usual_hz)
        return self._semitones or 0

    def _guess(self, usual_hz: float) -> None:
        known = self._voiced[self._voiced.start : self._voiced.stop]
        if len(known) < LEAST_S * FRAME_RATE:
            return
        found = pitch.shift_to(usual_hz, torch.as_tensor(known))
        if self._semitones is None or abs(found - self._semitones) > STAYS:
            self._semitones = found
