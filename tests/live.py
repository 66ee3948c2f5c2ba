"""Networks for tests of live conversion: a lite voice on the starter encoder, with seeded weights."""

import numpy as np
import soundfile
import soxr
import torch

from rvc import paths
from rvc.analysis import content, pitch
from rvc.config import LiveConfig
from rvc.live.chain import Chain
from rvc.live.networks import Networks
from rvc.model.lite import LiteConfig, LiteSynthesizer
from rvc.voices.voice import Voice
from tests.voices import card, small_encoder, small_v2

STARTER_DIM = 160
CPU = torch.device("cpu")


def lite_voice(seed: int = 0) -> Voice:
    """Return a lite voice for starter features whose filters follow what is said."""
    config = LiteConfig(
        content_dim=STARTER_DIM, channels=64, hidden_channels=128, coarse_layers=4, fine_layers=2
    )
    torch.manual_seed(seed)
    synthesizer = LiteSynthesizer(config).eval()
    with torch.no_grad():
        synthesizer.head.weight.mul_(5)
        synthesizer.head.bias[: 2 * config.bands] -= 1.5  # as loud as speech
        synthesizer.head.weight[2 * config.bands :] = 0  # phases that differ from frame to frame sound rough
    facts = {"usual_pitch_hz": 200.0, "speakers": ["Änna"]}
    return Voice(card(config, "lite", content.STARTER, **facts), synthesizer)


def networks(voice: Voice | None = None) -> Networks:
    """Return a voice's networks without an index."""
    voice = voice or lite_voice()
    encoder = content.load(voice.card.content_encoder.name)
    return networks_with(voice, encoder)


def networks_with(voice: Voice, encoder: content.ContentEncoder) -> Networks:
    estimator = pitch.load("swift") if voice.synthesizer.has_pitch else None
    voice.synthesizer.fold_weight_norm()
    return Networks(voice, encoder, estimator, None, CPU, torch.no_grad)


def v2_networks(*, with_pitch: bool = True) -> Networks:
    """Return the networks of a very narrow v2 voice."""
    return networks_with(small_v2(pitch=with_pitch), small_encoder())


def speech(seconds: float, rate: int) -> np.ndarray:
    """Return real speech of this length, (N,)."""
    wave, own_rate = soundfile.read(paths.resource("demo/source/visitor.flac"), dtype="float32")
    wave = soxr.resample(wave, own_rate, rate)
    return np.resize(wave, round(seconds * rate))


def said(chain: Chain, wave: np.ndarray, rate: int, block_s: float) -> np.ndarray:
    """Feed a wave block by block, and silence until all of it is said; return as much as the wave lasts."""
    samples = round(len(wave) / rate * chain.rate)
    padded = np.concatenate([wave, np.zeros(rate, np.float32)])
    size = round(block_s * rate)
    parts = [chain.feed(padded[start : start + size]) for start in range(0, len(padded), size)]
    return np.concatenate(parts)[:samples]


def plain(**settings: object) -> LiveConfig:
    """Return settings that change nothing afterwards: no noise, no loudness, no pitch shift."""
    neutral = {"noise_scale": 0.0, "rms_mix": 1.0, "pitch_shift": 0.0}
    return LiveConfig.model_validate(neutral | settings)
