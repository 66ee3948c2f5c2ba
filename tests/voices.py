"""Small voices with seeded weights for tests: real networks, nothing trained."""

import torch

from rvc.analysis.content import ContentVec
from rvc.analysis.hubert import Hubert, HubertConfig
from rvc.model.config import SynthesizerConfig
from rvc.model.lite import LiteConfig, LiteSynthesizer
from rvc.model.student import StudentConfig, StudentSynthesizer
from rvc.model.synthesizer import Synthesizer
from rvc.voices.card import EncoderCard, Teaching, VoiceCard
from rvc.voices.voice import Voice

SMALL_DIM = 32
SMALL = {
    "content_dim": SMALL_DIM,
    "speakers": 2,
    "inter_channels": 16,
    "hidden_channels": 16,
    "filter_channels": 32,
    "layers": 2,
    "upsample_initial_channels": 32,
    "gin_channels": 8,
    "resblock_kernels": (3,),
    "resblock_dilations": ((1, 3),),
}


def card(
    config: SynthesizerConfig | LiteConfig, architecture: str, encoder: str, **facts: object
) -> VoiceCard:
    return VoiceCard(
        **{
            "name": "Änna",
            "architecture": architecture,
            "rate": config.rate,
            "content_encoder": EncoderCard(name=encoder, dim=config.content_dim),
            "pitch": getattr(config, "pitch", True),
            "speakers": ["Änna", "Björn"],
            "config": config.model_dump(mode="json"),
            **facts,
        }
    )


def small_v2(*, pitch: bool = True, seed: int = 0, layers: int = 2) -> Voice:
    """Return a v2 voice of 32 kHz with very narrow layers, still with its posterior encoder."""
    whole = SynthesizerConfig.v2(32000, pitch=pitch).model_dump()
    config = SynthesizerConfig.model_validate(whole | SMALL | {"layers": layers})
    torch.manual_seed(seed)
    synthesizer = Synthesizer(config).eval()
    return Voice(card(config, "v2", "contentvec"), synthesizer)


def full_v2(rate: int = 40000, *, pitch: bool = True, seed: int = 0) -> Voice:
    """Return a v2 voice as the community's, with random weights in place of trained ones."""
    config = SynthesizerConfig.v2(rate, pitch=pitch)
    torch.manual_seed(seed)
    return Voice(card(config, "v2", "contentvec"), Synthesizer(config).eval())


def small_student(seed: int = 0) -> Voice:
    """Return a student of `small_v2`, untrained, that hums at the pitch it is given."""
    shape = {
        "decoder_channels": 32,
        "decoder_hidden_channels": 64,
        "decoder_bands": 32,
        "decoder_fine_layers": 2,
    }
    whole = SynthesizerConfig.v2(32000).model_dump()
    config = StudentConfig.model_validate(whole | SMALL | shape)
    torch.manual_seed(seed)
    synthesizer = StudentSynthesizer(config).without_posterior().eval()
    taught = Teaching(name="Änna", sha256="0" * 64, bytes=1000, steps=5, agreement_db=3.0)
    return Voice(card(config, "student", "contentvec", student_of=taught), synthesizer)


def small_lite(seed: int = 0, speakers: int = 2) -> Voice:
    """Return a lite voice of 24 kHz that hums at the pitch it is given."""
    config = LiteConfig(
        content_dim=SMALL_DIM,
        speakers=speakers,
        channels=32,
        hidden_channels=64,
        coarse_layers=1,
        fine_layers=1,
        bands=32,
    )
    torch.manual_seed(seed)
    return Voice(card(config, "lite", "contentvec", usual_pitch_hz=220.0), LiteSynthesizer(config).eval())


def small_encoder(seed: int = 0) -> ContentVec:
    """Return a content encoder that gives `SMALL_DIM` features: a very narrow HuBERT."""
    torch.manual_seed(seed)
    config = HubertConfig(
        conv_dim=16, hidden=SMALL_DIM, heads=2, ffn=32, layers=1, pos_kernel=16, pos_groups=4
    )
    return ContentVec(Hubert(config))
