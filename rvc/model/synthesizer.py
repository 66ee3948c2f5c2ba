"""The RVC V2 synthesizer: a conditional variational autoencoder with a flow prior and a neural source-filter decoder.

After VITS (Kim et al. 2021). Layers have the names of the community's files, so their weights load key for key.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor, nn

from rvc.analysis.pitch import coarse
from rvc.config import FRAME_RATE
from rvc.model import flow, layers
from rvc.model.config import SynthesizerConfig
from rvc.model.decoder import Decoder, Frames
from rvc.model.flow import Flow
from rvc.model.layers import Noise, gaussian
from rvc.model.network import VoiceNetwork
from rvc.model.posterior import PosteriorEncoder
from rvc.model.prior import PriorEncoder
from rvc.model.slices import draw_starts, slice_segments

NOISE_SCALE = 0.66666


@dataclass(frozen=True, slots=True)
class Forward:
    """What a training step needs. The latents are (B, 192, T), `y_hat` (B, 1, segment_frames * hop), all float32."""

    y_hat: Tensor
    ids_slice: Tensor
    mask: Tensor
    z: Tensor
    z_p: Tensor
    m_p: Tensor
    logs_p: Tensor
    m_q: Tensor
    logs_q: Tensor


class Synthesizer(VoiceNetwork):
    """Speak content (B, T, content_dim) at pitch f0 (B, T) with the voice of a speaker (B,), at 100 frames/s."""

    autocasts = True
    config: SynthesizerConfig

    def __init__(self, config: SynthesizerConfig) -> None:
        super().__init__()
        self.config = config
        self.enc_p = PriorEncoder(config)
        self.dec = self._decoder(config)
        self.enc_q: PosteriorEncoder | None = PosteriorEncoder(config)
        self.flow = Flow(config)
        self.emb_g = nn.Embedding(config.speakers, config.gin_channels)

    def _decoder(self, config: SynthesizerConfig) -> nn.Module:
        """Build what speaks the latent."""
        return Decoder(config)

    @property
    def has_pitch(self) -> bool:
        return self.config.pitch

    def forward(
        self,
        phone: Tensor,
        pitch: Tensor | None,
        pitchf: Tensor | None,
        spec: Tensor,
        lengths: Tensor,
        speaker: Tensor,
        *,
        generator: torch.Generator | None = None,
        noise: Noise | None = None,
        ids_slice: Tensor | None = None,
    ) -> Forward:
        """Encode a batch and decode one segment of each row.

        `pitch` is coarse (1 to 255), `pitchf` in Hz; rows are padded beyond `lengths` frames. Where the segments start
        is drawn from `generator` unless `ids_slice` (B,) says it; `noise` replaces the generator's normal noise.
        """
        assert self.enc_q is not None, "a synthesizer without posterior encoder cannot be trained"
        noise = noise or gaussian(generator)
        g = self._voice(speaker)
        m_p, logs_p, mask = self.enc_p(phone, pitch, lengths)
        z, m_q, logs_q = self.enc_q(spec, mask, g, noise)
        z_p = self.flow(z, mask, g)
        frames = self.config.segment_frames
        if ids_slice is None:
            ids_slice = draw_starts(lengths, frames, generator)
        f0 = None if pitchf is None else slice_segments(pitchf[:, None], ids_slice, frames)[:, 0]
        y_hat = self.dec(slice_segments(z, ids_slice, frames), f0, g, noise)
        return Forward(y_hat, ids_slice, mask, z, z_p, m_p, logs_p, m_q, logs_q)

    def infer(
        self,
        content: Tensor,
        f0: Tensor | None,
        lengths: Tensor,
        speaker: Tensor,
        *,
        noise_scale: float = NOISE_SCALE,
        generator: torch.Generator | None = None,
        noise: Noise | None = None,
        pitch: Tensor | None = None,
        skip_head: int = 0,
        return_length: int | None = None,
        stretch_to: int | None = None,
        spoken: Frames | None = None,
    ) -> Tensor:
        """Return the wave (B, 1, frames * hop) in float32.

        Only `return_length` frames from frame `skip_head` on are spoken; the others are context. With `stretch_to`
        they are stretched to so many frames, which moves the formants. `pitch` replaces the coarse pitch of `f0`.
        Of what is left, only the frames `spoken` are returned, as they sound among the others.
        """
        noise = noise or gaussian(generator)
        end = content.shape[1] if return_length is None else skip_head + return_length
        if f0 is not None and pitch is None:
            pitch = coarse(f0)
        z, mask = self.latent(content, pitch, lengths, speaker, noise, noise_scale, skip_head)
        z, mask = z[..., : end - skip_head], mask[..., : end - skip_head]
        f0 = None if f0 is None else f0[:, skip_head:end]
        wave: Tensor = self.dec(
            (z * mask).to(self.dtype), f0, self._voice(speaker), noise, stretch_to, spoken
        )
        return wave

    def speak(
        self,
        content: Tensor,
        f0: Tensor | None,
        lengths: Tensor,
        speaker: Tensor,
        *,
        noise_scale: float = NOISE_SCALE,
        generator: torch.Generator | None = None,
        spoken: Frames | None = None,
    ) -> Iterator[Tensor]:
        """Yield what `infer` returns, as the decoder makes it."""
        noise, pitch = gaussian(generator), None if f0 is None else coarse(f0)
        z, mask = self.latent(content, pitch, lengths, speaker, noise, noise_scale)
        inputs = (z * mask).to(self.dtype), f0, self._voice(speaker), noise, None, spoken
        if isinstance(self.dec, Decoder):
            yield from self.dec.speak(*inputs)
        else:
            yield self.dec(*inputs)

    def latent(
        self,
        content: Tensor,
        pitch: Tensor | None,
        lengths: Tensor,
        speaker: Tensor,
        noise: Noise,
        noise_scale: float = NOISE_SCALE,
        skip_head: int = 0,
    ) -> tuple[Tensor, Tensor]:
        """Return the latent z (B, 192, T - skip_head) that the decoder speaks, and its mask."""
        context = min(skip_head, flow.REACH)
        m_p, logs_p, mask = self.enc_p(content.to(self.dtype), pitch, lengths, skip_head - context)
        z_p = (m_p + logs_p.exp() * noise(m_p) * noise_scale) * mask
        z = self.flow(z_p.to(self.dtype), mask, self._voice(speaker), reverse=True)
        return z[..., context:], mask[..., context:]

    def _voice(self, speaker: Tensor) -> Tensor:
        """Return the speaker's embedding as (B, gin_channels, 1)."""
        return self.emb_g(speaker)[..., None]

    @property
    def dtype(self) -> torch.dtype:
        return self.emb_g.weight.dtype

    def cycles(self, f0: Tensor) -> Tensor:
        """Return the periods (T,) of f0 (T,) done when each frame starts: it stays for a frame, and is 0 in gaps."""
        turns = f0.cpu().double() / FRAME_RATE
        return turns.cumsum(0) - turns

    def fold_weight_norm(self) -> Self:
        """Fold the weight norms in place: faster, and no longer trainable. The state dict keeps its names."""
        layers.fold_weight_norm(self)
        return self

    def without_posterior(self) -> Self:
        """Drop the posterior encoder in place: only training needs it."""
        self.enc_q = None
        return self
