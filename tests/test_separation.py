"""Voice and backing apart: Demucs' own network with random weights, in pieces, and what is said without it."""

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from rvc.errors import InputError, Paused
from rvc.events import Event, Progress, Reporter
from rvc.sound import audio, mark
from rvc.synthesis import separation
from rvc.synthesis.separation import Separator
from tests import sounds


@pytest.fixture(scope="module")
def separator() -> Separator:
    models = pytest.importorskip("demucs.hdemucs")
    torch.manual_seed(0)
    model = models.HDemucs(
        sources=["drums", "bass", "other", "vocals"], channels=4, nfft=1024, samplerate=8000
    )
    return Separator(model.eval())


def song(folder: Path, seconds: float = 3.0, channels: int = 2) -> Path:
    voice = sounds.voice(seconds, 44100)
    return sounds.record(
        folder / "song.wav", np.stack([voice * (1 + side) / 2 for side in range(channels)], 1), 44100
    )


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_voice_and_backing_are_the_song(channels: int, tmp_path: Path, separator: Separator) -> None:
    path = song(tmp_path, channels=channels)
    heard, _ = soundfile.read(path, dtype="float32", always_2d=True)
    stereo = heard[:, :2] if channels > 1 else heard.repeat(2, axis=1)
    with separator.split(path, Reporter()) as parts:
        assert len(parts.vocals) == 3 * 8000
        assert np.abs(parts.vocals[:]).max() > 1e-4
        mixed = parts.vocals[:] + (parts.backing[0][:] + parts.backing[1][:]) / 2
        np.testing.assert_allclose(mixed, audio.resample(stereo.mean(axis=1), 44100, 8000), rtol=0, atol=1e-4)


def test_long_songs_are_taken_apart_in_pieces(
    tmp_path: Path, separator: Separator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(separation, "PIECE_S", 1)
    monkeypatch.setattr(separation, "AROUND_S", 1)
    events: list[Event] = []
    with separator.split(song(tmp_path), Reporter(events.append)) as parts:
        assert [len(part) for part in (parts.vocals, *parts.backing)] == [24000] * 3
    last = [event for event in events if isinstance(event, Progress)][-1]
    assert (last.phase, last.step, last.total) == ("separate", 24000, 24000)


def test_a_stop_request_leaves_nothing_open(tmp_path: Path, separator: Separator) -> None:
    reporter = Reporter()
    reporter.request_stop()
    with pytest.raises(Paused):
        separator.split(song(tmp_path), reporter)


def test_the_backing_is_written_in_stereo_and_is_no_recording(tmp_path: Path, separator: Separator) -> None:
    with separator.split(song(tmp_path), Reporter()) as parts:
        parts.write_backing(tmp_path / "backing.flac")
    assert soundfile.info(tmp_path / "backing.flac").channels == 2
    assert mark.is_ours(audio.comment(tmp_path / "backing.flac"))


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "demucs.pretrained", None)
    with pytest.raises(InputError, match="extra `separation`"):
        Separator.load("cpu")
