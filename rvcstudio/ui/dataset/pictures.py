"""The report's pictures: takes in order, levels, loudness and noise of takes, pitch, and the spectrum's edge."""

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QLocale

from rvcstudio.dataset.report import Answer, Row
from rvcstudio.ui.dataset.charts import Axis, Bar, Drawing, Kind, Mark, ticks

translate = QCoreApplication.translate

HEIGHTS = {"good": 1.0, "fair": 0.62, "poor": 0.3}
KINDS: dict[str, Kind] = {"good": "good", "fair": "warn", "poor": "bad"}
PITCH_TICKS_HZ = (50, 70, 100, 150, 200, 300, 400, 600, 800, 1100)
PITCH_STEP = 2  # quarter tones to a bar
SPECTRUM_RANGE_DB = 90.0
QUIET_ROOM_DB = 35.0
SHOWN_SHARE = 0.05  # %; emptier ends of a histogram are left out


def timeline(answer: Answer) -> Drawing:
    """Draw takes in their order over minutes, the higher the better."""
    bars, minute = [], 0.0
    titles = _titles(answer)
    for row in answer.report.takes:
        stop = minute + row.measures.seconds / 60
        wrong = ", ".join(titles.get(code, code) for code in row.wrong)
        text = f"{row.name}: {wrong}" if wrong else row.name
        bars.append(Bar(minute, stop, HEIGHTS[row.grade], KINDS[row.grade], text))
        minute = stop
    return Drawing(Axis(0, max(minute, 1e-9), ticks(minute, 8)), Axis(0, 1.05), bars, gap=0.5)


def levels(answer: Answer) -> Drawing:
    """Draw the share of time at each level, with the usual levels of speech and noise."""
    edges, shares = answer.level_edges_dbfs, _percent(answer.report.levels)
    bars = [Bar(*bar) for bar in zip(edges[:-1], edges[1:], shares, strict=True)]
    marks = [Mark(answer.report.summary.speech_dbfs, translate("Pictures", "speech"))]
    if answer.report.summary.noise_dbfs is not None:
        marks.append(Mark(answer.report.summary.noise_dbfs, translate("Pictures", "noise")))
    labels = [(level, _signed(level)) for level in range(-80, 1, 20)]
    return Drawing(Axis(edges[0], edges[-1], labels), _up(shares), bars, marks=marks)


def loudness(answer: Answer) -> Drawing:
    """Draw how many takes are how loud, LUFS."""
    return _spread(answer.report.takes, lambda row: row.measures.loudness_lufs, 1, ())


def noise(answer: Answer) -> Drawing:
    """Draw how far speech is above the noise in how many takes, dB."""
    quiet = Mark(QUIET_ROOM_DB, translate("Pictures", "quiet room"))
    return _spread(answer.report.takes, lambda row: row.measures.snr_db, 2, (quiet,))


def _spread(
    rows: Sequence[Row], value: Callable[[Row], float | None], step: int, marks: Sequence[Mark]
) -> Drawing:
    """Draw a histogram of a figure of takes, in steps of so many units."""
    known = [found for row in rows if (found := value(row)) is not None]
    if not known:
        return Drawing()
    wide = [*known, *(mark.place for mark in marks)]
    low, high = step * math.floor(min(wide) / step - 2), step * math.ceil(max(wide) / step + 2)
    counts = [0] * ((high - low) // step)
    for one in known:
        counts[min(int((one - low) // step), len(counts) - 1)] += 1
    bars = [
        Bar(low + place * step, low + (place + 1) * step, count)
        for place, count in enumerate(counts)
        if count
    ]
    each = max(1, 5 * round((high - low) / 25))
    labels = [(label, _signed(label)) for label in range(low, high + 1) if label % each == 0]
    up = Axis(0, max(counts) * 1.05, [tick for tick in ticks(max(counts), 4) if tick[0] == int(tick[0])])
    return Drawing(Axis(low, high, labels), up, bars, marks=marks)


def pitch(answer: Answer) -> Drawing:
    """Draw the share of voiced time at each pitch, on an even scale of notes."""
    counts = answer.report.pitch
    if not sum(counts):
        return Drawing()
    shares = _percent([sum(counts[at : at + PITCH_STEP]) for at in range(0, len(counts), PITCH_STEP)])
    octaves = [math.log2(hertz) for hertz in answer.pitch_edges_hz]
    width = (octaves[1] - octaves[0]) * PITCH_STEP
    starts = [octaves[0] + width * place for place in range(len(shares))]
    used = [start for start, share in zip(starts, shares, strict=True) if share > SHOWN_SHARE]
    low, high = used[0] - 2 * width, used[-1] + 3 * width
    labels = [(math.log2(hertz), str(hertz)) for hertz in PITCH_TICKS_HZ if low <= math.log2(hertz) <= high]
    bars = [
        Bar(start, start + width, share)
        for start, share in zip(starts, shares, strict=True)
        if low <= start <= high and share
    ]
    median = answer.report.summary.pitch_hz
    marks = [Mark(math.log2(median), f"{median:.0f} Hz")] if median else []
    return Drawing(Axis(low, high, labels), _up(shares), bars, marks=marks)


def spectrum(answer: Answer) -> Drawing:
    """Draw the mean spectrum of speech over kHz, with the edge of its content."""
    band, decibels = answer.spectrum_band_hz, answer.report.spectrum_db
    edge = answer.report.summary.bandwidth_hz / 1000
    heard = [((place + 0.5) * band / 1000, level) for place, level in enumerate(decibels) if level > -130]
    if not heard:
        return Drawing()
    top = 10 * math.ceil(max(level for _, level in heard) / 10)
    lowest = 10 * math.floor(min(level for _, level in heard) / 10)
    bottom = min(max(top - SPECTRUM_RANGE_DB, lowest), top - 10)
    up = Axis(bottom, top, [(level, _signed(level)) for level in range(top, int(bottom) - 1, -30)])
    khz = max(heard[-1][0] + band / 2000, edge)
    return Drawing(Axis(0, khz, ticks(khz, 8)), up, line=heard, marks=[Mark(edge, f"{edge:.1f} kHz")])


def _titles(answer: Answer) -> dict[str, str]:
    return answer.words[language(answer)].titles


def language(answer: Answer) -> str:
    """Return the app's language, or English where the report has no other."""
    chosen = QLocale().name().partition("_")[0]
    return chosen if chosen in answer.words else "en"


def _percent(counts: Sequence[int]) -> list[float]:
    total = max(sum(counts), 1)
    return [100 * count / total for count in counts]


def _up(shares: Sequence[float]) -> Axis:
    highest = max(max(shares), 1e-9)
    return Axis(0, highest * 1.05, ticks(highest, 4, " %")[1:])


def _signed(level: int) -> str:
    return str(level).replace("-", "−")
