"""`python -m rvc.jobs.scale`: how many users so many GPUs serve, what it costs, and what breaks first.

Prints the tables of docs/scale.md and, with `--out`, draws its pictures.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rvc.jobs.capacity import MB, USUAL_LOAD, Site
from rvc.jobs.simulation import DAY_S, POLICIES, Kind, Policy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZES = (1, 8, 64, 1000)  # GPUs
LOADS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # of what the GPUs could do
USERS = (100, 1_000, 10_000, 100_000, 1_000_000)
TB = 1e12
LINE_BYTES_S = 1e9 / 8
DISK_BYTES = 20 * TB
LEAST_DRAWN = 0.01  # minutes


def said_s(seconds: float) -> str:
    """Say a length of time as people do."""
    for unit, size_s in (("d", DAY_S), ("h", 3600.0), ("min", 60.0)):
        if seconds >= size_s:
            return f"{seconds / size_s:.3g} {unit}"
    return f"{seconds:.2g} s"


def said(number: float) -> str:
    """Say a number with as many digits as it deserves."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def sizes() -> str:
    """Tell of every number of GPUs at the usual load: users, waiting, traffic, storage, cost."""
    head = ["GPUs", "users", "trainings, conversions a day", "GPUs busy", "a training waits: median, 95 %"]
    head += ["a conversion: 95 %", "upload at the peak", "disk", "$ a month: GPUs, disk", "$ a user"]
    rows = []
    for gpus in SIZES:
        site = Site.at_load(gpus, USUAL_LOAD)
        day, cost = site.day("short ones first"), site.cost_a_month()
        train, convert = day.waits["train"], day.waits["convert"]
        rows.append(
            [
                f"{gpus:,}",
                f"{site.users:,.0f}",
                f"{site.work[0].a_day:,.0f}, {site.work[1].a_day:,.0f}",
                f"{day.load:.0%}",
                f"{said_s(train.median_s)}, {said_s(train.p95_s)}",
                said_s(convert.p95_s),
                f"{said(site.upload_bytes_s() / MB)} MB/s",
                f"{said(sum(site.stored_bytes().values()) / TB)} TB",
                f"{cost['GPUs']:,.0f}, {cost['disk']:,.0f}",
                f"{sum(cost.values()) / site.users:.2f}",
            ]
        )
    return table(head, rows)


def turns(gpus: int = 8) -> str:
    """Tell how long jobs wait under each way of giving turns, and with cold conversions."""
    head = ["load", *(f"{policy}: training, conversion" for policy in POLICIES), "GPUs busy with cold starts"]
    rows = []
    for load in LOADS:
        site = Site.at_load(gpus, load)
        waits = [site.day(policy).waits for policy in POLICIES]
        cold = replace(site, warm=False).busy_s_a_day / (gpus * DAY_S)
        said = [f"{said_s(one['train'].p95_s)}, {said_s(one['convert'].p95_s)}" for one in waits]
        rows.append([f"{load:.0%}", *said, f"{cold:.0%}"])
    return table(head, rows)


def limits() -> str:
    """Tell what each number of users asks of the parts that there is one of."""
    head = [
        "users",
        "GPUs",
        "agent's cores: no queue, 5,000 waiting",
        "upload at the peak",
        "jobs at the peak",
    ]
    head += ["checkpoints and clips", "models and takes", "conversions"]
    rows = []
    for users in USERS:
        site = Site.of_users(users)
        jobs_s = sum(one.a_day for one in site.work) * site.habits.peak / DAY_S
        rows.append(
            [
                f"{users:,}",
                f"{site.gpus:,}",
                f"{said(site.agent_cores(0))}, {said(site.agent_cores(5000))}",
                f"{said(site.upload_bytes_s() / MB)} MB/s",
                f"{said(jobs_s)} a second",
                *(f"{said(size / TB)} TB" for size in site.stored_bytes().values()),
            ]
        )
    return table(head, rows)


def draw(out: Path) -> list[Path]:
    """Draw how waiting grows with the load, and how near every part is to its limit."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    for gpus in SIZES:
        _plot_waits(
            left,
            [Site.at_load(gpus, load) for load in LOADS],
            "short ones first",
            "train",
            f"{gpus:,} GPU{'s' * (gpus > 1)}",
        )
    for policy in POLICIES:
        _plot_waits(right, [Site.at_load(8, load) for load in LOADS], policy, "convert", policy)
    left.set_title("a training waits (95 %), minutes", fontsize=9)
    right.set_title("a conversion waits (95 %), minutes; 8 GPUs", fontsize=9)
    waiting = _save(figure, out / "scale-waiting.png")
    figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
    _plot_limits(axes)
    return [waiting, _save(figure, out / "scale-limits.png")]


def _plot_waits(axes: "Axes", sites: Sequence[Site], policy: Policy, kind: Kind, label: str) -> None:
    waits = [site.day(policy).waits[kind].p95_s / 60 for site in sites]
    axes.plot(
        [100 * load for load in LOADS], [max(one, LEAST_DRAWN) for one in waits], label=label, marker="."
    )
    axes.set(yscale="log", xlabel="load of the GPUs, %", ylim=(LEAST_DRAWN, None))
    axes.legend(fontsize=7)
    axes.grid(alpha=0.3)


def _plot_limits(axes: "Axes") -> None:
    """Draw every part's share of what one of it can do, over the number of users."""
    sites = [Site.of_users(users) for users in USERS]
    lines = {
        "agent, no queue (1 core)": [site.agent_cores(0) for site in sites],
        "agent, 5,000 jobs waiting": [site.agent_cores(5000) for site in sites],
        "upload (1 Gbit/s)": [site.upload_bytes_s() / LINE_BYTES_S for site in sites],
        "disk (20 TB)": [sum(site.stored_bytes().values()) / DISK_BYTES for site in sites],
    }
    for label, shares in lines.items():
        axes.plot(USERS, shares, label=label, marker=".")
    axes.axhline(1, color="black", linewidth=0.8)
    axes.set(xscale="log", yscale="log", xlabel="users", ylabel="of what one can do")
    axes.legend(fontsize=7)
    axes.grid(alpha=0.3)


def _save(figure: "Figure", path: Path) -> Path:
    """Write a small picture: few colours suffice for lines."""
    from PIL import Image

    figure.savefig(path, dpi=75)
    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(32)
    few.save(path, optimize=True)
    return path


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables; draw the pictures where a folder is given."""
    parser = argparse.ArgumentParser(prog="python -m rvc.jobs.scale")
    parser.add_argument("--out", type=Path, help="folder for the pictures")
    arguments = parser.parse_args(argv)
    for text in (sizes(), turns(), limits()):
        sys.stdout.write(f"{text}\n\n")
    if arguments.out:
        draw(arguments.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
