"""What a large voice said for a small one to learn from: its latents, and the waves that its decoder made of them.

The large decoder takes forty times as long as a step of the small one, so everything is said once, and kept in the
cache: a training that goes on, or is done again, says nothing twice.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from rvc import __version__, device
from rvc.analysis import content, pitch
from rvc.assets import sha256
from rvc.cache import Cache
from rvc.config import FRAME_RATE
from rvc.draws import seed_at
from rvc.events import Reporter
from rvc.learning import sampling
from rvc.learning.data import Batch, Clip, Clips
from rvc.model.layers import gaussian
from rvc.model.synthesizer import Synthesizer
from rvc.synthesis.feature_cache import fetch, key_of
from rvc.voices.voice import Voice

SHIFTS, ORDER, STARTS = 11, 12, 13  # what a random draw is for
REACH_SEMITONES = 12.0  # up and down, of every second thing that is said: others will speak higher and lower
LONGEST_FRAMES = 800  # of a clip are said


@dataclass(frozen=True, slots=True)
class Lesson:
    """Something said: a latent (T, 192) and a wave (T, hop), both fp16, at a pitch f0 (T,), in a voice (256,)."""

    latent: Tensor
    wave: Tensor
    f0: Tensor
    voice: Tensor


class Teacher:
    """A large voice that says what it is given, and does not say the same again."""

    def __init__(self, voice: Voice, file: Path, chosen: torch.device, cache: Cache) -> None:
        """Take a v2 voice from its file; its weights are folded."""
        assert isinstance(voice.synthesizer, Synthesizer)
        self.voice = voice
        self.bytes, self.sha256 = file.stat().st_size, sha256(file)
        self._network = voice.synthesizer.fold_weight_norm()
        dtype = device.natural_dtype(chosen)
        self._autocast = device.autocast(chosen, dtype)
        self._identity = repr((self.sha256, __version__, torch.__version__, dtype, chosen.type)).encode()
        self._device = chosen
        self._cache = cache

    def say(self, clip: Clip, semitones: float, seed: int) -> Lesson:
        """Say a clip with its pitch raised by so many semitones."""
        f0 = pitch.shift(clip.f0, semitones)[:LONGEST_FRAMES]
        phone = content.at_frame_rate(clip.content.float())[: len(f0)]
        identity = self._identity + repr((clip.speaker, seed)).encode()
        key = key_of(identity, phone, f0)
        frames = fetch(self._cache, "speech", key, lambda: self._say(phone, f0, clip.speaker, seed))
        channels = self._network.config.inter_channels
        g = self._network.emb_g.weight[clip.speaker].detach()
        home = self._device
        return Lesson(frames[:, :channels].to(home), frames[:, channels:].to(home), f0.to(home), g)

    @torch.inference_mode()
    def _say(self, phone: Tensor, f0: Tensor, speaker: int, seed: int) -> Tensor:
        """Return each frame's latent and samples beside each other, (T, 192 + hop) in fp16."""
        network, noise = self._network, gaussian(torch.Generator().manual_seed(seed))
        who, lengths = (torch.tensor([number], device=self._device) for number in (speaker, len(f0)))
        with self._autocast():
            z, _ = network.latent(phone[None], pitch.coarse(f0[None]), lengths, who, noise)
            wave = network.dec(z, f0[None], network.emb_g(who)[..., None], noise)
        return torch.cat([z[0].mT.float(), wave.view(len(f0), -1)], dim=1).half()


class Lessons:
    """All that was said, and the stretches of it that a training step hears."""

    def __init__(self, said: Sequence[Lesson]) -> None:
        self._said = said
        frames = np.array([len(lesson.f0) for lesson in said])
        self._frames = frames
        self._pool = sampling.Pool(np.zeros(len(said), np.int64), frames)

    @property
    def latents(self) -> list[Tensor]:
        return [lesson.latent for lesson in self._said]

    def segments(self, step: int, batch_size: int, seed: int, frames: int) -> Batch:
        """Return random stretches of so many frames; latents stand for content, voices (B, 256) for speakers."""
        epochs, numbers = np.divmod(np.arange(step * batch_size, (step + 1) * batch_size), len(self._said))
        ids = [
            int(self._pool.order(int(epoch), seed)[number])
            for epoch, number in zip(epochs, numbers, strict=True)
        ]
        room = np.maximum(self._frames[ids] - frames, 0)
        starts = sampling.random(seed, STARTS, step).integers(0, room, endpoint=True)
        rows = [
            [_cut(part, int(start), frames) for part in (lesson.latent, lesson.f0, lesson.wave)]
            for lesson, start in zip((self._said[number] for number in ids), starts, strict=True)
        ]
        latent, f0, wave = (torch.stack(column) for column in zip(*rows, strict=True))
        lengths = torch.from_numpy(np.minimum(self._frames[ids] - starts, frames)).to(f0.device)
        voice = torch.stack([self._said[number].voice for number in ids])
        return Batch(latent.float(), f0, lengths, wave.float().flatten(1)[:, None], voice)


def _cut(part: Tensor, start: int, frames: int) -> Tensor:
    """Return frames of (T, ...) from a start; what lies beyond the end is zero."""
    found = part[start : start + frames]
    missing = found.new_zeros(frames - len(found), *found.shape[1:])
    return torch.cat([found, missing])


def give(teacher: Teacher, clips: Clips, seconds: float, seed: int, reporter: Reporter) -> Lessons:
    """Let a teacher say clips, and say them again, until it spoke for so many seconds; half at another pitch.

    Raises `Paused` when asked to stop; what was said until then is kept.
    """
    said: list[Lesson] = []
    with reporter.phase("listen", round(seconds), unit="seconds") as phase:
        for lesson in _spoken(teacher, clips, seed):
            said.append(lesson)
            phase.advance(len(lesson.f0) // FRAME_RATE)
            if sum(len(one.f0) for one in said) >= seconds * FRAME_RATE:
                break
    return Lessons(said)


def _spoken(teacher: Teacher, clips: Clips, seed: int) -> Iterator[Lesson]:
    """Yield lessons without end: of every two clips one at its own pitch, the next time the other."""
    order = sampling.random(seed, ORDER).permutation(len(clips))
    for number in itertools.count():
        turn, place = divmod(number, len(clips))
        shift = sampling.random(seed, SHIFTS, number).uniform(-REACH_SEMITONES, REACH_SEMITONES)
        semitones = float(shift) if (turn + place) % 2 else 0.0
        yield teacher.say(clips.clip(int(order[place])), semitones, seed_at(seed, number))
