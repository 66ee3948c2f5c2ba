"""What a voice says of a part of a stream, with the frames around that part.

The lite network's source is carried from block to block, its phase and its noise, so that its blocks are parts of one
wave; v2's begins anew in each block, and `CrossFade` finds where it goes on.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from rvc.live.history import History
from rvc.model import Architecture
from rvc.model.decoder import Frames
from rvc.model.lite import NOISE_SCALE, Curves, LiteSynthesizer
from rvc.model.synthesizer import Synthesizer
from rvc.synthesis import formant

BEFORE, AFTER = 1, 2  # frames that are said besides the block itself, for the cross-fade
BACK = 100  # frames before a block that a network hears whose sight is not bounded
HELD = 16  # frames by which the end of what is known is prolonged: better than silence for a network that looks ahead
RINGING = 4  # frames of the lite filter on either side
REMEMBERED = 256  # frames of noise; more than a window is long
WARM_UP = 8  # frames that v2's decoder speaks before and after those that are heard


@dataclass(frozen=True, slots=True)
class Window:
    """Frames of a stream, the first of which is frame `first`: `start` to `stop` are to be said.

    `content` (T, dim) and `f0` (T,) in Hz, None for a voice without pitch; both are prolonged by `HELD` frames.
    """

    content: Tensor
    f0: Tensor | None
    first: int
    start: int
    stop: int
    speaker: int
    noise_scale: float
    ratio: float


class Speaker(Protocol):
    """A voice's network."""

    back: int
    """How many frames before a block it hears."""

    def say(self, window: Window) -> np.ndarray:
        """Return the wave of the frames `start - BEFORE` to `stop + AFTER`; silence before the stream."""

    @property
    def aligned(self) -> bool:
        """Whether what was said last goes on in phase with what was said before it."""


def prolong(frames: Tensor) -> Tensor:
    """Repeat the last of the frames (T, ...)."""
    return torch.cat([frames, frames[-1:].expand(HELD, *frames.shape[1:])])


class LiteSpeaker:
    """The lite network: its filters are drawn for a window, and work on a source that goes on."""

    def __init__(self, synthesizer: LiteSynthesizer, device: torch.device, seed: int) -> None:
        self._synthesizer = synthesizer
        self._device = device
        self._generator = torch.Generator().manual_seed(seed)
        self._noise = History(REMEMBERED, (synthesizer.hop,), device)
        self._phase = 0.0
        self._said = -1
        self.back = synthesizer.config.receptive_frames + BEFORE + RINGING
        self.aligned = False

    def say(self, window: Window) -> np.ndarray:
        net, hop = self._synthesizer, self._synthesizer.hop
        low = max(window.start - BEFORE - RINGING, window.first)
        high = window.stop + AFTER + RINGING
        curves = _part(self._draw(window), slice(low - window.first, high - window.first))
        cycles = net.cycles(curves.f0[0])
        self.aligned = window.start == self._said
        begin = (self._phase - float(cycles[window.start - low])) % 1 if self.aligned else 0.0
        wave = net.render(
            curves,
            self._noise_of(low, high) * (window.noise_scale / NOISE_SCALE),
            torch.tensor([begin], device=self._device),
        )
        self._phase = (begin + float(cycles[window.stop - low])) % 1
        self._said = window.stop
        said = wave[0].float().cpu().numpy()
        return _cut(said, low, window.start - BEFORE, window.stop + AFTER, hop)

    def _draw(self, window: Window) -> Curves:
        assert window.f0 is not None
        length = torch.tensor([len(window.content)], device=self._device)
        speaker = torch.tensor([window.speaker], device=self._device)
        return self._synthesizer.draw(window.content[None], window.f0[None], length, speaker)

    def _noise_of(self, low: int, high: int) -> Tensor:
        """Return the noise of the frames `low` to `high`, (1, N): the same whenever it is asked for."""
        while self._noise.stop < high:
            frames = min(high - self._noise.stop, REMEMBERED)
            drawn = torch.randn(frames, self._synthesizer.hop, generator=self._generator)
            self._noise.append(drawn)
        return self._noise[low:high].reshape(1, -1)


class WholeSpeaker:
    """Any network, given all that it hears of a window anew: for v2, and where resonances are shifted."""

    aligned = False
    back = BACK

    def __init__(
        self,
        synthesizer: Architecture,
        autocast: Callable[[], AbstractContextManager[None]],
        device: torch.device,
        seed: int,
    ) -> None:
        self._synthesizer = synthesizer
        self._autocast = autocast
        self._device = device
        self._generator = torch.Generator().manual_seed(seed)

    def say(self, window: Window) -> np.ndarray:
        hop, ratio = self._synthesizer.hop, window.ratio
        content = formant.stretch(window.content, ratio)
        f0 = None if window.f0 is None else formant.stretch_pitch(window.f0, ratio)
        low = max(window.start - BEFORE - WARM_UP - window.first, 0)
        high = min(window.stop + AFTER + WARM_UP - window.first, len(window.content))
        head, end = int(low * ratio), min(int(high * ratio) + 1, len(content))
        own = (0, end - head)
        if ratio == 1:  # what warms up need not be spoken
            own = (
                max(window.start - BEFORE - window.first, 0) - head,
                window.stop + AFTER - window.first - head,
            )
        said = self._infer(content, f0, window, slice(head, end), own)
        wave = formant.restore(said, ratio, int(len(said) / ratio))
        offset = window.first * hop + round((head + own[0]) / ratio * hop)
        return _cut_samples(wave, offset, (window.start - BEFORE) * hop, (window.stop + AFTER) * hop)

    def _infer(
        self, content: Tensor, f0: Tensor | None, window: Window, heard: slice, own: Frames
    ) -> np.ndarray:
        """Return the wave of the frames `own` of those `heard`; lite hears all there are."""
        net = self._synthesizer
        inputs = (
            content[None],
            None if f0 is None else f0[None],
            torch.tensor([len(content)], device=self._device),
            torch.tensor([window.speaker], device=self._device),
        )
        with self._autocast():
            if isinstance(net, Synthesizer):
                spoken = net.infer(
                    *inputs,
                    noise_scale=window.noise_scale,
                    generator=self._generator,
                    skip_head=heard.start,
                    return_length=heard.stop - heard.start,
                    spoken=own,
                )
            else:
                part = heard.start + own[0], heard.start + own[1]
                spoken = net.infer(
                    *inputs, noise_scale=window.noise_scale, generator=self._generator, spoken=part
                )
        return spoken[0, 0].float().cpu().numpy()


def _part(curves: Curves, frames: slice) -> Curves:
    return Curves(
        curves.pulse_gain[:, frames],
        curves.noise_gain[:, frames],
        curves.phase[:, frames],
        curves.f0[:, frames],
    )


def _cut(wave: np.ndarray, first: int, start: int, stop: int, hop: int) -> np.ndarray:
    """Return the frames `start` to `stop` of a wave whose first is frame `first`."""
    return _cut_samples(wave, first * hop, start * hop, stop * hop)


def _cut_samples(wave: np.ndarray, first: int, start: int, stop: int) -> np.ndarray:
    """Return the samples `start` to `stop` of a wave whose first is sample `first`; silence where it has none."""
    inside = wave[max(start - first, 0) : max(stop - first, 0)]
    before = min(max(first - start, 0), stop - start)
    return np.pad(inside, (before, stop - start - before - len(inside)))
