"""The loop in which the starter's own networks are trained: steps, the averages that are kept, and going on again."""

import copy
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from rvc.learning.recipes.muon import Muon

STATE = "state.pt"
LONGEST_STEP_S = 20.0  # a step that seems to take longer was stopped from outside


class Settings(Protocol):
    """What all such trainings are told; the time limit counts the training of all calls together."""

    @property
    def steps(self) -> int: ...
    @property
    def minutes(self) -> float: ...
    @property
    def lr(self) -> float: ...
    @property
    def adam_lr(self) -> float: ...
    @property
    def warmup(self) -> int: ...
    @property
    def average(self) -> float: ...
    @property
    def save_minutes(self) -> float: ...


class Training:
    """Networks in training, by name, their averages that are kept, and everything a step changes.

    The rates are held for the share `held` of the training, then fall to 0 in a straight line.
    """

    def __init__(
        self, networks: Mapping[str, nn.Module], settings: Settings, device: torch.device, held: float
    ) -> None:
        self.device = device
        self.networks = {name: network.to(device) for name, network in networks.items()}
        self.kept = {name: copy.deepcopy(network).eval() for name, network in self.networks.items()}
        self.step = 0
        self.seconds = 0.0
        self.settings = settings
        self._held = held
        self._optimizer = self._make_optimizer()

    @property
    def fraction(self) -> float:
        """How much of the training is done."""
        by_time = self.seconds / 60 / self.settings.minutes if self.settings.minutes else 0.0
        return min(1.0, max(self.step / self.settings.steps, by_time))

    def improve(self, loss: Tensor, clipped: nn.Module, most: float) -> None:
        """Take a step down `loss`; the gradients of `clipped` together are at most `most` long."""
        self._set_rates()
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(clipped.parameters(), most)
        self._optimizer.step()
        self.step += 1
        self._average()

    def autocast(self) -> AbstractContextManager[None]:
        return torch.autocast(self.device.type, torch.bfloat16) if _has_bf16(self.device) else nullcontext()

    def save(self, path: Path) -> None:
        """Write all that is needed to go on."""
        state = {
            "networks": {name: network.state_dict() for name, network in self.networks.items()},
            "kept": {name: network.state_dict() for name, network in self.kept.items()},
            "optimizer": self._optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        buffer = io.BytesIO()
        torch.save(state, buffer)
        write(path, buffer.getvalue())

    def restore(self, path: Path) -> None:
        """Go on where the training that wrote `path` was."""
        state: dict[str, Any] = torch.load(path, map_location=self.device, weights_only=True)
        for networks, saved in ((self.networks, state["networks"]), (self.kept, state["kept"])):
            for name, network in networks.items():
                network.load_state_dict(saved[name])
        self._optimizer.load_state_dict(state["optimizer"])
        self.step, self.seconds = state["step"], state["seconds"]

    def _set_rates(self) -> None:
        settings = self.settings
        warm = min(1.0, (self.step + 1) / settings.warmup)
        fall = min(1.0, (1 - self.fraction) / (1 - self._held))
        for group in self._optimizer.param_groups:
            group["lr"] = warm * fall * (settings.lr if group["orthogonal"] else settings.adam_lr)

    @torch.no_grad()
    def _average(self) -> None:
        share = 1 - min(self.settings.average, (self.step + 1) / (self.step + 10))
        for name, network in self.networks.items():
            torch._foreach_lerp_(_moving(self.kept[name]), _moving(network), share)

    def _make_optimizer(self) -> Muon:
        parameters = list(nn.ModuleList(self.networks.values()).parameters())
        return Muon(
            [parameter for parameter in parameters if parameter.ndim == 2],
            [parameter for parameter in parameters if parameter.ndim != 2],
            lr=self.settings.lr,
            adam_lr=self.settings.adam_lr,
            dtype=torch.bfloat16 if _has_bf16(self.device) else torch.float32,
        )


def run(
    training: Training,
    learn: Callable[[], dict[str, Tensor]],
    save: Callable[[], dict[str, float]],
    out: Path,
    log_steps: int,
) -> dict[str, float]:
    """Train until the settings' steps or minutes are over; return the last scores, which `save` returns.

    `learn` takes a step and returns its losses. OUT gets `log.jsonl`, and `state.pt` every `save_minutes`.
    """
    scores: dict[str, float] = {}
    for _ in _intervals(training, learn, out, log_steps):
        scores = save()
        training.save(out / STATE)
        _log(out, training, scores)
    return scores


def _intervals(
    training: Training, learn: Callable[[], dict[str, Tensor]], out: Path, log_steps: int
) -> Iterator[None]:
    """Train, and yield whenever the state should be saved; the last time at the end."""
    saved = training.seconds
    losses: list[dict[str, Tensor]] = []
    while training.fraction < 1:
        begun = time.perf_counter()
        losses.append(learn())
        if training.step % log_steps == 0:
            _log(out, training, _means(losses))
            losses = []
        training.seconds += min(time.perf_counter() - begun, LONGEST_STEP_S)
        if training.seconds - saved > training.settings.save_minutes * 60:
            saved = training.seconds
            yield
    yield


def pick_device(name: str | None) -> torch.device:
    """Return the device of a name, else the one to train on here."""
    return torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))


def write(path: Path, data: bytes) -> None:
    """Write a file that is whole or not there; `rvc.paths` needs packages that a rented machine may lack."""
    part = path.with_suffix(".part")
    part.write_bytes(data)
    os.replace(part, path)  # noqa: PTH105


def _means(losses: list[dict[str, Tensor]]) -> dict[str, float]:
    """Average the losses of several steps; this waits for the device."""
    return {name: float(torch.stack([step[name] for step in losses]).mean()) for name in losses[0]}


def _log(out: Path, training: Training, values: Mapping[str, float]) -> None:
    row = {"step": training.step, "minutes": training.seconds / 60, **values}
    text = json.dumps({name: round(value, 4) for name, value in row.items()})
    with (out / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(text + "\n")
    sys.stderr.write(text + "\n")


def _moving(network: nn.Module) -> list[Tensor]:
    """Return what training changes: parameters, and the means and variances of batches."""
    return [value for value in network.state_dict().values() if value.is_floating_point()]


def _has_bf16(device: torch.device) -> bool:
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    return device.type == "cpu" and torch.cpu._is_avx512_bf16_supported()
