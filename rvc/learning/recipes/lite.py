"""How the lite model learns: first to match spectra, then to please a small discriminator as well.

The spectral distances alone give clear speech that is smoother than the voice. On a real speaker the similarity
of reconstructed takes was 0.55 when the discriminator joined and 0.75 at the end (recordings: 0.82). A step takes
a third more time with it.
"""

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from rvc.device import autocast
from rvc.draws import seed_at
from rvc.learning.data import Batch, Clips
from rvc.learning.recipes import band
from rvc.learning.recipes.accumulation import Accumulation, Part
from rvc.learning.recipes.muon import Muon
from rvc.learning.recipes.recomputation import forget_activations
from rvc.learning.stft_loss import MultiResolutionStft
from rvc.model.lite import ConvNeXtBlock, LiteConfig, LiteSynthesizer
from rvc.model.lite_discriminator import PatchDiscriminator

LEARNING_RATE = 0.02  # of the matrices
ADAM_SHARE = 0.1  # of it for all other weights
DISCRIMINATOR_LEARNING_RATE = 1e-3
BETAS = (0.8, 0.98)
WARM_UP_STEPS = 100
WARM_UP_SHARE = 0.05  # of a training that is too short for so many
GRADIENT_NORM = 5.0
SEGMENT_FRAMES = 100
JUDGED_FRAMES = 50  # of them the discriminator sees
ADVERSARIAL_RAMP = 0.05  # of the training, until its losses count in full
ADVERSARIAL_WEIGHT = 0.5
FEATURE_WEIGHT = 2.0
AVERAGE_STEPS = 100  # how far back the averaged weights reach
CONTENT_NOISE = 0.1  # deviations; other speakers' content is never quite like the voice's own


@dataclass(frozen=True, slots=True)
class Schedule:
    """What share of the usual learning rate a training takes, and from what part of it on it is judged."""

    learning_share: float
    adversarial_from: float


FROM_SCRATCH = Schedule(learning_share=1.0, adversarial_from=0.5)
FROM_BASE = Schedule(learning_share=0.3, adversarial_from=0.1)  # whose discriminator knows its trade


