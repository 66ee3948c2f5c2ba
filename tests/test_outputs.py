"""Where results go: kept sub-folders, and nothing replaced that says something else."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from rvc.sound import audio, mark
from rvc.synthesis import outputs
from rvc.synthesis.outputs import Recording
from tests import sounds


def write(target: Path, wave: np.ndarray, *, comment: str = "x", overwrite: bool = False) -> Path:
    def say(path: Path) -> None:
        audio.write(path, wave, 16000, comment=comment)

    return outputs.save(target, say, overwrite=overwrite)


@pytest.mark.parametrize("suffix", list(audio.FORMATS))
def test_the_same_again_leaves_nothing_new(suffix: str, tmp_path: Path) -> None:
    target = tmp_path / f"said{suffix}"
    wave = sounds.voice(0.5)
    assert write(target, wave) == write(target, wave) == target
    assert write(target, 0.5 * wave) == tmp_path / f"said-2{suffix}"
    assert write(target, 0.5 * wave) == tmp_path / f"said-2{suffix}"
    assert write(target, wave, comment="another voice") == tmp_path / f"said-3{suffix}"
    assert len(list(tmp_path.iterdir())) == 3


def test_another_file_is_replaced_only_when_that_is_asked_for(tmp_path: Path) -> None:
    target = tmp_path / "said.wav"
    target.write_text("somebody's notes")
    assert write(target, sounds.voice(0.2)) == tmp_path / "said-2.wav"
    assert target.read_text() == "somebody's notes"
    assert write(target, sounds.voice(0.2), overwrite=True) == target
    assert soundfile.info(target).frames == 3200


def test_a_folder_of_that_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "said.wav").mkdir()
    assert write(tmp_path / "said.wav", sounds.voice(0.2)) == tmp_path / "said-2.wav"


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - our own
        outputs.save(tmp_path / "said.wav", fail, overwrite=False)
    assert not list(tmp_path.iterdir())


def test_files_stay_in_their_sub_folders(tmp_path: Path) -> None:
    for name in ("in/a.wav", "in/deep/er/a.wav", "other/a.wav"):
        sounds.record(tmp_path / name, sounds.voice(0.2))
    found, failures = outputs.find(
        [tmp_path / "in", tmp_path / "other", tmp_path / "in/a.wav"], tmp_path / "out"
    )
    assert not failures
    named = outputs.targets(found, tmp_path / "out", "Anna", "wav")
    places = [path.relative_to(tmp_path / "out").as_posix() for path in named]
    assert places == ["a_Anna.wav", "deep/er/a_Anna.wav", "a_Anna-2.wav"]


def test_a_result_named_as_an_input_is_an_input(tmp_path: Path) -> None:
    made = write(tmp_path / "said.wav", sounds.voice(0.2), comment=mark.generated("Anna"))
    assert outputs.find([made], tmp_path)[0] == [Recording(made)]
    assert outputs.find([tmp_path], tmp_path)[1][0].code == "no_recordings"
