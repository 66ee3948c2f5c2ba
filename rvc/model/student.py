"""A student of a v2 voice: the voice's own prior and flow, and a small decoder that learnt to speak as its large one.

The decoder is the lite network, which draws filters for pulses and noise frame by frame: a thirtieth of the work.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from rvc.model.config import SynthesizerConfig
from rvc.model.decoder import Frames
from rvc.model.layers import Noise
from rvc.model.lite import LiteConfig, LiteSynthesizer
from rvc.model.synthesizer import Synthesizer


class StudentConfig(SynthesizerConfig):
    """The shape of the voice that it was made of, and that of the small decoder."""

    decoder_channels: int = 256
    decoder_hidden_channels: int = 768
    decoder_coarse_layers: int = 2
    decoder_fine_layers: int = 6
    decoder_bands: int = 160

    @property
    def decoder(self) -> LiteConfig:
        """The shape of the decoder as of a lite network. It copies what is heard to the frame: nothing is left out."""
        return LiteConfig(
            rate=self.rate,
            content_dim=self.inter_channels,
            channels=self.decoder_channels,
            hidden_channels=self.decoder_hidden_channels,
            coarse_layers=self.decoder_coarse_layers,
            fine_layers=self.decoder_fine_layers,
            bands=self.decoder_bands,
            dropout=0.0,
        )


class StudentDecoder(LiteSynthesizer):
    """The lite network, told a latent (B, T, 192) in place of content, and a voice (B, 256) in place of a number."""

    def __init__(self, config: StudentConfig) -> None:
        super().__init__(config.decoder)
        self.emb_g = nn.Linear(config.gin_channels, config.decoder_channels)  # type: ignore[assignment]

    def forward(
        self,
        z: Tensor,
        f0: Tensor | None,
        g: Tensor,
        noise: Noise,
        frames: int | None = None,
        spoken: Frames | None = None,
    ) -> Tensor:
        """Return the wave (B, 1, T * hop) in float32, as `rvc.model.decoder.Decoder` does."""
        if f0 is None:
            raise ValueError("a student needs a pitch")
        if frames is not None:
            f0 = F.interpolate(f0[:, None], size=frames)[:, 0] * (z.shape[2] / frames)
            z = F.interpolate(z, size=frames, mode="linear")
        curves = self.draw(z.mT, f0, torch.full_like(f0[:, 0], f0.shape[1]), g[..., 0])
        white = noise(curves.f0.new_empty(*f0.shape, self.hop)).flatten(1)
        with torch.autocast(z.device.type, enabled=False):
            wave = self.render(curves, white, torch.zeros_like(curves.f0[:, 0]))
        start, stop = spoken or (0, f0.shape[1])
        return wave[:, None, start * self.hop : stop * self.hop]


class StudentSynthesizer(Synthesizer):
    """A v2 voice with a small decoder."""

    config: StudentConfig
    dec: StudentDecoder

    def __init__(self, config: StudentConfig) -> None:
        if not config.pitch:
            raise ValueError("a student needs a pitch")
        super().__init__(config)

    def _decoder(self, config: SynthesizerConfig) -> nn.Module:
        assert isinstance(config, StudentConfig)
        return StudentDecoder(config)

    def cycles(self, f0: Tensor) -> Tensor:
        """Return the periods (T,) of f0 (T,) done when each frame starts: its source is the lite network's."""
        return self.dec.cycles(f0)
