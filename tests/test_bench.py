"""Benchmarks: the real stages, measured in turn; the incumbents' step is the same step but for its cost."""

import json
from operator import mul
from pathlib import Path

import pytest
import torch

from rvc import bench, paths
from rvc.bench import BenchConfig, Benchmark, Stage, floor, load, plots, process
from rvc.bench.incumbents import ApplioRecipe, WebuiRecipe, plain
from rvc.bench.material import Bench
from rvc.bench.report import Report, compare, read
from rvc.cli import main
from rvc.device import natural_dtype
from rvc.errors import Error, InputError, Paused
from rvc.events import Reporter
from rvc.learning.data import Batch
from rvc.learning.recipes.gan import GanRecipe
from rvc.machine import Machine
from rvc.model.config import SynthesizerConfig
from rvc.model.synthesizer import Synthesizer
from tests.voices import SMALL, SMALL_DIM

QUICK = BenchConfig(seconds=12, repeat=1, batch_size=2, rows=2000)


@pytest.mark.usefixtures("offline_assets")
@pytest.mark.parametrize(
    ("stage", "timed", "figure"),
    [
        ("prepare", "networks, clips together", "seconds for a second of recordings"),
        ("index", "search, exact", "rows"),
        ("convert", "convert", "seconds for a second of speech"),
        ("train", "step", "steps a second"),
        ("live", "block", "share of what it lasts, block"),
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
@pytest.mark.parametrize(
    ("stage", "figure"),
    [
        ("train", "share of WebUI's time, step"),
        ("prepare", "share of the incumbents' time, prepare"),
        ("convert", "share of the incumbents' time, convert"),
        ("live", "share of the incumbents' time, block"),
        ("cold", "seconds to the first sound, fp32"),
    ],
)
def test_the_full_model_is_measured_beside_the_incumbents(stage: Stage, figure: str) -> None:
    config = QUICK.model_copy(update={"architecture": "v2", "seconds": 20.0})
    result = bench.run(stage, config, None, Reporter())
    assert result.figures[figure] > 0
    in_bf16 = [timing.name for timing in result.timings if "bf16" in timing.name]
    assert bool(in_bf16) == (natural_dtype(torch.device("cpu")) == torch.bfloat16)


@pytest.mark.slow
@pytest.mark.usefixtures("offline_assets")
def test_growth_has_a_point_for_each_amount() -> None:
    result = bench.run("growth", QUICK.model_copy(update={"minutes": 1.0}), None, Reporter())
    assert {name.split(":")[0] for name in result.figures} == {
        f"{stage}, 1 min" for stage in ("prepare", "index", "convert")
    }


@pytest.mark.slow
def test_a_busy_core_is_measured() -> None:
    figures = bench.run("load", QUICK, None, Reporter()).figures
    assert len(figures) == 2 * len(load.WAYS)
    assert all(value > 0 for value in figures.values())


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
@pytest.mark.parametrize("kind", [WebuiRecipe, ApplioRecipe])
def test_the_incumbents_step_changes_the_weights_alike(kind: type[GanRecipe]) -> None:
    ours, theirs = small_recipe(GanRecipe), small_recipe(kind)
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
    command = ["bench", "index", "--seconds", "12", "--repeat", "1", "--rows", "2000"]
    assert main([*command, "--out", str(tmp_path / "index.json")]) == 0
    table = capsys.readouterr().out
    assert "search, exact" in table
    assert "median" in table
    assert main([*command, "--json"]) == 0
    done = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert done["summary"]["machine"]["packages"]["torch"]
    assert done["summary"].keys() == json.loads((tmp_path / "index.json").read_text()).keys()


def test_the_incumbents_decoder_says_the_same() -> None:
    torch.manual_seed(0)
    config = SynthesizerConfig.model_validate(SynthesizerConfig.v2(32000).model_dump() | SMALL)
    synthesizer = Synthesizer(config).eval()
    z, f0 = torch.randn(1, config.inter_channels, 30), torch.full((1, 30), 200.0)
    g = torch.randn(1, config.gin_channels, 1)
    with torch.inference_mode():
        ours = synthesizer.dec(z, f0, g, torch.zeros_like)
        theirs = plain(synthesizer).dec(z, f0, g, torch.zeros_like)
    assert (ours - theirs).abs().max() < 1e-5 * ours.abs().max()


def report(share: float) -> Report:
    figures = {
        "share of the incumbents' time, convert": share,
        "seconds for a second of speech": 3.0,
        "prepare, 1 min: CPU s": 2.0,
        "prepare, 10 min: CPU s": 20.0,
    }
    one = {"machine": Machine.describe(), "device": "cpu", "settings": {"architecture": "v2"}, "timings": []}
    return Report(benchmarks=[Benchmark(stage="growth", figures=figures, **one)])


def test_ratios_are_compared_with_those_kept(tmp_path: Path) -> None:
    kept = tmp_path / "ratios.json"
    compare(report(0.4), kept)
    own = {"v2, growth: share of the incumbents' time, convert": 0.4}
    assert json.loads(kept.read_text()) == {Machine.describe().cpu: own}
    assert len(compare(report(0.45), kept)) == 1
    with pytest.raises(Error, match=r"Slower than before: v2, growth: .* 0\.60, was 0\.40"):
        compare(report(0.6), kept)
    kept.write_text(json.dumps({"another processor": own | {next(iter(own)): 0.2}}))
    assert len(compare(report(0.6), kept)) == 1
    assert len(json.loads(kept.read_text())) == 2
    kept.write_text("[]")
    with pytest.raises(InputError, match="no ratios"):
        compare(report(0.4), kept)


def test_a_report_is_read_back_and_drawn(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(report(0.4).model_dump_json())
    drawn = plots.draw(read(file), tmp_path / "plots")
    assert [path.name for path in drawn] == ["bench-shares.png", "bench-growth.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)
    file.write_text("{}")
    with pytest.raises(InputError, match="no report"):
        read(file)


def test_operations_are_those_of_gradients_too() -> None:
    x, weight = torch.randn(4, 8, requires_grad=True), torch.randn(8, 16)
    assert floor.operations(lambda: x @ weight) == 2 * 4 * 8 * 16
    assert floor.operations(lambda: (x @ weight).sum().backward()) == 2 * 2 * 4 * 8 * 16


def test_the_best_speed_of_a_device_is_measured(tmp_path: Path) -> None:
    bench_here = Bench(QUICK, [], tmp_path, Reporter())
    assert 1e9 < floor.peak(bench_here, torch.float32) < 1e16


def test_memory_is_that_of_a_process() -> None:
    little, much = (process.cost_of(mul, b"x", mebibytes << 20).peak_mib for mebibytes in (1, 200))
    assert 150 < much - little < 250


def test_a_stage_or_all_must_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench"]) == 2
    assert main(["bench", "train", "--all"]) == 2
    assert "what to measure" in capsys.readouterr().err
