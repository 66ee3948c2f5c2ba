"""The starter encoder as a content encoder, for recordings of any length."""

import torch
from torch import Tensor

from rvc.analysis.content import STARTER
from rvc.analysis.pieces import Piece, Pieces
from rvc.config import CONTENT_FRAME_RATE
from rvc.starter.encoder import HOP, MARGIN, StarterEncoder


class Starter:
    """The project's own content encoder: causal but for a short look-ahead (see `EncoderConfig`).

    Pieces overlap by all that the network sees, so the result is exactly that of one piece. A frame depends on
    `samples_back` samples before it and `samples_ahead` after it.
    """

    name = STARTER
    frame_rate = CONTENT_FRAME_RATE

    def __init__(self, encoder: StarterEncoder, device: torch.device | str = "cpu") -> None:
        config = encoder.config
        self.dim = config.dim
        self.samples_back = config.frames_back * HOP + MARGIN
        self.samples_ahead = config.frames_ahead * HOP + MARGIN
        self._device = torch.device(device)
        self._encoder = encoder.to(self._device).eval()
        after = MARGIN + config.frames_ahead * HOP
        self._pieces = Pieces(
            HOP, length=1500, context=config.frames_back, batch=6400, before=MARGIN, after=after
        )

    @torch.no_grad()
    def encode(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Map 16 kHz waves (B, N), `lengths` (B) samples of which are valid, to (B, N // 320, dim)."""
        result = torch.zeros(len(wave), wave.shape[-1] // HOP, self.dim, device=self._device)
        return self._pieces.run(wave, lengths, self._encode_pieces, result)

    def _encode_pieces(self, waves: Tensor, _pieces: list[Piece]) -> Tensor:
        return self._encoder(waves)
