"""Practice: conversions while learning, judged by the project's own encoders on real recordings."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from rvc import paths
from rvc.analysis import content
from rvc.config import PrepareConfig, TrainConfig
from rvc.datasets.dataset import Prepared
from rvc.datasets.preparation import prepare
from rvc.events import Reporter
from rvc.learning import data
from rvc.learning.data import Batch, Clips
from rvc.learning.plan import FROM_SCRATCH, Plan
from rvc.learning.recipes.accumulation import Accumulation
from rvc.learning.recipes.lite import LiteRecipe
from rvc.learning.recipes.practice import Practice
from rvc.learning.training import train
from rvc.model.lite import LiteConfig
from rvc.sound import audio
from tests.test_accumulation import assert_near, gradients

CPU = torch.device("cpu")
SMALL = LiteConfig(content_dim=160, channels=32, hidden_channels=64, coarse_layers=2, fine_layers=1, bands=32)
ROWS = 8


@pytest.fixture(scope="module")
def prepared(few_takes: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    folder = tmp_path_factory.mktemp("practice")
    return prepare([few_takes], folder, PrepareConfig(rate=24000, encoder=content.STARTER), Reporter())


@pytest.fixture(scope="module")
def clips(prepared: Prepared) -> Clips:
    return data.load(prepared, "train")


@pytest.fixture(scope="module")
def practice(clips: Clips) -> Practice:
    return Practice(clips, 1, 24000, rows=ROWS, seed=3)


def said(clips: Clips, number: int) -> Batch:
    """Return a clip as a batch of one."""
    clip = clips.clip(number)
    whole = clips.batch(0, 1, 0)
    frames = len(clip.f0)
    return replace(
        whole,
        content=clip.content.float().repeat_interleave(2, 0)[None],
        f0=clip.f0[None],
        lengths=torch.tensor([frames]),
        wave=clip.wave[None, None],
    )


def test_sayings_of_a_step_are_the_same_for_all_and_as_high_as_the_voice(
    practice: Practice, clips: Clips
) -> None:
    first, again, other = practice.draw(5), practice.draw(5), practice.draw(6)
    assert torch.equal(first.content, again.content)
    assert torch.equal(first.f0, again.f0)
    assert not torch.equal(first.f0, other.f0)
    medians = torch.stack([row[row > 0].median() for row in first.f0])
    assert ((medians / clips.usual_pitch_hz).log2().abs() < 0.5).all()


def test_recordings_of_the_voice_are_near_it_and_say_what_they_say(practice: Practice, clips: Clips) -> None:
    own, deviation = said(clips, 0), torch.ones(160)
    near = practice.losses(own.wave[:, 0], own, deviation)
    elsewhere = replace(own, content=own.content.flip(1))
    (file,) = paths.resource("demo/source").glob("*.flac")
    visitor = torch.from_numpy(audio.read(file, 24000)[0])[None, : own.wave.shape[-1]]
    assert float(near["loss_voice"]) < 0.3
    assert float(practice.losses(visitor, own, deviation)["loss_voice"]) > 2 * float(near["loss_voice"])
    other_words = practice.losses(own.wave[:, 0], elsewhere, deviation)
    assert float(other_words["loss_content"]) > 5 * float(near["loss_content"])


def test_the_parts_of_a_batch_practise_what_the_whole_does(practice: Practice, clips: Clips) -> None:
    losses, learners = [], [learner(micro_batch) for micro_batch in (None, 3)]
    for one in learners:
        one._practice = practice
        one.set_progress(0.9)
        batch = clips.segments(0, ROWS, 0, 100)
        losses.append(one.update(batch, draws=7, sayings=practice.draw(0)))
    assert losses[0].keys() >= {"loss_voice", "loss_content"}
    for name, loss in losses[0].items():
        assert float(losses[1][name]) == pytest.approx(float(loss), rel=1e-3), name
    assert_near(gradients(learners[0]), gradients(learners[1]), 5e-3)


def learner(micro_batch: int | None) -> LiteRecipe:
    accumulation = Accumulation(micro_batch=micro_batch)
    return LiteRecipe(SMALL, batch_size=ROWS, device=CPU, practises=True, accumulation=accumulation)


def test_practising_brings_conversions_nearer(practice: Practice, clips: Clips) -> None:
    one = learner(None)
    one._start(clips)
    one._practice = practice
    one.set_progress(0.7)
    history = []
    for step in range(26):
        one._set_learning_rates(100)
        losses = one.update(clips.segments(step, ROWS, 0, 100), draws=step, sayings=practice.draw(step))
        history.append(float(losses["loss_voice"]))
    assert sum(history[-4:]) < 0.95 * sum(history[:4])


@pytest.mark.parametrize(("settings", "practises"), [({}, True), ({"practice": False}, False)])
def test_a_training_from_the_project_s_base_practises(
    prepared: Prepared, tmp_path: Path, settings: dict[str, bool], practises: bool
) -> None:
    config = TrainConfig(name="short", architecture="lite", steps=4, **settings)
    assert Plan.of(prepared, config).practises == practises
    train(prepared.folder, tmp_path, config, Reporter())
    lines = [json.loads(line) for line in (tmp_path / "history.jsonl").read_text().splitlines()]
    assert any("loss_voice" in line["values"] for line in lines) == practises


def test_a_training_from_scratch_does_not(prepared: Prepared) -> None:
    config = TrainConfig(name="short", architecture="lite", steps=4, base_generator=FROM_SCRATCH)
    assert not Plan.of(prepared, config).practises
