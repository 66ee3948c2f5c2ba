"""Jobs on a Ray cluster: which ones are refused, and a real one of two nodes, of which one vanishes."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rvc.errors import InputError
from rvc.jobs.folder import JobFolder
from rvc.jobs.launch import LOCK
from rvc.jobs.locks import Lock
from rvc.jobs.ray import worker
from rvc.jobs.ray.cluster import Cluster, Node, RayJob, find_token
from rvc.jobs.ray.crew import DEVICE_SHARE, DRIVER_SHARE, RayCrew, name_slots, processors
from rvc.jobs.record import Record
from rvc.jobs.slots import Demand
from rvc.jobs.tasks import Task
from rvc.jobs.wire import State
from tests.jobs_kinds import MODULE

TOKEN = "a-token-of-this-test"
PUBLIC = "198.41.0.4"
GPU_NODE = Node(node_id="a", state="ALIVE", resources_total={"CPU": 8, "GPU": 2})
CPU_NODE = Node(node_id="b", state="ALIVE", resources_total={"CPU": 4, "memory": 1e9})
HEAD = Node(node_id="h", state="ALIVE", resources_total={"memory": 1e9})


@contextlib.contextmanager
def serving(*, asks: bool = True) -> Iterator[str]:
    """Serve what Ray's dashboard does for whoever has the token, or for everybody."""

    class Dashboard(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = not asks or self.headers["Authorization"] == f"Bearer {TOKEN}"
            self.send_response(200 if known else 401)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"[]")

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(500)
            self.end_headers()
            self.wfile.write(b"No machine takes it.")

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Dashboard)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_cluster_that_asks_for_its_token_is_taken() -> None:
    with serving() as address:
        Cluster(address, TOKEN).require_closed()


@pytest.mark.parametrize(
    ("asks", "token", "code"),
    [
        (False, TOKEN, "open_cluster"),
        (True, "another", "wrong_token"),
        (True, "", "missing_token"),
    ],
)
def test_a_cluster_that_lets_others_in_is_refused(asks: bool, token: str, code: str) -> None:
    with serving(asks=asks) as address, pytest.raises(InputError) as refusal:
        Cluster(address, token).require_closed()
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (f"http://{PUBLIC}:8265", "public_cluster"),
        ("http://0.0.0.0:8265", "public_cluster"),
        ("10.0.0.2:8265", "bad_address"),
        ("ray://10.0.0.2:10001", "bad_address"),
        ("http://127.0.0.1:1", "no_cluster"),
    ],
)
def test_an_address_that_is_not_private_is_refused(address: str, code: str) -> None:
    with pytest.raises(InputError) as refusal:
        Cluster(address, TOKEN).require_closed()
    assert refusal.value.code == code


def test_an_agent_does_not_start_before_an_open_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving_of_agent = pytest.importorskip("remote_agent.serving", reason="the agent's packages are missing")
    from remote_agent.settings import AgentSettings

    monkeypatch.setenv("RAY_AUTH_TOKEN", TOKEN)
    with serving(asks=False) as address, pytest.raises(InputError) as refusal:
        serving_of_agent.serve(AgentSettings(home=tmp_path, ray=address), lambda _: None)
    assert refusal.value.code == "open_cluster"


def test_no_job_is_sent_to_an_open_cluster() -> None:
    with serving(asks=False) as address:
        assert RayCrew(Cluster(address, TOKEN), MODULE).slots() == []
    assert len(RayCrew(Told(None), MODULE).slots()) == 3


def test_why_a_job_is_not_taken_is_told() -> None:
    with serving() as address, pytest.raises(OSError, match=r"No machine takes it\."):
        Cluster(address, TOKEN).submit({"entrypoint": "true"})


def test_the_token_is_where_ray_looks_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAY_AUTH_TOKEN", raising=False)
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(tmp_path / "token"))
    assert find_token() == ""
    (tmp_path / "token").write_text("in-a-file\n")
    assert find_token() == "in-a-file"
    monkeypatch.setenv("RAY_AUTH_TOKEN", "at-hand")
    assert find_token() == "at-hand"


