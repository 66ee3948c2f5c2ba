"""The numbers that define a synthesizer. Imports no torch."""

from typing import Any

from pydantic import Field

from rvc.config import FRAME_RATE, Config

_V2: dict[int, dict[str, Any]] = {
    32000: {
        "n_fft": 1024,
        "win_length": 1024,
        "n_mels": 80,
        "segment_frames": 40,
        "upsample_rates": (10, 8, 2, 2),
        "upsample_kernels": (20, 16, 4, 4),
    },
    40000: {
        "n_fft": 2048,
        "win_length": 2048,
        "n_mels": 125,
        "segment_frames": 32,
        "upsample_rates": (10, 10, 2, 2),
        "upsample_kernels": (16, 16, 4, 4),
    },
    48000: {
        "n_fft": 2048,
        "win_length": 2048,
        "n_mels": 128,
        "segment_frames": 36,
        "upsample_rates": (12, 10, 2, 2),
        "upsample_kernels": (24, 20, 4, 4),
    },
}
_V1: dict[int, dict[str, Any]] = {
    32000: {"upsample_rates": (10, 4, 2, 2, 2), "upsample_kernels": (16, 16, 4, 4, 4)},
    48000: {
        "segment_frames": 24,
        "upsample_rates": (10, 6, 2, 2, 2),
        "upsample_kernels": (16, 16, 4, 4, 4),
    },
}
V1_CONTENT_DIM = 256


class SynthesizerConfig(Config):
    """The shape of an RVC synthesizer. The defaults are what all V2 rates share."""

    rate: int = Field(description="sample rate, Hz")
    n_fft: int = Field(description="of the spectrogram that the posterior encoder sees, samples")
    win_length: int = Field(description="of the spectrogram, samples")
    n_mels: int = Field(description="bands of the mel loss")
    segment_frames: int = Field(description="frames that are decoded in one training step")
    upsample_rates: tuple[int, ...]
    upsample_kernels: tuple[int, ...]
    content_dim: int = 768
    pitch: bool = Field(True, description="with f0 and a harmonic source, or without both")
    speakers: int = Field(109, ge=1)
    inter_channels: int = 192
    hidden_channels: int = 192
    filter_channels: int = 768
    heads: int = 2
    layers: int = 6
    kernel_size: int = 3
    resblock_kernels: tuple[int, ...] = (3, 7, 11)
    resblock_dilations: tuple[tuple[int, ...], ...] = ((1, 3, 5), (1, 3, 5), (1, 3, 5))
    upsample_initial_channels: int = 512
    gin_channels: int = Field(256, description="width of the speaker embedding")

    @property
    def hop(self) -> int:
        """Samples of a frame."""
        return self.rate // FRAME_RATE

    @property
    def spec_channels(self) -> int:
        return self.n_fft // 2 + 1

    @classmethod
    def v2(
        cls, rate: int, content_dim: int = 768, pitch: bool = True, speakers: int = 109
    ) -> "SynthesizerConfig":
        """Return the configuration that the community's V2 files of a rate have: 32000, 40000 or 48000 Hz."""
        return cls(rate=rate, content_dim=content_dim, pitch=pitch, speakers=speakers, **_V2[rate])

    @classmethod
    def v1(cls, rate: int, pitch: bool = True, speakers: int = 109) -> "SynthesizerConfig":
        """Return the configuration of the community's older V1 files, which `v2` has the rates of."""
        whole = cls.v2(rate, V1_CONTENT_DIM, pitch, speakers)
        return whole.model_copy(update=_V1.get(rate, {}))
