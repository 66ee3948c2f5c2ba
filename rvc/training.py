"""Train a voice: one readable loop for every architecture.

`rvc train PREPARED --out DIR` leaves in DIR the model (`NAME.safetensors`, the best of the run by held-out takes),
`history.jsonl`, `previews/`, and `checkpoints/`, from which the same command goes on after a pause or a crash.
"""

import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import torch
from filelock import FileLock, Timeout
from torch import Tensor

from rvc import bases, checkpoint, data, paths, recipes
from rvc.card import EncoderCard, Material, VoiceCard
from rvc.checkpoint import Header, Standing
from rvc.config import TrainConfig
from rvc.dataset import Prepared
from rvc.errors import Error, InputError, Paused
from rvc.events import Checkpoint, Metrics, Preview, Reporter
from rvc.history import History
from rvc.plan import Plan
from rvc.validation import HeldOut, Sentence, spread
from rvc.voice import Voice

METRICS_INTERVAL_S = 1.0
CHECKPOINT_INTERVAL_S = 300.0
VALIDATIONS = 10  # in a whole training
HELD_OUT_MAX_S = 20.0  # of held-out speech are synthesised at every validation


@dataclass(frozen=True, slots=True)
class Trained:
    """The file of a finished training's model, and how far it went."""

    model: Path
    standing: Standing


def train(prepared: Path, out: Path, config: TrainConfig, reporter: Reporter) -> Trained:
    """Train on a prepared dataset; goes on from the newest checkpoint in `out`.

    Raises `Paused` when asked to stop (everything is saved), `InputError` when `out` holds another training or
    the dataset does not fit, `Error` with code `nan_loss` when the losses are no longer numbers.
    """
    with _alone_in(paths.make_dir(out)):
        training = Training.begin(prepared, out, config, reporter)
        training.run()
        return training.finish()


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other programs from training in `folder`; the lock goes with the process, however that ends."""
    try:
        with FileLock(folder / ".lock", timeout=0):
            yield
    except Timeout as error:
        raise InputError(
            "busy", f"Another program is training in {folder}.", "Wait for it, or choose another --out."
        ) from error


@dataclass(slots=True)
class Mean:
    """Averages a step's metrics on the device and brings them to the host only when they are read."""

    sums: dict[str, Tensor] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, metrics: dict[str, Tensor]) -> None:
        for name, value in metrics.items():
            self.sums[name] = self.sums[name] + value if name in self.sums else value
        self.counts.update(metrics.keys())

    def read(self) -> dict[str, float]:
        """Return the means since the last reading. This waits for the device."""
        if not self.sums:
            return {}
        totals = torch.stack([value.float() for value in self.sums.values()]).tolist()
        means = {name: total / self.counts[name] for name, total in zip(self.sums, totals, strict=True)}
        self.sums, self.counts = {}, Counter()
        return means


class Alarm:
    """Rings when `interval_s` has passed since it last rang."""

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._last = time.monotonic()

    def rings(self) -> bool:
        now = time.monotonic()
        if now - self._last < self._interval_s:
            return False
        self._last = now
        return True


