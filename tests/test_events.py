import pytest

from rvc.errors import Paused
from rvc.events import Event, Metrics, Phase, Progress, Reporter


def collect() -> tuple[list[Event], Reporter]:
    seen: list[Event] = []
    return seen, Reporter(seen.append)


def test_phase_starts_with_what_was_done_before_and_ends_full() -> None:
    seen, reporter = collect()
    with reporter.phase("train", 10, start=4) as phase:
        phase.advance(2)
    steps = [(event.step, event.total) for event in seen if isinstance(event, Progress)]
    assert steps[0] == (4, 10)
    assert steps[-1] == (10, 10)


def test_phase_that_fails_does_not_report_the_end() -> None:
    seen, reporter = collect()
    with pytest.raises(ZeroDivisionError), reporter.phase("train", 10) as phase:
        phase.advance(3 // 0)
    assert isinstance(seen[-1], Progress)
    assert seen[-1].step < 10


def test_stop_request_pauses_at_the_next_step() -> None:
    _, reporter = collect()
    reporter.request_stop()
    with pytest.raises(Paused), reporter.phase("index", 5) as phase:
        phase.advance()


def test_uninterruptible_step_goes_on_after_a_stop_request() -> None:
    _, reporter = collect()
    reporter.request_stop()
    with reporter.phase("train", 5) as phase:
        phase.advance(interruptible=False)
        assert phase.step == 1


def test_eta_follows_the_measured_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("rvc.events.time.monotonic", lambda: now[0])
    phase = Phase(Reporter(), "convert", 100)
    assert phase.eta_s is None
    for _ in range(10):
        now[0] += 2.0
        phase.advance()
    assert phase.eta_s == pytest.approx(180.0)


def test_events_survive_the_wire() -> None:
    event = Metrics(step=7, values={"loss_mel": 12.5})
    assert Metrics.model_validate_json(event.model_dump_json()) == event


def test_others_can_listen_for_a_while() -> None:
    order: list[str] = []
    reporter = Reporter(lambda _event: order.append("first"))
    with reporter.also_to(lambda _event: order.append("second")):
        reporter.log("a", "A.")
    reporter.log("b", "B.")
    assert order == ["second", "first", "first"]


def test_a_silent_reporter_hears_the_same_requests() -> None:
    told: list[Event] = []
    reporter = Reporter(told.append)
    silent = reporter.silent()
    silent.log("a", "A.")
    reporter.request_finish()
    assert (silent.finishing, silent.stopping) == (True, False)
    silent.request_stop()
    assert reporter.stopping
    assert told == []
