"""What a training is judged by while it runs: held-out takes it never sees, and a sentence to listen to."""

import math
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from rvc.analysis import content, pitch, spectrogram
from rvc.analysis.features import Features
from rvc.config import CONTENT_RATE_HZ, FRAME_RATE
from rvc.datasets.dataset import Prepared
from rvc.errors import InputError
from rvc.learning.data import Clip, Clips
from rvc.model import Architecture
from rvc.sound import audio, mark

PREVIEW_MIN_S = 0.5
PREVIEW_MAX_S = 10.0
SEED = 0
N_FFT = 1024
N_MELS = 80


def log_mel(wave: Tensor, rate: int) -> Tensor:
    """Return the log-mel spectrogram (N_MELS, T) of a wave (N,) as validation compares it, 100 frames/s."""
    spec = spectrogram.linear(wave[None], N_FFT, rate // 100, N_FFT)
    return spectrogram.log_mel(spec, rate, N_FFT, N_MELS)[0]


class HeldOut:
    """Reconstructs clips with fixed noise and measures how far they are from the recordings."""

    def __init__(self, clips: Sequence[Clip], rate: int) -> None:
        self._rate = rate
        self._clips = clips
        self._targets = [log_mel(clip.wave, rate)[: _bands(clip, rate)] for clip in clips]

    def score(self, synthesizer: Architecture) -> float | None:
        """Return the mean absolute log-mel difference in nats (0 is perfect), None without clips.

        What lies above a recording's own bandwidth does not count.
        """
        if not self._clips:
            return None
        distances = [
            (log_mel(_reconstruct(synthesizer, clip), self._rate)[: len(target)] - target).abs().mean()
            for clip, target in zip(self._clips, self._targets, strict=True)
        ]
        return float(torch.stack(distances).mean())


def spread(clips: Clips, seconds: float, speaker: int | None = None) -> list[Clip]:
    """Return clips, of one speaker or of all, of about `seconds` in all, evenly spread; one if there is any."""
    cards = clips.cards
    numbers = [number for number, card in enumerate(cards) if speaker in (None, card.speaker)]
    if not numbers:
        return []
    every = max(sum(cards[number].frames for number in numbers) / FRAME_RATE / seconds, 1.0)
    return [clips.clip(numbers[int(place * every)]) for place in range(math.ceil(len(numbers) / every))]


def _bands(clip: Clip, rate: int) -> int:
    """Return how many mel bands lie within what the recording of a clip holds."""
    if clip.bandwidth_hz is None:
        return N_MELS
    basis = spectrogram.mel_basis(rate, N_FFT, N_MELS)
    first_beyond = int(clip.bandwidth_hz * N_FFT / rate) + 1
    return int((basis[:, first_beyond:].sum(dim=1) == 0).sum())


def _reconstruct(synthesizer: Architecture, clip: Clip) -> Tensor:
    phone = content.at_frame_rate(clip.content.float())
    return synthesize(synthesizer, phone, clip.f0, clip.speaker)


@torch.inference_mode()
def synthesize(
    synthesizer: Architecture, phone: Tensor, f0: Tensor, speaker: int = 0, seed: int = SEED
) -> Tensor:
    """Return the wave (T * hop,) of content (T, dim) and pitch (T,) at 100 frames/s; noise follows the seed."""
    device = phone.device
    frames = min(len(phone), len(f0))
    wave = synthesizer.infer(
        phone[None, :frames],
        f0[None, :frames] if synthesizer.has_pitch else None,
        torch.tensor([frames], device=device),
        torch.tensor([speaker], device=device),
        generator=torch.Generator(device).manual_seed(seed),
    )
    return wave[0, 0].float()


class Sentence:
    """A recording of somebody else, converted with the weights of the moment so that progress can be heard."""

    def __init__(
        self, source: Path, prepared: Prepared, usual_pitch_hz: float | None, device: torch.device
    ) -> None:
        wave, _ = audio.read(source, CONTENT_RATE_HZ)
        wave = wave[: int(PREVIEW_MAX_S * CONTENT_RATE_HZ)]
        if len(wave) < PREVIEW_MIN_S * CONTENT_RATE_HZ:
            raise InputError("too_short", f"{source.name} is too short for a preview.", "Choose a sentence.")
        (described,) = Features.load(prepared.encoder.name, prepared.pitch, device).describe([wave])
        f0 = torch.from_numpy(described.f0).to(device)
        self._f0 = pitch.shift(f0, pitch.shift_to(usual_pitch_hz, f0))
        self._phone = content.at_frame_rate(torch.from_numpy(described.content).to(device).float())
        self._rate = prepared.rate

    def write(self, synthesizer: Architecture, path: Path, voice: str) -> None:
        """Convert the sentence into `path`, in the voice of that name."""
        wave = synthesize(synthesizer, self._phone, self._f0).cpu().numpy()
        audio.write(path, wave, self._rate, comment=mark.generated(voice))
