"""Train the starter encoder from shards; a stopped training goes on when it is run again."""

import random
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from rvc.starter.encoder import HOP, MARGIN, StarterEncoder, load_encoder, save_bytes
from rvc.starter.objective import Objective, total
from rvc.starter.perturb import Perturbation, stretched
from rvc.starter.scores import content_scores
from rvc.starter.settings import DistillSettings
from rvc.starter.shards import Batch, Shards
from rvc.starter.training import STATE, Training, pick_device, run, write

HEADS = "heads.safetensors"
HELD = 0.6  # of the training at the full rate
LOG_STEPS = 50
CLIP = 5.0
TESTED = 60  # held-out utterances that are scored whenever the state is saved


class Distillation:
    """The training of an encoder together with the objective's heads."""

    def __init__(self, shards: Shards, settings: DistillSettings, device: torch.device) -> None:
        torch.manual_seed(settings.seed)
        self.settings = settings
        encoder = StarterEncoder()
        sizes = shards.target_dim, len(shards.symbols), len(shards.speakers)
        objective = Objective(encoder.config.dim, *sizes)
        self.training = Training({"encoder": encoder, "objective": objective}, settings, device, HELD)
        self.encoder, self.objective = encoder, objective
        self.perturbation = Perturbation(settings.perturb)

    @property
    def kept(self) -> StarterEncoder:
        found = self.training.kept["encoder"]
        assert isinstance(found, StarterEncoder)
        return found

    @property
    def kept_objective(self) -> Objective:
        found = self.training.kept["objective"]
        assert isinstance(found, Objective)
        return found

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
        batch = batch.to(self.training.device)
        with self.training.autocast():
            features, frames, target = self._perturbed(batch)
        losses = self.objective(features, frames, target, batch.tokens, batch.token_counts, batch.speaker)
        loss = total(losses, self.settings, self.training.fraction)
        self.training.improve(loss, self.encoder, CLIP)
        return {name: loss.detach() for name, loss in losses.items()}

    def _perturbed(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Return features (B, T, dim) of another voice, their lengths, and the teacher's at the same times."""
        seed = self.settings.seed * 1_000_003 + self.training.step
        draw = torch.Generator(batch.wave.device).manual_seed(seed)
        count = batch.wave.shape[1] // HOP
        wanted = max(round(count * self.perturbation.stretch(random.Random(seed))), 1)
        spectrum = self.encoder.spectrum
        with torch.no_grad(), torch.autocast(batch.wave.device.type, enabled=False):
            power = spectrum.power(nn.functional.pad(batch.wave, (MARGIN, MARGIN)))
            bands = stretched(spectrum.log_mel(self.perturbation(power, draw)), 2 * wanted)
        frames = (batch.frames * (wanted / count)).long().clamp(min=1)
        return self.encoder.from_log_mel(bands), frames, stretched(batch.target, wanted)


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
    chosen = pick_device(device)
    shards = Shards.open(folders, chosen)
    made = Distillation(shards, settings, chosen)
    out.mkdir(parents=True, exist_ok=True)
    if (out / STATE).exists():
        made.training.restore(out / STATE)
    elif init:
        made.start_from(init)
    batches = shards.batches(
        made.training.step, settings.batch_seconds, settings.speaker_minutes, settings.seed
    )
    return run(
        made.training, lambda: made.learn(next(batches)), lambda: _save(made, shards, out), out, LOG_STEPS
    )


def _save(made: Distillation, shards: Shards, out: Path) -> dict[str, float]:
    tested = shards.of(held_out=True)[:TESTED]
    scores = content_scores(made.kept, made.kept_objective, tested)
    card = {
        "name": "starter",
        "steps": made.training.step,
        "minutes": round(made.training.seconds / 60, 1),
        "settings": asdict(made.settings),
        "scores": scores,
        "trained_on": {"speakers": shards.speakers, "sources": shards.card["sources"]},
        "look_ahead_ms": made.kept.config.look_ahead_ms,
        "symbols": shards.symbols,
    }
    write(out / "encoder.safetensors", save_bytes(made.kept, card))
    heads = made.kept_objective.named_parameters()
    write(out / HEADS, save({name: value.detach().half().cpu() for name, value in heads}))
    return scores
