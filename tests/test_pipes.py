"""Sound through pipes: standard input as a recording, standard output as a file."""

import io
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rvc import paths
from rvc.cli import main
from rvc.errors import InputError
from rvc.sound import pipes
from tests import sounds, voices


class Pipe(io.TextIOWrapper):
    """Standard input that holds some bytes."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))


def wav(seconds: float, *, endless: bool = False) -> bytes:
    """Return a file's bytes; `endless` announces no length, as programs do that write into a pipe."""
    content = io.BytesIO()
    soundfile.write(content, sounds.voice(seconds), 16000, format="WAV")
    header = content.getvalue()
    if not endless:
        return header
    place = header.index(b"data") + 4
    return header[:4] + b"\xff" * 4 + header[8:place] + b"\xff" * 4 + header[place + 4 :]


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("rvc.analysis.content.load", lambda _name, _device, _dtype: voices.small_encoder())
    path = tmp_path / "models" / "Änna.safetensors"
    voices.small_lite().save(path)
    return str(path)


def convert(model: str, *arguments: str) -> int:
    return main(["convert", model, *arguments, "--pitch", "swift", "--device", "cpu"])


@pytest.mark.parametrize("endless", [False, True])
@pytest.mark.parametrize("suffix", ["wav", "opus"])
def test_a_recording_goes_through(
    endless: bool,
    suffix: str,
    model: str,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    monkeypatch.setattr(sys, "stdin", Pipe(wav(0.5, endless=endless)))
    assert convert(model, "-", "--out", "-", "--format", suffix) == 0
    with soundfile.SoundFile(io.BytesIO(capsysbinary.readouterr().out)) as file:
        assert (file.samplerate, file.frames) == (24000, 12000)
        assert file.comment.startswith("AI generated")
        assert np.abs(file.read()).max() > 1e-3
    assert not list((paths.cache_dir()).glob("tmp*"))


def test_a_piped_recording_is_named_in_a_folder(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Pipe(wav(0.3)))
    assert convert(model, "-", "--out", str(tmp_path / "out")) == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["standard input_Änna.wav"]


def test_what_cannot_be_piped_is_said(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = str(sounds.record(tmp_path / "a.wav", sounds.voice(0.3)))
    assert convert(model, recording, recording, "--out", "-") == 2
    assert convert(model, str(tmp_path), "--out", "-") == 2
    assert convert(model, recording, "--out", "-", "--json") == 2
    monkeypatch.setattr(sys, "stdin", Pipe(b""))
    assert convert(model, "-", "--out", str(tmp_path / "out")) == 3
    said = capsys.readouterr()
    assert "standard input is an empty file" in said.err
    assert "RIFF" not in said.out


def test_standard_input_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="once only"), pipes.inputs([pipes.PIPE, pipes.PIPE]):
        pass
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="Nothing comes in"), pipes.inputs([pipes.PIPE]):
        pass
