"""What a student of a v2 voice says of a part of a stream: its source goes on from block to block as lite's does."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from rvc.analysis.pitch import coarse
from rvc.live.history import History
from rvc.live.speaking import BACK, BEFORE, REMEMBERED, RINGING, LiteSpeaker, Window
from rvc.model.lite import NOISE_SCALE, Curves
from rvc.model.student import StudentSynthesizer


class StudentSpeaker(LiteSpeaker):
    """The small decoder as a lite network; a frame's latent has the same noise in every block that hears it."""

    def __init__(
        self,
        synthesizer: StudentSynthesizer,
        autocast: Callable[[], AbstractContextManager[None]],
        device: torch.device,
        seed: int,
    ) -> None:
        super().__init__(synthesizer.dec, device, seed)
        self._whole = synthesizer
        self._autocast = autocast
        self._latent_generator = torch.Generator().manual_seed(seed)
        self._latent_noise = History(REMEMBERED, (synthesizer.config.inter_channels,), device)
        self._noise_scale = NOISE_SCALE
        self._sight = synthesizer.dec.config.receptive_frames + BEFORE + RINGING
        self.back = max(BACK, self._sight)

    def say(self, window: Window) -> np.ndarray:
        self._noise_scale = window.noise_scale  # that of latents: breath is as loud as the voice's own
        return super().say(replace(window, noise_scale=NOISE_SCALE))

    def _draw(self, window: Window) -> Curves:
        """Draw the filters of a window; of frames too early to be heard there are none."""
        assert window.f0 is not None
        skip = max(window.start - self._sight - window.first, 0)
        stop = window.first + len(window.content)
        length = torch.tensor([len(window.content)], device=self._device)
        speaker = torch.tensor([window.speaker], device=self._device)
        f0, whole = window.f0[None], self._whole
        with self._autocast():
            z, _ = whole.latent(
                window.content[None],
                coarse(f0),
                length,
                speaker,
                lambda like: self._noise_before(stop, like.shape[2]),
                self._noise_scale,
                skip,
            )
            curves = whole.dec.draw(z.mT, f0[:, skip:], length - skip, whole.emb_g(speaker))
        return Curves(
            *(_later(part, skip) for part in (curves.pulse_gain, curves.noise_gain, curves.phase, curves.f0))
        )

    def _noise_before(self, stop: int, frames: int) -> Tensor:
        """Return the noise (1, 192, frames) of the latents of so many frames before one."""
        history = self._latent_noise
        while history.stop < stop:
            size = min(stop - history.stop, REMEMBERED), self._whole.config.inter_channels
            history.append(torch.randn(size, generator=self._latent_generator))
        return history[stop - frames : stop].mT[None]


def _later(curve: Tensor, frames: int) -> Tensor:
    """Begin a curve (1, T, ...) so many frames later."""
    return F.pad(curve, (0, 0) * (curve.dim() - 2) + (frames, 0))
