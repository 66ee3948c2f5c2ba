"""Job services under test: the same tests run over every way to reach a queue.

To add a way, write a fixture that yields a `JobService` on a queue of `tests.jobs_kinds`, and name it here.
"""

from collections.abc import Iterator

import pytest

from rvc.jobs import JobService
from tests.jobs import cleared, open_jobs

IMPLEMENTATIONS = (
    "local_jobs",
    "remote_jobs",
    pytest.param("ssh_jobs", marks=pytest.mark.ssh),
    pytest.param("ray_jobs", marks=pytest.mark.slow),
)
OVER_SSH = {  # in the quick suite: what streams, waits and carries files; the others differ by the way only
    "test_a_job_is_run_and_its_events_are_complete",
    "test_several_readers_see_the_same",
    "test_a_running_job_pauses_and_goes_on",
    "test_inputs_are_taken_over",
    "test_files_are_fetched_by_their_names_only",
    "test_what_does_not_follow_on_a_state_is_refused",
}
LOCAL = {"test_a_job_that_does_not_listen_is_cancelled_too", "test_a_worker_that_dies_twice_fails_the_job"}
"""What takes its time by nature is in the quick suite once."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to the slow suite what the quick one tests by a shorter way."""
    for item in items:
        way = (
            item.callspec.params.get("service")
            if isinstance(item, pytest.Function) and hasattr(item, "callspec")
            else None
        )
        name = getattr(item, "originalname", "")
        if (way == "ssh_jobs" and name not in OVER_SSH) or (way == "remote_jobs" and name in LOCAL):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="module")
def local_jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobService]:
    """Yield a queue in process, with one slot."""
    home = tmp_path_factory.mktemp("local") / "jobs"
    with cleared(home):
        yield open_jobs(home)


@pytest.fixture(scope="module")
def remote_jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobService]:
    """Yield a queue behind an agent, over HTTP."""
    agents = pytest.importorskip("tests.agents", reason="the agent's packages are not installed")
    with agents.running(tmp_path_factory.mktemp("remote") / "agent") as agent:
        client = agent.jobs()
        yield client
        client.close()


@pytest.fixture(scope="module")
def ssh_jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobService]:
    """Yield a queue behind an agent, over HTTP inside SSH, by a real sshd."""
    agents = pytest.importorskip("tests.agents", reason="the agent's packages are not installed")
    sshd = pytest.importorskip("tests.sshd", reason="the desktop's packages are not installed")
    from rvcstudio.remote.client import RemoteJobs
    from rvcstudio.remote.known_hosts import KnownHosts
    from rvcstudio.remote.ssh import Line
    from rvcstudio.remote.transport import SshTransport

    place = tmp_path_factory.mktemp("ssh")
    with sshd.running(place / "sshd") as server, agents.running(place / "agent") as agent:
        line = Line(server.address, KnownHosts(place / "known", [server.known_hosts]))
        there = (sshd.HOST, int(agent.url.rpartition(":")[2]))
        client = RemoteJobs(
            "http://agent", agent.token("anna"), transport=SshTransport(line, lambda _: there)
        )
        yield client
        client.close()
        line.close()


@pytest.fixture(scope="module")
def ray_jobs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobService]:
    """Yield a queue behind an agent whose jobs run on a real Ray cluster, with one slot."""
    pytest.importorskip("ray", reason="the extra `ray` is not installed")
    agents = pytest.importorskip("tests.agents", reason="the agent's packages are not installed")
    from tests.ray_cluster import running

    place = tmp_path_factory.mktemp("ray") / "agent"
    with pytest.MonkeyPatch.context() as patch, running(["left"]) as cluster:
        patch.setenv("RAY_AUTH_TOKEN", cluster.token)
        with agents.running(place, ray=cluster.address) as agent:
            client = agent.jobs()
            yield client
            client.close()


@pytest.fixture(scope="module", params=IMPLEMENTATIONS)
def service(request: pytest.FixtureRequest) -> JobService:
    """Return a way to reach a queue; all tests of a module share it."""
    implementation: JobService = request.getfixturevalue(request.param)
    return implementation