class Training:
    """A training in progress: its networks, its data, and how far it is."""

    def __init__(self, prepared: Prepared, out: Path, config: TrainConfig, reporter: Reporter) -> None:
        self.plan = Plan.of(prepared, config)
        self.prepared = prepared
        self.out = out
        self.reporter = reporter
        has_base = self.plan.base[0] is not None
        self.clips, held_out = (
            data.load(prepared, split, self.plan.device, widest_is_full=not has_base)
            for split in ("train", "test")
        )
        self.held_out = HeldOut(spread(held_out, HELD_OUT_MAX_S), prepared.rate)
        self.pitches_hz = [self.clips.usual_pitch_of(number) for number in range(len(self.plan.speakers))]
        self.sentence = self._read_sentence()
        self.recipe = recipes.build(self.plan)
        self.standing = Standing()
        self.means = Mean()

    @classmethod
    def begin(cls, prepared: Path, out: Path, config: TrainConfig, reporter: Reporter) -> Self:
        """Build or take up the training in `out`."""
        training = cls(Prepared.open(prepared), out, config, reporter)
        training.resume()
        return training

    @property
    def model_path(self) -> Path:
        return self.out / f"{self.plan.file_stem}.safetensors"

    def _read_sentence(self) -> Sentence | None:
        """Return what previews say; None on a machine that cannot hear it as the dataset was heard."""
        source, device = _preview_source(self.plan.config), self.plan.device
        try:
            return Sentence(source, self.prepared, self.pitches_hz[0], device)
        except InputError as error:
            if error.code != "missing_asset":
                raise
            self.reporter.warn("no_previews", f"There will be no previews: {error}")
            return None

    @property
    def _checkpoints(self) -> Path:
        return self.out / "checkpoints"

    def resume(self) -> None:
        """Take up the newest checkpoint; without one, start from the bases or from scratch."""
        path = checkpoint.newest(self._checkpoints)
        if path is None:
            bases.load(self.recipe, self.plan, self.clips)
        else:
            self._refuse_another_training(path)
            modules, optimizers = self.recipe.modules, self.recipe.optimizers
            self.standing = checkpoint.load(path, modules, optimizers, self.plan.device)
            step = self.standing.step
            self.reporter.log("resumed", f"Found the training at step {step}.", step=step)
        self.history = History(self.out, self.standing.step)

    def _refuse_another_training(self, path: Path) -> None:
        differences = checkpoint.differences(checkpoint.read_header(path), self.plan.settings)
        if differences:
            raise InputError(
                "another_training",
                f"{self.out} holds a training with another {' and '.join(differences)}.",
                "Choose another --out, or go on with the same settings.",
            )

    def run(self) -> None:
        """Take steps until the budget is used or a stop is requested."""
        budget, standing = self.plan.budget, self.standing
        started = time.monotonic() - standing.elapsed_s
        metrics_alarm, checkpoint_alarm = Alarm(METRICS_INTERVAL_S), Alarm(CHECKPOINT_INTERVAL_S)
        fraction = budget.fraction(standing.step, standing.elapsed_s)
        if fraction == 1:
            self.reporter.log(
                "finished_before", "This training was finished before; more steps or minutes go on with it."
            )
        total = budget.total_steps(standing.step, standing.elapsed_s)
        with self.reporter.phase("train", total, standing.step) as phase:
            while fraction < 1:
                self.recipe.set_progress(fraction)
                self._take_step()
                standing.elapsed_s = time.monotonic() - started
                milestone = int(fraction * VALIDATIONS)
                fraction = budget.fraction(standing.step, standing.elapsed_s)
                phase.total = budget.total_steps(standing.step, standing.elapsed_s)
                eta_s = budget.eta_s(standing.step, standing.elapsed_s)
                phase.advance(eta_s=eta_s, interruptible=False)
                if metrics_alarm.rings() or fraction == 1:
                    self._report(self.means.read())
                if int(fraction * VALIDATIONS) > milestone:
                    self._validate()
                    self._save_checkpoint()
                elif checkpoint_alarm.rings() or self._checkpoint_step():
                    self._save_checkpoint()
                if self.reporter.stopping and fraction < 1:
                    self._save_checkpoint()
                    raise Paused

    def _take_step(self) -> None:
        try:
            self.means.add(self.recipe.step(self.clips, self.standing.step))
        except torch.OutOfMemoryError as error:
            raise Error(
                "out_of_memory",
                f"The memory of {self.plan.device} does not suffice for batches of {self.plan.batch_size}.",
                f"Run it with --batch-size {max(self.plan.batch_size // 2, 1)} and another --out.",
            ) from error
        self.standing.step += 1

    def _checkpoint_step(self) -> bool:
        every = self.plan.config.checkpoint_every
        return every is not None and self.standing.step % every == 0

    def _report(self, values: dict[str, float]) -> None:
        if not all(math.isfinite(value) for value in values.values()):
            raise Error(
                "nan_loss",
                f"The training broke down at step {self.standing.step}: its losses are no longer numbers.",
                "Run it again to go on from the last checkpoint; if it happens again, use --precision fp32.",
            )
        if values:
            self.history.append(self.standing.step, values)
            self.reporter.emit(Metrics(step=self.standing.step, values=values))

    def _validate(self) -> None:
        """Score the held-out takes, keep the model if none before was better, and write a preview."""
        synthesizer, step = self.recipe.synthesizer, self.standing.step
        synthesizer.eval()
        score = self.held_out.score(synthesizer)
        if score is not None:
            self._report({"val_mel": score})
        best = self.standing.best_score
        if self.recipe.ends_best or score is None or best is None or score < best:
            self.standing.best_score, self.standing.best_step = score, step
            self._save_voice()
        if self.sentence is not None:
            preview = self.out / "previews" / f"step-{step:08d}.wav"
            self.sentence.write(synthesizer, preview, self.plan.config.name)
            self.reporter.emit(Preview(step=step, file=str(preview)))
        synthesizer.train()

    def _save_checkpoint(self) -> None:
        self._report(self.means.read())  # a state that is not numbers must not replace a good one
        path = checkpoint.path_of(self._checkpoints, self.standing.step)
        header = Header(standing=self.standing, settings=self.plan.settings)
        checkpoint.save(path, header, self.recipe.modules, self.recipe.optimizers)
        checkpoint.prune(self._checkpoints, self.plan.config.keep_checkpoints, self.standing.best_step)
        self.reporter.emit(Checkpoint(step=self.standing.step, file=str(path)))

    def _save_voice(self) -> None:
        Voice(self._card(), self.recipe.synthesizer).save(self.model_path)

    def _card(self) -> VoiceCard:
        """Describe the model as it is now."""
        plan, synthesizer = self.plan, self.recipe.synthesizer
        standing = self.standing
        return VoiceCard(
            name=plan.config.name,
            architecture=plan.architecture,
            rate=plan.rate,
            content_encoder=EncoderCard(name=self.prepared.encoder.name, dim=self.prepared.encoder.dim),
            pitch=synthesizer.has_pitch,
            pitch_estimator=self.prepared.pitch,
            usual_pitch_hz=self.clips.usual_pitch_hz,
            speakers=list(plan.speakers),
            pitch_of_speakers_hz=list(self.pitches_hz),
            steps=standing.step,
            trained_on=Material(seconds=self.clips.seconds, clips=len(self.clips)),
            settings=plan.settings,
            scores={} if standing.best_score is None else {"val_mel": standing.best_score},
            config=synthesizer.config.model_dump(mode="json"),
        )

    def finish(self) -> Trained:
        """Read the model back, so that "done" never means "without a model"."""
        if not self.model_path.exists():
            self._save_voice()
        Voice.load(self.model_path)
        return Trained(self.model_path, self.standing)


def _preview_source(config: TrainConfig) -> Path:
    if config.preview:
        return Path(config.preview)
    return next(paths.resource("demo/source").glob("*.flac"))
