"""The recipe of the full model; that its steps equal the reference's is shown in tests/parity."""

import copy
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F

from rvc.analysis import spectrogram
from rvc.learning import checkpoint, losses
from rvc.learning.data import Batch
from rvc.learning.recipes.gan import AVERAGE_SHARE, GanRecipe, LossScale, frozen, mirror_ends
from rvc.model.config import SynthesizerConfig
from tests import small_v2
from tests.voices import SMALL

CPU = torch.device("cpu")
RATE_HZ = 32000
FRAMES = 60


def small_recipe(dtype: torch.dtype = torch.float32) -> GanRecipe:
    whole = SynthesizerConfig.v2(RATE_HZ).model_dump()
    config = SynthesizerConfig.model_validate(whole | SMALL)
    return GanRecipe(config, batch_size=2, device=CPU, dtype=dtype)


def batch(seed: int = 0) -> Batch:
    generator = torch.Generator().manual_seed(seed)
    lengths = torch.tensor([FRAMES, FRAMES - 14])
    return Batch(
        content=torch.randn(2, FRAMES, SMALL["content_dim"], generator=generator),
        f0=200 + 50 * torch.rand(2, FRAMES, generator=generator),
        lengths=lengths,
        wave=0.1 * torch.randn(2, 1, FRAMES * 320, generator=generator),
        speaker=torch.zeros(2, dtype=torch.long),
    )


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_step_moves_both_networks_and_stays_finite(dtype: torch.dtype) -> None:
    recipe = small_recipe(dtype)
    before = copy.deepcopy({name: module.state_dict() for name, module in recipe.modules.items()})
    metrics = recipe.update(batch())
    assert set(metrics) == {"loss_disc", "loss_adv", "loss_fm", "loss_mel", "loss_kl"}
    assert all(value.isfinite() and not value.requires_grad for value in metrics.values())
    for name in ("generator", "discriminator"):
        after = recipe.modules[name].state_dict()
        moved = [key for key, value in before[name].items() if not torch.equal(value, after[key])]
        assert len(moved) > 0.9 * len(after)


def test_padding_changes_nothing_that_is_learnt() -> None:
    rows = batch()
    padded = Batch(
        content=F.pad(rows.content, (0, 0, 0, 37)),
        f0=F.pad(rows.f0, (0, 37)),
        lengths=rows.lengths,
        wave=F.pad(rows.wave, (0, 37 * 320)),
        speaker=rows.speaker,
    )
    found = []
    for one in (rows, padded):
        recipe = small_recipe()
        recipe.noise, recipe.ids_slice = torch.zeros_like, torch.tensor([3, 0])
        found.append({name: loss.item() for name, loss in recipe.update(one).items()})
    assert found[1] == pytest.approx(found[0], rel=1e-5)


def gradients(module: torch.nn.Module) -> list[torch.Tensor]:
    return [parameter.grad for parameter in module.parameters() if parameter.grad is not None]


def test_the_generators_step_leaves_the_discriminators_alone() -> None:
    recipe = small_recipe()
    (whole,) = recipe.accumulation.parts(batch())
    recipe._descend_generator(whole, recipe._forward(whole, draws=0))
    assert all(parameter.grad is None for parameter in recipe.discriminator.parameters())
    assert all(parameter.requires_grad for parameter in recipe.discriminator.parameters())
    assert recipe.synthesizer.dec.conv_post.weight.grad is not None


def test_discriminators_gone_through_one_by_one_give_the_gradient_of_all() -> None:
    recipe = small_recipe()
    (whole,) = recipe.accumulation.parts(batch())
    forward = recipe._forward(whole, draws=0)
    real = recipe._real(whole, forward.ids_slice)
    (_, maps_real), (scores, maps) = (recipe.discriminator(w) for w in (real, forward.y_hat))
    judged = losses.adversarial_loss(scores) + losses.feature_loss(maps_real, maps)
    (judged + torch.stack(list(recipe._distances(real, forward).values())).sum()).backward()
    plain = gradients(recipe.synthesizer)
    recipe.synthesizer.zero_grad()
    metrics = recipe._descend_generator(whole, recipe._forward(whole, draws=0))
    assert float(metrics["loss_adv"] + metrics["loss_fm"]) == pytest.approx(float(judged.detach()), rel=1e-5)
    for one, other in zip(plain, gradients(recipe.synthesizer), strict=True):
        assert torch.allclose(one, other, rtol=1e-3, atol=1e-5 * float(one.abs().max()) + 1e-9)


def test_the_learning_rate_falls_by_epoch() -> None:
    recipe = small_recipe()
    recipe._set_learning_rate(epoch=100)
    rates = [group["lr"] for optimizer in recipe.optimizers.values() for group in optimizer.param_groups]
    assert rates == pytest.approx([1e-4 * 0.999875**100] * 2)


def test_a_padded_clip_has_the_spectrogram_it_has_alone() -> None:
    wave = torch.randn(2, 16000, generator=torch.Generator().manual_seed(1))
    samples = torch.tensor([16000, 320 * 37])
    padded = wave * (torch.arange(16000) < samples[:, None])
    spec = spectrogram.linear(mirror_ends(padded, samples, 1024), 1024, 320, 1024)
    alone = spectrogram.linear(wave[1:, : 320 * 37], 1024, 320, 1024)
    assert torch.allclose(spec[1:, :, :37], alone, atol=1e-5)


def test_frozen_weights_are_freed_even_after_an_error() -> None:
    layer = torch.nn.Linear(2, 2)
    with pytest.raises(ZeroDivisionError), frozen(layer):
        _ = 1 // 0
    assert layer.weight.requires_grad


def test_a_loss_scale_that_is_off_survives_a_checkpoint() -> None:
    scale = LossScale(CPU, enabled=False)
    state = scale.state_dict()
    LossScale(CPU, enabled=False).load_state_dict(state)
    assert state["_extra_state"].tolist() == [1.0, 0.0]


def test_the_averaged_weights_follow() -> None:
    recipe, clips = small_v2.small_recipe(2), small_v2.small_clips()
    recipe.step(clips, 0)
    first = {name: weight.clone() for name, weight in recipe.average.state_dict().items()}
    present = recipe.synthesizer.state_dict()
    assert all(torch.equal(weight, present[name]) for name, weight in first.items())
    assert present.keys() - first.keys() == {name for name in present if name.startswith("enc_q.")}
    recipe.step(clips, 1)
    name = "dec.conv_pre.weight"
    share = AVERAGE_SHARE / (AVERAGE_SHARE + 1)
    between = torch.lerp(first[name], recipe.synthesizer.state_dict()[name], share)
    assert torch.allclose(recipe.average.state_dict()[name], between)
    assert not any(weight.requires_grad for weight in recipe.average.parameters())


def test_a_checkpoint_of_before_the_average_is_taken_up(tmp_path: Path) -> None:
    old, new = small_v2.small_recipe(2), small_v2.small_recipe(2)
    old.step(small_v2.small_clips(), 0)
    header = checkpoint.Header(standing=checkpoint.Standing(step=1), settings={})
    modules = {name: module for name, module in old.modules.items() if name != "average"}
    checkpoint.save(tmp_path / "old.checkpoint", header, modules, old.optimizers)
    checkpoint.load(tmp_path / "old.checkpoint", new.modules, new.optimizers)
    for one, other in zip(new.average.parameters(), old.average.parameters(), strict=True):
        assert torch.equal(one, other)
