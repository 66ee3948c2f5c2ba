"""A real Ray cluster of two nodes on this machine, behind an unchanged agent; its jobs survive the loss of a node."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("ray", reason="the extra `ray` is not installed")

from rvc import paths
from rvc.jobs import Job, State
from rvc.jobs.spec import ConvertSpec, EvaluateSpec, TrainSpec
from rvcstudio.remote.client import RemoteJobs
from tests.agents import RunningAgent, running
from tests.jobs import finish, until, until_step
from tests.ray_cluster import RunningCluster
from tests.ray_cluster import running as running_cluster

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

STEPS = 40
CONVERSIONS, TESTS = 12, 4


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningCluster]:
    with running_cluster() as cluster:
        monkeypatch.setenv("RAY_AUTH_TOKEN", cluster.token)
        yield cluster


@pytest.fixture
def agent(cluster: RunningCluster, tmp_path: Path, offline_assets: Path) -> Iterator[RunningAgent]:  # noqa: ARG001
    with running(tmp_path / "agent", kinds_module="rvc.jobs.kinds", ray=cluster.address) as agent:
        yield agent


def voice(name: str, steps: int, **others: object) -> TrainSpec:
    """Return a small training that can go on from any of its steps."""
    return TrainSpec.model_validate(
        {
            "name": name,
            "prepare": {"rate": 24000},
            "train": {"architecture": "lite", "steps": steps, "batch_size": 2, "checkpoint_every": 1},
            "evaluate": {"max_clips": 1},
            **others,
        }
    )


def checkpoints(jobs: RemoteJobs, job: Job) -> list[int]:
    return [event.body.step for event in jobs.events(job.id) if event.body.event == "checkpoint"]


def nodes_of(cluster: RunningCluster, job: Job) -> list[str]:
    """Return where each attempt of a job was."""
    return [cluster.name_of(f"{job.id}-{attempt}") for attempt in range(1, job.attempt + 1)]


def test_twenty_jobs_survive_the_loss_of_a_node(
    cluster: RunningCluster, agent: RunningAgent, few_takes: Path, tmp_path: Path
) -> None:
    takes = sorted(few_takes.iterdir())[:6]
    source = next(paths.resource("demo/source").glob("*.flac"))
    jobs = agent.jobs()
    first = finish(jobs, jobs.submit(voice("first", 2), {"recordings": takes}))
    assert first.state == State.DONE, first.failure
    model = jobs.fetch(first.id, first.artifacts["model"], tmp_path / "first.safetensors")
    convert = {"model": [model], "recordings": [source]}
    test = {"model": [model], "recordings": takes}

    def submit_conversion(number: int) -> Job:
        return jobs.submit(ConvertSpec(name=f"convert {number}"), convert)

    submitted = [submit_conversion(number) for number in range(CONVERSIONS // 2)]
    trainings = [jobs.submit(voice(f"train {number}", STEPS), {"recordings": takes}) for number in range(3)]
    submitted += trainings
    submitted += [submit_conversion(number) for number in range(CONVERSIONS // 2, CONVERSIONS)]
    submitted += [
        jobs.submit(EvaluateSpec.model_validate({"name": f"test {n}", "evaluate": {"max_clips": 1}}), test)
        for n in range(TESTS)
    ]
    for job in trainings[:2]:
        until_step(jobs, job, 3)
    lost = next(job for job in trainings[:2] if nodes_of(cluster, jobs.job(job.id)) == ["left"])
    cluster.kill("left")
    ended = [first, *(finish(jobs, job) for job in submitted)]
    told = {job.name: (job.state, nodes_of(cluster, job), job.failure) for job in ended}
    print(*(f"{name:12} {state} {' '.join(nodes)}" for name, (state, nodes, _) in told.items()), sep="\n")  # noqa: T201
    assert len(ended) == 1 + len(trainings) + CONVERSIONS + TESTS == 20
    assert {job.state for job in ended} == {State.DONE}, told
    where = Counter(nodes_of(cluster, job)[-1] for job in ended)
    assert min(where["left"], where["right"]) >= 3, told
    again = jobs.job(lost.id)
    assert nodes_of(cluster, again) == ["left", "right"]
    steps = checkpoints(jobs, again)
    # only what was not saved yet was learnt a second time
    assert sorted(set(steps)) == list(range(1, STEPS + 1))
    assert len(steps) <= STEPS + 1
    jobs.close()


def test_a_training_has_devices_on_several_machines(agent: RunningAgent, few_takes: Path) -> None:
    jobs = agent.jobs()
    job = jobs.submit(voice("both", 6, gpus=2), {"recordings": sorted(few_takes.iterdir())[:6]})
    until_step(jobs, job, 2)
    jobs.pause(job.id)
    until(lambda: jobs.job(job.id).state == State.PAUSED, lambda: str(jobs.job(job.id)))
    jobs.resume(job.id)
    done = finish(jobs, job)
    assert done.state == State.DONE, done.failure
    assert done.summary["steps"] == 6
    assert sorted(set(checkpoints(jobs, done))) == list(range(1, 7))
    jobs.close()
