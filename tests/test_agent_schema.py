"""Schemathesis over the whole OpenAPI document: no request makes a 5xx or a status that is not documented."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

from tests.agents import RunningAgent, running
from tests.jobs import PATIENCE_S

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

QUICK = 2
LONG = 300


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAgent]:
    with running(tmp_path_factory.mktemp("schema") / "agent", rate=1e6, burst=10**6, idle_s=5) as agent:
        with agent.client() as client:
            client.post("/jobs", json={"spec": {"kind": "count", "steps": 1}}).raise_for_status()
        yield agent


def _try_everything(agent: RunningAgent, examples: int, mode: "schemathesis.GenerationMode") -> int:
    """Send requests to every endpoint that has any of this kind; return how many endpoints that are."""
    schema = schemathesis.openapi.from_url(f"{agent.url}/openapi.json")
    checks = [schemathesis.checks.not_a_server_error, schemathesis.checks.status_code_conformance]
    headers = {"Authorization": f"Bearer {agent.token('anna')}"}
    count = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def attempt(case: object) -> None:
            case.call_and_validate(checks=checks, headers=headers, timeout=PATIENCE_S)  # type: ignore[attr-defined]

        try:
            attempt()
        except Unsatisfiable:  # without any input nothing can be wrong with it
            continue
        count += 1
    return count


def test_no_request_breaks_the_agent(agent: RunningAgent) -> None:
    assert _try_everything(agent, QUICK, schemathesis.GenerationMode.POSITIVE) >= 25


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("mode", "endpoints"), [("positive", 25), ("negative", 20)])
def test_no_request_out_of_many_breaks_the_agent(agent: RunningAgent, mode: str, endpoints: int) -> None:
    assert _try_everything(agent, LONG, schemathesis.GenerationMode(mode)) >= endpoints
