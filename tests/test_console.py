import json

import pytest

from rvc import console
from rvc.events import Done, Failed, Log, Progress


@pytest.mark.parametrize(
    ("seconds", "text"), [(8.4, "8 s"), (59.6, "1 min 00 s"), (200, "3 min 20 s"), (3900, "1 h 05 min")]
)
def test_durations_are_said_as_people_do(seconds: float, text: str) -> None:
    assert console.duration(seconds) == text


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    show = console.JsonLines()
    show(Progress(phase="train", step=1, total=2))
    show(Done(artifacts={"model": "목소리.safetensors"}))
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["event"] for event in events] == ["progress", "done"]
    assert events[1]["artifacts"] == {"model": "목소리.safetensors"}


def test_plain_output_says_the_end_of_a_phase_once(capsys: pytest.CaptureFixture[str]) -> None:
    show = console.Plain()
    for step in (0, 5, 10, 10):
        show(Progress(phase="convert", step=step, total=10))
    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if "100" in line] == ["Converting: 100%"]


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("seconds", "0 s of 3 min 00 s of audio"),
        ("bytes", "0 kB of 0 kB"),
        ("steps", "step 0 of 180"),
        ("files", "0 of 180 files"),
        ("", "0%"),
        ("parsecs", "0%"),
    ],
)
def test_progress_is_said_in_what_it_counts(unit: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    console.Plain()(Progress(phase="measure", step=0, total=180, unit=unit))
    assert capsys.readouterr().err == f"Measuring: {said}\n"


def test_one_is_not_many() -> None:
    assert console.amount(Progress(phase="index", step=1, total=1, unit="clips")) == "1 of 1 clip"


def test_sizes_are_said_as_people_do() -> None:
    assert [console.size(count) for count in (12_000, 12_500_000, 1.2e9)] == ["12 kB", "12.5 MB", "1.2 GB"]


def test_a_phase_with_a_name_says_what_is_done_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    console.Plain()(Progress(phase="fetch rmvpe", step=1, total=10**6, unit="bytes"))
    assert capsys.readouterr().err == "Fetching rmvpe: 0 kB of 1.0 MB\n"


def test_warnings_and_failures_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    show = console.Plain()
    show(Log(level="warning", code="skipped", text="a.wav is damaged."))
    show(Failed(code="disk_full", text="The disk is full.", hint="Free some space."))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Warning: a.wav is damaged." in captured.err
    assert "The disk is full. Free some space." in captured.err


def test_bars_end_with_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    show = console.Bars()
    show(Progress(phase="train", step=1, total=2, eta_s=90))
    show(
        Done(artifacts={"model": "a.safetensors"}, summary={"note": "Rough.", "loss": 0.123456, "gone": None})
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Rough."
    assert "loss  0.1235" in lines
    assert "model  a.safetensors" in lines
    assert not any("gone" in line for line in lines)
