"""Pictures for reports: SVG text to be placed inside HTML.

Colours are CSS variables with fallbacks, so one picture suits a light and a dark page. Labels are units only:
words stand in the page, in its language. Nothing touches matplotlib's global state.
"""

import io
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, ScalarFormatter
from numpy.typing import NDArray
from scipy.fft import rfft
from scipy.signal import lfilter

from rvc.config import FRAME_RATE

Array = NDArray[np.floating[Any]]

DYNAMIC_RANGE_DB = 80.0
LEVELS = 40  # steps of colour in a spectrogram: few enough for a small picture, too many to be seen
N_FFT = 2048
ROWS = 128
MAX_COLUMNS = 440
MAX_FRAME_RATE = 150
FREQUENCY_TICKS_HZ = (200, 500, 1000, 2000, 4000, 8000, 16000)
PITCH_COLOR = "#7ef0ff"  # on the spectrogram's own dark ground in both themes
PITCH_TICKS_HZ = (50, 70, 100, 150, 200, 300, 400, 600, 800, 1100)
SMOOTHING = 0.9  # weight of the past in a smoothed curve, in points of the history

# Marker colours that matplotlib writes and `_themed` replaces.
INK, GRID, FIRST, SECOND = "#010203", "#010204", "#010205", "#010206"
_THEME = {
    INK: "var(--ink-soft, #5b6470)",
    GRID: "var(--line, #c8ced6)",
    FIRST: "var(--first, #2563c9)",
    SECOND: "var(--second, #c2410c)",
}


def spectrogram(wave: Array, rate: int, f0: Array) -> str:
    """Draw a wave (N,) as a spectrogram in dB over kHz (mel scale) and seconds, with its pitch (T,) in Hz."""
    seconds = max(len(wave) / rate, 1 / FRAME_RATE)
    top = float(_mel(rate / 2))
    figure, axes = _canvas(5.2, 2.3)
    axes.grid(visible=False)
    axes.imshow(
        _colour_steps(power_db(wave, rate), rate),
        origin="lower",
        aspect="auto",
        extent=(0.0, seconds, 0.0, top),
        cmap="magma",
        vmin=0,
        vmax=LEVELS - 1,
        interpolation="none",
    )
    axes.plot(np.arange(len(f0)) / FRAME_RATE, _mel(_voiced(f0)), color=PITCH_COLOR, linewidth=1.3)
    axes.set_xlim(0, seconds)
    axes.set_ylim(0, top)
    ticks = [tick for tick in FREQUENCY_TICKS_HZ if tick < rate / 2]
    axes.set_yticks(_mel(np.array(ticks)), [f"{tick / 1000:g}" for tick in ticks])
    axes.set_ylabel("kHz")
    axes.set_xlabel("s")
    return _svg(figure)


def pitch_tracks(reference: Array, other: Array) -> str:
    """Draw two pitch tracks (T,) in Hz over seconds; the reference is the wide line below."""
    figure, axes = _canvas(10.6, 2.0)
    for f0, color, width in ((reference, FIRST, 4.0), (other, SECOND, 1.6)):
        axes.plot(np.arange(len(f0)) / FRAME_RATE, _voiced(f0), color=color, linewidth=width)
    axes.set_xlim(0, max(len(reference), len(other), 1) / FRAME_RATE)
    _log_hertz(axes.yaxis, axes.set_yscale, axes.set_ylim, [reference, other])
    axes.set_ylabel("Hz")
    axes.set_xlabel("s")
    return _svg(figure)


def pitch_histogram(reference: Array, other: Array) -> str:
    """Draw how often each pitch occurs in two tracks (T,), as shares of voiced time over Hz."""
    figure, axes = _canvas(10.6, 2.0)
    edges = np.geomspace(*_pitch_range([reference, other]), 49)
    for f0, color, filled in ((reference, FIRST, True), (other, SECOND, False)):
        counts, _ = np.histogram(f0[f0 > 0], edges)
        shares = 100 * counts / max(counts.sum(), 1)
        axes.stairs(
            shares, edges, baseline=0, color=color, fill=filled, alpha=0.45 if filled else 1.0, linewidth=1.8
        )
    _log_hertz(axes.xaxis, axes.set_xscale, axes.set_xlim, [reference, other])
    axes.set_xlabel("Hz")
    axes.set_ylabel("%")
    axes.set_ylim(bottom=0)
    return _svg(figure)


def curve(points: Sequence[tuple[int, float]], best_step: int | None = None) -> str:
    """Draw a curve of (step, value), smoothed over its raw points, the best step marked."""
    steps, values = (np.array(column, np.float64) for column in zip(*points, strict=True))
    figure, axes = _canvas(5.2, 2.0)
    trend = smooth(values) if len(values) > 20 else values
    axes.plot(steps, values, color=FIRST, linewidth=0.8, alpha=0.35)
    axes.plot(steps, trend, color=FIRST, linewidth=1.8)
    axes.set_ylim(*_robust_range(values))
    if best_step is not None and steps[0] <= best_step <= steps[-1]:
        axes.axvline(best_step, color=SECOND, linewidth=1.2, linestyle=(0, (4, 3)))
        axes.plot([best_step], [np.interp(best_step, steps, trend)], "o", color=SECOND, markersize=6)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    return _svg(figure)


