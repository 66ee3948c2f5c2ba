"""How long the presets are said to take: from real steps, remembered, and by the command."""

import json
from pathlib import Path

import pytest

from rvc import paths
from rvc.cli import main
from rvc.config import PRESETS, TrainConfig
from rvc.events import Event, Progress, Reporter
from rvc.learning.estimate import FILE_NAME, estimate
from tests.datasets import LITE, vowels


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vowels(tmp_path_factory.mktemp("estimate"))


def measured(prepared: Path, **settings: object) -> tuple[dict[str, float], bool]:
    """Return the minutes of the presets, and whether steps were taken for that."""
    events: list[Event] = []
    found = estimate(prepared, TrainConfig(**LITE | settings), Reporter(events.append))
    steps = any(isinstance(event, Progress) for event in events)
    return {name: one.seconds / 60 for name, one in found.items()}, steps


def test_presets_are_measured_once_for_a_machine_and_a_batch(prepared: Path) -> None:
    first, took_steps = measured(prepared)
    assert took_steps
    assert first.keys() == PRESETS["lite"].keys()
    assert 0 < first["draft"] < first["standard"] < first["best"]
    assert first["best"] / first["draft"] == pytest.approx(12000 / 1500, rel=0.3)
    assert measured(prepared) == (first, False)
    assert measured(prepared, batch_size=1)[1]


def test_what_is_remembered_may_be_damaged(prepared: Path) -> None:
    measured(prepared)
    (paths.cache_dir() / FILE_NAME).write_text("[1")
    assert measured(prepared)[1]


def test_the_command_says_minutes_and_writes_no_model(
    prepared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = ["--architecture", "lite", "--batch-size", "2", "--device", "cpu", "--json"]
    assert main(["train", str(prepared), "--out", str(tmp_path / "model"), "--estimate", *settings]) == 0
    summary = json.loads(capsys.readouterr().out.splitlines()[-1])["summary"]
    assert summary["standard"]["steps"] == 4000
    assert summary["standard"]["minutes"] > 0
    assert not (tmp_path / "model").exists()


def test_training_needs_a_place_for_the_model(prepared: Path) -> None:
    assert main(["train", str(prepared), "--json"]) == 2
