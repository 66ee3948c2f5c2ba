"""The report's four pictures: takes in order, levels, pitch, and the spectrum with its edge."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from rvc.quality.charts import Axis, Chart, Column, Mark
from rvc.quality.findings import Grade
from rvc.quality.measures import LEVEL_EDGES_DBFS, PITCH_EDGES_HZ
from rvc.quality.report import QualityReport, TakeRow
from rvc.quality.spectrum import BAND_HZ

WIDE, HALF = (1000, 110), (500, 220)  # width and height; a half picture is shown at about its own size
HEIGHTS: Mapping[Grade, float] = {"good": 1.0, "fair": 0.62, "poor": 0.3}
MAX_COLUMNS = 300
PITCH_TICKS_HZ = (50, 70, 100, 150, 200, 300, 400, 600, 800, 1100)
PITCH_STEP = 2  # quarter tones to a bar
SPECTRUM_RANGE_DB = 90.0
TICKS = 4  # at most so many up a picture
NICE = (1, 2, 2.5, 5, 10)


def timeline(rows: Sequence[TakeRow], texts: Sequence[str]) -> str:
    """Draw takes in their order, over minutes; several to a column where there are many, the worst of them shown."""
    minutes = np.concatenate([[0.0], np.cumsum([row.measures.seconds / 60 for row in rows])])
    step = -(-len(rows) // MAX_COLUMNS)
    columns = []
    for start in range(0, len(rows), step):
        stop = min(start + step, len(rows))
        place = min(range(start, stop), key=lambda number: HEIGHTS[rows[number].grade])
        grade = rows[place].grade
        columns.append(Column(minutes[start], minutes[stop], HEIGHTS[grade], grade, texts[place]))
    chart = Chart(Axis(0, minutes[-1], _ticks(minutes[-1], 8)), Axis(0, 1), *WIDE)
    chart.add_columns(columns)
    return chart.svg()


def levels(report: QualityReport, names: Mapping[str, str]) -> str:
    """Draw the share of time at each level, with the usual levels of speech and noise."""
    shares = _percent(report.levels)
    edges = LEVEL_EDGES_DBFS.tolist()
    across = Axis(edges[0], edges[-1], [_signed(level) for level in range(-80, 1, 20)])
    chart = Chart(across, _up(max(shares)), *HALF)
    chart.add_columns([Column(*place) for place in zip(edges[:-1], edges[1:], shares, strict=True)])
    chart.add_marks([Mark(report.summary.speech_dbfs, names["speech"], "start")])
    if report.summary.noise_dbfs is not None:
        chart.add_marks([Mark(report.summary.noise_dbfs, names["noise"], "end")])
    return chart.svg()


def pitch(report: QualityReport) -> str | None:
    """Draw the share of voiced time at each pitch; None where nothing is voiced."""
    if not sum(report.pitch):
        return None
    padded = [*report.pitch, *[0] * (-len(report.pitch) % PITCH_STEP)]
    shares = _percent(np.array(padded).reshape(-1, PITCH_STEP).sum(axis=1).tolist())
    octaves = np.log2(PITCH_EDGES_HZ)
    width = (octaves[1] - octaves[0]) * PITCH_STEP
    starts = (octaves[0] + width * np.arange(len(shares))).tolist()
    used = np.flatnonzero(np.array(shares) > 0.05)
    low, high = starts[max(used[0] - 2, 0)], starts[used[-1]] + 3 * width
    ticks = [(math.log2(hertz), f"{hertz}") for hertz in PITCH_TICKS_HZ if low <= math.log2(hertz) <= high]
    chart = Chart(Axis(low, high, ticks), _up(max(shares)), *HALF)
    chart.add_columns(
        [Column(start, start + width, share) for start, share in zip(starts, shares, strict=True) if share]
    )
    if report.summary.pitch_hz:
        median = report.summary.pitch_hz
        chart.add_marks([Mark(math.log2(median), f"{median:.0f} Hz")])
    return chart.svg()


def spectrum(report: QualityReport) -> str:
    """Draw the mean spectrum of speech over kHz, with the edge of its content."""
    highest = max(row.measures.rate for row in report.takes) / 2
    powers = [
        (((place + 0.5) * BAND_HZ) / 1000, level)
        for place, level in enumerate(report.spectrum_db)
        if (place + 1) * BAND_HZ <= highest
    ]
    top = 10 * math.ceil(max(level for _, level in powers) / 10)
    bottom = max(top - SPECTRUM_RANGE_DB, 10 * math.floor(min(level for _, level in powers) / 10))
    bottom = min(bottom, top - 10.0)
    up = Axis(bottom, top, [_signed(level) for level in range(top, int(bottom), -30)])
    khz = min(highest, len(report.spectrum_db) * BAND_HZ) / 1000
    chart = Chart(Axis(0, khz, _ticks(khz, 8)), up, *HALF)
    chart.add_line(powers)
    edge = report.summary.bandwidth_hz / 1000
    chart.add_marks([Mark(edge, f"{edge:.1f} kHz")])
    return chart.svg()


def _up(highest: float) -> Axis:
    """Return an upright axis of percents."""
    top = max(highest, 1e-9)
    return Axis(0, top * 1.05, [(value, f"{label} %") for value, label in _ticks(top, TICKS) if value])


def _ticks(highest: float, count: int) -> list[tuple[float, str]]:
    """Return about so many round values from 0 to the highest, with their labels."""
    rough = max(highest, 1e-9) / count
    power = 10 ** math.floor(math.log10(rough))
    step = next(nice * power for nice in NICE if nice * power >= rough)
    return [(place * step, f"{place * step:.6g}") for place in range(int(highest / step + 1e-9) + 1)]


def _signed(level: int) -> tuple[float, str]:
    """Return a level and its label, with a proper minus."""
    return level, f"{level}".replace("-", "−")


def _percent(counts: Sequence[int]) -> list[float]:
    total = max(sum(counts), 1)
    return [100 * count / total for count in counts]
