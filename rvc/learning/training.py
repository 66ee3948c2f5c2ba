"""Train a voice: one readable loop for every architecture.

`rvc train PREPARED --out DIR` leaves in DIR the model (`NAME.safetensors`, the best of the run by held-out takes),
`training.json`, `history.jsonl`, `previews/`, and `checkpoints/`, from which the same command goes on after a pause or
a crash.
"""

import contextlib
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from rvc import paths
from rvc.config import TrainConfig
from rvc.datasets.dataset import Prepared
from rvc.errors import Error, InputError, Paused
from rvc.events import Event, Phase, Reporter
from rvc.learning import bases, checkpoint, data, distributed, memory, overtraining, ranks, recipes
from rvc.learning.archive import Archive, Trained
from rvc.learning.checkpoint import Standing
from rvc.learning.distributed import World
from rvc.learning.plan import Plan
from rvc.learning.recipes.accumulation import Accumulation
from rvc.learning.recipes.mean import Mean
from rvc.learning.validation import HeldOut, Sentence, spread
from rvc.model import Architecture

METRICS_INTERVAL_S = 1.0
CHECKPOINT_INTERVAL_S = 300.0
VALIDATIONS = 10  # in a whole training
HELD_OUT_MAX_S = 20.0  # of held-out speech are synthesised at every validation
HEARD_MAX_S = 10.0  # and of what is learnt from, to tell overtraining


