"""The losses, held against numbers worked out by hand."""

import pytest
import torch

from rvc.learning import losses


def test_discriminator_loss_is_zero_for_a_perfect_judge() -> None:
    real, fake = [torch.ones(2, 5), torch.ones(2, 3)], [torch.zeros(2, 5), torch.zeros(2, 3)]
    assert losses.discriminator_loss(real, fake) == 0
    assert losses.discriminator_loss(fake, real) == 4


def test_adversarial_loss_sums_over_discriminators() -> None:
    assert losses.adversarial_loss([torch.zeros(2, 5), torch.full((2, 3), 0.5)]) == 1.25


def test_feature_loss_sums_over_maps_and_spares_the_real_side() -> None:
    real = [[torch.zeros(2, 4, 6, requires_grad=True)], [torch.ones(2, 3), torch.ones(2, 1)]]
    fake = [[torch.ones(2, 4, 6, requires_grad=True)], [torch.ones(2, 3), torch.zeros(2, 1)]]
    loss = losses.feature_loss(real, fake)
    assert loss == 4
    loss.backward()
    assert real[0][0].grad is None
    assert fake[0][0].grad is not None


def test_kl_is_zero_in_expectation_for_equal_distributions() -> None:
    torch.manual_seed(0)
    m_p, logs = torch.randn(4, 192, 500), 0.3 * torch.randn(4, 192, 500)
    z_p = m_p + torch.randn_like(m_p) * logs.exp()
    mask = torch.ones(4, 1, 500, dtype=torch.bool)
    assert losses.kl_loss(z_p, logs, m_p, logs, mask).item() == pytest.approx(0, abs=0.5)


def test_kl_counts_frames_within_the_mask() -> None:
    zeros, mask = torch.zeros(1, 192, 10), torch.tensor([[[True] * 4 + [False] * 6]])
    z_p = torch.ones(1, 192, 10)
    z_p[..., 4:] = 1e6
    assert losses.kl_loss(z_p, zeros, zeros, zeros, mask) == 0


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_losses_are_float32(dtype: torch.dtype) -> None:
    x = torch.full((1, 192, 400), 30.0, dtype=dtype)
    mask = torch.ones(1, 1, 400, dtype=torch.bool)
    kl = losses.kl_loss(x, 0 * x, 0 * x, 0 * x, mask)
    assert kl.dtype == torch.float32
    assert kl == 192 * (450 - 0.5)
    assert losses.adversarial_loss([x]).dtype == torch.float32
    assert losses.mel_loss(x, 0 * x) == 30 * 45
