"""What a live conversion is told while it runs, and how latency is found in what comes back."""

import numpy as np
import pytest

from rvc.config import LiveConfig
from rvc.errors import InputError
from rvc.events import Event, Log, Reporter
from rvc.live import control, latency
from rvc.live.control import Requests


def test_lines_become_requests_and_nonsense_is_said() -> None:
    said: list[Event] = []
    requests = Requests(Reporter(said.append))
    lines = [
        '{"set": {"pitch_shift": 3}}',
        "",
        "no json",
        '{"talk": true}',
        '{"dance": 1}',
        "[1]",
        "[" * 100000,
    ]
    for line in lines:
        if line:
            requests.put(line)
    first, second = requests.waiting()
    assert first.set == {"pitch_shift": 3}
    assert second.talk is True
    assert [event.code for event in said if isinstance(event, Log)] == ["bad_request"] * 4
    assert requests.waiting() == []


def test_the_end_of_the_lines_is_a_request_to_stop() -> None:
    requests = Requests(Reporter())
    requests.listen(["{}"])
    found: list[control.Request] = []
    for _ in range(1000):
        found += requests.waiting()
        if found and found[-1].stop:
            break
    assert [request.stop for request in found] == [False, True]


@pytest.mark.parametrize(
    ("values", "named"),
    [({"pitch_shift": 99}, "pitch_shift"), ({"nothing": 1}, "nothing"), ({"device": "cuda"}, "device")],
)
def test_a_setting_that_cannot_be_is_named(values: dict[str, object], named: str) -> None:
    with pytest.raises(InputError, match=named):
        control.changed(LiveConfig(), values)


def test_some_settings_open_the_devices_again() -> None:
    config = LiveConfig()
    assert not control.reopens(config, control.changed(config, {"gate_dbfs": -50, "bypass": True}))
    assert control.reopens(config, control.changed(config, {"block_ms": 50}))


@pytest.mark.parametrize("rate", [16000, 44100, 48000])
def test_a_click_is_found_in_noise(rate: int) -> None:
    random = np.random.default_rng(0)
    heard = (0.003 * random.standard_normal(3 * rate)).astype(np.float32)
    probe = latency.click(rate)
    places = [round(0.2 * rate), round(0.65 * rate), round(1.1 * rate)]
    for place, loudness in zip(places, (1, 0.3, 0.05), strict=True):
        heard[place : place + len(probe)] += loudness * probe
    found = latency.arrivals(heard, rate)
    np.testing.assert_allclose(found, np.array(places) / rate, atol=2 / rate)


def test_noise_is_no_click() -> None:
    noise = (0.05 * np.random.default_rng(1).standard_normal(48000)).astype(np.float32)
    assert not len(latency.arrivals(noise, 48000))
    assert not len(latency.arrivals(np.zeros(48000, np.float32), 48000))
    assert not len(latency.arrivals(np.zeros(3, np.float32), 48000))
