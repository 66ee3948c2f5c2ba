"""Train the speaker encoder to hear what its teacher hears; a stopped training goes on when it is run again."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from rvc.starter.speaker_clips import Clips, open_all
from rvc.starter.speaker_network import SpeakerConfig, SpeakerNetwork, load_network, save_bytes
from rvc.starter.speaker_scores import agreement
from rvc.starter.speaker_settings import SpeakerSettings
from rvc.starter.training import STATE, Training, pick_device, run, write

WEIGHTS = "speaker.safetensors"
HELD = 0.5  # of the training at the full rate
LOG_STEPS = 25
CLIP = 1.0
TESTED = 256  # clips that are held out and scored whenever the state is saved


class SpeakerTraining:
    """The training of a speaker encoder."""

    def __init__(
        self, settings: SpeakerSettings, device: torch.device, config: SpeakerConfig | None = None
    ) -> None:
        torch.manual_seed(settings.seed)
        self.settings = settings
        self.network = SpeakerNetwork(config)
        self.training = Training({"network": self.network}, settings, device, HELD)

    @property
    def kept(self) -> SpeakerNetwork:
        found = self.training.kept["network"]
        assert isinstance(found, SpeakerNetwork)
        return found

    def learn(self, wave: Tensor, target: Tensor) -> dict[str, Tensor]:
        """Take one step and return its losses, without waiting for the device."""
        self.network.train()
        with torch.no_grad():
            bands = masked(self.network.bands(wave), self._masks(len(wave)))
        with self.training.autocast():
            heard = self.network.from_bands(bands)
        losses = distances(heard.float(), target)
        loss = losses["angle"] + self.settings.relations * losses["relations"]
        self.training.improve(loss, self.network, CLIP)
        return {name: loss.detach() for name, loss in losses.items()}

    def start_from(self, path: Path) -> None:
        """Take the weights of a file as a new training's first ones."""
        weights = load_network(path).network.state_dict()
        for network in (self.network, self.kept):
            network.load_state_dict(weights)

    def _masks(self, rows: int) -> Tensor:
        """Draw where each row's missing bands begin and end (B, 2)."""
        draw = torch.Generator().manual_seed(self.settings.seed * 1_000_003 + self.training.step)
        bands, widest = self.network.config.bands, self.settings.masked_bands
        width = torch.randint(widest + 1, (rows,), generator=draw)
        start = (torch.rand(rows, generator=draw) * (bands - width)).long()
        return torch.stack([start, start + width], dim=1).to(self.training.device)


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
    chosen = pick_device(device)
    heard, tested = open_all(folders, chosen).split(TESTED)
    made = SpeakerTraining(settings, chosen, config)
    out.mkdir(parents=True, exist_ok=True)
    if (out / STATE).exists():
        made.training.restore(out / STATE)
    elif init:
        made.start_from(init)
    batches = heard.batches(made.training.step, settings.batch, settings.shortest_s, settings.seed)
    return run(
        made.training,
        lambda: made.learn(*next(batches)),
        lambda: _save(made, heard, agreement(made.kept, tested), out),
        out,
        LOG_STEPS,
    )


def _save(made: SpeakerTraining, clips: Clips, scores: dict[str, float], out: Path) -> dict[str, float]:
    sources = clips.card["sources"]
    assert isinstance(sources, dict)
    card = {
        "name": "speaker",
        "steps": made.training.step,
        "minutes": round(made.training.seconds / 60, 1),
        "settings": asdict(made.settings),
        "scores": scores,
        "clips": len(clips),
        "trained_on": {"speakers": sorted(set(clips.speaker)), "sources": sources["sources"]},
        "teacher": sources["speaker_teacher"],
    }
    write(out / WEIGHTS, save_bytes(made.kept, card))
    return scores
