"""The losses of adversarial training: LSGAN, feature matching, KL and mel, as RVC V2 weighs them.

All are computed in float32, whatever precision the networks run in.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

MEL_WEIGHT = 45.0
FEATURE_WEIGHT = 2.0


def discriminator_loss(real: Sequence[Tensor], fake: Sequence[Tensor]) -> Tensor:
    """Return how far the scores of real waves are from 1 and those of generated ones from 0 (LSGAN)."""
    pairs = zip(real, fake, strict=True)
    return torch.stack([(1 - r.float()).square().mean() + f.float().square().mean() for r, f in pairs]).sum()


def adversarial_loss(fake: Sequence[Tensor]) -> Tensor:
    """Return how far the scores of generated waves are from 1 (LSGAN)."""
    return torch.stack([(1 - scores.float()).square().mean() for scores in fake]).sum()


def feature_loss(real: Sequence[Sequence[Tensor]], fake: Sequence[Sequence[Tensor]]) -> Tensor:
    """Return the mean absolute difference of the feature maps, summed over all maps of all discriminators."""
    maps = (pair for pairs in zip(real, fake, strict=True) for pair in zip(*pairs, strict=True))
    distances = [(r.detach().float() - f.float()).abs().mean() for r, f in maps]
    return FEATURE_WEIGHT * torch.stack(distances).sum()


def kl_loss(z_p: Tensor, logs_q: Tensor, m_p: Tensor, logs_p: Tensor, mask: Tensor) -> Tensor:
    """Return the divergence of the posterior's sample from the prior, in nats a frame; inputs (B, 192, T)."""
    z_p, logs_q, m_p, logs_p = z_p.float(), logs_q.float(), m_p.float(), logs_p.float()
    kl = logs_p - logs_q - 0.5 + 0.5 * (z_p - m_p).square() * torch.exp(-2 * logs_p)
    return (kl * mask).sum() / mask.sum()


def mel_loss(mel_hat: Tensor, mel: Tensor) -> Tensor:
    """Return the weighted mean absolute difference of two log-mel spectrograms."""
    return MEL_WEIGHT * (mel_hat.float() - mel.float()).abs().mean()
