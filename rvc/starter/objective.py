"""What the starter encoder is asked for: the teacher's features, the phonemes, and nothing about the speaker."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rvc.starter.settings import DistillSettings

HIDDEN = 256
SPAN = 50  # frames over which a speaker is guessed
THINNING = 4  # one frame of so many is looked at alone
MEMORY = 0.98  # how long a speaker's mean is remembered, per step in which the speaker was heard


class Reversed(torch.autograd.Function):
    """The identity, whose gradient is turned around (Ganin & Lempitsky 2015)."""

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, x: Tensor) -> Tensor:  # noqa: ARG004
        return x.view_as(x)

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, *gradients: Tensor) -> Tensor:  # noqa: ARG004
        return -gradients[0]


class Objective(nn.Module):
    """The losses of an encoder's features and the small networks that they need; none of it ships.

    `means` (speakers, dim) are running means of each speaker's features, `heard` (speakers) the frames so far. A
    linear probe finds a speaker by the differences of the means, so these are pressed to 0 (`centre`); what a
    better probe would find, two networks look for, in single frames and in spans of one second, while the
    encoder hides it (`adversary`).
    """

    means: Tensor
    heard: Tensor

    def __init__(self, dim: int, target_dim: int, symbols: int, speakers: int) -> None:
        super().__init__()
        self.teacher = nn.Linear(dim, target_dim)
        self.phonemes = nn.Linear(dim, symbols + 1)
        self.guess_from_span = _guesser(2 * dim, speakers)
        self.guess_from_frame = _guesser(dim, speakers)
        self.register_buffer("means", torch.zeros(speakers, dim))
        self.register_buffer("heard", torch.zeros(speakers))

    def forward(
        self,
        features: Tensor,
        frames: Tensor,
        target: Tensor,
        tokens: Tensor,
        token_counts: Tensor,
        speaker: Tensor,
    ) -> dict[str, Tensor]:
        """Return the losses of features (B, T, dim), `frames` (B) of which are valid, each a 0-d tensor."""
        valid = torch.arange(features.shape[1], device=features.device) < frames[:, None]
        return {
            "teacher": self._distance(features, target, valid),
            "ctc": self._ctc(features, frames, tokens, token_counts),
            "adversary": self._adversary(features, valid, speaker),
            "centre": self._centre(features, valid, speaker),
        }

    def _distance(self, features: Tensor, target: Tensor, valid: Tensor) -> Tensor:
        """Return the smooth L1 distance from the teacher plus 1 - cosine, of the mean frame."""
        guessed = self.teacher(features)
        distance = F.smooth_l1_loss(guessed, target, reduction="none").mean(-1)
        angle = 1 - F.cosine_similarity(guessed, target, dim=-1)
        return ((distance + angle) * valid).sum() / valid.sum()

    def _ctc(self, features: Tensor, frames: Tensor, tokens: Tensor, token_counts: Tensor) -> Tensor:
        log_probabilities = self.phonemes(features).log_softmax(-1).transpose(0, 1)
        return F.ctc_loss(log_probabilities, tokens, frames, token_counts, zero_infinity=True)

    def _adversary(self, features: Tensor, valid: Tensor, speaker: Tensor) -> Tensor:
        """Return the cross entropy of guessing the speaker; the gradient makes the features worse for it."""
        hidden = Reversed.apply(features)
        spans, usable = _spans(hidden, valid)
        rarity = (self.heard.mean() + 1) / (self.heard + 1)
        weights = rarity.clamp(max=10)[speaker, None]
        from_spans = _entropy(self.guess_from_span, spans, speaker, usable * weights)
        frames, chosen = hidden[:, ::THINNING], valid[:, ::THINNING]
        return from_spans + _entropy(self.guess_from_frame, frames, speaker, chosen * weights)

    def _centre(self, features: Tensor, valid: Tensor, speaker: Tensor) -> Tensor:
        """Return how far the speakers heard here are, on average, from the mean of all."""
        one_hot = F.one_hot(speaker, len(self.means)).to(features)
        sums = one_hot.T @ (features * valid[..., None]).sum(1)
        counts = one_hot.T @ valid.sum(1).to(features)
        here = (counts > 0).to(features)
        now = sums / counts.clamp(min=1)[:, None]
        keep = torch.where(self.heard > 0, MEMORY, 0.0)
        means = torch.where(here[:, None] > 0, torch.lerp(now, self.means, keep[:, None]), self.means)
        known = ((self.heard > 0) | (here > 0)).to(features)[:, None]
        centre = (means * known).sum(0).detach() / known.sum()
        with torch.no_grad():
            self.means.copy_(means)
            self.heard.add_(counts)
        steered = means.detach() + now - now.detach()  # the remembered value, moved by what is heard now
        return ((steered - centre).square().mean(1) * here).sum() / here.sum()


def total(losses: dict[str, Tensor], settings: DistillSettings, fraction: float) -> Tensor:
    """Weigh the losses; hiding the speaker comes in during the first fifth of the training."""
    rise = min(1.0, fraction * 5)
    return (
        settings.teacher * losses["teacher"]
        + settings.ctc * losses["ctc"]
        + rise * settings.adversary * losses["adversary"]
        + rise * settings.centre * losses["centre"]
    )


def _guesser(dim: int, speakers: int) -> nn.Module:
    return nn.Sequential(
        nn.Linear(dim, HIDDEN),
        nn.GELU(),
        nn.Linear(HIDDEN, HIDDEN),
        nn.GELU(),
        nn.Linear(HIDDEN, speakers),
    )


def _entropy(guess: nn.Module, features: Tensor, speaker: Tensor, weights: Tensor) -> Tensor:
    """Return the weighted mean cross entropy of guessing `speaker` (B) from reversed features (B, S, D).

    Where the guess is no better than chance there is nothing to hide: no gradient, or the encoder would learn
    to mislead, which spoils the features without end.
    """
    guessed = guess(features)
    wanted = speaker[:, None].expand(guessed.shape[:2])
    entropy = F.cross_entropy(guessed.flatten(0, 1), wanted.flatten(), reduction="none").view(wanted.shape)
    told = (entropy.detach() < math.log(guessed.shape[-1]))[..., None]
    if features.requires_grad:
        features.register_hook(lambda gradient: gradient * told)
    return (entropy * weights).sum() / weights.sum().clamp(min=1e-3)


def _spans(features: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
    """Return mean and deviation (B, S, 2 * dim) over spans of SPAN frames, and which are whole (B, S)."""
    count = max(features.shape[1] // SPAN, 1)
    features = F.pad(features, (0, 0, 0, max(SPAN - features.shape[1], 0)))
    valid = F.pad(valid, (0, max(SPAN - valid.shape[1], 0)))
    spans = features[:, : count * SPAN].unflatten(1, (count, SPAN))
    usable = valid[:, : count * SPAN].unflatten(1, (count, SPAN)).float().mean(-1) > 0.6
    deviation = (spans.var(2, correction=0) + 1e-5).sqrt()
    return torch.cat([spans.mean(2), deviation], -1), usable.to(features)