def scoped(svg: str, name: str) -> str:
    """Make a picture's ids its own, since a page holds many pictures."""
    return re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{name}-", svg)


def smooth(values: Array, weight: float = SMOOTHING) -> Array:
    """Return a running mean of values (N,), exponential to both sides so that it does not lag."""
    return (_trailing_mean(values, weight) + _trailing_mean(values[::-1], weight)[::-1]) / 2


def power_db(wave: Array, rate: int) -> Array:
    """Return the power spectrogram (bins, T) of a wave (N,) in dB below its loudest point."""
    hop = max(rate // MAX_FRAME_RATE, len(wave) // MAX_COLUMNS, 1)
    padded = np.pad(wave, N_FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::hop]
    power = np.square(np.abs(rfft(frames * np.hanning(N_FFT), axis=1))).T
    return 10 * np.log10(np.maximum(power / max(power.max(), 1e-12), 10 ** (-DYNAMIC_RANGE_DB / 10)))


def _trailing_mean(values: Array, weight: float) -> Array:
    """Return the exponential running mean of values (N,), free of the pull of a starting value."""
    total = lfilter([1 - weight], [1, -weight], np.ones(len(values)))
    return lfilter([1 - weight], [1, -weight], values) / total


def _colour_steps(power: Array, rate: int) -> Array:
    """Return a spectrogram (bins, T) in dB as whole colour steps (ROWS, T), rows even in mel."""
    frequencies = _hertz(np.linspace(0, _mel(rate / 2), ROWS))
    bins = frequencies * N_FFT / rate
    low = np.minimum(bins.astype(int), len(power) - 2)
    share = (bins - low)[:, None]
    rows = (1 - share) * power[low] + share * power[low + 1]
    return np.round((rows / DYNAMIC_RANGE_DB + 1) * (LEVELS - 1)).astype(np.uint8)


def _mel(hertz: Any) -> Any:
    return 2595 * np.log10(1 + np.asarray(hertz) / 700)


def _hertz(mel: Array) -> Array:
    return 700 * (10 ** (mel / 2595) - 1)


def _robust_range(values: Array) -> tuple[float, float]:
    """Return limits that a few wild first steps do not stretch."""
    low, high = np.percentile(values, [0, 98])
    margin = max(0.08 * (high - low), 1e-6 + 0.01 * abs(high))
    return low - margin, high + margin


def _voiced(f0: Array) -> Array:
    """Return a pitch track with gaps where nothing is voiced."""
    return np.where(f0 > 0, f0, np.nan)


def _pitch_range(tracks: Sequence[Array]) -> tuple[float, float]:
    voiced = np.concatenate([track[track > 0] for track in tracks])
    if not len(voiced):
        return 50.0, 1100.0
    low, high = np.percentile(voiced, [0.5, 99.5])
    return float(low) / 1.15, float(high) * 1.15


def _log_hertz(axis: Any, set_scale: Any, set_limits: Any, tracks: Sequence[Array]) -> None:
    """Give an axis a logarithmic scale over the pitch of `tracks`, labelled in plain Hz."""
    low, high = _pitch_range(tracks)
    set_scale("log")
    set_limits(low, high)
    ticks = [tick for tick in PITCH_TICKS_HZ if low <= tick <= high]
    axis.set_ticks(ticks if len(ticks) > 1 else [round(low), round(high)], minor=False)
    axis.set_ticks([], minor=True)
    axis.set_major_formatter(ScalarFormatter())


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a transparent figure (inches) with one quiet pair of axes."""
    figure = Figure(figsize=(width, height), dpi=100, layout="constrained")
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    axes.patch.set_alpha(0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GRID)
    axes.tick_params(colors=INK, labelcolor=INK, color=GRID, labelsize=9)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)
    axes.grid(color=GRID, linewidth=0.5, alpha=0.6)
    axes.set_axisbelow(True)
    return figure, axes


def _svg(figure: Figure) -> str:
    """Write a figure as an SVG element whose text is text and whose colours follow the page."""
    stream = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "rvc"}):
        FigureCanvasSVG(figure).print_svg(
            stream, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type"))
        )
    text = stream.getvalue()
    return _lean(_themed(text[text.index("<svg") :]))


def _themed(svg: str) -> str:
    """Replace marker colours by the page's, fixed sizes and fonts by flexible ones."""
    for marker, color in _THEME.items():
        svg = svg.replace(marker, color)
    svg = re.sub(
        r'<svg [^>]*?viewBox="([^"]*)"[^>]*>', r'<svg viewBox="\1" aria-hidden="true">', svg, count=1
    )
    svg = re.sub(r"<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family: [^;\"]*", "font-family: inherit", svg)
    return svg.replace("xlink:href", "href")


def _lean(svg: str) -> str:
    """Drop the ids that nothing refers to."""
    used = set(re.findall(r"(?:url\(|href=\")#([^)\"]+)", svg))
    return re.sub(r' id="([^"]+)"', lambda found: found[0] if found[1] in used else "", svg)
