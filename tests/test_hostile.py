"""Hostile, broken and foreign files: each is refused in one clear sentence, quickly, in little memory, unexecuted."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from tests import hostile, hostile_models
from tests.conftest import ROOT

MAX_SECONDS = 5.0  # of one core


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of every file, in a process of its own with a limit to its memory."""
    if sys.platform != "linux":
        pytest.skip("memory is limited on Linux only")
    environment = os.environ | {
        "OMP_NUM_THREADS": "1",
        "RVC_STUDIO_HOME": str(tmp_path_factory.mktemp("home")),
        "RVC_STUDIO_ASSETS": "",
    }
    command = [sys.executable, "-m", "tests.hostile", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("kind", hostile.CORPUS)
def test_a_file_is_refused_for_what_it_is(kind: str, report: dict[str, Any]) -> None:
    if not hostile.possible(kind):
        pytest.skip("no such file can be made here")
    outcome = next(each for each in report["outcomes"] if each["kind"] == kind)
    assert outcome["code"] == outcome["wanted"]
    assert outcome["text"].endswith(".")
    assert "\n" not in outcome["text"]
    assert len(outcome["text"]) < 250
    assert not outcome["sprung"]
    assert outcome["seconds"] < MAX_SECONDS


def test_no_file_takes_much_memory(report: dict[str, Any]) -> None:
    assert report["grown"] < hostile.MEMORY_BYTES


def test_the_traps_work_where_nobody_looks(tmp_path: Path) -> None:
    path = tmp_path / "voice.pth"
    hostile.CORPUS["code beside the weights"][2](path)
    torch.load(path, weights_only=False)
    assert (tmp_path / hostile.SPRUNG).exists()


def test_a_good_file_of_each_form_is_opened(tmp_path: Path) -> None:
    """What refuses everything would pass all the other tests."""
    path = tmp_path / hostile_models.OURS
    path.write_bytes(hostile_models.changed_model(lambda _card, _tensors: None)())
    assert hostile.open_file(path) is None
    hostile_models.changed_index(lambda _content: None)(tmp_path / "voice.index")
    assert hostile.open_file(tmp_path / "voice.index") is None
