"""Programs of earlier versions: their requests, as they were recorded, get the answers that they know."""

import json
from pathlib import Path

import pytest

from tests.contract.requests import FILE, differences, job_of, send, shape, still_agent

VERSIONS = sorted((Path(__file__).parent / "contract").glob(f"wire-*/{FILE}"))


@pytest.mark.parametrize("file", VERSIONS, ids=lambda file: file.parent.name)
def test_recorded_requests_are_still_understood(file: Path, tmp_path: Path) -> None:
    requests, job = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()], ""
    assert len(requests) >= 30
    with still_agent(tmp_path) as (_, client):
        for request in requests:
            answer = send(client, request, job)
            job = job_of(answer, job)
            asked = f"{request['method']} {request['path']}"
            assert answer.status_code == request["status"], (asked, answer.text)
            assert differences(request["shape"], shape(answer)) == [], asked


def test_what_would_break_a_program_is_found() -> None:
    old = {"id": "str", "jobs": [{"progress": "number", "failure": "NoneType"}]}
    assert differences(old, {**old, "more": "str"}) == []
    assert differences(old, {"id": "str", "jobs": []}) == []
    assert differences(old, {"id": "number", "jobs": [{"failure": {"code": "str"}}]}) == [
        "answer.id was str, is number",
        "answer.jobs.0.progress is gone",
    ]
