"""Error rates with known answers; Whisper itself where it is at hand."""

from pathlib import Path

import pytest

from rvc.errors import InputError
from rvc.testing import recognition


@pytest.mark.parametrize(
    ("said", "heard", "rate"),
    [
        ("The cat sat.", "the CAT, sat", 0.0),
        ("abcd", "abxd", 0.25),
        ("abcd", "", 1.0),
        ("ab", "something else entirely", 1.0),
        ("Straße", "strasse", 0.0),
        ("안녕하세요", "안녕 하세요!", 0.0),
        ("...", "words", None),
        ("ice cream", "icecream", 0.0),
    ],
)
def test_character_error_rate(said: str, heard: str, rate: float | None) -> None:
    assert recognition.character_error_rate(said, heard) == rate


@pytest.mark.parametrize(
    ("one", "other", "count"), [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2)]
)
def test_edits(one: str, other: str, count: int) -> None:
    assert recognition.edits(one, other) == recognition.edits(other, one) == count


def test_a_model_is_found_among_the_assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(tmp_path))
    (tmp_path / "whisper-empty").mkdir()
    assert recognition.find_model(None) is None
    folder = tmp_path / "whisper-small"
    folder.mkdir()
    (folder / "model.bin").touch()
    assert recognition.find_model(None) == folder
    assert recognition.find_model(str(folder)) == folder
    with pytest.raises(InputError) as caught:
        recognition.find_model(str(tmp_path))
    assert caught.value.code == "no_whisper"


def test_a_damaged_model_is_said(tmp_path: Path) -> None:
    pytest.importorskip("faster_whisper")
    (tmp_path / "model.bin").write_bytes(b"nothing")
    with pytest.raises(InputError) as caught:
        recognition.Whisper(tmp_path)
    assert caught.value.code == "damaged_whisper"
