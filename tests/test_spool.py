"""Waves in memory and on the disk: the same samples wherever they lie."""

from pathlib import Path

import numpy as np
import pytest
import torch

from rvc.analysis.pieces import excerpt
from rvc.errors import Error
from rvc.sound import spool
from rvc.sound.spool import Spool, blocks, reflected
from tests import sounds


@pytest.fixture(params=["memory", "disk"])
def wave(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    if request.param == "disk":
        monkeypatch.setattr(spool, "MEMORY_BYTES", 1000)
    return sounds.voice(0.5)


def test_a_spool_gives_back_what_went_in(wave: np.ndarray) -> None:
    with Spool.of(np.split(wave, [1, 700, 700, 7999]), 16000) as kept:
        assert (len(kept), kept.rate, kept.peak) == (8000, 16000, float(np.abs(wave).max()))
        for part in (
            slice(None),
            slice(3, 9),
            slice(7990, 9000),
            slice(-5, None),
            slice(9000, 9001),
            slice(5, 2),
        ):
            np.testing.assert_array_equal(kept[part], wave[part])
        np.testing.assert_array_equal(np.concatenate(list(blocks(kept, 999))), wave)
        kept[:10][:] = 0  # a copy
        np.testing.assert_array_equal(kept[:10], wave[:10])
        with pytest.raises(ValueError, match="steps of one"):
            kept[::2]


def test_a_spool_leaves_nothing_behind(wave: np.ndarray, studio_home: Path) -> None:
    kept = Spool.of([wave], 16000)
    kept.close()
    assert not [path for path in studio_home.rglob("*") if path.is_file()]


def test_a_full_disk_is_said(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RVC_STUDIO_HOME", str(small_disk))
    monkeypatch.setattr(spool, "MEMORY_BYTES", 1000)
    with pytest.raises(Error) as caught:
        Spool.of([sounds.voice(1.0)] * 20, 16000)
    assert caught.value.code == "disk_full"


@pytest.mark.parametrize("samples", [1, 2, 5, 400])
@pytest.mark.parametrize(("start", "stop"), [(-3, 4), (-1000, 1500), (390, 401), (0, 400), (100, 200)])
def test_waves_go_on_by_reflection(samples: int, start: int, stop: int) -> None:
    wave = np.random.default_rng(0).standard_normal(samples).astype(np.float32)
    expected = excerpt(torch.from_numpy(wave), start, stop).numpy()
    np.testing.assert_array_equal(reflected(wave, start, stop), expected)
