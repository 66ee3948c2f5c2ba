"""Jobs of an agent, over HTTP: the same protocol as those of this computer.

Files go up as blobs: once each, verified, and from where they were when the way is cut. Event streams come back by
themselves with the last number seen.
"""

import hashlib
import itertools
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
from pydantic import TypeAdapter

from rvc import paths
from rvc.errors import Error, InputError
from rvc.jobs import ENDED, Inputs, Job, JobEvent, JobFile, Spec, State
from rvc.names import is_visible

PIECE_BYTES = 1 << 20
PAGE_JOBS = 500  # that are asked for at once
TIMEOUT_S = 30.0
SILENCE_S = 60.0  # of an event stream, whose heartbeat is quicker
PATIENCE_S = 60.0  # how long a lost agent is waited for
RETRIES_S = (0.2, 0.5, 1.0, 2.0, 5.0)
TOO_BUSY = (429, 503)

_JOBS = TypeAdapter(list[Job])
_FILES = TypeAdapter(list[JobFile])


class RemoteJobs:
    """Jobs of an agent, as `rvc.jobs.JobService` describes them. May be used by several threads at once."""

    def __init__(self, url: str, token: str, *, transport: httpx2.BaseTransport | None = None) -> None:
        """Reach an agent at `url`, through `transport` where the way is a special one, such as SSH."""
        self._client = httpx2.Client(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_S,
            transport=transport,
            trust_env=False,  # a proxy of the network has no business between the app and an agent
        )

    def close(self) -> None:
        self._client.close()

    def submit(self, spec: Spec, inputs: Inputs, *, key: str | None = None) -> Job:
        """Upload what a job needs and queue it; see `JobService.submit`."""
        references = {role: [self._offer(path) for path in given] for role, given in inputs.items()}
        body = {"spec": spec.model_dump(mode="json"), "inputs": references}
        headers = {"Idempotency-Key": key} if key is not None else {}
        return Job.model_validate_json(self._ask("POST", "/jobs", json=body, headers=headers).content)

    def _offer(self, path: Path) -> dict[str, Any]:
        """Upload a file, or a folder's visible files, and return how a submission names it."""
        if path.is_file():
            return self._upload(path, path.name)
        if not path.is_dir():
            raise InputError("missing_path", f"{path} does not exist.", "Check the path for spelling.")
        files = (file for file in sorted(path.rglob("*")) if is_visible(file, path) and file.is_file())
        uploaded = [self._upload(file, file.relative_to(path).as_posix()) for file in files]
        return {"folder": path.resolve().name or "folder", "files": uploaded}

    def _upload(self, path: Path, name: str) -> dict[str, Any]:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        self._send(path, sha256)
        return {"blob": sha256, "name": name}

    def _send(self, path: Path, sha256: str) -> None:
        """Send a file, from where an earlier try was cut off."""
        url, size = f"/blobs/{sha256}", path.stat().st_size
        deadline = time.monotonic() + PATIENCE_S
        while True:
            found = self._ask("HEAD", url, accepted=(404,))
            if found.status_code == 200:
                return
            offset = int(found.headers["Upload-Offset"])
            headers = {"Content-Length": str(size - offset)}
            if offset:
                headers["Content-Range"] = f"bytes {offset}-{size - 1}/{size}"
            try:
                self._call("PUT", url, content=_pieces(path, offset), headers=headers)
            except httpx2.TransportError as error:
                if time.monotonic() >= deadline:
                    raise _unreachable(error) from error
                time.sleep(RETRIES_S[0])

    def jobs(self, states: Collection[State] = ()) -> list[Job]:
        """Return the jobs in some of the states, or all of them."""
        pages: list[list[Job]] = []
        params = {"state": [str(state) for state in states], "limit": PAGE_JOBS}
        answer = self._ask("GET", "/jobs", params=params)
        while True:
            pages.insert(0, _JOBS.validate_json(answer.content))  # the newest come first
            if "next" not in answer.links:
                return list(itertools.chain(*pages))
            answer = self._ask("GET", answer.links["next"]["url"])

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
                    raise _unreachable(error) from error
            time.sleep(RETRIES_S[min(failures, len(RETRIES_S) - 1)])
            failures += 1

    def _stream(self, job_id: str, after: int, wait_s: float | None) -> Iterator[JobEvent]:
        """Yield the events of one stream, until the agent ends it."""
        params: dict[str, Any] = {"after": after} | ({} if wait_s is None else {"wait_s": wait_s})
        timeout = httpx2.Timeout(TIMEOUT_S, read=SILENCE_S)
        with self._client.stream("GET", f"{_place(job_id)}/events", params=params, timeout=timeout) as answer:
            if answer.status_code != 200:
                answer.read()
                _check(answer)
                return
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
        return _FILES.validate_json(self._ask("GET", f"{_place(job_id)}/artifacts").content)

    def fetch(self, job_id: str, name: str, to: Path) -> Path:
        """Download a file of a job into the folder, or to the file, `to`."""
        if name not in [file.name for file in self.files(job_id)]:
            raise InputError("unknown_file", f"The job has no file called {name}.")
        target = to / Path(name).name if to.is_dir() else to
        with (
            self._client.stream("GET", f"{_place(job_id)}/artifacts/{quote(name)}") as answer,
            paths.atomic(target) as temporary,
            temporary.open("wb") as file,
        ):
            if answer.status_code != 200:
                answer.read()
            _check(answer)
            for piece in answer.iter_bytes(PIECE_BYTES):
                file.write(piece)
        return target

    def remove(self, job_id: str) -> None:
        """Delete a job with all its files."""
        self._ask("DELETE", _place(job_id))

    def _job(self, method: str, job_id: str, step: str = "", body: object = None) -> Job:
        answer = self._ask(method, f"{_place(job_id)}{step}", json=body)
        return Job.model_validate_json(answer.content)

    def _ask(self, method: str, url: str, accepted: Collection[int] = (), **what: Any) -> httpx2.Response:
        """Make a request; an agent that just restarts is asked again, as it heard nothing of it."""
        pauses_s = iter(RETRIES_S)
        while True:
            try:
                return self._call(method, url, accepted, **what)
            except httpx2.TransportError as error:
                pause_s = next(pauses_s, None) if isinstance(error, httpx2.ConnectError) else None
                if pause_s is None:
                    raise _unreachable(error) from error
                time.sleep(pause_s)

    def _call(self, method: str, url: str, accepted: Collection[int] = (), **what: Any) -> httpx2.Response:
        answer = self._client.request(method, url, **what)
        if answer.status_code not in accepted:
            _check(answer)
        return answer


