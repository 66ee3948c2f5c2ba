import json
import shutil
from pathlib import Path

import pytest

from rvc.config import PrepareConfig
from rvc.datasets.dataset import CARD, Prepared
from rvc.datasets.preparation import prepare
from rvc.errors import InputError
from rvc.events import Reporter
from tests.sounds import features, record, sentences


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    recording = record(tmp_path / "voice.flac", sentences(8))
    prepare([recording], tmp_path / "prepared", PrepareConfig(rate=24000), Reporter(), features=features())
    return tmp_path / "prepared"


def code_of(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        Prepared.open(path)
    return caught.value.code


def test_a_prepared_folder_opens_by_itself_or_by_its_card(folder: Path) -> None:
    card = Prepared.open(folder)
    assert Prepared.open(folder / CARD) == card
    assert card.folder == folder
    assert card.hop == 240
    assert len(card.clips_of("train")) == card.summary.train_clips
    assert Prepared.is_at(folder)
    assert not Prepared.is_at(folder.parent)


def test_a_prepared_folder_can_be_moved_and_needs_nothing_else(folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere ü"
    shutil.move(folder, moved)
    (tmp_path / "voice.flac").unlink()
    shutil.rmtree(tmp_path / "studio-home")
    card = Prepared.open(moved)
    clip = card.clips[-1]
    take = card.read(clip.file)
    assert len(take.f0) >= clip.offset + clip.frames
    assert len(take.wave) == len(take.f0) * card.hop
    assert take.content.shape == (len(take.f0) // 2, card.encoder.dim)


def test_the_card_names_no_folder_of_this_machine(folder: Path, tmp_path: Path) -> None:
    assert tmp_path.name not in (folder / CARD).read_text(encoding="utf-8")


def test_what_is_no_prepared_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    assert code_of(tmp_path / "nothing") == "missing_path"
    assert code_of(tmp_path) == "not_prepared"
    assert code_of(tmp_path / "voice.flac") == "not_prepared"
    fields = json.loads((folder / CARD).read_text(encoding="utf-8"))
    for text, code in [
        ("", "not_prepared"),
        ("[]", "not_prepared"),
        ('{"format": "other", "version": 1}', "not_prepared"),
        (json.dumps(fields | {"version": 99}), "newer_dataset"),
        (json.dumps(fields | {"clips": "none"}), "damaged_dataset"),
    ]:
        (folder / CARD).write_text(text, encoding="utf-8")
        assert code_of(folder) == code


def test_a_missing_take_is_noticed(folder: Path) -> None:
    (folder / Prepared.open(folder).clips[0].file).unlink()
    assert code_of(folder) == "damaged_dataset"
