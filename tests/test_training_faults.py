"""What may happen to a training: it is killed, its disk lies or fills up, somebody has had enough of it."""

import multiprocessing
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from rvc.config import TrainConfig
from rvc.errors import Error, InputError, Paused
from rvc.events import Checkpoint, Event, Log, Progress, Reporter
from rvc.learning import checkpoint, history
from rvc.learning.training import Trained, Training, train
from rvc.voices.voice import Voice
from tests.datasets import LITE, one_thread, vowels

FORKS = multiprocessing.get_context("forkserver" if sys.platform != "win32" else "spawn")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vowels(tmp_path_factory.mktemp("faults"))


def run(prepared: Path, out: Path, **settings: object) -> tuple[Trained, list[Event]]:
    events: list[Event] = []
    config = TrainConfig(**{**LITE, "keep_checkpoints": 3, **settings})
    return train(prepared, out, config, Reporter(events.append)), events


@pytest.fixture(scope="module")
def whole(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training of eight steps to which nothing happened."""
    out = tmp_path_factory.mktemp("whole") / "out"
    run(prepared, out, steps=8)
    return out


def state(out: Path, step: int) -> dict[str, torch.Tensor]:
    """Return all tensors of a checkpoint: copies, for its file may be about to be damaged."""
    tensors = load_file(checkpoint.path_of(out / "checkpoints", step))
    return {name: tensor.clone() for name, tensor in tensors.items()}


def assert_same(first: Path, second: Path, step: int) -> None:
    """Compare all weights and optimisers bit for bit, and what was measured of the model."""
    one, other = state(first, step), state(second, step)
    assert one.keys() == other.keys()
    assert all(torch.equal(tensor, other[name]) for name, tensor in one.items())
    scores = [[row for row in history.read(out) if "val_mel" in row.values] for out in (first, second)]
    assert scores[0] == scores[1]


def _train_until_killed(prepared: Path, out: Path, steps: int, step: "Synchronized[int]") -> None:
    torch.set_num_threads(1)

    def note(event: Event) -> None:
        if isinstance(event, Progress | Checkpoint):
            step.value = event.step

    config = TrainConfig(**LITE, steps=steps, checkpoint_every=3)
    train(prepared, out, config, Reporter(note))


def _killed_at(prepared: Path, out: Path, steps: int, moment: int, jitter_s: float) -> bool:
    """Train in a process of its own and kill it a little after a step; say whether it still lived then."""
    step = FORKS.Value("i", 0)
    process = FORKS.Process(target=_train_until_killed, args=(prepared, out, steps, step))
    process.start()
    while process.is_alive() and step.value < moment:
        time.sleep(0.002)
    time.sleep(jitter_s)
    process.kill()
    process.join()
    return process.exitcode == -9


@pytest.mark.parametrize(("kills", "steps"), [(2, 12), pytest.param(20, 120, marks=pytest.mark.slow)])
def test_killed_again_and_again_it_ends_with_the_same_weights(
    prepared: Path, tmp_path: Path, kills: int, steps: int
) -> None:
    FORKS.set_forkserver_preload(["rvc.learning.training"])
    chance = random.Random(time.time_ns())
    moments = sorted(chance.sample(range(1, steps - 1), kills))
    survived = [
        _killed_at(prepared, tmp_path / "killed", steps, moment, chance.uniform(0, 0.2)) for moment in moments
    ]
    assert sum(survived) >= kills - 1, moments
    with one_thread():
        for name in ("killed", "whole"):
            run(prepared, tmp_path / name, steps=steps, checkpoint_every=3)
    assert_same(tmp_path / "killed", tmp_path / "whole", steps)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 0x10
    path.write_bytes(content)


def _flip_weight(path: Path) -> None:
    _flip(path, -1_000_000)


def _flip_header(path: Path) -> None:
    _flip(path, path.read_bytes().index(b"elapsed_s") + len(b"elapsed_s") + 6)


@pytest.mark.parametrize("damage", [_cut, _empty, _flip_weight, _flip_header])
def test_a_damaged_checkpoint_is_noticed_and_the_one_before_it_used(
    prepared: Path, whole: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    out = shutil.copytree(whole, tmp_path / "out")
    newest = checkpoint.path_of(out / "checkpoints", 8)
    damage(newest)
    _, events = run(prepared, out, steps=8)
    told = [event for event in events if isinstance(event, Log) and event.code == "damaged_checkpoint"]
    assert [event.level for event in told] == ["warning"]
    assert "at step 7." in told[0].text
    assert newest.with_suffix(".damaged").exists()
    assert_same(out, whole, 8)


def test_without_a_sound_checkpoint_nothing_is_begun_anew(
    prepared: Path, whole: Path, tmp_path: Path
) -> None:
    out = shutil.copytree(whole, tmp_path / "out")
    for path in checkpoint.newest_first(out / "checkpoints"):
        _cut(path)
    with pytest.raises(InputError) as caught:
        run(prepared, out, steps=9)
    assert caught.value.code == "bad_checkpoint"
    assert (out / "voice.safetensors").read_bytes() == (whole / "voice.safetensors").read_bytes()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system with room for two checkpoints and a model, but not for three."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=85m", "tmpfs", str(place)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a file system cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_ends_it_with_the_last_checkpoint_intact(
    prepared: Path, whole: Path, disk: Path, tmp_path: Path
) -> None:
    with pytest.raises(Error) as caught:
        run(prepared, disk / "out", steps=8, checkpoint_every=1)
    assert caught.value.code == "disk_full"
    assert "Free some space" in caught.value.hint
    kept = checkpoint.newest(disk / "out/checkpoints")
    assert kept is not None
    checkpoint.read(kept)
    shutil.copytree(disk / "out", tmp_path / "out")
    run(prepared, tmp_path / "out", steps=8)
    assert_same(tmp_path / "out", whole, 8)


def test_after_losses_that_are_no_numbers_it_goes_on_from_before(
    prepared: Path, whole: Path, tmp_path: Path
) -> None:
    config = TrainConfig(**LITE, steps=8, checkpoint_every=1)
    training = Training.begin(prepared, tmp_path / "out", config, Reporter())
    step = training.recipe.step

    def broken(clips: object, number: int) -> dict[str, torch.Tensor]:
        if number == 3:
            with torch.no_grad():
                next(iter(training.recipe.modules["generator"].parameters())).fill_(float("nan"))
        return step(clips, number)  # type: ignore[arg-type]

    training.recipe.step = broken  # type: ignore[method-assign]
    with pytest.raises(Error) as caught:
        training.run()
    assert caught.value.code == "nan_loss"
    folder = tmp_path / "out/checkpoints"
    assert checkpoint.newest(folder) == checkpoint.path_of(folder, 3)
    run(prepared, tmp_path / "out", steps=8)
    assert_same(tmp_path / "out", whole, 8)


def test_enough_is_enough(prepared: Path, tmp_path: Path) -> None:
    """Asked to finish, it ends well at once, stays ended, and goes on where a longer training is asked for."""

    def finish(event: Event) -> None:
        if isinstance(event, Checkpoint):
            reporter.request_finish()

    reporter = Reporter(finish)
    trained = train(prepared, tmp_path, TrainConfig(**LITE, steps=30, checkpoint_every=2), reporter)
    assert trained.standing.step == 3
    assert Voice.load(trained.model).card.steps == 3
    again, events = run(prepared, tmp_path, steps=30)
    assert again.standing.step == 3
    assert "finished_before" in [event.code for event in events if isinstance(event, Log)]
    told: list[Event] = []
    with reporter.also_to(told.append):  # which asks to finish what is finished
        train(prepared, tmp_path, TrainConfig(**LITE, steps=30, checkpoint_every=2), reporter)
    assert "finished_before" in [event.code for event in told if isinstance(event, Log)]
    longer, _ = run(prepared, tmp_path, steps=5)
    assert longer.standing.step == 5


def test_a_paused_training_can_be_finished(prepared: Path, tmp_path: Path) -> None:
    reporter = Reporter()
    reporter.request_finish()
    with pytest.raises(InputError) as caught:
        train(prepared, tmp_path, TrainConfig(**LITE, steps=9), reporter)
    assert caught.value.code == "nothing_to_finish"

    stopped = Reporter()
    stopped.request_stop()
    with pytest.raises(Paused):
        train(prepared, tmp_path, TrainConfig(**LITE, steps=90), stopped)
    assert not (tmp_path / "voice.safetensors").exists()
    trained = train(prepared, tmp_path, TrainConfig(**LITE, steps=90), reporter)
    assert Voice.load(trained.model).card.steps == trained.standing.step == 1


def test_a_training_that_learns_by_heart_is_told_and_ended(prepared: Path, tmp_path: Path) -> None:
    stopped = Reporter()
    stopped.request_stop()
    config = TrainConfig(**LITE, steps=40, early_stop=True)
    with pytest.raises(Paused):
        train(prepared, tmp_path, config, stopped)
    rows = [
        history.Row(1, {"val_mel": held_out, "heard_mel": heard})
        for held_out, heard in [(0.1, 30.0), (0.1, 25.0), (0.1, 20.0), (9.0, 15.0), (9.0, 10.0), (9.0, 9.0)]
    ]
    (tmp_path / history.FILE_NAME).write_text("".join(history._line(row) for row in rows))
    events: list[Event] = []
    trained = train(prepared, tmp_path, config, Reporter(events.append))
    assert trained.overtraining is not None
    assert 4 <= trained.standing.step < 10
    told = [event for event in events if isinstance(event, Log) and event.code == "overtraining"]
    assert len(told) == 1
    assert "by heart" in told[0].text
    assert Voice.load(trained.model)
