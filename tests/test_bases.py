"""Starting from a base: whose weights, which of its speakers, and what does not fit."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from rvc.config import TrainConfig
from rvc.datasets.dataset import ClipCard
from rvc.errors import InputError
from rvc.learning import bases
from rvc.learning.data import Clips
from rvc.learning.plan import Bases, Budget, Plan
from rvc.learning.recipes.lite import LiteRecipe
from rvc.learning.validation import synthesize
from rvc.model.lite import LiteConfig, LiteSynthesizer
from rvc.voices.card import EncoderCard, VoiceCard
from rvc.voices.voice import Voice

CPU = torch.device("cpu")
DIM = 8
SHAPE = {"content_dim": DIM, "channels": 32, "hidden_channels": 64, "coarse_layers": 1, "fine_layers": 1}
BASE_SPEAKERS = 5
FRAMES = 120


@pytest.fixture
def base() -> Voice:
    """A base whose speakers differ much."""
    torch.manual_seed(0)
    config = LiteConfig(**SHAPE, speakers=BASE_SPEAKERS, bands=24)
    synthesizer = LiteSynthesizer(config).eval()
    synthesizer.emb_g.weight.data.mul_(30)
    synthesizer.backbone.measure_content([torch.randn(50, DIM)])
    card = VoiceCard(
        name="base",
        architecture="lite",
        rate=24000,
        content_encoder=EncoderCard(name="starter", dim=DIM),
        speakers=[f"{number}" for number in range(BASE_SPEAKERS)],
        config=config.model_dump(mode="json"),
    )
    return Voice(card, synthesizer)


@pytest.fixture
def files(base: Voice, tmp_path: Path) -> tuple[Path, Path]:
    generator, discriminator = tmp_path / "base.safetensors", tmp_path / "base-discriminator.safetensors"
    base.save(generator)
    torch.manual_seed(9)
    weights = recipe().discriminator.state_dict()
    save_file({name: torch.randn_like(weight).half() for name, weight in weights.items()}, discriminator)
    return generator, discriminator


def recipe(speakers: int = 1, seed: int = 1) -> LiteRecipe:
    config = LiteConfig(**SHAPE, speakers=speakers, bands=24)
    return LiteRecipe(config, batch_size=2, seed=seed, device=CPU)


def plan(generator: Path | None, discriminator: Path | None = None, **facts: object) -> Plan:
    usual = Plan(
        config=TrainConfig(),
        architecture="lite",
        rate=24000,
        encoder="starter",
        content_dim=DIM,
        speakers=("one",),
        dataset="",
        bases=Bases(generator, discriminator),
        base=(None, None),
        batch_size=2,
        budget=Budget(1, None),
        device=CPU,
        dtype=torch.float32,
    )
    return replace(usual, **facts)


def said_by(base: Voice, *speakers: int) -> Clips:
    """Return two clips of each of these speakers of the base; they are speakers 0, 1, ... now."""
    torch.manual_seed(5)
    cards, parts = [], []
    for number, speaker in enumerate([one for one in speakers for _ in range(2)]):
        content, f0 = torch.randn(FRAMES // 2, DIM).half(), torch.full((FRAMES,), 140.0 + 10 * number)
        wave = synthesize(base.synthesizer, content.float().repeat_interleave(2, 0), f0, speaker)
        loud = wave / wave.abs().max() * 32767
        cards.append(card(number, number // 2, float(wave.abs().max())))
        parts.append((loud.short().numpy().reshape(FRAMES, -1), content.numpy(), f0.numpy()))
    return Clips(cards, parts, 240, DIM, CPU)


def card(number: int, speaker: int, scale: float) -> ClipCard:
    facts = dict.fromkeys(("name", "take", "file"), f"{number}")
    numbers = {"start": 0, "seconds": FRAMES / 100, "offset": 0, "frames": FRAMES, "voiced": 1}
    return ClipCard(split="train", speaker=speaker, scale=scale, **facts, **numbers)


def rows(learner: LiteRecipe) -> Tensor:
    return learner.synthesizer.emb_g.weight.detach()


@pytest.mark.parametrize("speaker", range(BASE_SPEAKERS))
def test_a_voice_starts_as_the_speaker_that_it_is_like(
    base: Voice, files: tuple[Path, Path], speaker: int
) -> None:
    learner = recipe()
    bases.load(learner, plan(files[0]), said_by(base, speaker))
    expected = base.synthesizer.emb_g.weight[speaker]
    assert torch.allclose(rows(learner)[0], expected, atol=1e-2)


def test_several_voices_start_as_several_speakers(base: Voice, files: tuple[Path, Path]) -> None:
    learner = recipe(speakers=3)
    bases.load(learner, plan(files[0]), said_by(base, 4, 1, 1))
    assert torch.allclose(rows(learner), base.synthesizer.emb_g.weight[[4, 1, 1]], atol=1e-2)


def test_more_voices_than_the_base_has_speakers(base: Voice, files: tuple[Path, Path]) -> None:
    speakers = [number % BASE_SPEAKERS for number in range(BASE_SPEAKERS + 2)]
    learner = recipe(speakers=len(speakers))
    bases.load(learner, plan(files[0]), said_by(base, *speakers))
    assert torch.allclose(rows(learner), base.synthesizer.emb_g.weight[speakers], atol=1e-2)


def test_the_base_s_content_and_discriminator_are_taken_over(base: Voice, files: tuple[Path, Path]) -> None:
    learner, clips = recipe(), said_by(base, 2)
    bases.load(learner, plan(*files), clips)
    learner.learning_rate = 0.0
    stored = load_file(files[1])
    found = learner.discriminator.state_dict()
    assert all(torch.equal(found[name].half(), weight) for name, weight in stored.items())
    learner.step(clips, 0)
    for name in ("mean", "deviation"):
        kept = base.synthesizer.backbone.get_buffer(name)
        assert torch.equal(learner.network.backbone.get_buffer(name), kept.half().float())


@pytest.mark.parametrize("fact", [{"rate": 32000}, {"encoder": "wakehubert-tiny"}])
def test_a_base_of_another_rate_or_encoder_is_refused(
    base: Voice, files: tuple[Path, Path], fact: dict[str, object]
) -> None:
    with pytest.raises(InputError, match="24000 Hz on starter") as caught:
        bases.load(recipe(), plan(files[0], **fact), said_by(base, 0))
    assert caught.value.code == "wrong_base"


def test_a_damaged_discriminator_is_refused(base: Voice, files: tuple[Path, Path], tmp_path: Path) -> None:
    clips = said_by(base, 0)
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(files[1].read_bytes()[:-7])
    with pytest.raises(InputError) as caught:
        bases.load(recipe(), plan(None, damaged), clips)
    assert caught.value.code == "damaged_base"
    with pytest.raises(InputError) as caught:
        bases.load(recipe(), plan(None, files[0]), clips)
    assert caught.value.code == "wrong_base"
