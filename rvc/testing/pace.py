"""How long voices take to speak, side by side: what else the machine does meets all alike."""

import time
from collections.abc import Sequence

import torch
from torch import Tensor

from rvc import device as devices
from rvc.config import FRAME_RATE
from rvc.synthesis.converter import prepare_network
from rvc.voices.voice import Voice

SPOKEN_FRAMES = 300
TURNS = 5
PITCH_HZ = 200.0


def measure(voices: Sequence[Voice], device: torch.device, frames: int = SPOKEN_FRAMES) -> list[float]:
    """Return the least seconds that each voice takes for a second of speech; their networks are folded for good."""
    contexts = [prepare_network(voice, device, "auto") for voice in voices]
    seconds: list[list[float]] = [[] for _ in voices]
    for turn in range(TURNS + 1):
        for voice, context, spent in zip(voices, contexts, seconds, strict=True):
            started = time.perf_counter()
            with torch.inference_mode(), context():
                voice.synthesizer.infer(*_said(voice, device, frames))
            devices.wait(device)
            if turn:  # the first is a warm-up
                spent.append(time.perf_counter() - started)
    return [min(spent) * FRAME_RATE / frames for spent in seconds]


def _said(voice: Voice, device: torch.device, frames: int) -> tuple[Tensor, Tensor | None, Tensor, Tensor]:
    """Return content, pitch, length and speaker of something to say."""
    generator = torch.Generator().manual_seed(0)
    content = torch.randn(1, frames, voice.synthesizer.content_dim, generator=generator).to(device)
    f0 = torch.full((1, frames), PITCH_HZ, device=device) if voice.synthesizer.has_pitch else None
    return content, f0, torch.tensor([frames], device=device), torch.tensor([0], device=device)
