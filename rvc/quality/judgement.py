"""From the measures of recordings to the report on their set: findings, figures and a verdict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from rvc import __version__
from rvc.config import RATES_HZ
from rvc.datasets.dataset import Skipped
from rvc.datasets.recordings import Recording
from rvc.errors import InputError
from rvc.quality import duplicates, findings, levels, speakers
from rvc.quality.findings import SEVERITIES, Code, Fault, Params, Severity, rank, worst
from rvc.quality.measures import PITCH_EDGES_HZ, Measured, Measures
from rvc.quality.report import WIDESPREAD, Finding, QualityReport, Summary, TakeRow, Verdict
from rvc.sound import bandwidth

VERDICTS: Mapping[Severity, Verdict] = {"major": "usable", "critical": "record_again"}
LITTLE_SPEECH_MIN = (10.0, 10.0, 1.0)
UNEVEN_LU = 10.0
NARROW_SEMITONES = 5.0


@dataclass(frozen=True, slots=True)
class Take:
    """A recording and what was measured of it."""

    recording: Recording
    measured: Measured

    @property
    def measures(self) -> Measures:
        return self.measured.measures


def judge(takes: Sequence[Take], skipped: Sequence[Skipped]) -> QualityReport:
    """Make the report on some recordings, and on files that are none. Raises `InputError` empty_dataset."""
    if not takes:
        reason = f": {skipped[0].file} {skipped[0].reason}" if skipped else ""
        raise InputError("empty_dataset", f"None of the recordings can be read{reason}.")
    rows = _rows(takes)
    pitch = _added([take.measured.pitch for take in takes])
    summary = _summarise(rows, pitch)
    rates = _rates(summary.bandwidth_hz)
    found = [*_of_takes(rows, rates), *_of_set(summary, rows, skipped)]
    found.sort(key=lambda one: (-rank(one.severity), -one.share))
    return QualityReport(
        program=f"RVC Studio {__version__}",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        verdict=VERDICTS.get(found[0].severity, "ready") if found else "ready",
        reason=found[0].code if found and found[0].severity in VERDICTS else None,
        rates=rates,
        summary=summary,
        findings=found,
        takes=rows,
        skipped=list(skipped),
        levels=_added([take.measured.levels for take in takes]),
        pitch=pitch,
        spectrum_db=_mean_spectrum(takes),
    )


def gather(rows: Sequence[TakeRow], code: Code, found: Sequence[Fault | None]) -> Finding:
    """Make one finding of a set from a fault that some of its takes have.

    The set is as badly off as a third of its speech; a fault of fewer takes is a small matter, of the worst of these
    takes. The figures are those of the median take that decides.
    """
    seconds = np.array([row.measures.seconds for row in rows])
    ranks = np.array([rank(fault.severity) if fault else -1 for fault in found])
    shares = [float(seconds[ranks >= place].sum() / seconds.sum()) for place in range(len(SEVERITIES))]
    place = least = max([0, *(place for place, share in enumerate(shares) if share >= WIDESPREAD)])
    if place == 0 and shares[1]:
        place, least = 1, int(ranks.max())
    decisive = [fault for fault in found if fault and rank(fault.severity) >= least]
    return Finding(
        code=code,
        severity=SEVERITIES[place],
        worst=worst([fault.severity for fault in decisive]),
        share=shares[least],
        params=_median(decisive),
        takes=[row.name for row, one in zip(rows, ranks.tolist(), strict=True) if one >= least],
    )


def _rows(takes: Sequence[Take]) -> list[TakeRow]:
    faults = [findings.faults(take.measures) for take in takes]
    copies = duplicates.same([duplicates.unpack(take.measured.fingerprint) for take in takes])
    for copy, first in copies.items():
        faults[copy].append(Fault("copy", "minor", {"of": takes[first].recording.name}))
    return [
        TakeRow(
            name=take.recording.name,
            file=take.recording.file,
            grade=findings.grade(found),
            faults=found,
            voice=voice,
            measures=take.measures,
        )
        for take, found, voice in zip(takes, faults, _voices(takes), strict=True)
    ]


def _voices(takes: Sequence[Take]) -> list[int | None]:
    """Return which voice speaks in each take, 0 the most frequent of its speaker's; None where it is not known."""
    voices: list[int | None] = [None] * len(takes)
    heard: dict[str, list[int]] = {}
    for place, take in enumerate(takes):
        if take.measured.voice is not None:
            heard.setdefault(take.recording.speaker, []).append(place)
    for places in heard.values():
        embeddings = np.array([takes[place].measured.voice for place in places])
        for place, voice in zip(places, speakers.group(embeddings).tolist(), strict=True):
            voices[place] = voice
    return voices


