"""The lite model: its source and filters by their definitions, its interface, and that it learns."""

import copy
import dataclasses
import math

import numpy as np
import pytest
import torch
from torch import Tensor

from rvc.datasets.dataset import ClipCard
from rvc.learning.data import Batch, Clips
from rvc.learning.recipes.accumulation import Part
from rvc.learning.recipes.lite import FROM_BASE, FROM_SCRATCH, LiteRecipe
from rvc.model.lite import NOISE_SCALE, LiteConfig, LiteSynthesizer, drop_units
from rvc.model.lite_filter import FrameFilter, mel_interpolation
from rvc.model.lite_source import DEFAULT_HZ, interpolate_f0, pulse_train, wrapped_sum

SMALL = LiteConfig(content_dim=8, channels=32, hidden_channels=64, coarse_layers=2, fine_layers=1, bands=24)
RATE, HOP = SMALL.rate, SMALL.hop


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def synthesizer() -> LiteSynthesizer:
    torch.manual_seed(0)
    return LiteSynthesizer(SMALL).eval()


def inputs(frames: int, rows: int = 1, seed: int = 0) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    content = torch.randn(rows, frames, SMALL.content_dim, generator=generator(seed))
    f0 = 150 + 50 * torch.rand(rows, frames, generator=generator(seed))
    f0[:, frames // 3 : frames // 2] = 0
    return content, f0, torch.full((rows,), frames), torch.zeros(rows, dtype=torch.long)


def test_gaps_are_bridged_in_log_frequency_and_ends_held() -> None:
    f0 = torch.tensor([[0.0, 100, 0, 0, 0, 400, 0], [0.0] * 7])
    bridged = interpolate_f0(f0)
    expected = [100, 100, 100 * math.sqrt(2), 200, 200 * math.sqrt(2), 400, 400]
    assert bridged[0].tolist() == pytest.approx(expected, rel=1e-5)
    assert bridged[1].tolist() == [DEFAULT_HZ] * 7


@pytest.mark.parametrize("hertz", [61.7, 220.5, 1010.0])
def test_pulses_are_the_sum_of_all_harmonics(hertz: float) -> None:
    made = pulse_train(torch.full((1, 20), hertz), RATE, HOP, torch.zeros(1))[0]
    time = torch.arange(20 * HOP, dtype=torch.float64) / RATE
    count = RATE / 2 / hertz
    weights = [min(1.0, max(0.0, count - number + 1)) for number in range(1, math.ceil(count) + 1)]
    waves = [w * torch.cos(2 * math.pi * hertz * k * time) for k, w in enumerate(weights, 1)]
    expected = torch.stack(waves).sum(0) * math.sqrt(2 / count)
    assert torch.allclose(made.double(), expected, atol=0.02 * float(expected.abs().max()))
    assert float(made.square().mean()) == pytest.approx(1, abs=0.1)


def test_phase_does_not_drift_in_an_hour() -> None:
    frames = 360_000
    turns = torch.full((1, frames), 2.2001)
    exact = (2.2001 * torch.arange(1, frames + 1, dtype=torch.float64)) % 1
    error = (wrapped_sum(turns)[0].double() - exact + 0.5) % 1 - 0.5
    exact_of_float = float(torch.tensor(2.2001).double() - 2.2001) * frames  # the input itself is rounded
    assert float(error[-1]) == pytest.approx(exact_of_float, abs=1e-4)


def test_frames_add_up_to_the_wave() -> None:
    frame_filter = FrameFilter(HOP)
    wave = torch.randn(2, 30 * HOP, generator=generator())
    again = frame_filter.synthesise(frame_filter.analyse(wave))
    assert torch.allclose(again[:, HOP:-HOP], wave[:, HOP:-HOP], atol=1e-5)


def test_a_filter_is_a_convolution() -> None:
    frame_filter = FrameFilter(HOP)
    response = torch.zeros(frame_filter.n_fft)
    response[0], response[3], response[-2] = 1.0, 0.5, -0.25  # the last is two samples ahead
    wave = torch.randn(1, 20 * HOP, generator=generator())
    made = frame_filter.synthesise(frame_filter.analyse(wave) * torch.fft.rfft(response))
    expected = wave + 0.5 * wave.roll(3, 1) - 0.25 * wave.roll(-2, 1)
    assert torch.allclose(made[:, HOP:-HOP], expected[:, HOP:-HOP], atol=1e-4)


def test_curves_are_drawn_through_their_points() -> None:
    matrix = mel_interpolation(24, 481, RATE)
    assert torch.allclose(matrix.sum(0), torch.ones(481), atol=1e-5)
    assert matrix[0, 0] == matrix[-1, -1] == 1


@pytest.mark.parametrize("rate", [24000, 32000])
def test_interface(rate: int) -> None:
    synthesizer = LiteSynthesizer(SMALL.model_copy(update={"rate": rate, "speakers": 3})).eval()
    assert (synthesizer.rate, synthesizer.hop) == (rate, rate // 100)
    assert (synthesizer.content_dim, synthesizer.has_pitch, synthesizer.speakers) == (8, True, 3)
    wave = synthesizer.infer(*inputs(31, rows=2), generator=generator())
    assert wave.shape == (2, 1, 31 * rate // 100)
    assert bool(wave.isfinite().all())


def test_config_survives_json() -> None:
    assert LiteConfig.model_validate_json(SMALL.model_dump_json()) == SMALL


def test_the_same_generator_gives_the_same_wave(synthesizer: LiteSynthesizer) -> None:
    first, second, other = (synthesizer.infer(*inputs(40), generator=generator(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, second)
    assert not torch.equal(first, other)


def test_noise_scale_sets_the_level_of_noise(synthesizer: LiteSynthesizer) -> None:
    silent, normal, double = (
        synthesizer.infer(*inputs(40), noise_scale=scale, generator=generator())
        for scale in (0.0, NOISE_SCALE, 2 * NOISE_SCALE)
    )
    assert torch.allclose(double - silent, 2 * (normal - silent), atol=1e-5)
    assert not torch.allclose(normal, silent)


def test_padding_changes_nothing(synthesizer: LiteSynthesizer) -> None:
    content, f0, _, speaker = inputs(50)
    alone = synthesizer.infer(content[:, :37], f0[:, :37], torch.tensor([37]), speaker, noise_scale=0.0)
    padded = synthesizer.infer(content, f0, torch.tensor([37]), speaker, noise_scale=0.0)
    assert torch.allclose(padded[..., : 36 * HOP], alone[..., : 36 * HOP], atol=1e-4)
    assert not padded[..., 37 * HOP :].any()


def test_receptive_field_is_what_it_says(synthesizer: LiteSynthesizer) -> None:
    content, _, lengths, speaker = inputs(160)
    f0 = torch.full((1, 160), 180.0)
    changed = content.clone()
    changed[:, 80] += 1
    waves = [
        synthesizer.infer(c, f0, lengths, speaker, generator=generator())[0, 0] for c in (content, changed)
    ]
    touched = (waves[0] != waves[1]).nonzero().flatten() // HOP
    reach = SMALL.receptive_frames
    assert 80 - reach <= int(touched.min()) < 80 < int(touched.max()) <= 80 + reach
    assert int(touched.max()) - int(touched.min()) > reach


def test_half_precision_weights_work(synthesizer: LiteSynthesizer) -> None:
    exact = synthesizer.infer(*inputs(40), generator=generator())
    half = synthesizer.half().infer(*inputs(40), generator=generator())
    assert half.dtype == torch.float32
    assert float((half - exact).norm() / exact.norm()) < 0.05


def clips(seconds: float = 6.0) -> Clips:
    """Return two clips of a buzz in noise, the one as loud as the content says."""
    random = np.random.default_rng(0)
    frames = int(seconds * 50) // 2 * 2
    parts = []
    for _ in range(2):
        content = np.repeat(random.uniform(-1, 1, (frames // 20, SMALL.content_dim)), 10, axis=0)
        f0 = np.full(frames, 200.0, np.float32)
        train = pulse_train(torch.from_numpy(f0)[None], RATE, HOP, torch.zeros(1))[0].numpy()
        level = np.repeat(np.exp(content[:, 0]), 2 * HOP)
        wave = 500 * train[: len(level)] * level + 300 * random.standard_normal(len(level))
        wave = np.clip(wave, -32768, 32767).astype(np.int16)
        parts.append((wave.reshape(-1, HOP), content.astype(np.float16), f0[: len(level) // HOP]))
    cards = [card(number, len(part[2])) for number, part in enumerate(parts)]
    return Clips(cards, parts, HOP, SMALL.content_dim, torch.device("cpu"))


def card(number: int, frames: int) -> ClipCard:
    return ClipCard(
        name=f"{number}",
        take=f"{number}",
        file=f"{number}",
        split="train",
        speaker=0,
        start=0,
        seconds=frames / 100,
        offset=0,
        frames=frames,
        scale=1,
        voiced=1,
    )


def recipe(seed: int = 0, dtype: torch.dtype = torch.float32) -> LiteRecipe:
    return LiteRecipe(SMALL, batch_size=2, seed=seed, device=torch.device("cpu"), dtype=dtype)


def train(learner: LiteRecipe, data: Clips, steps: range, total: int = 100) -> list[float]:
    losses = []
    for step in steps:
        learner.set_progress(step / total)
        losses.append(float(learner.step(data, step)["loss_mel"]))
    return losses


def test_training_learns() -> None:
    learner = recipe()
    learner.learning_rate = 0.1  # the usual one would need more patience
    losses = train(learner, clips(), range(40), 40)
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:5])


def test_training_is_the_same_with_the_same_seed() -> None:
    data = clips()
    first, second, other = (train(recipe(seed), data, range(3)) for seed in (1, 1, 2))
    assert first == second
    assert first != other


def test_training_goes_on_from_its_state() -> None:
    data, learner, resumed = clips(), recipe(), recipe()
    train(learner, data, range(3))
    for name, module in learner.modules.items():
        resumed.modules[name].load_state_dict(module.state_dict())
    for name, optimizer in learner.optimizers.items():
        resumed.optimizers[name].load_state_dict(copy.deepcopy(optimizer.state_dict()))
    assert train(resumed, data, range(3, 6)) == train(learner, data, range(3, 6))
    assert_equal(resumed.synthesizer.state_dict(), learner.synthesizer.state_dict())


def test_training_starts_from_a_base() -> None:
    base, learner = recipe(seed=7), recipe()
    base.synthesizer.backbone.measure_content([3 + torch.randn(50, SMALL.content_dim)])
    learner.synthesizer.load_state_dict(base.synthesizer.state_dict())
    learner.learning_rate = 0.0
    train(learner, clips(), range(1))
    assert_equal(learner.network.state_dict(), base.synthesizer.state_dict())


def test_content_is_normalised_by_what_the_clips_hold() -> None:
    learner, data = recipe(), clips()
    train(learner, data, range(1))
    content = torch.cat([data.clip(index).content.float() for index in range(len(data))])
    assert torch.allclose(learner.synthesizer.backbone.mean, content.mean(0), atol=1e-5)
    assert torch.allclose(learner.network.backbone.deviation, content.std(0), atol=1e-5)


def test_the_discriminator_joins_half_way() -> None:
    learner, data = recipe(), clips()
    learner.set_progress(FROM_SCRATCH.adversarial_from - 0.01)
    before = copy.deepcopy(learner.discriminator.state_dict())
    assert "loss_disc" not in learner.step(data, 0)
    assert_equal(learner.discriminator.state_dict(), before)
    learner.set_progress(FROM_SCRATCH.adversarial_from + 0.1)
    losses = [learner.step(data, step) for step in range(1, 25)]
    assert float(losses[-1]["loss_disc"]) < float(losses[0]["loss_disc"])
    assert all(bool(value.isfinite()) and not value.requires_grad for value in losses[-1].values())


def test_training_in_bf16_follows_fp32() -> None:
    data = clips()
    exact, rough = (
        train(recipe(dtype=dtype), data, range(8), 10) for dtype in (torch.float32, torch.bfloat16)
    )
    assert rough != exact
    assert rough == pytest.approx(exact, rel=0.05)


def test_units_are_left_out_for_a_whole_clip_and_the_mean_stays() -> None:
    torch.manual_seed(0)
    dropped = drop_units(torch.ones(4, 5, 2000), 0.25)
    assert torch.equal(dropped, dropped[:, :1].expand_as(dropped))
    assert float((dropped == 0).float().mean()) == pytest.approx(0.25, abs=0.03)
    assert float(dropped.mean()) == pytest.approx(1, abs=0.03)


def test_learning_rate_rises_and_falls_to_zero() -> None:
    learner, data = recipe(), clips()
    rates = []
    for step, progress in ((0, 0.0), (500, 0.0), (500, 0.5), (500, 1.0)):
        learner.set_progress(progress)
        learner.step(data, step)
        rates.append(learner.optimizers["generator"].param_groups[0]["lr"] / learner.learning_rate)
    assert rates == pytest.approx([0.01, 1, 0.5, 0], abs=1e-6)


def batch_of(data: Clips, bandwidth_hz: list[float] | None = None) -> Batch:
    band = None if bandwidth_hz is None else torch.tensor(bandwidth_hz)
    return dataclasses.replace(data.segments(0, 2, 0, 100), bandwidth_hz=band)


def above(wave: Tensor, hertz: float) -> Tensor:
    """Return the share of the energy of each wave (B, N) that lies above a frequency."""
    power = torch.fft.rfft(wave * torch.hann_window(wave.shape[1])).abs().square()
    first = int(hertz * wave.shape[1] / RATE) + 1
    return power[:, first:].sum(1) / power.sum(1)


@pytest.mark.parametrize("progress", [0.0, 0.9])
def test_nothing_is_learnt_above_a_recording_s_band(monkeypatch: pytest.MonkeyPatch, progress: float) -> None:
    learner, data = recipe(), clips()
    learner.set_progress(progress)
    made: list[Tensor] = []
    synthesise = learner._synthesise

    def watched(part: Part) -> Tensor:
        made.append(synthesise(part))
        made[-1].retain_grad()
        return made[-1]

    monkeypatch.setattr(learner, "_synthesise", watched)
    learner.update(batch_of(data, [4000.0, math.inf]))
    gradient = made[0].grad
    assert gradient is not None
    narrow, full = above(gradient, 4000).tolist()
    assert narrow < 1e-10
    assert full > 0.01


def test_the_discriminator_does_not_see_what_is_missing() -> None:
    learner, data = recipe(), clips()
    learner.set_progress(0.9)
    seen: list[Tensor] = []
    learner.discriminator.register_forward_pre_hook(lambda _module, waves: seen.append(waves[0].detach()))
    learner.update(batch_of(data, [4000.0, 4000.0]))
    assert float(above(seen[0], 4100).max()) < 1e-9
    learner.update(batch_of(data))
    assert float(above(seen[1], 4100).min()) > 0.01


def test_full_recordings_are_learnt_as_ever() -> None:
    data = clips()

    def losses(bandwidth_hz: list[float] | None) -> dict[str, float]:
        torch.manual_seed(3)
        learner = recipe()
        learner.set_progress(0.9)
        return {name: float(loss) for name, loss in learner.update(batch_of(data, bandwidth_hz)).items()}

    assert losses([math.inf, math.inf]) == pytest.approx(losses(None), rel=1e-4)
    assert losses([4000.0, math.inf]) != pytest.approx(losses(None), rel=1e-3)


def test_a_base_is_trained_on_carefully_and_judged_soon() -> None:
    data = clips()
    scratch, based = (
        LiteRecipe(SMALL, batch_size=2, device=torch.device("cpu"), schedule=schedule)
        for schedule in (FROM_SCRATCH, FROM_BASE)
    )
    for learner in (scratch, based):
        learner.set_progress(FROM_BASE.adversarial_from + 0.01)
    assert "loss_disc" not in scratch.step(data, 200)
    assert "loss_disc" in based.step(data, 200)
    for name in ("generator", "discriminator"):
        rates = [learner.optimizers[name].param_groups[0]["lr"] for learner in (based, scratch)]
        assert rates[0] / rates[1] == pytest.approx(FROM_BASE.learning_share)


def assert_equal(first: dict[str, Tensor], second: dict[str, Tensor]) -> None:
    assert first.keys() == second.keys()
    for name in first:
        assert torch.equal(first[name], second[name]), name
