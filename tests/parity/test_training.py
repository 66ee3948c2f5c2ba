"""The training forward, the discriminators, losses, gradients and optimiser steps: every array of `train_*`."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from rvc.analysis import spectrogram
from rvc.learning import losses
from rvc.learning.data import Batch
from rvc.learning.recipes.gan import GanRecipe
from rvc.model.slices import slice_segments
from rvc.model.synthesizer import Forward
from tests.parity import networks, oracle
from tests.parity.test_spectrogram import WEBUI_EPS, WEBUI_FLOOR

LATENTS = ("z", "z_p", "m_q", "logs_q", "m_p", "logs_p")
MODULES = ("enc_p", "enc_q", "flow", "dec", "emb_g")
LATENT = 1e-4
WAVE = 2e-5
MEL = 3e-4
SCORE = 2e-5
FMAP = 1e-6
LOSS = 2e-5  # relative
TOTAL_NORM = 1e-3  # relative
NORM = {"rel": 2e-3, "abs": 1e-5}
GRADIENT = 3e-3  # of the array's largest value
STEP = {"rel": 1e-3, "abs": 1e-3}

Named = dict[str, Tensor]


@dataclass(frozen=True)
class Judged:
    """What the discriminators say about one wave."""

    scores: list[Tensor]
    maps: list[list[Tensor]]

    def absmeans(self) -> np.ndarray:
        return np.array([x.detach().abs().mean().item() for maps in self.maps for x in maps])


class Training:
    """One batch of the data, and the networks with the formula's weights."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.arrays = oracle.load(name)
        self.generator = networks.synthesizer(name)
        self.discriminator = networks.discriminator()
        self.config = self.generator.config
        self.wave = self.arrays.tensor("wave")

    def check(
        self, key: str, actual: object, *, abs: float = 0.0, rel: float = 0.0, peak: float = 0.0
    ) -> None:
        oracle.check(f"{self.name}/{key}", actual, self.arrays.get(key), abs=abs, rel=rel, peak=peak)

    def specs(self, eps: float = spectrogram.EPS) -> Tensor:
        """Return the spectrogram of each clip without its padding, zero padded again."""
        frames, samples = self.arrays["phone"].shape[1], self.arrays["lengths"] * self.config.hop
        clips = [self._spec(wave[:, :n], eps) for wave, n in zip(self.wave, samples, strict=True)]
        return torch.cat([F.pad(spec, (0, frames - spec.shape[2])) for spec in clips])

    def _spec(self, wave: Tensor, eps: float = spectrogram.EPS) -> Tensor:
        return spectrogram.linear(wave, self.config.n_fft, self.config.hop, self.config.win_length, eps)

    def forward(self) -> Forward:
        arrays, spec = self.arrays, self.arrays["spec"]
        return self.generator(
            arrays.tensor("phone"),
            arrays.tensor("pitch"),
            arrays.tensor("pitchf"),
            self.specs() if isinstance(spec, oracle.Sample) else torch.from_numpy(spec),
            arrays.tensor("lengths"),
            arrays.tensor("sid"),
            noise=torch.zeros_like,
            ids_slice=arrays.tensor("ids_slice"),
        )

    def batch(self) -> Batch:
        arrays = self.arrays
        content, f0, lengths, speaker = (arrays.tensor(key) for key in ("phone", "pitchf", "lengths", "sid"))
        return Batch(content=content, f0=f0, lengths=lengths, wave=self.wave, speaker=speaker)

    def real(self, forward: Forward) -> Tensor:
        return slice_segments(self.wave, forward.ids_slice * self.config.hop, forward.y_hat.shape[-1])

    def mel(self, wave: Tensor) -> Tensor:
        return self._log_mel(self._spec(wave[:, 0]))

    def _log_mel(self, spec: Tensor, floor: float = spectrogram.MEL_FLOOR) -> Tensor:
        return spectrogram.log_mel(spec, self.config.rate, self.config.n_fft, self.config.n_mels, floor)

    def webui_mel_loss(self, forward: Forward) -> Tensor:
        """Return the mel loss with the newest WebUI's constants and its target cut from the whole clip."""
        target, made = self.specs(WEBUI_EPS), self._spec(forward.y_hat[:, 0], WEBUI_EPS)
        mels = [self._log_mel(spec, WEBUI_FLOOR) for spec in (made, target)]
        return losses.mel_loss(mels[0], slice_segments(mels[1], forward.ids_slice, made.shape[2]))

    def generator_losses(self, forward: Forward, real: Judged, fake: Judged) -> Named:
        target = self.mel(self.real(forward))
        kl = losses.kl_loss(forward.z_p, forward.logs_q, forward.m_p, forward.logs_p, forward.mask)
        return {
            "adv": losses.adversarial_loss(fake.scores),
            "fm": losses.feature_loss(real.maps, fake.maps),
            "mel": losses.mel_loss(self.mel(forward.y_hat), target),
            "kl": kl,
        }


def gradients(loss: Tensor, module: nn.Module) -> Named:
    """Return the gradient of each parameter, zero where the loss does not reach it."""
    named = dict(module.named_parameters())
    found = torch.autograd.grad(loss, list(named.values()), retain_graph=True, materialize_grads=True)
    return dict(zip(named, found, strict=True))


def norm(gradients: Named, prefix: str = "") -> float:
    """Return the norm over all gradients whose name starts with `prefix`."""
    return nn.utils.get_total_norm([g for name, g in gradients.items() if name.startswith(prefix)]).item()


