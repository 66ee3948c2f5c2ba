"""How time and memory grow with the minutes of recordings: each stage, each amount in a process of its own.

Lite and the starter encoder take a minute and a half of computing for an hour of recordings to prepare, two to convert.
"""

import math
import shutil
from pathlib import Path

import numpy as np

from rvc.bench import process
from rvc.bench.material import Bench, at_home
from rvc.bench.process import Cost
from rvc.bench.training import untrained_voice
from rvc.config import ConvertConfig, PrepareConfig
from rvc.datasets.dataset import Prepared
from rvc.events import Reporter
from rvc.sound import audio, encoding
from rvc.synthesis.index import index_path

MINUTES = (1.0, 3.0, 10.0, 60.0, 600.0)
LONGEST_CONVERSION_MIN = 60.0  # beyond it only the dataset and its index are measured
LEAST_GAIN = 0.5  # of a perturbed copy


def measure_growth(bench: Bench) -> dict[str, float]:
    """Return CPU seconds and MiB of every stage for each amount, up to that of the settings."""
    figures: dict[str, float] = {}
    amounts = [minutes for minutes in MINUTES if minutes <= bench.config.minutes]
    bench.facts["longest_conversion_min"] = min(amounts[-1], LONGEST_CONVERSION_MIN)
    with bench.reporter.phase("growth", len(amounts)) as phase:
        for minutes in amounts:
            folder = bench.folder / f"{minutes:g}"
            for stage, cost in _costs(bench, folder, minutes).items():
                figures[f"{stage}, {minutes:g} min: CPU s"] = round(cost.cpu_s, 2)
                figures[f"{stage}, {minutes:g} min: MiB"] = round(cost.peak_mib)
            shutil.rmtree(folder)
            phase.advance()
    return figures


def _costs(bench: Bench, folder: Path, minutes: float) -> dict[str, Cost]:
    """Go through all stages with so many minutes of recordings."""
    recordings, model = _recordings(bench, folder / "recordings", minutes), folder / "voice.safetensors"
    costs = {"prepare": process.cost_of(_prepare, recordings, folder, bench.rate)}
    costs["index"] = process.cost_of(_index, folder / "prepared", index_path(model))
    if minutes > LONGEST_CONVERSION_MIN:
        return costs
    untrained_voice(bench, Prepared.open(folder / "prepared")).save(model)
    costs["convert"] = process.cost_of(_convert, recordings, model, bench.config.device)
    return costs


def _recordings(bench: Bench, folder: Path, minutes: float) -> Path:
    """Write so many minutes: the recordings again and again, each time at another loudness."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    waves = [audio.read(path, bench.rate)[0] for path in bench.recordings]
    round_s = sum(map(len, waves)) / bench.rate
    for number in range(math.ceil(60 * minutes / round_s)):
        left = round((60 * minutes - number * round_s) * bench.rate)
        whole = np.concatenate(waves)[:left] * random.uniform(LEAST_GAIN, 1)
        encoding.write(folder / f"{number:04}.flac", [whole.astype(np.float32)], bench.rate)
    return folder


def _prepare(recordings: Path, folder: Path, rate: int) -> None:
    from rvc.datasets.preparation import prepare

    with at_home(folder / "home"):
        prepare([recordings], folder / "prepared", PrepareConfig(rate=rate, held_out=0), Reporter())


def _index(prepared: Path, path: Path) -> None:
    from rvc.synthesis import index

    index.write_index(prepared, path, Reporter())


def _convert(recordings: Path, model: Path, device: str) -> None:
    from rvc.synthesis.conversion import convert

    convert(model, [recordings], model.parent / "out", ConvertConfig(device=device, cache_gb=0), Reporter())
