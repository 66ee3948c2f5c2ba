"""`python -m rvc.jobs.scale`: how many users so many GPUs serve, what it costs, and what breaks first.

Prints the tables of docs/scale.md and, with `--out`, draws its pictures. What goes in is `Figures` (measured, each with
its place in docs/performance.md), `Prices`, and `Habits` of users (both assumed); all of them can be changed here.
"""

import argparse
import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rvc.config import PRESETS
from rvc.jobs.kinds import V2_CHECKPOINT_BYTES, V2_MODEL_BYTES
from rvc.jobs.simulation import DAY_S, POLICIES, Day, Kind, Policy, Work, arrivals, simulate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZES = (1, 8, 64, 1000)  # GPUs
LOADS = (0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # of what the GPUs could do
USUAL_LOAD = 0.6
USERS = (100, 1_000, 10_000, 100_000, 1_000_000)
MB, GB, TB = 1e6, 1e9, 1e12
LINE_BYTES_S = 1e9 / 8
DISK_BYTES = 20 * TB
JOBS, DAYS = 200_000, (1.25, 30.0)  # that are simulated, and in how many days at least and at most
LEAST_DRAWN = 0.01  # minutes
KINDS: tuple[Kind, ...] = ("train", "convert")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a job takes; times in seconds, sizes in bytes. Agent: computing time of its one process."""

    step_s: float = 0.2
    """A training step of v2 on a GPU: assumed, and the queue's own first guess; no GPU has been measured yet."""
    around_training_s: float = 120.0
    """Preparation of ten minutes, index and test: 23 s, 1 s and about 90 s on two busy cores."""
    convert_s: float = 3.0
    """Three minutes of sound on a warm GPU: assumed, 60 times real time."""
    cold_start_s: float = 5.0
    """Until a new process has loaded PyTorch and a model: what every conversion on a cluster pays."""
    train_upload_bytes: float = 35 * MB
    """Ten minutes in FLAC, 48 kHz, mono."""
    convert_upload_bytes: float = 10 * MB
    submit_s: float = 0.010
    submit_s_a_waiting_job: float = 0.029e-3
    """The forecast looks at every job that waits: 10 ms with 10 jobs, 39 ms with 1,000."""
    look_s: float = 0.004
    upload_s_a_byte: float = 3.6e-3 / MB
    watch_share: float = 0.056 / 50
    """Of a core, for the event stream of a running job."""
    kept_checkpoints: int = 3
    prepared_growth: float = 12.0
    work_days: float = 7.0
    job_days: float = 90.0

    def length_s(self, kind: Kind, *, warm: bool = True) -> float:
        """Return the seconds that a job keeps a GPU."""
        if kind == "train":
            return PRESETS["v2"]["standard"].steps * self.step_s + self.around_training_s
        return self.convert_s + (0.0 if warm else self.cold_start_s)


@dataclass(frozen=True, slots=True)
class Habits:
    """What a user does in a day, and how much more of it in the busiest hour than in the mean one."""

    trainings: float = 1 / 30
    conversions: float = 1.0
    peak: float = 1.6
    looks: float = 30.0
    """Requests to see how jobs are, besides the event stream of a running one."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Price classes of rented machines, US dollars: a GPU of 24 GB, and a gigabyte of disk."""

    gpu_hour: float = 0.5
    gb_month: float = 0.05


@dataclass(frozen=True, slots=True)
class Site:
    """A number of GPUs with its users."""

    gpus: int
    users: float
    figures: Figures = Figures()
    habits: Habits = Habits()
    prices: Prices = Prices()
    warm: bool = True

    @classmethod
    def at_load(cls, gpus: int, load: float, *, warm: bool = True) -> "Site":
        """Return so many GPUs with as many users as make them work for that share of the time."""
        alone = cls(gpus, 1.0, warm=warm)
        return cls(gpus, load * gpus * DAY_S / alone.busy_s_a_day, warm=warm)

    @classmethod
    def of_users(cls, users: float) -> "Site":
        """Return as many GPUs as these users keep at the usual load."""
        busy = cls(1, users).busy_s_a_day / DAY_S
        return cls(math.ceil(busy / USUAL_LOAD), users)

    @property
    def work(self) -> list[Work]:
        counts: dict[Kind, float] = {"train": self.habits.trainings, "convert": self.habits.conversions}
        return [
            Work(kind, self.users * counts[kind], self.figures.length_s(kind, warm=self.warm))
            for kind in KINDS
        ]

    @property
    def busy_s_a_day(self) -> float:
        """Seconds of GPUs that all users' jobs of a day take."""
        return sum(one.a_day * one.mean_s for one in self.work)

    def day(self, policy: Policy, seed: int = 0) -> Day:
        """Simulate as much time as shows the queue: longer where there are few jobs."""
        days = min(max(JOBS / sum(one.a_day for one in self.work), DAYS[0]), DAYS[1])
        return simulate(arrivals(self.work, self.habits.peak, days, seed), self.gpus, policy)

    def upload_bytes_s(self) -> float:
        """Return what arrives a second in the busiest hour."""
        train, convert = (one.a_day * self.habits.peak / DAY_S for one in self.work)
        return train * self.figures.train_upload_bytes + convert * self.figures.convert_upload_bytes

    def stored_bytes(self) -> dict[str, float]:
        """Return what lies on the disk when as much is deleted as comes."""
        figures, trainings = self.figures, self.users * self.habits.trainings
        clips = figures.prepared_growth * figures.train_upload_bytes
        work = figures.kept_checkpoints * V2_CHECKPOINT_BYTES + clips
        results = V2_MODEL_BYTES + figures.train_upload_bytes
        conversions = self.users * self.habits.conversions * 3 * figures.convert_upload_bytes
        return {
            "checkpoints and clips": trainings * work * figures.work_days,
            "models and takes": trainings * results * figures.job_days,
            "conversions": conversions * figures.job_days,
        }

    def agent_cores(self, waiting: float) -> float:
        """Return how many cores the agent's process would need in the busiest hour; it has one."""
        figures, habits = self.figures, self.habits
        jobs_s = sum(one.a_day for one in self.work) * habits.peak / DAY_S
        looks_s = self.users * habits.looks * habits.peak / DAY_S
        return (
            jobs_s * (figures.submit_s + figures.submit_s_a_waiting_job * waiting)
            + looks_s * figures.look_s
            + self.upload_bytes_s() * figures.upload_s_a_byte
            + min(self.gpus, self.busy_s_a_day * habits.peak / DAY_S) * figures.watch_share
        )

    def cost_a_month(self) -> dict[str, float]:
        """Return US dollars for GPUs that run all the time, and for the disk."""
        stored = sum(self.stored_bytes().values())
        return {
            "GPUs": self.gpus * 30 * 24 * self.prices.gpu_hour,
            "disk": stored / GB * self.prices.gb_month,
        }


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
