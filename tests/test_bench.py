"""Benchmarks: the real stages, measured in turn; the incumbents' step is the same step but for its cost."""

import json
from pathlib import Path

import pytest
import torch

from rvc import bench, paths
from rvc.bench import BenchConfig, Stage
from rvc.bench.material import Bench
from rvc.bench.training import IncumbentRecipe
from rvc.cli import main
from rvc.errors import InputError, Paused
from rvc.events import Reporter
from rvc.learning.data import Batch
from rvc.learning.recipes.gan import GanRecipe
from rvc.model.config import SynthesizerConfig
from tests.voices import SMALL, SMALL_DIM

QUICK = BenchConfig(seconds=12, repeat=1, batch_size=2)


@pytest.mark.usefixtures("offline_assets")
@pytest.mark.parametrize(
    ("stage", "timed", "figure"),
    [
        ("prepare", "networks, clips together", "seconds for a second of recordings"),
        ("index", "search, exact", "rows"),
        ("convert", "convert", "seconds for a second of speech"),
        ("train", "step", "steps a second"),
    ],
)
def test_a_stage_is_measured(stage: Stage, timed: str, figure: str) -> None:
    result = bench.run(stage, QUICK, None, Reporter())
    assert all(len(timing.seconds) == 1 and timing.seconds[0] > 0 for timing in result.timings)
    assert timed in {timing.name for timing in result.timings}
    assert result.figures[figure] > 0
    assert result.settings["encoder"]
    assert bench.Benchmark.model_validate_json(result.model_dump_json()) == result


@pytest.mark.slow
@pytest.mark.usefixtures("offline_assets")
def test_a_step_of_the_full_model_is_measured_beside_the_incumbents() -> None:
    config = QUICK.model_copy(update={"architecture": "v2"})
    result = bench.run("train", config, None, Reporter())
    assert result.figures["times as fast as the incumbents' step"] > 0


def small_recipe(kind: type[GanRecipe]) -> GanRecipe:
    whole = SynthesizerConfig.v2(32000).model_dump()
    config = SynthesizerConfig.model_validate(whole | SMALL)
    return kind(config, batch_size=2, seed=3, device=torch.device("cpu"))


def batch(frames: int = 60) -> Batch:
    generator = torch.Generator().manual_seed(0)
    return Batch(
        content=torch.randn(2, frames, SMALL_DIM, generator=generator),
        f0=torch.full((2, frames), 200.0),
        lengths=torch.tensor([frames, frames]),
        wave=0.1 * torch.randn(2, 1, frames * 320, generator=generator),
        speaker=torch.zeros(2, dtype=torch.long),
    )


@pytest.mark.slow
def test_the_incumbents_step_changes_the_weights_alike() -> None:
    ours, theirs = small_recipe(GanRecipe), small_recipe(IncumbentRecipe)
    losses, same = ours.update(batch()), theirs.update(batch())
    assert losses.keys() == same.keys()
    for name, loss in losses.items():
        assert float(same[name]) == pytest.approx(float(loss), rel=1e-4)
    for one, other in zip(ours.synthesizer.parameters(), theirs.synthesizer.parameters(), strict=True):
        assert torch.allclose(one, other, atol=3e-4)


def test_things_are_measured_in_turn_after_a_warm_up() -> None:
    order: list[str] = []
    with Bench.open(QUICK.model_copy(update={"repeat": 2}), None, Reporter()) as one:
        took = one.measure({"a": lambda: order.append("a"), "b": lambda: order.append("b")})
    assert order == ["a", "b"] * 3
    assert took.keys() == {"a", "b"}
    assert [len(timing.seconds) for timing in one.timings] == [2, 2]


@pytest.mark.usefixtures("offline_assets")
def test_nothing_is_left_behind_and_nothing_kept_is_used(studio_home: Path) -> None:
    with Bench.open(QUICK, None, Reporter()) as one:
        features = one.features()
        first, second = one.prepared(features), one.prepared(features)
        assert first.folder != second.folder
        folder = one.folder
    assert not folder.exists()
    assert not paths.features_dir().exists()
    assert paths.home() == studio_home


def test_a_stop_request_is_heard() -> None:
    reporter = Reporter()
    reporter.request_stop()
    with Bench.open(QUICK, None, reporter) as one, pytest.raises(Paused):
        one.measure({"a": lambda: None})


def test_a_folder_without_recordings(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no recordings"):
        bench.run("prepare", QUICK, tmp_path, Reporter())


@pytest.mark.usefixtures("offline_assets")
def test_the_command_prints_a_table_or_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["bench", "index", "--seconds", "12", "--repeat", "1"]
    assert main([*command, "--out", str(tmp_path / "index.json")]) == 0
    table = capsys.readouterr().out
    assert "search, exact" in table
    assert "median" in table
    assert main([*command, "--json"]) == 0
    done = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert done["summary"]["machine"]["packages"]["torch"]
    assert done["summary"].keys() == json.loads((tmp_path / "index.json").read_text()).keys()
