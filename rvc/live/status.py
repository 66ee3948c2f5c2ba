"""What a live conversion tells while it runs, one JSON object a line. Imports no torch."""

from typing import Literal

from rvc.events import Event

BLOCKS_MS = (40, 60, 80, 120, 250, 500, 1000)  # the usual blocks, from which one chooses


class Started(Event):
    """Both devices are at work."""

    event: Literal["started"] = "started"
    input_device: str
    output_device: str
    voice: str
    rate: int
    shortest_block_ms: int | None = None
    """The shortest of the usual blocks that this computer converts in time, as busy as it is; None: not even 1 s."""


class Status(Event):
    """How it goes, several times a second; levels are the highest since the last one."""

    event: Literal["status"] = "status"
    seconds: float
    input_dbfs: float
    output_dbfs: float
    load: float
    """Share of the time that computing takes; at 1 it can no longer keep up."""
    delay_ms: float
    """From the input device to the output device as counted in samples; a loopback click measures it."""
    underruns: int
    """How often there was nothing to play in time."""
    overruns: int
    """How often something was left out: not fetched from the device, not converted or not played in time."""
    drift_ppm: float
    talking: bool
    bypass: bool


class Latency(Event):
    """How late a click came back that went through both devices and the whole chain, by its rounds."""

    event: Literal["latency"] = "latency"
    measured_ms: float
    rounds_ms: list[float]
