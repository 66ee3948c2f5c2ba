"""The command line as scripts use it: exit codes, JSON, one clear sentence for bad input, pause by signal."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest
import soundfile

from rvc.cli import build_parser, main
from rvc.commands import COMMANDS
from rvc.voices.voice import Voice
from tests.voices import full_v2

STEPS = ["--steps", "2", "--batch-size", "2", "--device", "cpu"]


@pytest.fixture(autouse=True)
def _assets(offline_assets: Path) -> None: ...


def result(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.fixture(scope="module")
def model(few_takes: Path, wakehubert_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `prepared` and a voice trained two steps, made by the commands."""
    folder = tmp_path_factory.mktemp("cli")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RVC_STUDIO_ASSETS", str(wakehubert_file.parent))
        patch.setenv("RVC_STUDIO_HOME", str(folder / "home"))
        prepared = str(folder / "prepared")
        assert main(["prepare", str(few_takes), "--out", prepared, "--rate", "24000", "--json"]) == 0
        assert main(["train", prepared, "--out", str(folder / "model"), *STEPS, "--json"]) == 0
        assert main(["index", prepared, "--model", str(folder / "model"), "--json"]) == 0
    return folder


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for command in COMMANDS:
        with pytest.raises(SystemExit) as caught:
            build_parser().parse_args([command.name, "--help"])
        assert caught.value.code == 0
        text = capsys.readouterr().out
        assert "--json" in text
        assert len(text) > 300