class LiteRecipe:
    """A synthesizer, its running average (which is what is saved and heard), and a discriminator."""

    ends_best = True  # the discriminator brings voices closer though spectra apart; the rate ends at 0
    seeks_speakers = True
    content_noise = CONTENT_NOISE

    def __init__(
        self,
        config: LiteConfig,
        *,
        batch_size: int,
        learning_rate: float | None = None,
        seed: int = 0,
        device: torch.device,
        dtype: torch.dtype = torch.float32,
        schedule: Schedule = FROM_SCRATCH,
        accumulation: Accumulation | None = None,
        recomputes: bool = False,
    ) -> None:
        torch.manual_seed(seed)
        self.config = config
        self.accumulation = accumulation or Accumulation()
        self.batch_size = batch_size
        self.seed = seed
        self.schedule = schedule
        usual = schedule.learning_share * LEARNING_RATE
        self.learning_rate = usual if learning_rate is None else learning_rate
        self.network = self._network().to(device)
        self.synthesizer = copy.deepcopy(self.network).eval().requires_grad_(False)
        self.discriminator = PatchDiscriminator().to(device)
        if recomputes:
            forget_activations(self.network, ConvNeXtBlock)
        self.modules: dict[str, nn.Module] = {
            "generator": self.network,
            "average": self.synthesizer,
            "discriminator": self.discriminator,
        }
        dtype = torch.bfloat16 if dtype == torch.bfloat16 else torch.float32  # fp16 would need a loss scale
        self.optimizers: dict[str, Optimizer] = {
            "generator": self._optimizer(dtype),
            "discriminator": AdamW(
                self.discriminator.parameters(), DISCRIMINATOR_LEARNING_RATE, BETAS, fused=True
            ),
        }
        self._distance = MultiResolutionStft(config.rate).to(device)
        self._autocast = autocast(device, dtype)
        self._progress = 0.0

    @property
    def candidates(self) -> tuple[LiteSynthesizer]:
        """The averaged weights alone: the rate ends at 0, and with it what they differ by from the last step's."""
        return (self.synthesizer,)

    def _network(self) -> LiteSynthesizer:
        return LiteSynthesizer(self.config)

    def _optimizer(self, dtype: torch.dtype) -> Muon:
        matrices = [weight for weight in _block_weights(self.network) if weight.dim() == 2]
        chosen = {id(weight) for weight in matrices}
        others = [weight for weight in self.network.parameters() if id(weight) not in chosen]
        rate = self.learning_rate
        return Muon(matrices, others, lr=rate, adam_lr=ADAM_SHARE * rate, betas=BETAS, dtype=dtype)

    def set_progress(self, fraction: float) -> None:
        """Say how much of the training is over, 0 to 1: the learning rate falls to 0 along half a cosine."""
        self._progress = fraction

    def step(self, clips: Clips, step: int) -> dict[str, Tensor]:
        """Take step `step` and return its losses as 0-d tensors, still on the device."""
        if step == 0:
            self._start(clips)
        self._set_learning_rates(step)
        batch = clips.segments(step, self.batch_size, self.seed, SEGMENT_FRAMES)
        metrics = self.update(batch, seed_at(self.seed, step))
        self._average(step)
        return metrics

    def _start(self, clips: Clips) -> None:
        """Begin with what a base put into the averaged weights; without one, measure the content."""
        if not self.synthesizer.backbone.knows_content:
            self.synthesizer.backbone.measure_content([clips.clip(i).content for i in range(len(clips))])
        self.network.load_state_dict(self.synthesizer.state_dict())

    def _set_learning_rates(self, step: int) -> None:
        warm_up = min(1.0, max((step + 1) / WARM_UP_STEPS, self._progress / WARM_UP_SHARE))
        share = warm_up * (1 + math.cos(math.pi * self._progress)) / 2
        matrices, others = self.optimizers["generator"].param_groups
        matrices["lr"] = share * self.learning_rate
        others["lr"] = share * self.learning_rate * ADAM_SHARE
        for group in self.optimizers["discriminator"].param_groups:
            group["lr"] = share * self.schedule.learning_share * DISCRIMINATOR_LEARNING_RATE

    def update(self, batch: Batch, draws: int = 0) -> dict[str, Tensor]:
        """Update the network, and in the later part of a training the discriminator, on one batch.

        `draws` is the seed of the noise and of the units that are left out.
        """
        losses = self.accumulation.run(batch, [*self._weights, *self._judging], partial(self._descend, draws))
        nn.utils.clip_grad_norm_(self._weights, GRADIENT_NORM)
        for optimizer in self.optimizers.values():
            optimizer.step()
        return losses

    @property
    def _weights(self) -> list[nn.Parameter]:
        return list(self.network.parameters())

    @property
    def _judging(self) -> list[nn.Parameter]:
        return list(self.discriminator.parameters())

    def _descend(self, draws: int, part: Part) -> dict[str, Tensor]:
        """Add the gradients of a part, and return its losses, by its share of the batch."""
        torch.manual_seed(draws)
        wave = self._synthesise(part)
        target = self._target(part.batch)
        if part.batch.bandwidth_hz is not None:
            wave = band.limit(wave, part.batch.bandwidth_hz, self.config.rate)
        levels = None if part.is_whole else self._distance.levels(self._target(part.whole), len(target))
        distances = self._distance(wave, target, levels)
        losses = {"loss_mel": distances.mel, "loss_log": distances.log, "loss_linear": distances.linear}
        loss = distances.total
        if self._progress >= self.schedule.adversarial_from:
            judged = self._judge(wave, target)
            ramp = min(1.0, (self._progress - self.schedule.adversarial_from) / ADVERSARIAL_RAMP)
            loss = loss + ramp * (
                ADVERSARIAL_WEIGHT * judged["loss_adv"] + FEATURE_WEIGHT * judged["loss_fm"]
            )
            (part.share * judged["loss_disc"]).backward(inputs=self._judging, retain_graph=True)
            losses |= judged
        (part.share * loss).backward(inputs=self._weights)
        return {name: part.share * value.detach() for name, value in losses.items()}

    def _target(self, batch: Batch) -> Tensor:
        """Return the recordings (B, N) as far up as they are to be learnt from."""
        wave = batch.wave.squeeze(1)
        return wave if batch.bandwidth_hz is None else band.limit(wave, batch.bandwidth_hz, self.config.rate)

    def _synthesise(self, part: Part) -> Tensor:
        """Return waves (B, N) for a part whose content is a little blurred, with pulses at random places."""
        batch = part.batch
        normal, even = part.draw(torch.randn_like), part.draw(torch.rand_like)
        noise = self.content_noise * self.network.backbone.deviation * normal(batch.content[:, ::2])
        content = batch.content + noise.repeat_interleave(2, dim=1)[:, : batch.content.shape[1]]
        with self._autocast():
            curves = self.network.draw(content, batch.f0, batch.lengths, batch.speaker, even)
        return self.network.render(curves, normal(batch.wave.squeeze(1)), even(curves.f0[:, 0]))

    def _judge(self, wave: Tensor, target: Tensor) -> dict[str, Tensor]:
        """Return the losses of both sides on a random part of the waves: least squares, and feature matching.

        One pass of the discriminator serves both: each side takes the gradient for its own weights only.
        """
        hop = self.config.hop
        start = int(torch.randint(0, SEGMENT_FRAMES - JUDGED_FRAMES + 1, ())) * hop
        part = slice(start, start + JUDGED_FRAMES * hop)
        with self._autocast():
            scores, features = self.discriminator(torch.cat([target[:, part], wave[:, part]]))
        real, made = scores.chunk(2)
        return {
            "loss_disc": (1 - real).square().mean() + made.square().mean(),
            "loss_adv": (1 - made).square().mean(),
            "loss_fm": torch.stack([_feature_distance(feature) for feature in features]).mean(),
        }

    @torch.no_grad()
    def _average(self, step: int) -> None:
        """Move the averaged weights towards the network's, at first quickly, to forget the random start."""
        share = max(1 / AVERAGE_STEPS, 9 / (10 + step))
        torch._foreach_lerp_(list(self.synthesizer.parameters()), list(self.network.parameters()), share)


def _block_weights(network: LiteSynthesizer) -> Iterator[nn.Parameter]:
    yield from network.backbone.coarse.parameters()
    yield from network.backbone.fine.parameters()


def _feature_distance(features: Tensor) -> Tensor:
    """Return how far the second half of a batch, which was made, is from the first, which is real."""
    real, made = features.chunk(2)
    return (made - real.detach()).abs().mean()
