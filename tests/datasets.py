"""A prepared dataset for tests of training: vowels of changing pitch, described without any network."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from rvc.config import PrepareConfig
from rvc.datasets.preparation import prepare
from rvc.events import Reporter
from tests.sounds import features, record, sentences

RATE_HZ = 24000
LITE = {"architecture": "lite", "batch_size": 2, "device": "cpu"}


def vowels(folder: Path) -> Path:
    """Prepare four recordings of 4 s into `folder`/prepared."""
    for number in range(4):
        wave = sentences(2, RATE_HZ, seconds=1.4, seed=number)
        record(folder / "takes" / f"{number}.flac", wave, RATE_HZ)
    config = PrepareConfig(rate=RATE_HZ, held_out=0.25)
    prepare([folder / "takes"], folder / "prepared", config, Reporter(), features=features())
    return folder / "prepared"


@contextmanager
def one_thread() -> Iterator[None]:
    """Compute with one thread, so that sums are added up in the same order everywhere."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
