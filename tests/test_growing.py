"""Waves that are heard while they are made."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from rvc.errors import Error
from rvc.sound.growing import HEADER, Follower, GrowingWave

WAVE = np.linspace(-1.2, 1.2, 3000, dtype=np.float32)
HEARD = np.clip(WAVE, -1, 1)


def test_what_is_there_is_read_while_more_comes(tmp_path: Path) -> None:
    file = tmp_path / "new" / "early.wav"
    with GrowingWave(file) as growing:
        assert not file.exists()
        growing.hear(WAVE[:1000], 32000)
        follower = Follower(file)
        assert follower.rate == 32000
        first = follower.read(5000)
        np.testing.assert_allclose(first, HEARD[:1000], atol=1e-4)
        assert not len(follower.read(10))
        assert not follower.is_whole
        growing.hear(WAVE[1000:], 32000)
    assert follower.is_whole
    np.testing.assert_allclose(follower.read(5000), HEARD[1000:], atol=1e-4)
    follower.close()
    whole, rate = soundfile.read(file)
    assert rate == 32000
    np.testing.assert_allclose(whole, HEARD, atol=1e-4)


def test_other_players_read_it_before_it_is_whole(tmp_path: Path) -> None:
    growing = GrowingWave(tmp_path / "early.wav")
    growing.hear(WAVE, 24000)
    assert len(soundfile.read(tmp_path / "early.wav")[0]) == len(WAVE)


def test_a_torn_sample_is_read_when_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "early.wav"
    GrowingWave(file).hear(WAVE[:4], 24000)
    content = file.read_bytes()
    file.write_bytes(content[: HEADER.size + 5])
    follower = Follower(file)
    assert len(follower.read(10)) == 2
    with file.open("ab") as writer:
        writer.write(content[HEADER.size + 5 :])
    assert len(follower.read(10)) == 2
    follower.close()


def test_nothing_heard_is_no_file(tmp_path: Path) -> None:
    with GrowingWave(tmp_path / "early.wav") as growing:
        growing.hear(WAVE[:0], 24000)
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    other = tmp_path / "other.wav"
    other.write_bytes(b"x" * 100)
    with pytest.raises(ValueError, match="no growing wave"):
        Follower(other)
    with pytest.raises(Error):
        GrowingWave(other / "early.wav").hear(WAVE, 24000)
