"""Train the speaker encoder to hear what its teacher hears; a stopped training goes on when it is run again."""

import copy
import io
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from rvc.learning.recipes.muon import Muon
from rvc.starter.speaker_clips import Clips, open_all
from rvc.starter.speaker_network import SpeakerConfig, SpeakerNetwork, load_network, save_bytes
from rvc.starter.speaker_scores import agreement
from rvc.starter.speaker_settings import SpeakerSettings

WEIGHTS = "speaker.safetensors"
STATE = "state.pt"
HELD = 0.5  # of the training at the full rate, then down to 0 in a straight line
LOG_STEPS = 25
LONGEST_STEP_S = 20.0  # a step that seems to take longer was stopped from outside
CLIP = 1.0
TESTED = 256  # clips that are held out and scored whenever the state is saved


class SpeakerTraining:
    """One training: the network, its average that is kept, and everything a step changes."""

    def __init__(
        self, settings: SpeakerSettings, device: torch.device, config: SpeakerConfig | None = None
    ) -> None:
        torch.manual_seed(settings.seed)
        self.settings, self.device = settings, device
        self.network = SpeakerNetwork(config).to(device)
        self.kept = copy.deepcopy(self.network).eval()
        self.optimizer = _optimizer(self.network, settings, device)
        self.step = 0
        self.seconds = 0.0

    @property
    def fraction(self) -> float:
        """How much of the training is done."""
        by_time = self.seconds / 60 / self.settings.minutes if self.settings.minutes else 0.0
        return min(1.0, max(self.step / self.settings.steps, by_time))

    def learn(self, wave: Tensor, target: Tensor) -> dict[str, Tensor]:
        """Take one step and return its losses, without waiting for the device."""
        self._set_rates()
        self.network.train()
        with torch.no_grad():
            bands = masked(self.network.bands(wave), self._masks(len(wave)))
        with _autocast(self.device):
            heard = self.network.from_bands(bands)
        losses = distances(heard.float(), target)
        self.optimizer.zero_grad(set_to_none=True)
        (losses["angle"] + self.settings.relations * losses["relations"]).backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), CLIP)
        self.optimizer.step()
        self.step += 1
        self._average()
        return {name: loss.detach() for name, loss in losses.items()}

    def state(self) -> dict[str, Any]:
        """Return all that is needed to go on."""
        return {
            "network": self.network.state_dict(),
            "kept": self.kept.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }

    def restore(self, state: dict[str, Any]) -> None:
        for name in ("network", "kept", "optimizer"):
            getattr(self, name).load_state_dict(state[name])
        self.step, self.seconds = state["step"], state["seconds"]

    def start_from(self, path: Path) -> None:
        """Take the weights of a file as a new training's first ones."""
        weights = load_network(path).network.state_dict()
        for network in (self.network, self.kept):
            network.load_state_dict(weights)

    def _masks(self, rows: int) -> Tensor:
        """Draw where each row's missing bands begin and end (B, 2)."""
        draw = torch.Generator().manual_seed(self.settings.seed * 1_000_003 + self.step)
        bands, widest = self.network.config.bands, self.settings.masked_bands
        width = torch.randint(widest + 1, (rows,), generator=draw)
        start = (torch.rand(rows, generator=draw) * (bands - width)).long()
        return torch.stack([start, start + width], dim=1).to(self.device)

    def _set_rates(self) -> None:
        warm = min(1.0, (self.step + 1) / self.settings.warmup)
        fall = min(1.0, (1 - self.fraction) / (1 - HELD))
        for group in self.optimizer.param_groups:
            group["lr"] = warm * fall * (self.settings.lr if group["orthogonal"] else self.settings.adam_lr)

    @torch.no_grad()
    def _average(self) -> None:
        share = 1 - min(self.settings.average, (self.step + 1) / (self.step + 10))
        kept, now = (_moving(network) for network in (self.kept, self.network))
        torch._foreach_lerp_(kept, now, share)


def masked(bands: Tensor, masks: Tensor) -> Tensor:
    """Put 0, the mean, in the place of bands (B, bands, T) within each row's mask (B, 2) (Park et al. 2019)."""
    places = torch.arange(bands.shape[1], device=bands.device)
    inside = (places >= masks[:, :1]) & (places < masks[:, 1:])
    return bands.masked_fill(inside[..., None], 0.0)