def _pieces(path: Path, offset: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(offset)
        while piece := file.read(PIECE_BYTES):
            yield piece


def _place(job_id: str) -> str:
    """Return a job's address; raises `InputError` unknown_job for what cannot be an id."""
    if not job_id or not all(letter.isalnum() or letter == "-" for letter in job_id):
        raise InputError("unknown_job", f"There is no job {job_id}.")
    return f"/jobs/{quote(job_id)}"


def _check(answer: httpx2.Response) -> None:
    """Raise what the agent says went wrong, in the words of `rvc.errors`."""
    if answer.status_code < 400:
        return
    problem = _problem(answer)
    kind = InputError if answer.status_code < 500 and answer.status_code not in TOO_BUSY else Error
    raise kind(str(problem["code"]), str(problem["detail"]), str(problem.get("hint", "")))


def _problem(answer: httpx2.Response) -> Mapping[str, Any]:
    unknown = {"code": "agent_error", "detail": f"The agent answered with status {answer.status_code}."}
    try:
        problem = answer.json()
    except ValueError:
        return unknown
    return problem if isinstance(problem, dict) and {"code", "detail"} <= problem.keys() else unknown


def _unreachable(error: Exception) -> Error:
    return Error("agent_unreachable", f"The agent cannot be reached: {error}.", "See whether it runs.")
