"""How the full RVC v2 model learns: the reference's losses, step order and optimiser, without needless work.

Compared with the incumbents, the discriminators are frozen in the generator's step, the real branch of that
step has no graph, each discriminator is gone through by itself, and nothing in a step waits for the device.
"""

import copy
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from rvc.analysis import spectrogram
from rvc.analysis.pitch import coarse
from rvc.device import autocast
from rvc.draws import seed_at
from rvc.learning import losses
from rvc.learning.data import Batch, Clips
from rvc.learning.recipes.accumulation import Accumulation, Part
from rvc.learning.recipes.recomputation import forget_activations
from rvc.learning.recipes.replay import FRAMES, Replay
from rvc.model.attention import RelativeAttention
from rvc.model.config import SynthesizerConfig
from rvc.model.decoder import ResidualBlock
from rvc.model.discriminator import MultiPeriodDiscriminator
from rvc.model.layers import Noise, gaussian
from rvc.model.prior import FeedForward
from rvc.model.slices import draw_starts, slice_segments
from rvc.model.synthesizer import Forward, Synthesizer
from rvc.model.wavenet import WaveNet

LEARNING_RATE = 1e-4
BETAS = (0.8, 0.99)
EPS = 1e-9
DECAY_PER_EPOCH = 0.999875
AVERAGE_SHARE = 9  # the averaged weights reach back over about a tenth of a training
AVERAGE_STEPS = 1000  # and never over more than this


class LossScale(nn.Module):
    """The fp16 gradient scaler as a module, so that checkpoints keep it like everything else."""

    def __init__(self, device: torch.device, *, enabled: bool) -> None:
        super().__init__()
        self.scaler = torch.amp.GradScaler(device.type, enabled=enabled)

    def get_extra_state(self) -> Tensor:
        state = self.scaler.state_dict()
        return torch.tensor([state.get("scale", 1.0), state.get("_growth_tracker", 0)], dtype=torch.float64)

    def set_extra_state(self, state: Tensor) -> None:
        if self.scaler.is_enabled():
            scale, tracker = state.tolist()
            self.scaler.load_state_dict(
                {**self.scaler.state_dict(), "scale": scale, "_growth_tracker": int(tracker)}
            )


