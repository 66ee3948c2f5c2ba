"""What goes over the wire: specs that open no files, types that old and new programs both read, no torch."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from rvc.config import Config, ConvertConfig, EvaluateConfig, PrepareConfig, TrainConfig
from rvc.errors import InputError
from rvc.events import Log, Metrics
from rvc.jobs import ACTIVE, ENDED, NEXT, ConvertSpec, EvaluateSpec, Job, JobEvent, JobSpec, State, TrainSpec
from rvc.jobs.kinds import KINDS, parse
from rvc.jobs.spec import FILE_SETTINGS
from rvc.jobs.wire import Other

RECORDED = Path(__file__).parent / "contract" / "wire-1"
PLAIN_TEXT = {  # settings that are text but name no file
    *("name", "device", "encoder", "pitch"),
    *("speaker", "spoken_language", "consent_by", "consent_statement"),
    *("architecture", "preset", "precision", "format", "language"),
}


def test_the_job_service_costs_no_torch() -> None:
    code = "import rvc.jobs, rvc.jobs.worker, rvc.jobs.dispatcher, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"torch", "numpy", "scipy", "soundfile"} & set(done.stdout.split())


@pytest.mark.parametrize("config", [PrepareConfig, TrainConfig, ConvertConfig, EvaluateConfig])
def test_every_setting_that_could_name_a_file_is_known(config: type[Config]) -> None:
    """A new text setting is put into one of two lists: plain text, or files, which jobs take as inputs only."""
    texts = {name for name, field in config.model_fields.items() if "str" in str(field.annotation)}
    assert texts - PLAIN_TEXT <= set(FILE_SETTINGS)


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "train", "train": {"base_generator": "/etc/passwd"}},
        {"kind": "train", "train": {"preview": "x.wav"}},
        {"kind": "train", "train": {"device": "cuda:7"}},
        {"kind": "train", "evaluate": {"device": "cuda:7"}},
        {"kind": "train", "train": {"gpus": 2}},
        {"kind": "convert", "convert": {"device": "cpu"}},
        {"kind": "convert", "convert": {"pitch_shift": 99}},
        {"kind": "train", "gpus": 0},
        {"kind": "train", "priority": 11},
        {"kind": "train", "colour": "blue"},
        {"kind": "train", "train": {"steps": "many"}},
        {"kind": "train", "version": 0},
    ],
)
def test_specs_that_name_files_or_nonsense_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        parse(KINDS, data)
    assert caught.value.code == "bad_spec"


def test_unknown_and_newer_specs_are_told_apart() -> None:
    for data, code in (({"kind": "sing"}, "unknown_kind"), ({}, "unknown_kind")):
        with pytest.raises(InputError) as caught:
            parse(KINDS, data)
        assert caught.value.code == code
    with pytest.raises(InputError) as newer:
        parse(KINDS, {"kind": "train", "version": 2, "more": 1})
    assert newer.value.code == "newer_spec"


@pytest.mark.parametrize(
    "spec",
    [
        TrainSpec(name="Änna", train=TrainConfig(steps=7), consent="given in writing"),
        TrainSpec(prepare={"rate": 24000}, gpus=2, keep_days=30),
        ConvertSpec(convert=ConvertConfig(pitch_shift="auto"), priority=-3),
        EvaluateSpec(language="ko"),
    ],
)
def test_specs_survive_the_wire(spec: Any) -> None:
    again = TypeAdapter(JobSpec).validate_json(spec.model_dump_json())
    assert again == spec
    assert parse(KINDS, json.loads(spec.model_dump_json())) == spec


def test_the_states_lead_somewhere_and_end() -> None:
    assert set(NEXT) == set(State)
    assert NEXT[State.DONE] == frozenset()
    assert all(State.RUNNING not in NEXT[state] for state in ENDED | {State.PAUSED})
    assert all(NEXT[state] >= ENDED for state in ACTIVE)
    reached = {State.QUEUED}
    for _ in State:
        reached |= {following for state in reached for following in NEXT[state]}
    assert reached == set(State)


def test_events_of_newer_programs_are_passed_on() -> None:
    line = '{"number":4,"time":"2026-11-20T09:00:00Z","body":{"event":"sung","notes":[1,2]},"more":1}'
    event = JobEvent.model_validate_json(line)
    assert isinstance(event.body, Other)
    assert json.loads(event.model_dump_json())["body"] == {"event": "sung", "notes": [1, 2]}


def test_events_keep_their_kind() -> None:
    for body in (Metrics(step=1, values={"loss": 2.0}), Log(code="x", text="y")):
        event = JobEvent(number=1, time="2026-11-20T09:00:00Z", body=body)
        assert type(JobEvent.model_validate_json(event.model_dump_json()).body) is type(body)


@pytest.mark.parametrize("path", sorted(RECORDED.glob("events-*.jsonl")), ids=lambda path: path.stem)
def test_events_that_the_first_version_wrote_are_still_read(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    events = [JobEvent.model_validate_json(line) for line in lines]
    assert [event.number for event in events] == list(range(1, len(lines) + 1))
    assert not any(isinstance(event.body, Other) for event in events)
    for event, line in zip(events, lines, strict=True):
        written = json.loads(line)["body"]
        assert written.items() <= json.loads(event.model_dump_json())["body"].items()


@pytest.mark.parametrize("path", sorted(RECORDED.glob("job-*.json")), ids=lambda path: path.stem)
def test_jobs_that_the_first_version_wrote_are_still_read(path: Path) -> None:
    written = json.loads(path.read_text(encoding="utf-8"))
    job = json.loads(Job.model_validate(written).model_dump_json())
    assert written.items() <= job.items()
    spec = TypeAdapter(JobSpec).validate_python(written["spec"])
    assert spec.kind == written["kind"]


def test_there_are_recordings_of_the_first_version() -> None:
    assert len(list(RECORDED.iterdir())) >= 4
