"""The record beside a model, and the same numbers for TensorBoard."""

import hashlib
import json
from pathlib import Path

import pytest

from rvc.config import TrainConfig
from rvc.datasets.dataset import Prepared
from rvc.errors import Paused
from rvc.events import Metrics, Reporter
from rvc.learning import checkpoint, history
from rvc.learning.record import CURVE_POINTS, FILE_NAME, Record, curves
from rvc.learning.tensorboard import Board
from rvc.learning.training import Training, train
from rvc.voices.card import take_mark
from rvc.voices.voice import Voice
from tests.datasets import LITE, vowels


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vowels(tmp_path_factory.mktemp("record"))


def read(folder: Path) -> Record:
    return Record.model_validate_json((folder / FILE_NAME).read_text(encoding="utf-8"))


def test_it_says_what_was_trained_how_and_where(prepared: Path, tmp_path: Path) -> None:
    stopped = Reporter()
    stopped.request_stop()
    config = TrainConfig(**LITE, steps=12, seed=3, consent_by="Anna", consent_statement="for her book")
    with pytest.raises(Paused):
        train(prepared, tmp_path, config, stopped)
    assert [session.end for session in read(tmp_path).sessions] == ["paused"]
    trained = train(prepared, tmp_path, config, Reporter())

    record = read(tmp_path)
    assert [(one.from_step, one.to_step, one.end) for one in record.sessions] == [
        (0, 1, "paused"),
        (1, 12, "finished"),
    ]
    assert record.settings["seed"] == 3
    assert (record.decided["architecture"], record.decided["length"]) == ("lite", "12 steps")
    assert record.decided["weights"]["generator"] > 1e6
    takes = sorted(path for path in (prepared.parent / "takes").iterdir())
    hashes = {hashlib.sha256(path.read_bytes()).hexdigest() for path in takes}
    assert {take.sha256 for take in record.dataset.takes} == hashes
    assert "torch" in record.machine.packages
    assert record.device == "cpu"
    assert {"training", "validation", "checkpoints"} <= record.seconds.keys()
    assert record.seconds["validation"] < record.seconds["training"]
    assert record.curves["val_mel"] == [
        (row.step, pytest.approx(row.values["val_mel"], abs=1e-5))
        for row in history.read(tmp_path)
        if "val_mel" in row.values
    ]
    assert record.checkpoints[-1].step == 12
    assert (tmp_path / "checkpoints" / record.checkpoints[-1].file).exists()
    assert "no_previews" in [warned.code for warned in record.warnings] or not record.warnings
    assert record.standing == trained.standing
    assert record.model == trained.model.name
    assert record.model_sha256 == hashlib.sha256(trained.model.read_bytes()).hexdigest()

    card = Voice.load(trained.model).card
    assert list(map(str, card.consent)) == ["Anna, for her book"]
    learnt = {clip.take for clip in Prepared.open(prepared).clips_of("train")}
    assert 0 < len(learnt) < len(takes)
    assert set(card.trained_on.takes) == {
        take_mark(take.sha256) for take in record.dataset.takes if Path(take.name).stem in learnt
    }


def test_a_failure_is_written_down(prepared: Path, tmp_path: Path) -> None:
    training = Training.begin(prepared, tmp_path, TrainConfig(**LITE, steps=4), Reporter())

    def fail(_clips: object, _step: int) -> None:
        raise RuntimeError("the cable was pulled")

    training.recipe.step = fail  # type: ignore[assignment, method-assign]
    with pytest.raises(RuntimeError), training.archive.recording():
        training.run()
    (session,) = read(tmp_path).sessions
    assert (session.end, session.error) == ("failed", "the cable was pulled")


def test_a_session_that_nobody_ended_was_broken_off(prepared: Path, tmp_path: Path) -> None:
    """As after kill -9: the record as the last checkpoint left it, then another session."""
    training = Training.begin(
        prepared, tmp_path, TrainConfig(**LITE, steps=4, checkpoint_every=2), Reporter()
    )
    with training.archive.recording():
        training.run()
        left = (tmp_path / FILE_NAME).read_bytes()
    (tmp_path / FILE_NAME).write_bytes(left)
    train(prepared, tmp_path, TrainConfig(**LITE, steps=6), Reporter())
    assert [session.end for session in read(tmp_path).sessions] == ["broken off", "finished"]


def test_a_damaged_record_does_no_harm(prepared: Path, tmp_path: Path) -> None:
    train(prepared, tmp_path, TrainConfig(**LITE, steps=2), Reporter())
    (tmp_path / FILE_NAME).write_text("{")
    train(prepared, tmp_path, TrainConfig(**LITE, steps=4), Reporter())
    assert [session.from_step for session in read(tmp_path).sessions] == [2]


def test_long_curves_are_thinned_to_their_ends() -> None:
    rows = [history.Row(step, {"loss": 1.0 / step}) for step in range(1, 5002)]
    points = curves(rows)["loss"]
    assert CURVE_POINTS / 2 < len(points) <= CURVE_POINTS
    assert points[-1][0] == 5001
    assert len(json.dumps(points)) < 10_000


def test_tensorboard_shows_the_numbers(tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    board = Board(tmp_path, 0)
    for step in range(1, 6):
        board(Metrics(step=step, values={"loss_mel": 1.0 / step, "val_mel": 2.0}))
    board.close()
    resumed = Board(tmp_path, 3)  # the rest was not in the checkpoint
    resumed(Metrics(step=4, values={"loss_mel": 9.0}))
    resumed.close()
    read_back = accumulator.EventAccumulator(str(tmp_path / "tensorboard"))
    read_back.Reload()
    assert [(one.step, one.value) for one in read_back.Scalars("loss/mel")][2:] == [
        (3, pytest.approx(1 / 3)),
        (4, 9.0),
    ]
    assert read_back.Scalars("distance/val_mel")


def test_without_tensorboard_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    board = Board(tmp_path, 0)
    board(Metrics(step=1, values={"loss_mel": 1.0}))
    board.close()
    assert not list(tmp_path.glob("tensorboard*"))


def test_checkpoints_after_the_one_taken_up_are_forgotten(prepared: Path, tmp_path: Path) -> None:
    config = TrainConfig(**LITE, steps=4, checkpoint_every=2, keep_checkpoints=3)
    train(prepared, tmp_path, config, Reporter())
    checkpoint.path_of(tmp_path / "checkpoints", 4).unlink()
    train(prepared, tmp_path, config, Reporter())
    steps = [saved.step for saved in read(tmp_path).checkpoints]
    assert steps == sorted(set(steps))
    assert steps[-1] == 4
