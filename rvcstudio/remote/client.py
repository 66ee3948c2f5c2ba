"""Jobs of an agent, over HTTP: the same protocol as those of this computer.

Event streams come back by themselves with the last number seen, after whatever cut them.
"""

import itertools
import time
import uuid
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
from pydantic import TypeAdapter

from rvc.errors import Error, InputError
from rvc.jobs import ENDED, Inputs, Job, JobEvent, JobFile, Spec, State
from rvcstudio.remote.calls import RETRIES_S, Calls, Token, unreachable
from rvcstudio.remote.transfers import Downloads, Meter, Uploads

PAGE_JOBS = 500  # that are asked for at once
SILENCE_S = 60.0  # of an event stream, whose heartbeat is quicker
PATIENCE_S = 60.0  # how long a lost agent is waited for

_JOBS = TypeAdapter(list[Job])
_FILES = TypeAdapter(list[JobFile])


class RemoteJobs:
    """Jobs of an agent, as `rvc.jobs.JobService` describes them. May be used by several threads at once."""

    def __init__(self, url: str, token: Token, *, transport: httpx2.BaseTransport | None = None) -> None:
        """Reach an agent at `url`, through `transport` where the way is a special one, such as SSH."""
        self.calls = Calls(url, token, transport)
        self.meter = Meter()
        self._uploads = Uploads(self.calls, self.meter)
        self._downloads = Downloads(self.calls, self.meter)

    def close(self) -> None:
        self.calls.close()

    def submit(self, spec: Spec, inputs: Inputs, *, key: str | None = None) -> Job:
        """Upload what a job needs and queue it; see `JobService.submit`. Only files that are new there are sent."""
        body = {"spec": spec.model_dump(mode="json"), "inputs": self.upload(inputs)}
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}  # so that asking twice makes one job
        answer = self.calls.ask("POST", "/jobs", repeatable=True, json=body, headers=headers)
        return Job.model_validate_json(answer.content)

    def upload(self, inputs: Inputs) -> dict[str, list[dict[str, Any]]]:
        """Send what is new there, and return how a submission names all of it."""
        return self._uploads.send(inputs)

    def jobs(self, states: Collection[State] = ()) -> list[Job]:
        """Return the jobs in some of the states, or all of them."""
        pages: list[list[Job]] = []
        params = {"state": [str(state) for state in states], "limit": PAGE_JOBS}
        answer = self.calls.ask("GET", "/jobs", params=params)
        while True:
            pages.insert(0, _JOBS.validate_json(answer.content))  # the newest come first
            if "next" not in answer.links:
                return list(itertools.chain(*pages))
            answer = self.calls.ask("GET", answer.links["next"]["url"])

    def job(self, job_id: str) -> Job:
        """Return one job."""
        return self._job("GET", job_id)

    def events(self, job_id: str, after: int = 0, *, wait_s: float | None = None) -> Iterator[JobEvent]:
        """Yield events as they come; see `JobService.events`. A lost stream is taken up again where it was."""
        self.job(job_id)
        return self._follow(job_id, after, wait_s)

    def _follow(self, job_id: str, after: int, wait_s: float | None) -> Iterator[JobEvent]:
        failures, deadline = 0, time.monotonic() + PATIENCE_S
        while True:
            try:
                for event in self._stream(job_id, after, wait_s):
                    yield event
                    after, failures, deadline = event.number, 0, time.monotonic() + PATIENCE_S
                if wait_s is not None or self._is_over(job_id):
                    return
            except (httpx2.TransportError, Error) as error:
                if isinstance(error, InputError):
                    raise
                if time.monotonic() >= deadline:
                    raise unreachable(error) from error
            time.sleep(RETRIES_S[min(failures, len(RETRIES_S) - 1)])
            failures += 1

    def _stream(self, job_id: str, after: int, wait_s: float | None) -> Iterator[JobEvent]:
        """Yield the events of one stream, until the agent ends it."""
        params: dict[str, Any] = {"after": after} | ({} if wait_s is None else {"wait_s": wait_s})
        with self.calls.stream(f"{_place(job_id)}/events", silence_s=SILENCE_S, params=params) as answer:
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    yield JobEvent.model_validate_json(line.removeprefix("data: "))

    def _is_over(self, job_id: str) -> bool:
        try:
            return self._job("GET", job_id).state in ENDED
        except InputError:  # it was removed
            return True

    def pause(self, job_id: str) -> Job:
        """Stop a job at its next safe point, or keep a queued one back."""
        return self._job("POST", job_id, "/pause")

    def resume(self, job_id: str) -> Job:
        """Let a paused job go on."""
        return self._job("POST", job_id, "/resume")

    def cancel(self, job_id: str) -> Job:
        """End a job for good."""
        return self._job("POST", job_id, "/cancel")

    def finish(self, job_id: str) -> Job:
        """End a training now, and keep the best model so far."""
        return self._job("POST", job_id, "/finish")

    def retry(self, job_id: str) -> Job:
        """Queue a failed or cancelled job again."""
        return self._job("POST", job_id, "/retry")

    def move(self, job_id: str, before: str | None = None) -> Job:
        """Place a job before another of yours in the queue, or last."""
        return self._job("POST", job_id, "/move", {"before": before})

    def prioritise(self, job_id: str, priority: int) -> Job:
        """Change a job's priority."""
        return self._job("POST", job_id, "/priority", {"priority": priority})

    def files(self, job_id: str) -> list[JobFile]:
        """Return the files that can be fetched."""
        return _FILES.validate_json(self.calls.ask("GET", f"{_place(job_id)}/artifacts").content)

    def fetch(self, job_id: str, name: str, to: Path) -> Path:
        """Download a file of a job into the folder, or to the file, `to`."""
        sizes = {file.name: file.size_bytes for file in self.files(job_id)}
        if name not in sizes:
            raise InputError("unknown_file", f"The job has no file called {name}.")
        target = to / Path(name).name if to.is_dir() else to
        return self._downloads.fetch(f"{_place(job_id)}/artifacts/{quote(name)}", target, sizes[name])

    def remove(self, job_id: str) -> None:
        """Delete a job with all its files."""
        self.calls.ask("DELETE", _place(job_id))

    def _job(self, method: str, job_id: str, step: str = "", body: object = None) -> Job:
        answer = self.calls.ask(method, f"{_place(job_id)}{step}", json=body)
        return Job.model_validate_json(answer.content)


def _place(job_id: str) -> str:
    """Return a job's address; raises `InputError` unknown_job for what cannot be an id."""
    if not job_id or not all(letter.isalnum() or letter == "-" for letter in job_id):
        raise InputError("unknown_job", f"There is no job {job_id}.")
    return f"/jobs/{quote(job_id)}"
