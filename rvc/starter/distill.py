"""Train the starter encoder from shards; a stopped training goes on when it is run again."""

import copy
import io
import json
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from rvc.learning.recipes.muon import Muon
from rvc.starter.encoder import HOP, MARGIN, StarterEncoder, load_encoder, save_bytes
from rvc.starter.objective import Objective, total
from rvc.starter.perturb import Perturbation, stretched
from rvc.starter.scores import content_scores
from rvc.starter.settings import DistillSettings
from rvc.starter.shards import Batch, Shards

HEADS = "heads.safetensors"
HELD = 0.6  # of the training at the full rate, then down to 0 in a straight line
LOG_STEPS = 50
LONGEST_STEP_S = 20.0  # a step that seems to take longer was stopped from outside
CLIP = 5.0
TESTED = 60  # held-out utterances that are scored whenever the state is saved


class Distillation:
    """One training: the encoder, its average that is kept, and everything a step changes."""

    def __init__(self, shards: Shards, settings: DistillSettings, device: torch.device) -> None:
        torch.manual_seed(settings.seed)
        self.settings, self.device = settings, device
        self.encoder = StarterEncoder().to(device)
        dim, sizes = self.encoder.config.dim, (shards.target_dim, len(shards.symbols), len(shards.speakers))
        self.objective = Objective(dim, *sizes).to(device)
        self.kept = copy.deepcopy(self.encoder).eval()
        self.kept_objective = copy.deepcopy(self.objective)
        self.optimizer = _optimizer(nn.ModuleList([self.encoder, self.objective]), settings, device)
        self.perturbation = Perturbation(settings.perturb)
        self.step = 0
        self.seconds = 0.0

    @property
    def fraction(self) -> float:
        """How much of the training is done."""
        by_time = self.seconds / 60 / self.settings.minutes if self.settings.minutes else 0.0
        return min(1.0, max(self.step / self.settings.steps, by_time))

    def start_from(self, path: Path) -> None:
        """Take the weights of an encoder, as a new training's first ones, and of the heads beside it if they fit."""
        weights = load_encoder(path).encoder.state_dict()
        heads = path.with_name(HEADS)
        for encoder in (self.encoder, self.kept):
            encoder.load_state_dict(weights)
        known = load(heads.read_bytes()) if heads.exists() else {}
        for objective in (self.objective, self.kept_objective):
            own = objective.state_dict()
            fitting = {name: value.float() for name, value in known.items() if value.shape == own[name].shape}
            objective.load_state_dict(own | fitting)

    def learn(self, batch: Batch) -> dict[str, Tensor]:
        """Take one step and return its losses, without waiting for the device."""
        batch = batch.to(self.device)
        self._set_rates()
        with self._autocast():
            features, frames, target = self._perturbed(batch)
        losses = self.objective(features, frames, target, batch.tokens, batch.token_counts, batch.speaker)
        self.optimizer.zero_grad(set_to_none=True)
        total(losses, self.settings, self.fraction).backward()
        nn.utils.clip_grad_norm_(self.encoder.parameters(), CLIP)
        self.optimizer.step()
        self.step += 1
        self._average()
        return {name: loss.detach() for name, loss in losses.items()}

    def state(self) -> dict[str, Any]:
        """Return all that is needed to go on."""
        return {
            "encoder": self.encoder.state_dict(),
            "kept": self.kept.state_dict(),
            "objective": self.objective.state_dict(),
            "kept_objective": self.kept_objective.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }

    def restore(self, state: dict[str, Any]) -> None:
        for name in ("encoder", "kept", "objective", "kept_objective", "optimizer"):
            getattr(self, name).load_state_dict(state[name])
        self.step, self.seconds = state["step"], state["seconds"]

    def _perturbed(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Return features (B, T, dim) of another voice, their lengths, and the teacher's at the same times."""
        seed = self.settings.seed * 1_000_003 + self.step
        draw = torch.Generator(self.device).manual_seed(seed)
        count = batch.wave.shape[1] // HOP
        wanted = max(round(count * self.perturbation.stretch(random.Random(seed))), 1)
        spectrum = self.encoder.spectrum
        with torch.no_grad(), torch.autocast(self.device.type, enabled=False):
            power = spectrum.power(nn.functional.pad(batch.wave, (MARGIN, MARGIN)))
            bands = stretched(spectrum.log_mel(self.perturbation(power, draw)), 2 * wanted)
        frames = (batch.frames * (wanted / count)).long().clamp(min=1)
        return self.encoder.from_log_mel(bands), frames, stretched(batch.target, wanted)

    def _set_rates(self) -> None:
        warm = min(1.0, (self.step + 1) / self.settings.warmup)
        fall = min(1.0, (1 - self.fraction) / (1 - HELD))
        for group in self.optimizer.param_groups:
            group["lr"] = warm * fall * (self.settings.lr if group["orthogonal"] else self.settings.adam_lr)

    @torch.no_grad()
    def _average(self) -> None:
        share = 1 - min(self.settings.average, (self.step + 1) / (self.step + 10))
        pairs = (self.kept, self.encoder), (self.kept_objective, self.objective)
        for kept, now in pairs:
            torch._foreach_lerp_(list(kept.parameters()), list(now.parameters()), share)

    def _autocast(self) -> AbstractContextManager[None]:
        return torch.autocast(self.device.type, torch.bfloat16) if _has_bf16(self.device) else nullcontext()


def distill(
    folders: Sequence[Path],
    out: Path,
    settings: DistillSettings,
    init: Path | None = None,
    device: str | None = None,
) -> dict[str, float]:
    """Train until the settings' steps or minutes are over, and return the last scores.

    OUT gets `encoder.safetensors` and `heads.safetensors` (the average weights, half precision), `log.jsonl` and
    `state.pt` every `save_minutes`. With a `state.pt` there the training goes on from it; `init` is an encoder
    to start a new training from.
    """
    chosen = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    shards = Shards.open(folders, chosen)
    training = Distillation(shards, settings, chosen)
    out.mkdir(parents=True, exist_ok=True)
    if (out / "state.pt").exists():
        training.restore(torch.load(out / "state.pt", map_location=chosen, weights_only=True))
    elif init:
        training.start_from(init)
    scores: dict[str, float] = {}
    for _ in _intervals(training, shards, out):
        scores = _save(training, shards, out)
        _log(out, {"step": training.step, "minutes": training.seconds / 60, **scores})
    return scores


def _intervals(training: Distillation, shards: Shards, out: Path) -> Iterator[None]:
    """Train, and yield whenever the state should be saved; the last time at the end."""
    settings = training.settings
    batches = shards.batches(training.step, settings.batch_seconds, settings.speaker_minutes, settings.seed)
    saved = training.seconds
    losses: list[dict[str, Tensor]] = []
    while training.fraction < 1:
        begun = time.perf_counter()
        losses.append(training.learn(next(batches)))
        if training.step % LOG_STEPS == 0:
            _log(out, {"step": training.step, "minutes": training.seconds / 60, **_means(losses)})
            losses = []
        training.seconds += min(time.perf_counter() - begun, LONGEST_STEP_S)
        if training.seconds - saved > settings.save_minutes * 60:
            saved = training.seconds
            yield
    yield


def _means(losses: list[dict[str, Tensor]]) -> dict[str, float]:
    """Average the losses of several steps; this waits for the device."""
    return {name: float(torch.stack([step[name] for step in losses]).mean()) for name in losses[0]}


def _save(training: Distillation, shards: Shards, out: Path) -> dict[str, float]:
    tested = shards.of(held_out=True)[:TESTED]
    scores = content_scores(training.kept, training.kept_objective, tested)
    card = {
        "name": "starter",
        "steps": training.step,
        "minutes": round(training.seconds / 60, 1),
        "settings": asdict(training.settings),
        "scores": scores,
        "trained_on": {"speakers": shards.speakers, "sources": shards.card["sources"]},
        "look_ahead_ms": training.kept.config.look_ahead_ms,
        "symbols": shards.symbols,
    }
    _write(out / "encoder.safetensors", save_bytes(training.kept, card))
    heads = training.kept_objective.named_parameters()
    _write(out / HEADS, save({name: value.detach().half().cpu() for name, value in heads}))
    buffer = io.BytesIO()
    torch.save(training.state(), buffer)
    _write(out / "state.pt", buffer.getvalue())
    return scores


def _write(path: Path, data: bytes) -> None:
    """Write a file that is whole or not there; `rvc.paths` needs packages that a rented machine may lack."""
    part = path.with_suffix(".part")
    part.write_bytes(data)
    os.replace(part, path)  # noqa: PTH105


def _log(out: Path, row: dict[str, float]) -> None:
    text = json.dumps({name: round(value, 4) for name, value in row.items()})
    with (out / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(text + "\n")
    sys.stderr.write(text + "\n")


def _optimizer(module: nn.Module, settings: DistillSettings, device: torch.device) -> Muon:
    parameters = list(module.parameters())
    return Muon(
        [parameter for parameter in parameters if parameter.ndim == 2],
        [parameter for parameter in parameters if parameter.ndim != 2],
        lr=settings.lr,
        adam_lr=settings.adam_lr,
        dtype=torch.bfloat16 if _has_bf16(device) else torch.float32,
    )


def _has_bf16(device: torch.device) -> bool:
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    return device.type == "cpu" and torch.cpu._is_avx512_bf16_supported()