def train(prepared: Path, out: Path, config: TrainConfig, reporter: Reporter) -> Trained:
    """Train on a prepared dataset; goes on from the newest checkpoint in `out`.

    Raises `Paused` when asked to stop (everything is saved), `InputError` when `out` holds another training or
    the dataset does not fit, `Error`: `nan_loss` when the losses are no longer numbers, out_of_memory, disk_full.
    """
    if config.gpus > 1 and not distributed.is_rank():
        return ranks.train(prepared, out, config, reporter)
    with World.joined() as world:
        if not world.is_first:
            reporter = reporter.silent()
        config = config.model_copy(update={"device": world.device(config.device)})
        with _alone_in(paths.make_dir(out)) if world.is_first else contextlib.nullcontext():
            training = Training.begin(prepared, out, config, reporter, world)
            with training.archive.recording():
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

    def __init__(
        self,
        prepared: Prepared,
        out: Path,
        config: TrainConfig,
        reporter: Reporter,
        world: World | None = None,
    ) -> None:
        self.plan = plan = Plan.of(prepared, config)
        self.reporter = reporter
        self.world = world or World()
        self.standing = Standing()
        has_base = plan.base[0] is not None
        self.clips, held_out = (
            data.load(prepared, split, plan.device, widest_is_full=not has_base)
            for split in ("train", "test")
        )
        self.recipe = recipes.build(plan, Accumulation(self.world))
        self.archive = Archive(prepared, out, plan, self.clips, self.standing, self.world, reporter)
        if self.world.is_first:  # the others only take steps
            self.held_out = HeldOut(spread(held_out, HELD_OUT_MAX_S), prepared.rate)
            self.heard = HeldOut(spread(self.clips, HEARD_MAX_S) if len(held_out) else [], prepared.rate)
            self.sentence = self._read_sentence(prepared)
        self.means = Mean()

    @classmethod
    def begin(
        cls, prepared: Path, out: Path, config: TrainConfig, reporter: Reporter, world: World | None = None
    ) -> Self:
        """Build or take up the training in `out`."""
        early: list[Event] = []
        with reporter.also_to(early.append):
            training = cls(Prepared.open(prepared), out, config, reporter, world)
            training.resume()
        training.archive.open(training.recipe, early)
        return training

    def _read_sentence(self, prepared: Prepared) -> Sentence | None:
        """Return what previews say; None on a machine that cannot hear it as the dataset was heard."""
        source = _preview_source(self.plan.config)
        try:
            return Sentence(source, prepared, self.archive.pitches_hz[0], self.plan.device)
        except InputError as error:
            if error.code not in ("missing_asset", "unknown_encoder"):
                raise
            self.reporter.warn("no_previews", f"There will be no previews: {error}")
            return None

    def resume(self) -> None:
        """Take up the newest checkpoint; without one, start from the bases or from scratch."""
        with self.world.first_goes_ahead():  # it sets damaged checkpoints aside
            state = self.archive.newest_state()
        if state is None:
            bases.load(self.recipe, self.plan, self.clips)
        else:
            checkpoint.fill(state, self.recipe.modules, self.recipe.optimizers)
            self.standing.take(state.header.standing)
            step = self.standing.step
            self.reporter.log("resumed", f"Found the training at step {step}.", step=step)
        for module in self.recipe.modules.values():
            self.world.take_first([*module.parameters(), *module.buffers()])
        memory.divide(self.recipe, self.plan, self.reporter)

    def run(self) -> None:
        """Take steps until the budget is used, or a stop or an early end is requested."""
        budget, standing = self.plan.budget, self.standing
        started = time.monotonic() - standing.elapsed_s
        self._metrics_alarm, self._checkpoint_alarm = Alarm(METRICS_INTERVAL_S), Alarm(CHECKPOINT_INTERVAL_S)
        fraction = self._fraction()
        total = budget.total_steps(standing.step, standing.elapsed_s)
        with self.reporter.phase("train", total, standing.step, unit="steps") as phase:
            while fraction < 1:
                self.recipe.set_progress(fraction)
                self._take_step()
                standing.elapsed_s, stopping, finishing = self.world.agree(
                    time.monotonic() - started, self.reporter.stopping, self._is_enough()
                )
                before, fraction = fraction, budget.fraction(standing.step, standing.elapsed_s)
                if finishing and fraction < 1:
                    standing.ended_early, fraction = budget.text, 1.0
                self._show(phase)
                if self.world.is_first:
                    self._look_after(before, fraction)
                if stopping and fraction < 1:
                    self._pause()

    def _fraction(self) -> float:
        """Return what part of the training is over before this session, and say so where that is all."""
        standing, budget = self.standing, self.plan.budget
        (finishing,) = self.world.agree(self.reporter.finishing)
        if finishing and standing.step == 0:
            raise InputError("nothing_to_finish", "There is no training here that could be finished.")
        fraction = budget.fraction(standing.step, standing.elapsed_s)
        if fraction >= 1 or standing.ended_early == budget.text:
            self.reporter.log(
                "finished_before", "This training was finished before; more steps or minutes go on with it."
            )
            return 1.0
        if finishing:
            standing.ended_early = budget.text
            return 1.0
        return fraction

    def _take_step(self) -> None:
        accumulation, device = self.recipe.accumulation, self.plan.device
        before = accumulation.micro_batch
        try:
            self.means.add(self.recipe.step(self.clips, self.standing.step))
        except (RuntimeError, MemoryError) as error:
            if not memory.is_exhausted(error):
                raise
            raise memory.exhausted(self.plan) from error
        self.standing.step += 1
        if accumulation.micro_batch != before:
            self.reporter.warn(
                "smaller_parts",
                f"The memory of {device} ran out: {accumulation.micro_batch} clips are computed at once now. What is "
                "learnt stays the same; it takes longer.",
                micro_batch=accumulation.micro_batch,
            )

    def _is_enough(self) -> bool:
        """Say whether to end early and keep the best."""
        overtrained = self.standing.overtrained_since is not None
        return self.reporter.finishing or (overtrained and self.plan.config.early_stop)

    def _show(self, phase: Phase) -> None:
        budget, standing = self.plan.budget, self.standing
        phase.total = budget.total_steps(standing.step, standing.elapsed_s)
        phase.advance(eta_s=budget.eta_s(standing.step, standing.elapsed_s), interruptible=False)

    def _look_after(self, before: float, fraction: float) -> None:
        """Report, validate and save where it is time for that, and always at the end."""
        if self._metrics_alarm.rings() or fraction == 1:
            self._report(self.means.read())
        if int(fraction * VALIDATIONS) > int(before * VALIDATIONS):
            self._validate()
            self._save_checkpoint()
        elif self._checkpoint_alarm.rings() or self._is_checkpoint_step():
            self._save_checkpoint()

    def _is_checkpoint_step(self) -> bool:
        every = self.plan.config.checkpoint_every
        return every is not None and self.standing.step % every == 0

    def _pause(self) -> None:
        """Save everything and end this session; no process goes before that is done."""
        if self.world.is_first:
            self._save_checkpoint()
        self.world.wait()
        raise Paused

    def _report(self, values: dict[str, float]) -> None:
        if not all(math.isfinite(value) for value in values.values()):
            raise Error(
                "nan_loss",
                f"The training broke down at step {self.standing.step}: its losses are no longer numbers.",
                "Run it again to go on from the last checkpoint; if it happens again, use --precision fp32.",
            )
        if values:
            self.archive.add(values)

    def _validate(self) -> None:
        """Score the held-out takes, keep the model if none before was better, and write a preview."""
        standing = self.standing
        with self.archive.timed("validation"):
            synthesizer, score = self._nearest()
            heard = self.heard.score(synthesizer)
        standing.validated_step = standing.step
        if score is not None and heard is not None:
            self._report({overtraining.HELD_OUT: score, overtraining.HEARD: heard})
        best = standing.best_score
        if self.recipe.ends_best or score is None or best is None or score < best:
            standing.best_score, standing.best_step = score, standing.step
            self.archive.save_voice(synthesizer)
        if self.plan.config.keep_models:
            self.archive.keep_model(synthesizer)
        if self.sentence is not None:
            self.archive.save_preview(self.sentence, synthesizer)
        self.archive.tell_overtraining()
        self.recipe.synthesizer.train()

    def _nearest(self) -> tuple[Architecture, float | None]:
        """Return the recipe's network that is nearest to held-out takes, ready to speak, and how near it is."""
        found = []
        for synthesizer in self.recipe.candidates:
            synthesizer.eval()
            found.append((synthesizer, self.held_out.score(synthesizer)))
        return min(found, key=lambda one: math.inf if one[1] is None else one[1])

    def _save_checkpoint(self) -> None:
        self._report(self.means.read())  # a state that is not numbers must not replace a good one
        self.archive.save_checkpoint(self.recipe)

    def finish(self) -> Trained:
        """Validate what was not, and read the model back: "done" never means "without a model"."""
        if self.world.is_first:
            if self.standing.validated_step != self.standing.step:
                self._validate()
                self._save_checkpoint()
            self.archive.check_voice(self.recipe.candidates[0])
        self.world.wait()
        return self.archive.trained()


def _preview_source(config: TrainConfig) -> Path:
    if config.preview:
        return Path(config.preview)
    return next(paths.resource("demo/source").glob("*.flac"))
