"""Whether a take says its prompt: with real speech recognition where it is installed."""

from pathlib import Path

import numpy as np
import pytest

from rvc import assets, paths
from rvc.events import Reporter
from rvc.testing import recognition
from rvcstudio.companion import Engine
from rvcstudio.recording import hearing
from rvcstudio.recording.hearing import Heard
from rvcstudio.sound.journal import Facts, Journal


@pytest.fixture
def take(tmp_path: Path) -> Path:
    made = Journal(tmp_path / "t.part", Facts(voice="v", file="t.flac", rate=16000))
    made.write(np.zeros(16000, np.float32))
    made.close()
    return made.path


def test_a_slip_is_not_told_and_other_words_are() -> None:
    assert Heard("The fairy leaves at noon.", 0.1).is_prompt
    assert not Heard("Something else.", 0.9).is_prompt


def test_without_a_model_nothing_is_said(take: Path) -> None:
    if recognition.find_model(None) is not None:
        pytest.skip("there is a Whisper model")
    engine = Engine()
    try:
        assert hearing.hear(engine, take, "The ferry leaves.", "en") is None
    finally:
        engine.close()
    assert list(paths.cache_dir().glob("heard-*")) == []


def test_real_speech_is_understood(speech: Path) -> None:
    pytest.importorskip("faster_whisper")
    if recognition.find_model(None) is None:
        pytest.skip(f"no Whisper model among {assets.folders()}")
    from rvc.testing.hearing import hear

    lines = (speech / "kathleen" / "transcripts.tsv").read_text(encoding="utf-8").splitlines()
    stem, text = lines[0].split("\t")[:2]
    params = {"file": str(speech / "kathleen" / "flac" / f"{stem}.flac"), "language": "en"}
    loaded: dict[str, object] = {}
    said = hear({**params, "text": text}, Reporter(print), loaded)
    assert said["error_rate"] < 0.2
    assert hear({**params, "text": "The ferry leaves at noon."}, Reporter(print), loaded)["error_rate"] > 0.5
