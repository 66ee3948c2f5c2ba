"""Muon: orthogonal steps for matrices, PyTorch's Adam for all else."""

import pytest
import torch
from torch import nn
from torch.optim import Adam

from rvc.learning.recipes.muon import Muon, orthogonalise


@pytest.mark.parametrize("shape", [(3, 16, 48), (2, 48, 16)])
def test_orthogonalised_matrices_have_even_singular_values(shape: tuple[int, int, int]) -> None:
    matrices = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    made = orthogonalise(matrices)
    values = torch.linalg.svdvals(made)
    assert made.shape == shape
    assert float(values.min()) > 0.5
    assert float(values.max()) < 1.3
    u, _, v = torch.linalg.svd(matrices, full_matrices=False)
    cosine = nn.functional.cosine_similarity(made.flatten(1), (u @ v).flatten(1))
    assert float(cosine.min()) > 0.97


def test_what_is_no_matrix_moves_as_by_adam() -> None:
    ours, theirs = (nn.Parameter(torch.ones(7)) for _ in range(2))
    muon = Muon([], [ours], lr=0.1, adam_lr=0.01, betas=(0.8, 0.98))
    adam = Adam([theirs], lr=0.01, betas=(0.8, 0.98))
    for seed in range(5):
        gradient = torch.randn(7, generator=torch.Generator().manual_seed(seed))
        for parameter, optimizer in ((ours, muon), (theirs, adam)):
            parameter.grad = gradient.clone()
            optimizer.step()
    assert torch.allclose(ours, theirs, atol=1e-5)


def test_a_matrix_moves_by_its_learning_rate() -> None:
    weight = nn.Parameter(torch.zeros(16, 16))
    weight.grad = 1e-4 * torch.randn(16, 16, generator=torch.Generator().manual_seed(0))
    Muon([weight], [], lr=0.02, adam_lr=0.0).step()
    values = torch.linalg.svdvals(weight.detach())
    assert 0.01 < float(values.min()) <= float(values.max()) < 0.03


def test_parameters_without_gradient_stay() -> None:
    matrix, vector = nn.Parameter(torch.ones(4, 4)), nn.Parameter(torch.ones(4))
    Muon([matrix], [vector], lr=1.0, adam_lr=1.0).step()
    assert bool((matrix == 1).all())
    assert bool((vector == 1).all())
