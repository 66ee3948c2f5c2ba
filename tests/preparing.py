"""What tests of preparing share: quick networks, twelve takes, and what is said of bad input."""

from pathlib import Path

import pytest

from rvc.analysis.features import Features
from rvc.config import PrepareConfig
from rvc.datasets.dataset import CARD
from rvc.datasets.preparation import prepare
from rvc.errors import InputError
from rvc.events import Reporter
from tests.sounds import features, record, sentences

RATE_HZ = 24000
CONFIG = PrepareConfig(rate=RATE_HZ)


@pytest.fixture
def networks() -> Features:
    return features()


@pytest.fixture
def takes(tmp_path: Path) -> Path:
    """Twelve takes of one sentence of 2 s each."""
    for number in range(12):
        record(tmp_path / "takes" / f"{number:02}.flac", sentences(1, seed=number))
    return tmp_path / "takes"


def code_of(paths: list[Path], out: Path, config: PrepareConfig = CONFIG) -> str:
    with pytest.raises(InputError) as caught:
        prepare(paths, out, config, Reporter(), features=features())
    assert caught.value.text.endswith(".")
    assert not (out / CARD).exists()
    return caught.value.code
