"""A real Ray cluster of several nodes on this machine, in a process of its own: `python -m tests.ray_cluster`.

It starts a head that computes nothing, and nodes with one slot each; says on standard output where it is; and kills
a node with all of its processes when it is told so.
"""

import contextlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from rvc.jobs.ray.cluster import Cluster

NAMES = ("left", "right")
ROOT = Path(__file__).parent.parent
LIMITS = {"object_store_memory": 80 << 20}


@dataclass(frozen=True)
class RunningCluster:
    """A cluster that runs."""

    process: "subprocess.Popen[str]"
    address: str
    token: str
    nodes: dict[str, str]
    """Ids of the nodes by their names."""

    @property
    def client(self) -> Cluster:
        return Cluster(self.address, self.token)

    def name_of(self, submission_id: str) -> str:
        """Return the name of the node where a worker was."""
        job = self.client.job(submission_id)
        return next((name for name, node in self.nodes.items() if job and node == job.driver_node_id), "")

    def kill(self, name: str) -> None:
        """Let a node vanish, as when the power goes."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        self.process.stdout.readline()


@contextlib.contextmanager
def running(names: Sequence[str] = NAMES) -> Iterator[RunningCluster]:
    """Run a cluster whose nodes claim a GPU each, and which only someone with its token can use."""
    token = secrets.token_hex(24)
    variables = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": token, "RAY_USAGE_STATS_ENABLED": "0"}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.ray_cluster", *names],
        cwd=ROOT,
        env={**os.environ, **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        said = json.loads(process.stdout.readline())
        yield RunningCluster(process, said["address"], token, said["nodes"])
    finally:
        process.stdin.close()
        process.wait(timeout=60)
        process.stdout.close()


def main() -> None:
    """Run a cluster until the standard input ends."""
    from ray.cluster_utils import Cluster as LocalCluster

    head = {"num_cpus": 0, "include_dashboard": True, "dashboard_host": "127.0.0.1", "dashboard_port": 0}
    cluster = LocalCluster(initialize_head=True, head_node_args={**head, **LIMITS})
    nodes = {
        name: cluster.add_node(num_cpus=1, num_gpus=1, node_name=name, **LIMITS) for name in sys.argv[1:]
    }
    ids = {name: node.node_id for name, node in nodes.items()}
    say({"address": f"http://{cluster.webui_url}", "nodes": ids})
    for line in sys.stdin:
        kill(nodes[line.strip()])
        say({"killed": line.strip()})
    cluster.shutdown()


def say(facts: dict[str, object]) -> None:
    sys.stdout.write(f"{json.dumps(facts)}\n")
    sys.stdout.flush()


def kill(node: object) -> None:
    """Kill a node's own processes with all that they have started, workers of ours among them."""
    roots = [psutil.Process(one.process.pid) for group in node.all_processes.values() for one in group]  # type: ignore[attr-defined]
    family = {child for root in roots for child in root.children(recursive=True)} | set(roots)
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.suspend()  # or a watcher acts on the death of the first
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


if __name__ == "__main__":
    main()
