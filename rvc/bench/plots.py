"""Plots of a report, small enough for the documentation. Needs matplotlib, an extra."""

import re
from collections import defaultdict
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from rvc.bench.report import Report
from rvc.paths import atomic

DPI = 72
COLOURS = 32  # a third of the bytes, and nothing to be seen of it
OURS, THEIRS = "#2a6fdb", "#9aa3ad"
_GROWTH = re.compile(r"(?P<stage>\w+), (?P<minutes>[\d.]+) min: (?P<unit>.+)")
_SCORE = re.compile(r"(?P<way>.+), (?P<minutes>[\d.]+) min: score")
_THEIRS = re.compile(r"share of (?:the incumbents|WebUI|Applio)'s? time")

Curves = dict[str, dict[str, list[tuple[float, float]]]]


def draw(report: Report, folder: Path) -> list[Path]:
    """Draw what a report holds into PNG files of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    shares = {name: value for name, value in report.ratios.items() if _THEIRS.search(name)}
    if shares:
        made.append(_save(_bars(shares), folder / "bench-shares.png"))
    curves = _curves(report)
    if curves:
        made.append(_save(_growth(curves), folder / "bench-growth.png"))
    scores = _scores(report)
    if scores:
        made.append(_save(_quality(scores), folder / "bench-quality.png"))
    return made


def _bars(shares: dict[str, float]) -> Figure:
    """Draw shares of the incumbents' time, which are 1."""
    figure = Figure(figsize=(7, 0.32 * len(shares) + 0.8), layout="constrained")
    axes = figure.add_subplot()
    bars = axes.barh(list(shares), list(shares.values()), color=OURS)
    axes.bar_label(bars, fmt=" %.2f", fontsize=7)
    axes.axvline(1, color=THEIRS)
    axes.set_xlim(0, max(1.1, 1.1 * max(shares.values())))
    axes.set_xlabel("share of the incumbents' time", fontsize=8)
    axes.tick_params(labelsize=7)
    axes.invert_yaxis()
    return figure


def _curves(report: Report) -> Curves:
    """Return for each unit the points (minutes, value) of every stage."""
    curves: Curves = defaultdict(lambda: defaultdict(list))
    for one in report.benchmarks:
        for name, value in one.figures.items():
            if one.stage == "growth" and (found := _GROWTH.fullmatch(name)):
                curves[found["unit"]][found["stage"]].append((float(found["minutes"]), value))
    return curves


def _growth(curves: Curves) -> Figure:
    figure = Figure(figsize=(7, 2.6), layout="constrained")
    for place, (unit, stages) in enumerate(curves.items(), 1):
        _lines(figure.add_subplot(1, len(curves), place), unit, stages)
    return figure


def _lines(axes: Axes, unit: str, stages: dict[str, list[tuple[float, float]]]) -> None:
    for stage, points in stages.items():
        minutes, values = zip(*sorted(points), strict=True)
        axes.plot(minutes, values, marker="o", markersize=3, label=stage)
    axes.set_xscale("log")
    axes.set_yscale("log" if unit.endswith("s") else "linear")
    axes.set_ylim(bottom=None if unit.endswith("s") else 0)
    axes.set_xlabel("minutes of recordings", fontsize=8)
    axes.set_title(unit, fontsize=8)
    axes.tick_params(labelsize=7)
    axes.legend(fontsize=7)


def _scores(report: Report) -> dict[str, list[tuple[float, float]]]:
    """Return for each way to learn a voice the points (minutes, score)."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for one in report.benchmarks:
        for name, value in one.figures.items():
            if one.stage == "quality" and (point := _SCORE.fullmatch(name)):
                found[point["way"]].append((float(point["minutes"]), value))
    return found


def _quality(scores: dict[str, list[tuple[float, float]]]) -> Figure:
    figure = Figure(figsize=(6, 2.5), layout="constrained")
    axes = figure.add_subplot()
    for way, points in scores.items():
        minutes, values = zip(*sorted(points), strict=True)
        axes.plot(minutes, values, linewidth=1.2, label=way, color=THEIRS if way.startswith("as ") else None)
    axes.set_xlabel("minutes of computing", fontsize=8)
    axes.set_ylabel("held-out log-mel distance, nats", fontsize=8)
    axes.tick_params(labelsize=7)
    axes.legend(fontsize=7)
    return figure


def _save(figure: Figure, path: Path) -> Path:
    figure.set_dpi(DPI)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    with atomic(path) as temporary:
        drawn.quantize(COLOURS).save(temporary, format="png", optimize=True)
    return path
