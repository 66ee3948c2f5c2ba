"""What is wrong with one recording, as stable codes with figures.

The thresholds and why they are what they are: `docs/quality.md`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rvc.quality.measures import QUIET_SPEECH_DBFS, Measures

Severity = Literal["info", "minor", "major", "critical"]
Grade = Literal["good", "fair", "poor"]
SEVERITIES: tuple[Severity, ...] = ("info", "minor", "major", "critical")
GRADES: Mapping[Severity, Grade] = {"major": "fair", "critical": "poor"}

Code = Literal[
    "no_speech",
    "noisy",
    "clipped",
    "reverberant",
    "phone",
    "band_limited",
    "low_rate",
    "codec",
    "hum",
    "too_quiet",
    "gated",
    "offset",
    "pauses",
    "too_short",
    "too_long",
    "copy",
    "several_speakers",
    "little_speech",
    "no_pause",
    "uneven_loudness",
    "narrow_pitch",
    "same_file",
    "unreadable",
]
Params = dict[str, float | int | str]

NOISY_SNR_DB = (30.0, 24.0, 15.0)
CLIPPED_SHARE = (1e-4, 3e-3, 0.03)
REVERBERANT_S = (0.30, 0.45, 0.70)
BANDWIDTH_HZ = (15000.0, 10000.0, 5500.0)
RATE_SLACK = 0.95  # a rate whose half is this near the bandwidth holds it
PHONE_HZ = 4500.0
PHONE_LOWS_DB = -15.0
CODEC_HOLES = 0.012
HUM_DB = (-45.0, -35.0)
TOO_QUIET_DBFS = (QUIET_SPEECH_DBFS, -45.0)
WANTED_DBFS = -24.0
GATED_SHARE = 0.05
OFFSET = 0.01
PAUSES = 0.5
TOO_SHORT_S = 1.0
TOO_LONG_S = 600.0
LEAST_VOICED = 0.02


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a recording, or good to know of it."""

    code: Code
    severity: Severity
    params: Params


def faults(measures: Measures) -> list[Fault]:
    """Return what is wrong with one recording, worst first."""
    if not measures.usable_s or measures.voiced_share < LEAST_VOICED:
        return [Fault("no_speech", "critical", {"seconds": measures.seconds})]
    found = [fault for check in _CHECKS for fault in check(measures)]
    return sorted(found, key=lambda fault: -rank(fault.severity))


def rank(severity: Severity) -> int:
    return SEVERITIES.index(severity)


def worst(severities: Sequence[Severity]) -> Severity:
    """Return the worst of some severities, `info` of none."""
    return max(severities, key=rank, default="info")


def grade(found: Sequence[Fault]) -> Grade:
    """Return how good a recording with these faults is."""
    return GRADES.get(worst([fault.severity for fault in found]), "good")


def level_of(value: float, thresholds: Sequence[float]) -> Severity | None:
    """Return how bad a value is that is the worse the further it is beyond thresholds for minor, major, critical.

    The thresholds' order says which way is worse.
    """
    sign = 1 if thresholds[-1] >= thresholds[0] else -1
    passed = sum(sign * value > sign * threshold for threshold in thresholds)
    return SEVERITIES[passed] if passed else None


def _noisy(measures: Measures) -> Iterator[Fault]:
    if measures.snr_db is not None and (severity := level_of(measures.snr_db, NOISY_SNR_DB)):
        yield Fault("noisy", severity, {"snr_db": measures.snr_db})


def _clipped(measures: Measures) -> Iterator[Fault]:
    if severity := level_of(measures.clipped_share, CLIPPED_SHARE):
        yield Fault("clipped", severity, {"percent": 100 * measures.clipped_share})


def _reverberant(measures: Measures) -> Iterator[Fault]:
    if measures.decay_s is not None and (severity := level_of(measures.decay_s, REVERBERANT_S)):
        yield Fault("reverberant", severity, {"decay_s": measures.decay_s})


def _narrow_band(measures: Measures) -> Iterator[Fault]:
    """A telephone's band, one that ends early, or all that a low rate can hold; told once."""
    khz = measures.bandwidth_hz / 1000
    if measures.bandwidth_hz <= PHONE_HZ and measures.lows_db < PHONE_LOWS_DB:
        yield Fault("phone", "critical", {"khz": khz})
    elif severity := level_of(measures.bandwidth_hz, BANDWIDTH_HZ):
        full = measures.bandwidth_hz >= RATE_SLACK * measures.rate / 2
        yield Fault(
            "low_rate" if full else "band_limited", severity, {"khz": khz, "file_khz": measures.rate / 1000}
        )


def _codec(measures: Measures) -> Iterator[Fault]:
    if measures.holes_share > CODEC_HOLES:
        yield Fault("codec", "major", {"percent": 100 * measures.holes_share})


def _hum(measures: Measures) -> Iterator[Fault]:
    if measures.hum_hz and measures.hum_db is not None and (severity := level_of(measures.hum_db, HUM_DB)):
        yield Fault("hum", severity, {"hertz": measures.hum_hz, "below": -measures.hum_db})


def _too_quiet(measures: Measures) -> Iterator[Fault]:
    if severity := level_of(measures.speech_dbfs, TOO_QUIET_DBFS):
        raise_db = WANTED_DBFS - measures.speech_dbfs
        yield Fault("too_quiet", severity, {"dbfs": measures.speech_dbfs, "raise_db": raise_db})


def _small_things(measures: Measures) -> Iterator[Fault]:
    """What a preparation sets right by itself, or what is only good to know."""
    if measures.gated_share > GATED_SHARE:
        yield Fault("gated", "info", {"percent": 100 * measures.gated_share})
    if abs(measures.offset) > OFFSET:
        yield Fault("offset", "info", {"percent": 100 * abs(measures.offset)})
    if measures.silence_share > PAUSES:
        yield Fault("pauses", "info", {"percent": 100 * measures.silence_share})
    if measures.seconds < TOO_SHORT_S:
        yield Fault("too_short", "info", {"seconds": measures.seconds})
    if measures.seconds > TOO_LONG_S:
        yield Fault("too_long", "info", {"minutes": measures.seconds / 60})


_CHECKS = (_noisy, _clipped, _reverberant, _narrow_band, _codec, _hum, _too_quiet, _small_things)
