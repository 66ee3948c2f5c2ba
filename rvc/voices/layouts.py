"""What the community's RVC models look like: their sizes, their list of settings, and the names in their files.

From A.12 of the reference notes; WebUI and Applio agree in all of it.
"""

from typing import Any

from rvc.config import RATES_HZ
from rvc.model.config import V1_CONTENT_DIM, SynthesizerConfig
from rvc.voices.card import EncoderCard

CONTENT_ENCODER = EncoderCard(name="contentvec", dim=768)
V1_ENCODER = EncoderCard(name="contentvec-v1", dim=V1_CONTENT_DIM)
VERSIONS = ("v1", "v2")
VOCODER = "HiFi-GAN"
SEGMENT = 32  # what every file has in that place, whatever its real segment
UNPROVEN_ITEMS = (5, 9, 10, 11, 12, 14, 17)  # of the `config` list: what the shape of no tensor proves


def usual_configs() -> list[SynthesizerConfig]:
    """List what the community's models look like: v2 and v1, at their three sample rates."""
    makers = (SynthesizerConfig.v2, SynthesizerConfig.v1)
    return [make(rate) for make in makers for rate in RATES_HZ["v2"]]


def version(config: SynthesizerConfig) -> str:
    """Return what a model's file says of its content features."""
    return "v1" if config.content_dim == V1_CONTENT_DIM else "v2"


def config_list(config: SynthesizerConfig) -> list[Any]:
    """Return the 18 numbers by which the community's loaders build a model."""
    return [
        config.spec_channels,
        SEGMENT,
        config.inter_channels,
        config.hidden_channels,
        config.filter_channels,
        config.heads,
        config.layers,
        config.kernel_size,
        0,
        "1",
        list(config.resblock_kernels),
        [list(dilations) for dilations in config.resblock_dilations],
        list(config.upsample_rates),
        config.upsample_initial_channels,
        list(config.upsample_kernels),
        config.speakers,
        config.gin_channels,
        config.rate,
    ]
