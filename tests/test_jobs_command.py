"""`rvc jobs`: the queue as a person reaches it before there is an app."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rvc.cli import main
from rvc.jobs import LocalJobs
from rvc.jobs.launch import LOCK
from rvc.jobs.locks import Lock
from tests.jobs import cleared, finish

SPEC = '{"kind": "convert", "name": "Änna"}'


@pytest.fixture
def still(studio_home: Path) -> Iterator[Path]:
    """The user's own queue, in which nothing is started."""
    home = studio_home / "jobs"
    home.mkdir(parents=True)
    lock = Lock(home / LOCK)
    assert lock.acquire()
    yield home
    lock.release()


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    for name in ("voice.safetensors", "talk.wav"):
        (tmp_path / name).write_text("nothing that could be used")
    return [f"model={tmp_path / 'voice.safetensors'}", f"recordings={tmp_path / 'talk.wav'}"]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    """Run a command; return its exit code and its last line."""
    code = main(["jobs", *words, "--json"])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.mark.usefixtures("still")
def test_a_job_is_submitted_and_steered(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "submit", SPEC, *files)[1]["summary"] == {"1 Änna": "convert, queued"}
    assert run(capsys, "pause", "1")[1]["summary"] == {"1 Änna": "convert, paused"}
    assert run(capsys, "list")[1]["summary"] == {"1 Änna": "convert, paused"}
    assert run(capsys, "resume", "1")[0] == 0
    shown = run(capsys, "show", "1")[1]["summary"]
    assert (shown["state"], shown["spec"]["kind"]) == ("queued", "convert")
    assert run(capsys, "cancel", shown["id"])[1]["summary"] == {"1 Änna": "convert, cancelled"}
    assert run(capsys, "clean", "--job-days", "0", "--pretend")[1]["summary"].keys() == {shown["id"]}
    assert run(capsys, "remove", "1")[0] == 0
    assert run(capsys, "list")[1]["summary"] == {}


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize(
    ("words", "said"), [(["list"], "no jobs"), (["clean", "--job-days", "1"], "nothing")]
)
def test_where_there_is_nothing_that_is_said_beside_the_output(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["jobs", *words]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err
    assert run(capsys, *words)[1] == {"event": "done", "artifacts": {}, "summary": {}}


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["pause", "7"], "unknown_job"),
        (["pause", "../x"], "unknown_job"),
        (["show"], "no_job"),
        (["submit"], "no_spec"),
        (["submit", "{"], "bad_spec"),
        (["submit", "[]"], "bad_spec"),
        (["submit", "nothing.json"], "bad_spec"),
        (["submit", '{"kind": "sing"}'], "unknown_kind"),
        (["submit", '{"kind": "convert", "colour": 1}'], "bad_spec"),
        (["submit", SPEC, "talk.wav"], "no_role"),
        (["submit", SPEC], "missing_input"),
        (["submit", SPEC, "model=nothing", "recordings=nothing"], "missing_path"),
        (["clean"], "no_policy"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    words: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exit_code, last = run(capsys, *words)
    assert (exit_code, last["code"]) == (3, code)
    assert last["text"].endswith(".")


def test_a_job_is_watched_to_its_end(
    files: list[str], studio_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with cleared(studio_home / "jobs"):
        assert run(capsys, "submit", SPEC, *files)[0] == 0
        code, last = run(capsys, "watch", "1")
        assert (code, last["event"]) == (1, "failed")
        (job,) = LocalJobs().jobs()
        failed = finish(LocalJobs(), job)
        assert failed.failure is not None
        assert failed.failure.code == last["code"]
        assert failed.failure.text in run(capsys, "list")[1]["summary"]["1 Änna"]