def distances(heard: Tensor, target: Tensor) -> dict[str, Tensor]:
    """Compare unit vectors (B, dim) with the teacher's: their angles, and all pairs' similarities."""
    apart = ~torch.eye(len(heard), dtype=torch.bool, device=heard.device)
    similar, wanted = heard @ heard.T, target @ target.T
    return {
        "angle": 1 - (heard * target).sum(-1).mean(),
        "relations": (similar - wanted)[apart].square().mean(),
    }


def train(
    folders: Sequence[Path],
    out: Path,
    settings: SpeakerSettings,
    init: Path | None = None,
    device: str | None = None,
    config: SpeakerConfig | None = None,
) -> dict[str, float]:
    """Train until the settings' steps or minutes are over, and return the last scores.

    OUT gets `speaker.safetensors` (the average weights, half precision), `log.jsonl` and `state.pt` every
    `save_minutes`. With a `state.pt` there the training goes on from it.
    """
    chosen = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    heard, tested = open_all(folders, chosen).split(TESTED)
    training = SpeakerTraining(settings, chosen, config)
    out.mkdir(parents=True, exist_ok=True)
    if (out / STATE).exists():
        training.restore(torch.load(out / STATE, map_location=chosen, weights_only=True))
    elif init:
        training.start_from(init)
    scores: dict[str, float] = {}
    for _ in _intervals(training, heard, out):
        scores = agreement(training.kept, tested)
        _save(training, heard, scores, out)
        _log(out, {"step": training.step, "minutes": training.seconds / 60, **scores})
    return scores


def _intervals(training: SpeakerTraining, clips: Clips, out: Path) -> Iterator[None]:
    """Train, and yield whenever the state should be saved; the last time at the end."""
    settings = training.settings
    batches = clips.batches(training.step, settings.batch, settings.shortest_s, settings.seed)
    saved = training.seconds
    losses: list[dict[str, Tensor]] = []
    while training.fraction < 1:
        begun = time.perf_counter()
        losses.append(training.learn(*next(batches)))
        if training.step % LOG_STEPS == 0:
            _log(out, {"step": training.step, "minutes": training.seconds / 60, **_means(losses)})
            losses = []
        training.seconds += min(time.perf_counter() - begun, LONGEST_STEP_S)
        if training.seconds - saved > settings.save_minutes * 60:
            saved = training.seconds
            yield
    yield


def _save(training: SpeakerTraining, clips: Clips, scores: dict[str, float], out: Path) -> None:
    sources = clips.card["sources"]
    assert isinstance(sources, dict)
    card = {
        "name": "speaker",
        "steps": training.step,
        "minutes": round(training.seconds / 60, 1),
        "settings": asdict(training.settings),
        "scores": scores,
        "clips": len(clips),
        "trained_on": {"speakers": sorted(set(clips.speaker)), "sources": sources["sources"]},
        "teacher": sources["speaker_teacher"],
    }
    _write(out / WEIGHTS, save_bytes(training.kept, card))
    buffer = io.BytesIO()
    torch.save(training.state(), buffer)
    _write(out / STATE, buffer.getvalue())


def _means(losses: list[dict[str, Tensor]]) -> dict[str, float]:
    """Average the losses of several steps; this waits for the device."""
    return {name: float(torch.stack([step[name] for step in losses]).mean()) for name in losses[0]}


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


def _moving(network: nn.Module) -> list[Tensor]:
    """Return what training changes: parameters, and the means and variances of batches."""
    return [value for value in network.state_dict().values() if value.is_floating_point()]


def _optimizer(network: nn.Module, settings: SpeakerSettings, device: torch.device) -> Muon:
    parameters = list(network.parameters())
    return Muon(
        [parameter for parameter in parameters if parameter.ndim == 2],
        [parameter for parameter in parameters if parameter.ndim != 2],
        lr=settings.lr,
        adam_lr=settings.adam_lr,
        dtype=torch.bfloat16 if _has_bf16(device) else torch.float32,
    )


def _autocast(device: torch.device) -> AbstractContextManager[None]:
    return torch.autocast(device.type, torch.bfloat16) if _has_bf16(device) else nullcontext()


def _has_bf16(device: torch.device) -> bool:
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported()
    return device.type == "cpu" and torch.cpu._is_avx512_bf16_supported()
