"""What a number of GPUs with its users needs: time of devices, storage, traffic, the agent's computing, money.

What goes in is `Figures` (measured where docs/performance.md has it, else assumed), `Habits` of users and `Prices`: all
of them can be changed here, and `python -m rvc.jobs.scale` says what follows.
"""

import math
from dataclasses import dataclass

from rvc.config import PRESETS
from rvc.jobs.kinds import V2_CHECKPOINT_BYTES, V2_MODEL_BYTES
from rvc.jobs.simulation import DAY_S, Day, Kind, Policy, Work, arrivals, simulate

USUAL_LOAD = 0.6
MB, GB = 1e6, 1e9
JOBS, DAYS = 200_000, (1.25, 30.0)  # that are simulated, and in how many days at least and at most
KINDS: tuple[Kind, ...] = ("train", "convert")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a job takes; times in seconds, sizes in bytes. Agent: computing time of its one process."""

    step_s: float = 0.2
    """A training step of v2 on a GPU: assumed, and the queue's own first guess; no GPU has been measured yet."""
    around_training_s: float = 120.0
    """Preparation, index and test: assumed; preparing 15 minutes took 23 s on two busy cores."""
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
