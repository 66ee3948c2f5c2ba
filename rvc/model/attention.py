"""Self-attention with learned relative positions (Shaw et al. 2018), as the prior encoder uses it."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rvc.model.packed import Conv1d

REACH = 10  # frames to either side that have a position embedding of their own
QUERY_BLOCK = 512  # queries that are scored at once: memory grows with the length, not with its square
MASKED_SCORE = -1e4  # fits fp16


class RelativeAttention(nn.Module):
    """Multi-head attention over (B, C, T).

    A key at offset r, |r| <= 10, adds q . E_k[r] to its score and E_v[r] to its value. Keys further away have no
    position, but are attended to. The embeddings are shared by the heads.
    """

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        width = channels // heads
        self.emb_rel_k = nn.Parameter(torch.randn(1, 2 * REACH + 1, width) * width**-0.5)
        self.emb_rel_v = nn.Parameter(torch.randn(1, 2 * REACH + 1, width) * width**-0.5)
        self.conv_q = Conv1d(channels, channels, 1)
        self.conv_k = Conv1d(channels, channels, 1)
        self.conv_v = Conv1d(channels, channels, 1)
        self.conv_o = Conv1d(channels, channels, 1)
        for projection in (self.conv_q, self.conv_k, self.conv_v):
            nn.init.xavier_uniform_(projection.weight)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Attend over the frames where `mask` (B, 1, T) is true; other frames of the result mean nothing."""
        q, k, v = (self._split(projection(x)) for projection in (self.conv_q, self.conv_k, self.conv_v))
        q = q / math.sqrt(q.shape[-1])
        # With REACH keys more at both ends, the neighbourhood of every query is 21 existing keys.
        k, v = (F.pad(keys, (0, 0, REACH, REACH)) for keys in (k, v))
        masked = ~F.pad(mask, (REACH, REACH))[:, None]
        blocks = [
            self._attend(block, k, v, masked, index * QUERY_BLOCK)
            for index, block in enumerate(q.split(QUERY_BLOCK, dim=2))
        ]
        return self.conv_o(torch.cat(blocks, dim=2).mT.flatten(1, 2))

    def _split(self, x: Tensor) -> Tensor:
        """Turn (B, C, T) into (B, heads, T, C / heads)."""
        return x.unflatten(1, (self.heads, -1)).mT

    def _attend(self, q: Tensor, k: Tensor, v: Tensor, masked: Tensor, start: int) -> Tensor:
        """Attend with the queries from frame `start` on to all keys; `k`, `v`, `masked` are padded by REACH."""
        end = start + q.shape[2] + 2 * REACH
        near = _skew(q @ self.emb_rel_k.mT)
        scores = q @ k.mT + F.pad(near, (start, k.shape[2] - end))
        weights = scores.masked_fill(masked, MASKED_SCORE).softmax(-1).to(v.dtype)
        return weights @ v + _unskew(weights[..., start:end]) @ self.emb_rel_v


def _skew(band: Tensor) -> Tensor:
    """Shift row i of (..., n, w) right by i: (..., n, n + w - 1), zero elsewhere."""
    n, w = band.shape[-2:]
    flat = F.pad(band, (0, n)).flatten(-2)
    return flat[..., : n * (n + w - 1)].unflatten(-1, (n, n + w - 1))


def _unskew(square: Tensor) -> Tensor:
    """Undo `_skew`: take the w entries from column i on of row i."""
    n, width = square.shape[-2:]
    flat = F.pad(square.flatten(-2), (0, n))
    return flat.unflatten(-1, (n, width + 1))[..., : width - n + 1]