def test_wrong_usage_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["train"])
    assert caught.value.code == 2
    assert main(["convert", "m", "i", "--out", "o", "--index-rate", "7"]) == 2
    assert "--index-rate" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["prepare", "{missing}", "--out", "{out}"], "missing_path"),
        (["prepare", "{empty}", "--out", "{out}"], "empty_dataset"),
        (["prepare", "{silence}", "--out", "{out}"], "no_speech"),
        (["prepare", "{take}", "--out", "{out}"], "too_short"),
        (["prepare", "{take}", "--out", "{out}", "--rate", "44100"], "wrong_rate"),
        (["prepare", "{take}", "--out", "{text}"], "not_a_folder"),
        (["train", "{empty}", "--out", "{out}"], "not_prepared"),
        (["train", "{prepared}", "--out", "{out}", "--architecture", "v2"], "wrong_rate"),
        (["convert", "{missing}", "{take}", "--out", "{out}"], "missing_file"),
        (["convert", "{take}", "{model}", "--out", "{out}"], "not_a_voice"),
        (["index", "{prepared}", "--out", "{empty}"], "not_a_file"),
        (["convert", "{model}", "{missing}", "--out", "{out}"], "missing_path"),
        (["convert", "{model}", "{text}", "--out", "{out}"], "not_audio"),
        (["evaluate", "{model}", "{missing}", "--out", "{out}"], "missing_path"),
        (["export", "{model}", "--out", "{out}/x.pth"], "not_exportable"),
        (["import", "{text}", "--out", "{out}"], "not_a_voice"),
        (["info", "{missing}"], "missing_file"),
        (["demo", "--source", "{missing}", "--out", "{out}"], "missing_path"),
    ],
)
def test_bad_input_exits_with_3_and_one_sentence(
    arguments: list[str],
    code: str,
    model: Path,
    few_takes: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.wav").write_text("this is no sound")
    soundfile.write(tmp_path / "silence.wav", np.zeros(24000 * 20), 24000)
    places = {
        "missing": tmp_path / "nothing here.wav",
        "empty": tmp_path / "empty",
        "text": tmp_path / "text.wav",
        "silence": tmp_path / "silence.wav",
        "take": sorted(few_takes.iterdir())[0],
        "prepared": model / "prepared",
        "model": model / "model",
        "out": tmp_path / "out",
    }
    given = [argument.format(**places) for argument in arguments]
    capsys.readouterr()
    assert main([*given, "--json"]) == 3
    failed = result(capsys)
    assert (failed["event"], failed["code"]) == ("failed", code)
    assert failed["text"].endswith(".")
    assert "Traceback" not in failed["text"]


def test_from_recordings_to_a_converted_one(
    model: Path, few_takes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    take = sorted(few_takes.iterdir())[0]
    arguments = ["convert", str(model / "model"), str(take), "--out", str(model / "out"), "--json"]
    assert main([*arguments, "--pitch-shift", "auto", "--format", "flac", "--rate", "44100"]) == 0
    (path,) = result(capsys)["artifacts"].values()
    assert take.stem in Path(path).name
    info, source = soundfile.info(path), soundfile.info(take)
    assert (info.format, info.samplerate) == ("FLAC", 44100)
    assert info.duration == pytest.approx(source.duration, abs=1e-3)


def test_evaluate_reports_on_held_out_takes(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["evaluate", str(model / "model"), str(model / "prepared"), "--out", str(model / "report")]
    assert main([*arguments, "--json"]) == 0
    done = result(capsys)
    assert done["summary"]["reconstruction_clips"] >= 1
    assert "<html" in (model / "report/report.html").read_text(encoding="utf-8")
    report = json.loads((model / "report/report.json").read_text(encoding="utf-8"))
    assert report["testset_kind"] == "held_out"


def test_an_index_of_other_recordings_is_refused(
    model: Path, few_takes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    takes = [str(path) for path in sorted(few_takes.iterdir())[:6]]
    assert main(["prepare", *takes, "--out", str(tmp_path / "p"), "--rate", "24000", "--json"]) == 0
    assert main(["index", str(tmp_path / "p"), "--model", str(model / "model"), "--json"]) == 3
    assert result(capsys)["code"] == "another_dataset"


def test_info_tells_the_card(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(model / "model"), "--json"]) == 0
    assert result(capsys)["summary"]["architecture"] == "lite"
    assert main(["info", str(model / "prepared")]) == 0
    assert "starter-2" in capsys.readouterr().out


def test_export_and_import_through_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    full_v2().save(tmp_path / "full.safetensors")
    exported = tmp_path / "내보낸 모델.pth"
    assert main(["export", str(tmp_path / "full.safetensors"), "--out", str(exported), "--json"]) == 0
    assert main(["import", str(exported), "--out", str(tmp_path / "again"), "--json"]) == 0
    again = Voice.load(Path(result(capsys)["artifacts"]["model"]))
    assert (again.card.architecture, again.card.rate) == ("v2", 40000)


def test_a_reader_that_goes_away_is_no_error_message() -> None:
    command = f"{sys.executable} -m rvc assets list --json | head -c 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_a_bug_ends_the_stream_with_an_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("rvc.assets.manifest", lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        main(["assets", "list", "--json"])
    assert result(capsys)["code"] == "bug"


def test_assets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assets", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("contentvec") and "not on this machine" in line for line in lines)
    assert any(line.startswith("wakehubert-tiny") and ".onnx" in line for line in lines)


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, marks=pytest.mark.slow),
    ],
)
def test_a_signal_pauses_a_training_that_can_go_on(
    model: Path, tmp_path: Path, number: signal.Signals
) -> None:
    command = [
        sys.executable,
        "-m",
        "rvc",
        "train",
        str(model / "prepared"),
        "--out",
        str(tmp_path),
        "--json",
    ]
    with subprocess.Popen(
        [*command, "--minutes", "10", "--batch-size", "2"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        _wait_for_steps(process.stdout, 2)
        asked = time.monotonic()
        process.send_signal(number)
        rest = process.stdout.read().splitlines()
        assert process.wait(60) == 75
    assert time.monotonic() - asked < 30
    assert json.loads(rest[-1])["code"] == "paused"
    assert list((tmp_path / "checkpoints").glob("*.checkpoint"))


def _wait_for_steps(lines: IO[str], steps: int) -> None:
    """Read events until a training has taken `steps` steps."""
    for line in lines:
        event = json.loads(line)
        if event["event"] == "progress" and event["step"] >= steps:
            return
    pytest.fail("the training ended before it was stopped")
