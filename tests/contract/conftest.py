"""Job services under test: the same tests run over every way to reach a queue.

To add a way, write a fixture that yields a `JobService` on a queue of `tests.jobs_kinds`, and name it here.
"""

from collections.abc import Iterator

import pytest

from rvc.jobs import JobService
from tests.jobs import cleared, open_jobs

IMPLEMENTATIONS = ("local_jobs", "remote_jobs", pytest.param("ssh_jobs", marks=pytest.mark.ssh))


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


@pytest.fixture(scope="module", params=IMPLEMENTATIONS)
def service(request: pytest.FixtureRequest) -> JobService:
    """Return a way to reach a queue; all tests of a module share it."""
    implementation: JobService = request.getfixturevalue(request.param)
    return implementation