class GanRecipe:
    """Two networks and two AdamW optimisers; each takes one step per batch, the discriminators first."""

    ends_best = False
    seeks_speakers = False  # as in the reference, the first speakers of a base

    def __init__(
        self,
        config: SynthesizerConfig,
        *,
        batch_size: int,
        learning_rate: float | None = None,
        seed: int = 0,
        device: torch.device,
        dtype: torch.dtype = torch.float32,
        accumulation: Accumulation | None = None,
        recomputes: bool = False,
        discriminator_divisor: int = 1,
        replays: bool = False,
    ) -> None:
        """Build fresh networks; with `replays`, on CUDA only, steps are recorded as graphs."""
        torch.manual_seed(seed)
        self.config = config
        self.accumulation = accumulation or Accumulation()
        self.batch_size = batch_size
        self.seed = seed
        self.learning_rate = learning_rate or LEARNING_RATE
        self.synthesizer = Synthesizer(config).to(device)
        self.discriminator = MultiPeriodDiscriminator(divisor=discriminator_divisor).to(device)
        self.average = copy.deepcopy(self.synthesizer).eval().requires_grad_(False)
        self.average.enc_q = None  # which only training needs
        present = dict(self.synthesizer.named_parameters())
        self._followed: list[Tensor] = [present[name] for name, _ in self.average.named_parameters()]
        if recomputes:
            forget_activations(self.synthesizer, ResidualBlock, WaveNet, RelativeAttention, FeedForward)
        loss_scale = LossScale(device, enabled=dtype == torch.float16)
        self._scaler = loss_scale.scaler
        self._generator = torch.Generator(device)
        self.noise: Noise | None = None  # these two replace the generator's draws, for comparisons
        self.ids_slice: Tensor | None = None
        self._autocast = autocast(device, dtype)
        self._replays = replays
        self._update = Replay(self.update, self._generator) if replays else self.update
        self.modules: dict[str, nn.Module] = {
            "generator": self.synthesizer,
            "average": self.average,
            "discriminator": self.discriminator,
            "loss_scale": loss_scale,
        }
        self.optimizers: dict[str, Optimizer] = {
            "generator": self._optimizer(self.synthesizer),
            "discriminator": self._optimizer(self.discriminator),
        }

    @property
    def candidates(self) -> tuple[Synthesizer, ...]:
        """The averaged weights, better once a training gets on, and those of the last step, better while it leaps."""
        return self.average, self.synthesizer

    def _optimizer(self, module: nn.Module) -> AdamW:
        rate: float | Tensor = self.learning_rate
        if self._replays:  # a number would be recorded as it is
            rate = torch.tensor(rate, device=self._generator.device)
        return AdamW(
            module.parameters(),
            lr=rate,
            betas=BETAS,
            eps=EPS,
            fused=True,
            capturable=self._replays,
        )

    def set_progress(self, fraction: float) -> None:
        """Do nothing: the reference's learning rate falls by epoch, not towards an end."""

    def step(self, clips: Clips, step: int) -> dict[str, Tensor]:
        """Take step `step` (both updates) and return its losses as 0-d tensors, still on the device."""
        self._set_learning_rate(epoch=step // math.ceil(len(clips) / self.batch_size))
        batch = clips.batch(step, self.batch_size, self.seed, FRAMES if self._replays else 1)
        metrics = self._update(batch, seed_at(self.seed, step))
        self._average(step)
        return metrics

    @torch.no_grad()
    def _average(self, step: int) -> None:
        """Move the averaged weights towards the present ones; in the first step they become these."""
        share = max(AVERAGE_SHARE / (AVERAGE_SHARE + step), 1 / AVERAGE_STEPS)
        torch._foreach_lerp_(list(self.average.parameters()), self._followed, share)

    def _set_learning_rate(self, epoch: int) -> None:
        rate = self.learning_rate * DECAY_PER_EPOCH**epoch
        for optimizer in self.optimizers.values():
            for group in optimizer.param_groups:
                group["lr"] = group["lr"].fill_(rate) if self._replays else rate

    def update(self, batch: Batch, draws: int = 0) -> dict[str, Tensor]:
        """Update the discriminators, then the generator, on one batch; `draws` is the seed of the noise.

        In parts, the generator speaks twice: its graph would not fit into memory for all of them until its own turn.
        """
        kept: list[Forward] = []

        def teach_discriminator(part: Part) -> dict[str, Tensor]:
            kept.clear()
            with torch.set_grad_enabled(part.is_only):
                forward = self._forward(part, draws)
            if part.is_only:
                kept.append(forward)
            return self._descend_discriminator(part, forward.y_hat.detach(), forward.ids_slice)

        def teach_generator(part: Part) -> dict[str, Tensor]:
            return self._descend_generator(part, kept.pop() if kept else self._forward(part, draws))

        metrics = self._learn("discriminator", batch, teach_discriminator)
        metrics |= self._learn("generator", batch, teach_generator)
        self._scaler.update()
        return metrics

    def _learn(
        self, name: str, batch: Batch, descend: Callable[[Part], dict[str, Tensor]]
    ) -> dict[str, Tensor]:
        """Step the optimiser of a module down the gradient of a batch, and return its losses."""
        parameters = list(self.modules[name].parameters())
        metrics = self.accumulation.run(batch, parameters, descend)
        self._step(name)
        for parameter in parameters:
            parameter.grad = None  # the other module's step has use for the memory
        return metrics

    def _step(self, name: str) -> None:
        self._scaler.step(self.optimizers[name])

    def _forward(self, part: Part, draws: int) -> Forward:
        """Speak a part of a batch; it gets the same noise whenever it is asked for."""
        config, batch = self.config, part.batch
        self._generator.manual_seed(draws)
        starts = self.ids_slice
        if starts is None:
            starts = draw_starts(part.whole.lengths, config.segment_frames, self._generator)
        wave = mirror_ends(batch.wave.squeeze(1), batch.lengths * config.hop, config.n_fft)
        spec = spectrogram.linear(wave, config.n_fft, config.hop, config.win_length)
        f0 = batch.f0 if config.pitch else None
        with self._autocast():
            forward: Forward = self.synthesizer(
                batch.content,
                None if f0 is None else coarse(f0),
                f0,
                spec,
                batch.lengths,
                batch.speaker,
                noise=part.draw(self.noise or gaussian(self._generator)),
                ids_slice=starts[part.rows],
            )
        return forward

    def _real(self, part: Part, starts: Tensor) -> Tensor:
        hop = self.config.hop
        return slice_segments(part.batch.wave, starts * hop, self.config.segment_frames * hop)

    def _descend_discriminator(self, part: Part, fake: Tensor, starts: Tensor) -> dict[str, Tensor]:
        """Add the gradient of each discriminator in turn, so that memory holds one of them at a time."""
        waves = torch.cat([self._real(part, starts), fake])
        found = []
        for discriminator in self.discriminator.discriminators:
            with self._autocast():
                scores, _ = discriminator(waves)
            real, fake = scores.chunk(2)
            found.append(self._descend(part, {"loss_disc": losses.discriminator_loss([real], [fake])}))
        return _summed(found)

    def _descend_generator(self, part: Part, forward: Forward) -> dict[str, Tensor]:
        """Add the gradient of what the discriminators say of the wave, then that of all that made it."""
        real = self._real(part, forward.ids_slice)
        wave = forward.y_hat.detach().requires_grad_()
        found = _summed([self._descend(part, judged) for judged in self._judgements(real, wave)])
        return found | self._descend(part, self._distances(real, forward), (forward.y_hat, wave.grad))

    def _descend(
        self, part: Part, parts: dict[str, Tensor], passed_on: tuple[Tensor, Tensor | None] | None = None
    ) -> dict[str, Tensor]:
        """Add the gradient of the sum of losses, each by the part's share of what it is the mean of.

        `passed_on` is a tensor of the same graph with a gradient that it has already.
        """
        shared = {
            name: loss * (part.share_of_frames if name == "loss_kl" else part.share)
            for name, loss in parts.items()
        }
        loss = self._scaler.scale(torch.stack(list(shared.values())).sum())
        ends, gradients = zip((loss, None), *([passed_on] if passed_on else []), strict=True)
        torch.autograd.backward(ends, gradients)
        return {name: loss.detach() for name, loss in shared.items()}

    def _judgements(self, real: Tensor, wave: Tensor) -> Iterator[dict[str, Tensor]]:
        """Yield what each discriminator says of a wave; their weights only pass gradients on."""
        for discriminator in self.discriminator.discriminators:
            with self._autocast(), frozen(discriminator):
                with torch.no_grad():
                    _, maps_real = discriminator(real)
                scores, maps = discriminator(wave)
            yield {
                "loss_adv": losses.adversarial_loss([scores]),
                "loss_fm": losses.feature_loss([maps_real], [maps]),
            }

    def _distances(self, real: Tensor, forward: Forward) -> dict[str, Tensor]:
        """Return how far what was made is from the recording, and the latents from each other."""
        return {
            "loss_mel": losses.mel_loss(self._mel(forward.y_hat), self._mel(real)),
            "loss_kl": losses.kl_loss(forward.z_p, forward.logs_q, forward.m_p, forward.logs_p, forward.mask),
        }

    def _mel(self, wave: Tensor) -> Tensor:
        config = self.config
        spec = spectrogram.linear(wave.squeeze(1), config.n_fft, config.hop, config.win_length)
        return spectrogram.log_mel(spec, config.rate, config.n_fft, config.n_mels)


def _summed(losses: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Add up what several parts say under the same names."""
    return {name: torch.stack([loss[name] for loss in losses]).sum() for name in losses[0]}


@contextmanager
def frozen(module: nn.Module) -> Iterator[None]:
    """Keep gradients from being computed for the weights of `module` while they flow through it."""
    module.requires_grad_(False)
    try:
        yield
    finally:
        module.requires_grad_(True)


def mirror_ends(wave: Tensor, samples: Tensor, n_fft: int) -> Tensor:
    """Continue each row (B, N) behind its `samples` (B) valid ones by its mirror image, half a window far.

    The reference makes the spectrogram of a clip before it is padded; so it is the same after.
    """
    place = torch.arange(wave.shape[-1], device=wave.device)
    beyond = place - samples[:, None]
    mirrored = torch.where(beyond < 0, place, samples[:, None] - 2 - beyond).clamp(min=0)
    return wave.gather(-1, mirrored) * (beyond < n_fft // 2)
