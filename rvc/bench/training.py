"""The benchmark of a training step; of the full model beside a step as the incumbents take it."""

from collections.abc import Callable
from itertools import count

from torch import Tensor, nn
from torch.optim import AdamW

from rvc.bench.material import Bench
from rvc.config import TrainConfig
from rvc.datasets.dataset import Prepared
from rvc.learning import data, losses, recipes
from rvc.learning.plan import Plan
from rvc.learning.recipes import Recipe
from rvc.learning.recipes.gan import BETAS, EPS, GanRecipe
from rvc.model.synthesizer import Forward
from rvc.voices.card import EncoderCard, VoiceCard
from rvc.voices.voice import Voice

BATCH_SIZE = {"lite": 8, "v2": 4}
STEPS = {"lite": 10, "v2": 2}
LATE = 0.75  # of a training: the lite model's discriminator has joined by then


class IncumbentRecipe(GanRecipe):
    """The full model's step with what the incumbents do needlessly, for comparison.

    The discriminators' weights take gradients in the generator's step too, the real branch has a graph, and the
    norm of every parameter's gradient is read back, which waits for the device each time.
    """

    def _optimizer(self, module: nn.Module) -> AdamW:
        return AdamW(module.parameters(), lr=self.learning_rate, betas=BETAS, eps=EPS)

    def _generator_losses(self, real: Tensor, forward: Forward) -> dict[str, Tensor]:
        with self._autocast():
            _, maps_real = self.discriminator(real)
            scores_fake, maps_fake = self.discriminator(forward.y_hat)
        return {
            "loss_adv": losses.adversarial_loss(scores_fake),
            "loss_fm": losses.feature_loss(maps_real, maps_fake),
            "loss_mel": losses.mel_loss(self._mel(forward.y_hat), self._mel(real)),
            "loss_kl": losses.kl_loss(forward.z_p, forward.logs_q, forward.m_p, forward.logs_p, forward.mask),
        }

    def _step(self, name: str) -> None:
        optimizer = self.optimizers[name]
        self._scaler.unscale_(optimizer)
        for parameter in self.modules[name].parameters():
            if parameter.grad is not None:
                parameter.grad.norm().item()
        self._scaler.step(optimizer)


def measure_training(bench: Bench) -> dict[str, float]:
    """Measure single steps on prepared recordings, from fresh weights."""
    prepared = bench.prepared(bench.features())
    plan = _plan(bench, prepared)
    bench.facts |= {"batch_size": plan.batch_size, "precision": str(plan.dtype).removeprefix("torch.")}
    clips = data.load(prepared, "train", plan.device)
    recipe = recipes.build(plan)
    recipe.set_progress(LATE)
    runs = {"step": _steps(recipe, clips)}
    if isinstance(recipe, GanRecipe):
        runs["step as the incumbents"] = _steps(_incumbent(recipe, plan), clips)
    took = bench.measure(runs, repeat=STEPS[plan.architecture])
    figures = {"steps a second": 1 / took["step"]}
    if "step as the incumbents" in took:
        figures["times as fast as the incumbents' step"] = took["step as the incumbents"] / took["step"]
    return figures


def untrained_voice(bench: Bench, prepared: Prepared) -> Voice:
    """Return a voice with fresh weights, which takes as long to speak as a trained one."""
    plan = _plan(bench, prepared)
    synthesizer = recipes.build(plan).synthesizer
    card = VoiceCard(
        name="benchmark",
        architecture=plan.architecture,
        rate=plan.rate,
        content_encoder=EncoderCard(name=prepared.encoder.name, dim=prepared.encoder.dim),
        pitch=synthesizer.has_pitch,
        pitch_estimator=prepared.pitch,
        config=synthesizer.config.model_dump(mode="json"),
    )
    return Voice(card, synthesizer)


def _plan(bench: Bench, prepared: Prepared) -> Plan:
    config = bench.config
    settings = TrainConfig(
        architecture=config.architecture,
        batch_size=config.batch_size or BATCH_SIZE[config.architecture],
        device=config.device,
    )
    return Plan.of(prepared, settings)


def _incumbent(recipe: GanRecipe, plan: Plan) -> IncumbentRecipe:
    """Return the same networks and settings with the other step."""
    return IncumbentRecipe(
        recipe.config,
        batch_size=plan.batch_size,
        seed=plan.config.seed,
        device=plan.device,
        dtype=plan.dtype,
    )


def _steps(recipe: Recipe, clips: data.Clips) -> Callable[[], object]:
    """Return a function that takes the next step each time it is called."""
    numbers = count()
    return lambda: recipe.step(clips, next(numbers))
