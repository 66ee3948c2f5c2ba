"""Recordings of several speakers become one dataset."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from rvc.analysis.features import Features
from rvc.datasets.dataset import CARD, Prepared
from rvc.datasets.preparation import prepare
from rvc.events import Event, Log, Reporter
from rvc.sound import audio
from tests.preparing import CONFIG, RATE_HZ, code_of, networks, takes
from tests.sounds import record, sentences, voice

__all__ = ["networks", "takes"]  # fixtures


@pytest.fixture
def voices(tmp_path: Path) -> Path:
    """Two speakers of twelve and three takes, the second cut off at 4 kHz, and a take of nobody."""
    folder = tmp_path / "voices"
    for number in range(12):
        record(folder / "zoë" / "day 1" / f"{number:02}.flac", bright(number), RATE_HZ)
    for number in range(12, 15):
        narrow = audio.resample(audio.resample(bright(number), RATE_HZ, 8000), 8000, RATE_HZ)
        record(folder / "anna" / f"{number:02}.flac", narrow, RATE_HZ)
    record(folder / "loose.flac", sentences(1, seed=99))
    return folder


def bright(seed: int) -> np.ndarray:
    """Return a vowel and a hiss that comes and goes."""
    wave = voice(4.0, RATE_HZ, seed=seed)
    hiss = 0.1 * np.random.default_rng(seed).standard_normal(len(wave))
    return (wave + hiss * (np.arange(len(wave)) // 6000 % 3 == 0)).astype(np.float32)


def test_every_folder_is_a_speaker(voices: Path, tmp_path: Path, networks: Features) -> None:
    events: list[Event] = []
    config = CONFIG.model_copy(update={"speakers": True})
    prepared = prepare([voices], tmp_path / "out", config, Reporter(events.append), features=networks)
    assert prepared.speakers == ["anna", "zoë"]
    of = {take.name: take.file.split("/")[0] for take in prepared.takes}
    assert all(prepared.speakers[clip.speaker] == of[clip.take] for clip in prepared.clips)
    assert {clip.speaker for clip in prepared.clips_of("train")} == {0, 1}
    assert [(one.file, one.code) for one in prepared.skipped] == [("loose.flac", "no_speaker")]
    assert any(
        "15 of 16 recordings of 2 speakers" in event.text for event in events if isinstance(event, Log)
    )
    assert Prepared.open(tmp_path / "out") == prepared


def test_a_dataset_knows_where_recordings_end(voices: Path, tmp_path: Path, networks: Features) -> None:
    config = CONFIG.model_copy(update={"speakers": True})
    prepared = prepare([voices], tmp_path / "out", config, Reporter(), features=networks)
    ends = {prepared.speakers[clip.speaker]: clip.bandwidth_hz for clip in prepared.clips}
    assert ends == {"anna": pytest.approx(4000, abs=300), "zoë": None}


def test_the_speaker_is_part_of_what_a_dataset_is(voices: Path, tmp_path: Path, networks: Features) -> None:
    config = CONFIG.model_copy(update={"speakers": True})
    before = prepare([voices], tmp_path / "out", config, Reporter(), features=networks)
    shutil.move(voices / "anna" / "13.flac", voices / "zoë")
    after = prepare([voices], tmp_path / "out", config, Reporter(), features=networks)
    alone = prepare([voices], tmp_path / "one", CONFIG, Reporter(), features=networks)
    assert len({before.fingerprint, after.fingerprint, alone.fingerprint}) == 3
    assert alone.speakers == ["voice"]
    assert {clip.speaker for clip in alone.clips} == {0}


def test_folders_are_needed_for_speakers(takes: Path, tmp_path: Path) -> None:
    config = CONFIG.model_copy(update={"speakers": True})
    assert code_of([takes], tmp_path / "out", config) == "no_speakers"
    assert code_of([takes / "00.flac"], tmp_path / "out", config) == "no_speakers"


def test_a_card_of_before_there_were_speakers_opens(takes: Path, tmp_path: Path, networks: Features) -> None:
    prepared = prepare([takes], tmp_path / "out", CONFIG, Reporter(), features=networks)
    path = tmp_path / "out" / CARD
    card = json.loads(path.read_text(encoding="utf-8"))
    del card["speakers"], card["config"]["speakers"]
    for clip in card["clips"]:
        del clip["bandwidth_hz"]
    path.write_text(json.dumps(card), encoding="utf-8")
    opened = Prepared.open(tmp_path / "out")
    assert opened.fingerprint == prepared.fingerprint
    assert opened.speakers == ["voice"]
    assert {(clip.speaker, clip.bandwidth_hz) for clip in opened.clips} == {(0, None)}