@pytest.fixture(scope="module", params=["train_40k", "train_48k"])
def training(request: pytest.FixtureRequest) -> Training:
    return Training(request.param)


@pytest.fixture(scope="module")
def forward(training: Training) -> Forward:
    return training.forward()


@pytest.fixture(scope="module")
def real(training: Training, forward: Forward) -> Judged:
    return Judged(*training.discriminator(training.real(forward)))


@pytest.fixture(scope="module")
def fake(training: Training, forward: Forward) -> Judged:
    return Judged(*training.discriminator(forward.y_hat))


def test_spectrograms(training: Training) -> None:
    training.check("spec", training.specs(), abs=1e-4)


def test_forward(training: Training, forward: Forward) -> None:
    for key in LATENTS:
        training.check(key, getattr(forward, key), abs=LATENT)
    training.check("ids_slice", forward.ids_slice)
    training.check("y_hat", forward.y_hat, abs=WAVE)
    training.check("wave_slice", training.real(forward), abs=1e-6)
    training.check("mel_real", training.mel(training.real(forward)), abs=MEL)
    training.check("mel_fake", training.mel(forward.y_hat), abs=MEL)
    training.check("info_loss_mel_webui_convention", training.webui_mel_loss(forward)[None], rel=LOSS)


def test_discriminators(training: Training, real: Judged, fake: Judged) -> None:
    for index, scores in enumerate(zip(real.scores, fake.scores, strict=True)):
        for kind, actual in zip(("real", "fake"), scores, strict=True):
            training.check(f"d_{kind}_{index}", actual, abs=SCORE)
    training.check("fmap_real_absmean", real.absmeans(), abs=FMAP)
    training.check("fmap_fake_absmean", fake.absmeans(), abs=FMAP)


def test_discriminator_gradients(training: Training, forward: Forward, real: Judged) -> None:
    fake = Judged(*training.discriminator(forward.y_hat.detach()))
    loss = losses.discriminator_loss(real.scores, fake.scores)
    training.check("loss_disc", loss[None], rel=LOSS)
    found = gradients(loss, training.discriminator)
    each = [norm(found, f"discriminators.{index}.") for index in range(len(real.scores))]
    training.check("gnorm_d_disc", [norm(found)], rel=TOTAL_NORM)
    training.check("gnorm_d_disc_each", each, rel=TOTAL_NORM)
    check_parameters(training, found, "d")


def test_generator_gradients(training: Training, forward: Forward, real: Judged, fake: Judged) -> None:
    parts = training.generator_losses(forward, real, fake)
    found = {part: gradients(loss, training.generator) for part, loss in parts.items()}
    total = {name: sum(found[part][name] for part in parts) for name in found["kl"]}
    for part, loss in parts.items():
        training.check(f"loss_{part}", loss[None], rel=LOSS)
    training.check("loss_gen_total", sum(parts.values())[None], rel=LOSS)
    for part, each in {**found, "gen_total": total}.items():
        training.check(f"gnorm_g_{part}", [norm(each)], rel=TOTAL_NORM)
        modules = [norm(each, f"{module}.") for module in MODULES]
        training.check(f"gnorm_g_{part}_modules", modules, rel=TOTAL_NORM)
    check_parameters(training, total, "g")
    chosen = training.arrays["named10_names"].tolist()
    training.check("named10_norms", [total[name].norm().item() for name in chosen], **NORM)


def check_parameters(training: Training, found: Named, kind: str) -> None:
    """Check the norm of every gradient, and the few that are stored whole."""
    names = training.arrays[f"grad_{kind}_names"].tolist()
    assert sorted(found) == names
    training.check(f"grad_{kind}_norms", [found[name].norm().item() for name in names], **NORM)
    prefix = f"gradfull_{kind}/"
    for key in training.arrays:
        if key.startswith(prefix):
            training.check(key, found[key.removeprefix(prefix)], peak=GRADIENT)


class Undisturbed(GanRecipe):
    """The recipe of `rvc train` with the formula's weights, without noise, on the segments of the data."""

    def __init__(self, training: Training) -> None:
        super().__init__(training.config, batch_size=len(training.wave), device=torch.device("cpu"))
        self.synthesizer.load_state_dict(training.generator.state_dict())
        self.discriminator.load_state_dict(training.discriminator.state_dict())
        self.noise = torch.zeros_like
        self.ids_slice = training.arrays.tensor("ids_slice")
        self.norms: dict[str, float] = {}

    def _step(self, name: str) -> None:
        """Note the norm of the gradients, which are gone once they are used."""
        self.norms[name] = total_norm(self.modules[name])
        super()._step(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["train_40k", "train_48k"])
def test_steps(name: str) -> None:
    training = Training(name)
    recipe = Undisturbed(training)
    expected = training.arrays.get("steps")
    rows = [update(recipe, training.batch()) for _ in range(0 if expected is None else expected.shape[0])]
    training.check("steps", rows, **STEP)


def update(recipe: Undisturbed, batch: Batch) -> list[float]:
    """Update both networks once; return disc, adv, fm, mel, kl and the gradient norms of D and G."""
    metrics = recipe.update(batch)
    losses = [metrics[f"loss_{part}"].item() for part in ("disc", "adv", "fm", "mel", "kl")]
    return [*losses, recipe.norms["discriminator"], recipe.norms["generator"]]


def total_norm(module: nn.Module) -> float:
    return nn.utils.get_total_norm([p.grad for p in module.parameters() if p.grad is not None]).item()
