"""Convolutions as matrix products say what convolutions do, and have their gradients, as exactly as bfloat16 can."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from rvc.model import products
from rvc.model.discriminator import PeriodDiscriminator
from rvc.model.layers import leaky_relu

BF16 = 2**-7  # of the largest value; a bfloat16 has eight digits


def near(actual: Tensor | None, expected: Tensor | None) -> bool:
    assert actual is not None
    assert expected is not None
    assert actual.shape == expected.shape
    return bool((actual.float() - expected).abs().max() < BF16 * expected.abs().max())


@pytest.mark.parametrize(
    ("inputs", "outputs", "kernel", "stride"), [(1, 32, 5, 3), (24, 16, 5, 3), (16, 16, 5, 1)]
)
def test_a_product_is_the_convolution(inputs: int, outputs: int, kernel: int, stride: int) -> None:
    generator = torch.Generator().manual_seed(0)
    shapes = ((2, inputs, 41, 7), (outputs, inputs, kernel, 1), (outputs,))
    tensors = [torch.randn(shape, generator=generator) for shape in shapes]
    plain, quick = ([tensor.clone().requires_grad_() for tensor in tensors] for _ in range(2))
    expected = F.conv2d(*plain, (stride, 1), (kernel // 2, 0))
    actual = products.convolve(*quick, stride, kernel // 2)
    assert actual.dtype == torch.bfloat16
    gradient = torch.randn(expected.shape, generator=generator)
    expected.backward(gradient)
    actual.backward(gradient.bfloat16())
    assert near(actual, expected)
    for one, other in zip(quick, plain, strict=True):
        assert near(one.grad, other.grad)


def test_frozen_weights_get_no_gradient() -> None:
    wave, weight = torch.randn(1, 4, 9, 2, requires_grad=True), torch.randn(3, 4, 5, 1)
    products.convolve(wave, weight, torch.zeros(3), 1, 2).float().sum().backward()
    assert wave.grad is not None
    assert weight.grad is None


def test_a_discriminator_uses_them_in_bfloat16_only() -> None:
    torch.manual_seed(0)
    discriminator, wave = PeriodDiscriminator(3), 0.1 * torch.randn(1, 1, 3200)
    scores, maps = discriminator(wave)
    assert scores.dtype == torch.float32
    with torch.autocast("cpu", torch.bfloat16):
        quick, quick_maps = discriminator(wave)
    assert quick.dtype == torch.bfloat16
    for one, other in zip(quick_maps, maps, strict=True):
        assert one.shape == other.shape
        assert (one.float() - other).norm() < 0.02 * other.norm()


def test_the_leaky_relu_keeps_its_result_only() -> None:
    x = torch.randn(50, requires_grad=True)
    (expected,) = torch.autograd.grad(F.leaky_relu(x, 0.1).square().sum(), x)
    (actual,) = torch.autograd.grad(leaky_relu(x).square().sum(), x)
    assert torch.equal(actual, expected)
