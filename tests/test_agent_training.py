"""One request trains a voice: real recordings go in, a model comes out and converts."""

import shutil
from pathlib import Path

import pytest

from tests.agents import httpx2, running, wait_for
from tests.jobs import PATIENCE_S
from tests.test_agent_jobs import read_events

SETTINGS = {
    "name": "Anna",
    "consent": "the speaker, CC0",
    "prepare.rate": "24000",
    "train.architecture": "lite",
    "train.steps": "2",
    "train.batch_size": "2",
    "evaluate.max_clips": "1",
    "keep_days": "3",
}


@pytest.mark.slow
@pytest.mark.usefixtures("offline_assets")
def test_one_request_trains_a_voice_that_converts(few_takes: Path, tmp_path: Path) -> None:
    takes = sorted(few_takes.glob("*.flac"))
    files = [("recordings", (path.name, path.read_bytes())) for path in takes]
    with (
        running(tmp_path / "agent", kinds_module="rvc.jobs.kinds") as agent,
        agent.client() as client,
    ):
        job = client.post("/model/train", data=SETTINGS, files=files).raise_for_status().json()
        assert (job["kind"], job["state"], job["spec"]["consent"]) == ("train", "queued", "the speaker, CC0")
        client.timeout = httpx2.Timeout(PATIENCE_S)
        events = read_events(client, job["id"])
        assert [event["number"] for event in events] == list(range(1, len(events) + 1))
        assert wait_for(client, job["id"], "done", "failed")["state"] == "done", events[-2]
        [model] = client.get("/models").json()
        assert (model["id"], model["name"], set(model["files"])) == (job["id"], "Anna", {"model", "index"})
        weights = client.get(model["files"]["model"]["url"])
        assert len(weights.content) == model["files"]["model"]["size_bytes"] > 10**6
        converted = _convert(client, job["id"], takes[0])
        assert converted[:4] == b"RIFF"
        assert client.delete(f"/models/{job['id']}").status_code == 204
        assert client.get("/models").json() == []
    shutil.rmtree(tmp_path / "agent")


def _convert(client: "httpx2.Client", model: str, source: Path) -> bytes:
    """Convert a recording with a model of the agent and return the result."""
    form = {"model": f"model:{model}", "convert.pitch_shift": "2"}
    files = [("recordings", (source.name, source.read_bytes()))]
    job = client.post("/model/convert", data=form, files=files).raise_for_status().json()
    done = wait_for(client, job["id"], "done", "failed")
    assert done["state"] == "done", done["failure"]
    [file] = client.get(f"/jobs/{job['id']}/artifacts").json()
    return client.get(f"/jobs/{job['id']}/artifacts/{file['name']}").raise_for_status().content