def _summarise(rows: Sequence[TakeRow], pitch: Sequence[int]) -> Summary:
    measures = [row.measures for row in rows]
    seconds = [one.seconds for one in measures]
    loudness = [one.loudness_lufs for one in measures if one.loudness_lufs is not None]
    low, middle, high = _percentiles(pitch)
    return Summary(
        takes=len(rows),
        recorded_s=sum(seconds),
        usable_s=sum(row.measures.usable_s for row in rows if row.is_usable),
        loudness_lufs=_middle(loudness),
        loudness_spread_lu=float(np.ptp(np.percentile(loudness, (10, 90)))) if len(loudness) > 1 else None,
        snr_db=_middle([one.snr_db for one in measures]),
        noise_dbfs=_middle([one.noise_dbfs for one in measures]),
        speech_dbfs=float(np.median([one.speech_dbfs for one in measures])),
        bandwidth_hz=bandwidth.common_hz([one.bandwidth_hz for one in measures], seconds),
        clipped_share=float(np.average([one.clipped_share for one in measures], weights=seconds)),
        decay_s=_middle([one.decay_s for one in measures]),
        silence_share=float(np.average([one.silence_share for one in measures], weights=seconds)),
        pitch_hz=middle,
        pitch_low_hz=low,
        pitch_high_hz=high,
        voices=len({row.voice for row in rows} - {None}) or None,
    )


def _of_takes(rows: Sequence[TakeRow], rates: Mapping[str, int]) -> Iterator[Finding]:
    """Yield what the faults of single takes amount to."""
    by_code: dict[Code, list[Fault | None]] = {}
    for place, row in enumerate(rows):
        for fault in row.faults:
            by_code.setdefault(fault.code, [None] * len(rows))[place] = fault
    to_choose: Params = {f"{architecture}_khz": rate / 1000 for architecture, rate in rates.items()}
    for code, found in by_code.items():
        finding = gather(rows, code, found)
        banded = code in ("band_limited", "low_rate", "phone")
        yield finding.model_copy(update={"params": finding.params | to_choose}) if banded else finding


def _of_set(summary: Summary, rows: Sequence[TakeRow], skipped: Sequence[Skipped]) -> Iterator[Finding]:
    """Yield what can be said of the set as a whole only."""
    minutes = summary.usable_s / 60
    if severity := findings.level_of(minutes, LITTLE_SPEECH_MIN):
        more = max(LITTLE_SPEECH_MIN[0] - minutes, 0.0)
        yield _of_all("little_speech", severity, {"minutes": minutes, "more": more})
    if others := [row for row in rows if row.voice]:
        share = sum(row.measures.seconds for row in others) / summary.recorded_s
        finding = _of_all("several_speakers", "major", {"voices": summary.voices or 0})
        yield finding.model_copy(update={"share": share, "takes": [row.name for row in others]})
    if summary.snr_db is None and summary.usable_s:
        yield _of_all("no_pause", "info", {})
    if (summary.loudness_spread_lu or 0) > UNEVEN_LU:
        yield _of_all("uneven_loudness", "info", {"spread_lu": summary.loudness_spread_lu or 0})
    if summary.pitch_low_hz and summary.pitch_high_hz:
        semitones = 12 * float(np.log2(summary.pitch_high_hz / summary.pitch_low_hz))
        if semitones < NARROW_SEMITONES:
            yield _of_all("narrow_pitch", "info", {"semitones": semitones})
    if files := [one.file for one in skipped if one.code == "duplicate"]:
        yield _of_all("same_file", "info", {"files": len(files)}, files)
    if files := [one.file for one in skipped if one.code != "duplicate"]:
        yield _of_all("unreadable", "minor", {"files": len(files)}, files)


def _of_all(code: Code, severity: Severity, params: Params, takes: Sequence[str] = ()) -> Finding:
    share = 0.0 if takes else 1.0  # files that are not used are no part of the speech
    return Finding(
        code=code, severity=severity, worst=severity, share=share, params=params, takes=list(takes)
    )


def _median(found: Sequence[Fault]) -> Params:
    """Return the median of each figure of some faults; of words and counts the first."""
    return {
        name: float(np.median([fault.params[name] for fault in found])) if isinstance(value, float) else value
        for name, value in found[0].params.items()
    }


def _rates(bandwidth_hz: float) -> dict[str, int]:
    """Return the lowest rate of each architecture that holds the bandwidth, else its highest."""
    return {
        architecture: next(
            (rate for rate in rates if rate / 2 >= findings.RATE_SLACK * bandwidth_hz), rates[-1]
        )
        for architecture, rates in RATES_HZ.items()
    }


def _added(histograms: Sequence[Sequence[int]]) -> list[int]:
    return [sum(column) for column in zip(*histograms, strict=True)]


def _mean_spectrum(takes: Sequence[Take]) -> list[float]:
    """Return the takes' mean spectrum, each take counting by its length, dB."""
    powers = 10 ** (np.array([take.measured.spectrum_db for take in takes]) / 10)
    mean = np.average(powers, axis=0, weights=[take.measures.seconds for take in takes])
    return [round(levels.decibels(power), 1) for power in mean.tolist()]


def _percentiles(pitch: Sequence[int]) -> tuple[float | None, float | None, float | None]:
    """Return the 5th, 50th and 95th percentile of a histogram of pitches, Hz; None where it is empty."""
    if not sum(pitch):
        return None, None, None
    reached = np.concatenate([[0.0], np.cumsum(pitch)]) / sum(pitch)
    low, middle, high = np.exp(np.interp((0.05, 0.5, 0.95), reached, np.log(PITCH_EDGES_HZ))).tolist()
    return low, middle, high


def _middle(values: Sequence[float | None]) -> float | None:
    """Return the median of the known ones of some values."""
    known = [value for value in values if value is not None]
    return float(np.median(known)) if known else None
