"""Training in several processes: what is learnt does not depend on how many there are, and none is left alone."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from rvc.config import TrainConfig
from rvc.errors import Error, InputError, Paused
from rvc.events import Checkpoint, Event, Metrics, Reporter
from rvc.learning import checkpoint
from rvc.learning.distributed import World
from rvc.learning.recipes.accumulation import Accumulation
from rvc.learning.training import train
from rvc.voices.voice import Voice
from tests import small_v2
from tests.datasets import LITE, one_thread, vowels

STEPS = 20
NEAR = 1e-4


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vowels(tmp_path_factory.mktemp("ranks"))


def largest_difference(one: dict[str, Tensor], other: dict[str, Tensor]) -> float:
    assert one.keys() == other.keys()
    return max(float((tensor.float() - other[name].float()).abs().max()) for name, tensor in one.items())


def ranks_of(parent: int) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(parent).children():
        with contextlib.suppress(psutil.NoSuchProcess):  # it has ended, perhaps as another test's
            if "rvc.learning.ranks" in child.cmdline():
                found.append(child)
    return found


def test_two_processes_learn_what_one_does_also_when_paused(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paused and taken up again, they end with the weights of one process that computes the batch in two parts.

    At once, sums are rounded otherwise, and the optimisers make the most of it: so the rate is low here.
    """
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    settings = LITE | {"batch_size": 4, "steps": STEPS, "precision": "fp32", "learning_rate": 1e-4}

    def pause(event: Event) -> None:
        if isinstance(event, Checkpoint) and event.step >= 5:
            reporter.request_stop()

    reporter = Reporter(pause)
    config = TrainConfig(**settings, gpus=2)
    with pytest.raises(Paused):
        train(prepared, tmp_path / "two", config, reporter)
    newest = checkpoint.newest(tmp_path / "two/checkpoints")
    assert newest is not None
    assert 5 <= checkpoint.read_header(newest).standing.step < STEPS
    assert not ranks_of(os.getpid())

    events: list[Event] = []
    trained = train(prepared, tmp_path / "two", config, Reporter(events.append))
    assert trained.standing.step == STEPS
    assert any(isinstance(event, Metrics) for event in events)
    assert Voice.load(trained.model).card.steps == STEPS

    with one_thread():
        for name, size in (("whole", None), ("parts", 2)):
            train(prepared, tmp_path / name, TrainConfig(**settings, micro_batch=size), Reporter())
    whole, parts, two = (last_state(tmp_path / name) for name in ("whole", "parts", "two"))
    assert all(torch.equal(tensor, two[name]) for name, tensor in parts.items())
    voices = [name for name in whole if name.startswith(("module/generator/", "module/average/"))]
    assert largest_difference(*({name: part[name] for name in voices} for part in (whole, two))) < NEAR


def last_state(out: Path) -> dict[str, Tensor]:
    return checkpoint.read(checkpoint.path_of(out / "checkpoints", STEPS)).tensors


@pytest.mark.slow
def test_two_processes_learn_what_one_does_with_the_full_models_recipe(tmp_path: Path) -> None:
    # As a user of torchrun starts it: that is the other way in.
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    words = ["-m", "tests.small_v2", str(STEPS), str(tmp_path / "two")]
    quiet = os.environ | {"OMP_NUM_THREADS": "1"}
    with subprocess.Popen([*launch, *words], env=quiet, stderr=subprocess.DEVNULL) as process:
        whole, parts = (small_v2.train(STEPS, Accumulation(micro_batch=size)) for size in (None, 2))
        assert process.wait() == 0
    two = load_file(tmp_path / "two")
    assert all(torch.equal(tensor, two[name]) for name, tensor in parts.items())
    # Adding a number to all scores of a query changes nothing, so the gradient of these biases is rounding alone,
    # which Adam makes as large as any.
    without = [name for name in whole if not name.endswith("conv_k.bias")]
    assert largest_difference(*({name: part[name] for name in without} for part in (whole, two))) < NEAR


def test_a_dead_process_ends_the_training_clearly(prepared: Path, tmp_path: Path) -> None:
    killed: list[int] = []

    def kill_one(event: Event) -> None:
        if isinstance(event, Checkpoint) and not killed:
            victim = next(one for one in ranks_of(os.getpid()) if one.environ()["RANK"] == "1")
            killed.append(victim.pid)
            victim.send_signal(signal.SIGKILL)

    config = TrainConfig(**LITE, steps=500, checkpoint_every=2, gpus=2)
    with pytest.raises(Error, match="Number 2 of the 2 processes") as caught:
        train(prepared, tmp_path, config, Reporter(kill_one))
    assert caught.value.code == "rank_died"
    assert "last checkpoint" in caught.value.hint
    assert not ranks_of(os.getpid())
    newest = checkpoint.newest(tmp_path / "checkpoints")
    assert newest is not None
    checkpoint.read(newest)


@pytest.mark.slow
def test_a_failure_is_told_as_one_process_would(prepared: Path, tmp_path: Path) -> None:
    config = TrainConfig(**LITE, steps=2, gpus=2, base_generator=str(tmp_path / "nothing"))
    with pytest.raises(InputError) as caught:
        train(prepared, tmp_path, config, Reporter())
    assert caught.value.code == "missing_base"


@pytest.mark.slow
def test_more_gpus_than_there_are(prepared: Path, tmp_path: Path) -> None:
    if torch.cuda.device_count() > 1:
        pytest.skip("there are several")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    config = TrainConfig(**(LITE | {"device": device}), gpus=3 if device == "cpu" else 2)
    with pytest.raises(InputError) as caught:
        train(prepared, tmp_path, config, Reporter())
    assert caught.value.code == ("batch_too_small" if device == "cpu" else "too_few_gpus")


def test_several_gpus_where_there_is_none(prepared: Path, tmp_path: Path) -> None:
    if torch.cuda.is_available() or torch.backends.mps.is_available():
        pytest.skip("there is one")
    with pytest.raises(InputError) as caught:
        train(prepared, tmp_path, TrainConfig(**(LITE | {"device": "auto"}), gpus=2), Reporter())
    assert caught.value.code == "too_few_gpus"


@pytest.mark.slow
def test_the_processes_end_with_the_one_that_started_them(prepared: Path, tmp_path: Path) -> None:
    """Killed with -9, a training of several processes leaves no orphans, and a checkpoint to go on from."""
    words = ["train", str(prepared), "--out", str(tmp_path), "--gpus", "2", "--minutes", "10", "--json"]
    settings = ["--architecture", "lite", "--batch-size", "2", "--device", "cpu"]
    with subprocess.Popen(
        [sys.executable, "-m", "rvc", *words, *settings], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if '"event":"metrics"' in line:
                break
        ranks = ranks_of(process.pid)
        assert len(ranks) == 2
        process.kill()
    _, alive = psutil.wait_procs(ranks, timeout=60)
    assert not alive
    assert checkpoint.newest(tmp_path / "checkpoints") is not None


def test_rows_are_divided_evenly_and_wholly() -> None:
    parts = [World(rank, 3).rows(8) for rank in range(3)]
    assert [list(part) for part in parts] == [[0, 1], [2, 3, 4], [5, 6, 7]]
    with pytest.raises(InputError):
        World(0, 3).rows(2)


def test_a_process_alone_agrees_with_itself() -> None:
    alone = World()
    tensor = torch.ones(2)
    alone.add_up([tensor])
    alone.wait()
    assert alone.agree(1.5, True) == (1.5, True)
    assert tensor.tolist() == [1, 1]
    assert alone.device("auto") == "auto"