def test_every_gpu_is_a_slot_and_every_machine_one_more() -> None:
    slots = name_slots([HEAD, GPU_NODE, CPU_NODE])
    assert [slot.device for slot in slots] == ["cuda:0", "cuda:1", "cpu:0", "cpu:1"]
    assert [slot.device for slot in Demand("auto", 1).candidates(slots)] == ["cuda:0", "cuda:1"]
    assert [slot.device for slot in Demand("cpu", 2).candidates(slots)] == ["cpu:0", "cpu:1"]
    assert len(Demand("auto", 1).candidates(name_slots([CPU_NODE]))) == 1
    assert processors([HEAD, GPU_NODE, CPU_NODE]) == 4


def test_slots_in_use_keep_their_names_when_machines_go() -> None:
    one = Node(node_id="a", state="ALIVE", resources_total={"GPU": 1})
    assert [slot.device for slot in name_slots([one], busy=["cuda:1"])] == ["cuda:1"]
    assert name_slots([], busy=["cuda:1"]) == []


def test_drivers_leave_room_for_devices_and_two_jobs_never_share_one() -> None:
    drivers = 1000
    assert 1 - drivers * DRIVER_SHARE >= DEVICE_SHARE > 1 / 2


RUNNING = Record.model_validate(
    {"id": "one", "kind": "count", "name": "", "state": State.RUNNING, "created": "2026-11-20T00:00:00Z"}
)


class Told(Cluster):
    """A cluster that says of every worker the same."""

    def __init__(self, job: RayJob | None) -> None:
        super().__init__("http://127.0.0.1:1", TOKEN)
        self._job = job

    def require_closed(self) -> None: ...

    def job(self, submission_id: str) -> RayJob | None:  # noqa: ARG002
        return self._job

    def nodes(self) -> list[Node]:
        return [GPU_NODE]


@pytest.mark.parametrize(
    ("job", "watched", "exit_code"),
    [
        (RayJob(status="FAILED", driver_node_id="a", driver_exit_code=137), True, -9),
        (RayJob(status="FAILED", driver_node_id="a", driver_exit_code=1), True, 1),
        (RayJob(status="FAILED", driver_node_id="a"), True, None),
        (RayJob(status="FAILED", driver_node_id="gone"), False, None),
        (RayJob(status="FAILED", error_type="JOB_SUPERVISOR_ACTOR_START_TIMEOUT"), False, None),
        (None, False, None),
    ],
)
def test_a_worker_whose_machine_vanished_has_not_crashed(
    tmp_path: Path, job: RayJob | None, watched: bool, exit_code: int | None
) -> None:
    crew = RayCrew(Told(job), MODULE)
    assert not crew.begins(RUNNING, JobFolder.create(tmp_path / "one"))
    assert (crew.death(RUNNING).watched, crew.death(RUNNING).exit_code) == (watched, exit_code)


def test_what_ray_does_not_take_is_no_crash_and_not_tried_at_once_again(tmp_path: Path) -> None:
    crew = RayCrew(Told(None), MODULE)
    slots = crew.slots()
    with pytest.raises(OSError, match="refused"):
        crew.send(RUNNING, JobFolder.create(tmp_path / "one"), slots[:1])
    assert not crew.death(RUNNING).watched
    assert crew.slots() == []


def test_storage_without_locks_between_machines_fails_the_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "PATIENCE_S", 0.0)
    folder = JobFolder.create(tmp_path / "home" / "one")
    task = Task(folder=folder.path, attempt=1).model_dump_json()
    assert worker.main([str(folder.path), "--task", task, "--kinds", MODULE]) == InputError.exit_code
    outcome = folder.outcome(1)
    assert outcome is not None
    assert outcome.failure is not None
    assert outcome.failure.code == "storage_without_locks"


def test_a_machine_without_the_folder_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    task = Task(folder=tmp_path / "nowhere").model_dump_json()
    assert worker.main([str(tmp_path / "nowhere"), "--task", task]) == InputError.exit_code
    assert "nowhere" in capsys.readouterr().err


def test_a_lock_that_is_held_is_seen(tmp_path: Path) -> None:
    lock = Lock(tmp_path / LOCK)
    assert lock.acquire()
    assert worker._sees_dispatcher(tmp_path, 0.0)
    lock.release()
    assert not worker._sees_dispatcher(tmp_path, 0.0)
