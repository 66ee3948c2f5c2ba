"""Whatever a voice says carries the mark, in every format that is written, where any program finds it."""

from pathlib import Path
from typing import get_args

import av
import pytest

from rvc.config import ConvertConfig
from rvc.sound import audio, mark
from tests import sounds

FORMATS = get_args(ConvertConfig.model_fields["format"].annotation)
SAYS = mark.generated("Änna 王 of a longer name")


@pytest.fixture(params=FORMATS)
def marked(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"said.{request.param}"
    audio.write(path, sounds.voice(0.5, 24000), 24000, comment=SAYS)
    return path


def test_all_formats_are_meant() -> None:
    assert set(FORMATS) >= {"wav", "flac", "mp3", "ogg"}


def test_the_mark_is_read_back(marked: Path) -> None:
    assert audio.comment(marked) == SAYS
    assert mark.is_ours(audio.comment(marked))


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_mark_of_a_voice_of_any_name_is_known(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"said.{suffix}"
    audio.write(path, sounds.voice(0.5, 24000), 24000, comment=mark.generated("Änna 王"))
    assert audio.comment(path) == mark.generated("Änna 王")


def test_other_programs_find_the_mark(marked: Path) -> None:
    """FFmpeg is one; it does not take the comment's encoding from us."""
    with av.open(str(marked), metadata_errors="replace") as container:
        tags = {**container.metadata, **container.streams.audio[0].metadata}
    assert {name.lower(): value for name, value in tags.items()}["comment"] == SAYS


def test_the_mark_survives_a_copy_under_another_name(marked: Path, tmp_path: Path) -> None:
    copy = tmp_path / f"recording{marked.suffix}"
    copy.write_bytes(marked.read_bytes())
    assert audio.find_audio([tmp_path]) == []


def test_a_recording_without_the_mark_is_not_ours(tmp_path: Path) -> None:
    audio.write(tmp_path / "take.flac", sounds.voice(0.5, 24000), 24000, comment="Anna, take 3")
    assert not mark.is_ours(audio.comment(tmp_path / "take.flac"))
