import os
from pathlib import Path

import pytest

from rvc import names

KOREAN = "목소리" * 50


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("Änna Bell", "Änna Bell"),
        ("a/b\\c:d*?", "a-b-c-d"),
        ("...", "voice"),
        ("", "voice"),
        (" .hidden. ", "hidden"),
        ("tab\tline\n", "tab-line"),
        ("NUL", "_NUL"),
        ("com1.old", "_com1.old"),
        ("comet", "comet"),
        (os.fsdecode(b"\xb0\xa1 old"), "old"),
    ],
)
def test_file_stems(text: str, stem: str) -> None:
    assert names.file_stem(text) == stem


def test_long_names_are_cut_in_whole_characters(tmp_path: Path) -> None:
    stem = names.file_stem(KOREAN)
    assert KOREAN.startswith(stem)
    assert 197 < len(stem.encode()) <= 200
    (tmp_path / f"{stem}.safetensors").touch()
    assert names.file_stem("12345 7", max_bytes=6) == "12345"
    assert names.file_stem("?", otherwise="") == ""


def test_what_is_no_unicode_is_shown() -> None:
    assert names.shown(Path(os.fsdecode(b"/a/\xb0b \xea\xb0\x80"))) == "/a/?b 가"


def test_hidden_files(tmp_path: Path) -> None:
    assert names.is_visible(tmp_path / ".a" / "b.wav")
    assert not names.is_visible(tmp_path / "a" / ".b.wav")
    assert names.is_visible(tmp_path / "a" / "b.wav", tmp_path)
    assert not names.is_visible(tmp_path / ".a" / "b.wav", tmp_path)
