"""Time to quality: ways to learn a voice are compared at equal times, from the same start, on the same takes."""

from pathlib import Path

import pytest
import torch

from rvc import bench
from rvc.bench import BenchConfig, plots, quality
from rvc.bench.material import Bench
from rvc.bench.quality import WEBUI, Learner, Point, figures, narrowed
from rvc.bench.report import Report
from rvc.errors import Paused
from rvc.events import Reporter
from rvc.learning.recipes.gan import GanRecipe
from rvc.learning.validation import HeldOut
from rvc.model.config import SynthesizerConfig
from tests.small_v2 import small_clips, small_recipe

MOMENT = BenchConfig(seconds=45, batch_size=2, clock="cpu").model_copy(update={"minutes": 0.004})


def learner(name: str, *scores: float) -> Learner:
    curve = [Point(minute, 100 * minute, score, score) for minute, score in enumerate(scores, 1)]
    return Learner(name, small_recipe(2), curve=curve)


def test_a_score_is_reached_between_two_tests() -> None:
    one = learner("here", 3.0, 2.0, 1.0)
    assert one.minutes_to(1.5) == pytest.approx(2.5)
    assert one.minutes_to(3.5) == 1
    assert one.minutes_to(0.5) is None


def test_ways_are_compared_at_what_all_of_them_reach() -> None:
    found = figures([learner("in bf16", 3.0, 1.0, 0.5), learner(WEBUI, 4.0, 2.0, 2.5)])
    assert found["score that all reach"] == 2.0
    assert found["minutes to it in bf16"] == pytest.approx(1.5)
    assert found["share of WebUI's time to it, in bf16"] == pytest.approx(0.75)
    assert found["in bf16, 3 min: score"] == 0.5
    assert found[f"{WEBUI}, 2 min: steps"] == 200


@pytest.mark.usefixtures("offline_assets")
def test_all_learn_in_turns_and_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "POINTS", 2)
    result = bench.run("quality", MOMENT, None, Reporter())
    assert {"step in fp32", "step in fp32, another seed"} <= {timing.name for timing in result.timings}
    for way in ("in fp32", "in fp32, another seed"):
        assert any(name.startswith(f"{way}, 0.0") and name.endswith(": score") for name in result.figures)
    assert result.settings["held_out_s"]
    (plot,) = plots.draw(Report(benchmarks=[result]), tmp_path)
    assert plot.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
@pytest.mark.usefixtures("offline_assets")
def test_the_full_model_is_compared_with_webui(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "POINTS", 2)
    config = MOMENT.model_copy(update={"architecture": "v2", "halvings": 3, "minutes": 0.04})
    found = bench.run("quality", config, None, Reporter()).figures
    assert found["score that all reach"] > 0
    assert any(name.startswith(WEBUI) for name in found)


def test_a_stop_request_ends_it() -> None:
    reporter = Reporter()
    reporter.request_stop()
    one = learner("here")
    with Bench.open(MOMENT, None, reporter) as opened, pytest.raises(Paused):
        quality._learn_in_turns(opened, [one], small_clips(), HeldOut([], 32000))
    assert one.steps == 1


def test_a_narrow_model_has_as_many_layers() -> None:
    whole = SynthesizerConfig.v2(40000)
    narrow = narrowed(whole, 8)
    assert (narrow.layers, narrow.upsample_rates, narrow.inter_channels) == (6, whole.upsample_rates, 24)
    recipe = GanRecipe(narrow, batch_size=2, device=torch.device("cpu"), discriminator_divisor=8)
    count = sum(weight.numel() for weight in recipe.discriminator.parameters())
    assert 0.01 < count / 71_410_594 < 0.02
    scores, _ = recipe.discriminator(torch.randn(1, 1, 4000))
    assert len(scores) == 9
