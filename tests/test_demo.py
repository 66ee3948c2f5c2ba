"""`rvc demo`: the whole path on the user's own recordings, in its short form."""

import json
from pathlib import Path

import pytest
import soundfile

from rvc.cli import main
from rvc.voices.voice import Voice


@pytest.mark.usefixtures("offline_assets")
def test_demo_with_own_recordings(
    few_takes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "저의 목소리 (1).wav"
    wave, rate = soundfile.read(sorted(few_takes.iterdir())[0])
    soundfile.write(source, wave, rate)
    arguments = ["demo", "--voice", str(few_takes), "--source", str(source), "--out", str(tmp_path / "out")]
    assert main([*arguments, "--minutes", "0.05", "--json"]) == 0
    done = json.loads(capsys.readouterr().out.splitlines()[-1])
    files = {name: Path(path) for name, path in done["artifacts"].items()}
    assert source.stem in files["converted"].name
    assert soundfile.info(files["converted"]).duration == pytest.approx(len(wave) / rate, abs=1e-3)
    assert Voice.load(files["model"]).card.steps >= 1
    assert "the base that comes with the program" in files["report"].read_text(encoding="utf-8")
    assert "the base that comes with the program" in done["summary"]["note"]
