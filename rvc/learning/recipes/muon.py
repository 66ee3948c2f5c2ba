"""Muon for matrices and Adam for all else, as one optimiser that computes fast on CPUs with and without bf16."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # of the quintic that pulls singular values towards 1
ITERATIONS = 5
EPS = 1e-7


class Muon(Optimizer):
    """Step along the orthogonalised momentum of each matrix (Jordan et al. 2024, github.com/KellerJordan/Muon).

    Parameters that are no matrices are moved by Adam with `adam_lr` in place of `lr`. `dtype` is the precision
    of the orthogonalisation: bf16 suffices, but only where the machine has it.
    """

    def __init__(
        self,
        matrices: Iterable[nn.Parameter],
        others: Iterable[nn.Parameter],
        *,
        lr: float,
        adam_lr: float,
        momentum: float = 0.95,
        betas: tuple[float, float] = (0.8, 0.98),
        weight_decay: float = 0.01,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        groups: list[dict[str, Any]] = [
            {"params": list(matrices), "lr": lr, "orthogonal": True},
            {"params": list(others), "lr": adam_lr, "orthogonal": False},
        ]
        super().__init__(groups, {"momentum": momentum, "betas": betas, "weight_decay": weight_decay})
        self._dtype = dtype

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Move all parameters that have a gradient; `closure` is not supported."""
        if closure is not None:
            raise ValueError("Muon takes no closure")
        for group in self.param_groups:
            pairs = [
                (parameter, parameter.grad) for parameter in group["params"] if parameter.grad is not None
            ]
            if pairs:
                parameters, gradients = (list(column) for column in zip(*pairs, strict=True))
                move = self._move_matrices if group["orthogonal"] else self._move_others
                move(parameters, gradients, group)

    def _move_matrices(
        self, parameters: list[Tensor], gradients: list[Tensor], group: dict[str, Any]
    ) -> None:
        momenta = self._state(parameters, "momentum")
        torch._foreach_lerp_(momenta, gradients, 1 - group["momentum"])
        ahead = torch._foreach_lerp(gradients, momenta, group["momentum"])  # Nesterov's look ahead
        torch._foreach_mul_(parameters, 1 - group["lr"] * group["weight_decay"])
        for places in _by_shape(parameters).values():
            steps = orthogonalise(torch.stack([ahead[place] for place in places]).to(self._dtype))
            rows, columns = steps.shape[1:]
            size = group["lr"] * max(1.0, rows / columns) ** 0.5
            chosen = [parameters[place] for place in places]
            torch._foreach_add_(chosen, list(steps.float().unbind()), alpha=-size)

    def _move_others(self, parameters: list[Tensor], gradients: list[Tensor], group: dict[str, Any]) -> None:
        first, second = (self._state(parameters, name) for name in ("exp_avg", "exp_avg_sq"))
        beta1, beta2 = group["betas"]
        count = self._count(parameters[0])
        torch._foreach_lerp_(first, gradients, 1 - beta1)
        torch._foreach_mul_(second, beta2)
        torch._foreach_addcmul_(second, gradients, gradients, 1 - beta2)
        scale = torch._foreach_div(second, 1 - beta2**count)
        torch._foreach_sqrt_(scale)
        torch._foreach_add_(scale, EPS)
        torch._foreach_addcdiv_(parameters, first, scale, -group["lr"] / (1 - beta1**count))

    def _state(self, parameters: list[Tensor], name: str) -> list[Tensor]:
        """Return one running average for every parameter, at first zero."""
        for parameter in parameters:
            if name not in self.state[parameter]:
                self.state[parameter][name] = torch.zeros_like(parameter)
        return [self.state[parameter][name] for parameter in parameters]

    def _count(self, parameter: Tensor) -> float:
        """Count this step. The count is kept on the host, so that reading it never waits for a device."""
        step = self.state[parameter].setdefault("step", torch.zeros(()))
        step += 1
        return float(step)


def _by_shape(parameters: list[Tensor]) -> dict[torch.Size, list[int]]:
    """Return the places of the parameters of every shape, so that equal ones are computed together."""
    places = defaultdict(list)
    for place, parameter in enumerate(parameters):
        places[parameter.shape].append(place)
    return places


def orthogonalise(matrices: Tensor) -> Tensor:
    """Return matrices (B, m, n) with all singular values brought near 1, by Newton-Schulz iteration."""
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.mT if tall else matrices
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=EPS)
    a, b, c = COEFFICIENTS
    for _ in range(ITERATIONS):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x
