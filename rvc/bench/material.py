"""What a benchmark works with: recordings, a folder that goes away, and a clock."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import torch

from rvc import assets, device, paths
from rvc.analysis import content, pitch
from rvc.analysis.content import ContentVec
from rvc.analysis.features import Features
from rvc.analysis.hubert import Hubert
from rvc.analysis.pitch import RmvpeEstimator
from rvc.analysis.rmvpe import Rmvpe
from rvc.bench import BenchConfig, Timing
from rvc.config import PrepareConfig
from rvc.datasets.dataset import Prepared
from rvc.datasets.preparation import prepare
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.sound import audio

REPEAT = 3
RECORDED_S = 60.0
HOME_VARIABLE = "RVC_STUDIO_HOME"


class Spent(NamedTuple):
    """Seconds that something took, by the clock and of all cores together."""

    wall: float
    cpu: float


class Bench:
    """The bench of one run: measures things in turn, and keeps what they took."""

    def __init__(self, config: BenchConfig, recordings: list[Path], folder: Path, reporter: Reporter) -> None:
        self.config = config
        self.recordings = recordings
        self.folder = folder
        self.reporter = reporter
        self.device = device.pick(config.device)
        self.timings: list[Timing] = []
        self.facts: dict[str, object] = {"recordings_s": round(self.recorded_s, 1)}

    @classmethod
    @contextmanager
    def open(cls, config: BenchConfig, source: Path | None, reporter: Reporter) -> "Iterator[Bench]":
        """Take enough recordings of `source`, or of those that come with the program."""
        recordings = _take(source or paths.resource("demo/voice"), config.seconds or RECORDED_S)
        with tempfile.TemporaryDirectory(prefix="rvc-bench-") as folder:
            yield cls(config, recordings, Path(folder), reporter)

    @property
    def recorded_s(self) -> float:
        return sum(map(audio.duration, self.recordings))

    @property
    def device_name(self) -> str:
        return torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else self.device.type

    @property
    def gains_from_bf16(self) -> bool:
        """Whether the device is faster in bf16 than in fp32; else the program never computes in it unasked."""
        return device.natural_dtype(self.device) == torch.bfloat16

    @property
    def rate(self) -> int:
        """The rate of the voice that is measured, Hz."""
        return 24000 if self.config.architecture == "lite" else 40000

    def features(self, dtype: torch.dtype = torch.float32) -> Features:
        """Load the networks that hear; of the full model those of its usual kind, with fresh weights where none are.

        Those of the full model compute in `dtype`.
        """
        is_full = self.config.architecture == "v2"
        features = _usual(self.device, dtype) if is_full else Features.load(None, None, self.device)
        self.facts |= {"encoder": features.encoder.name, "pitch": features.estimator.name}
        return features

    def prepared(self, features: Features, held_out: float = 0.0, **cut: float) -> Prepared:
        """Prepare the recordings afresh, past what is kept of earlier times, with a share of them for testing.

        `cut` are settings of the preparation that say into which clips.
        """
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        settings = PrepareConfig(rate=self.rate, held_out=held_out, **cut)
        with at_home(folder / "home"):
            return prepare(self.recordings, folder / "prepared", settings, Reporter(), features=features)

    def measure(
        self, runs: Mapping[str, Callable[[], object]], *, repeat: int = REPEAT, warm_up: int = 1
    ) -> dict[str, float]:
        """Run things in turn, so that what else the machine does meets all alike; return their median seconds."""
        repeat = self.config.repeat or repeat
        spent: dict[str, list[Spent]] = {name: [] for name in runs}
        with self.reporter.phase("measure", len(runs) * (warm_up + repeat), unit="runs") as phase:
            for number in range(warm_up + repeat):
                for name, run in runs.items():
                    one = self.time(run)
                    if number >= warm_up:
                        spent[name].append(one)
                    phase.advance()
        timings = [
            Timing(name=name, seconds=[one.wall for one in each], cpu_seconds=[one.cpu for one in each])
            for name, each in spent.items()
        ]
        self.timings += timings
        return {timing.name: timing.median(self.config.clock) for timing in timings}

    def time(self, run: Callable[[], object]) -> Spent:
        """Run something and return what it took, until the device is done with it."""
        self._wait()
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        self._wait()
        return Spent(round(time.perf_counter() - wall, 6), round(time.process_time() - cpu, 6))

    def _wait(self) -> None:
        """Let the device end what it was given."""
        device.wait(self.device)


@contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """Keep everything that the program keeps in `folder` for a while."""
    before = os.environ.get(HOME_VARIABLE)
    os.environ[HOME_VARIABLE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[HOME_VARIABLE]
        else:
            os.environ[HOME_VARIABLE] = before


def _usual(device: torch.device, dtype: torch.dtype) -> Features:
    """Return ContentVec and RMVPE. Weights change nothing about how long they take."""
    torch.manual_seed(0)
    encoder = (
        content.load(ContentVec.name, device, dtype)
        if assets.find(ContentVec.name)
        else ContentVec(Hubert(), device, dtype)
    )
    known = assets.find(RmvpeEstimator.name)
    estimator = (
        pitch.load(RmvpeEstimator.name, device, dtype) if known else RmvpeEstimator(Rmvpe(), device, dtype)
    )
    return Features(encoder, estimator, device)


def _take(source: Path, seconds: float) -> list[Path]:
    """Return as many of the recordings as make up so many seconds."""
    taken: list[Path] = []
    total = 0.0
    for recording in audio.find_audio([source]):
        if total >= seconds:
            break
        taken.append(recording)
        total += audio.duration(recording)
    if not taken:
        raise InputError("no_recordings", f"There are no recordings in {source}.")
    return taken
