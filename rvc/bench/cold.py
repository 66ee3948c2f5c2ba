"""The benchmark of a cold start: `rvc convert` in a fresh process, to the first sound and to the file."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil
from safetensors.torch import save_file
from torch import nn

from rvc import assets, paths
from rvc.analysis.content import ContentVec
from rvc.analysis.hubert import Hubert
from rvc.analysis.pitch import RmvpeEstimator
from rvc.analysis.rmvpe import Rmvpe
from rvc.bench import Timing
from rvc.bench.material import HOME_VARIABLE, Bench, Spent, at_home
from rvc.bench.stages import source
from rvc.bench.training import untrained_voice
from rvc.sound import encoding
from rvc.sound.growing import has_begun

SOURCE_S = 10.0
LOOK_S = 0.005
IMPORTS = "import rvc.synthesis.conversion"
NETWORKS: dict[str, type[nn.Module]] = {ContentVec.name: Hubert, RmvpeEstimator.name: Rmvpe}


def measure_cold(bench: Bench) -> dict[str, float]:
    """Measure starts one after another; of the full model in bf16 too, where that is faster."""
    model, home = bench.folder / "cold.safetensors", bench.folder / "home"
    recording = bench.folder / "cold.wav"
    wave, rate = source(bench, SOURCE_S)
    encoding.write(recording, [wave], rate)
    untrained_voice(bench, bench.prepared(bench.features())).save(model)
    bench.facts["source_s"] = round(len(wave) / rate, 1)
    precisions = ["fp32"]
    if bench.config.architecture == "v2":
        precisions += ["bf16"] if bench.gains_from_bf16 else []
        with at_home(home):
            lay_out()
    spent: dict[str, list[Spent]] = {}
    rounds = bench.config.repeat or 1
    with bench.reporter.phase("measure", rounds * (1 + len(precisions)), unit="runs") as phase:
        for _ in range(rounds):
            spent.setdefault("imports", []).append(_start([sys.executable, "-c", IMPORTS], home)[1])
            phase.advance()
            for precision in precisions:
                first, whole = _convert(bench, model, recording, precision, home)
                spent.setdefault(f"first sound, {precision}", []).append(first)
                spent.setdefault(f"file, {precision}", []).append(whole)
                phase.advance()
    timings = [
        Timing(name=name, seconds=[one.wall for one in each], cpu_seconds=[one.cpu for one in each])
        for name, each in spent.items()
    ]
    bench.timings += timings
    return {f"seconds to the {timing.name}": timing.median(bench.config.clock) for timing in timings}


def lay_out() -> None:
    """Put networks with fresh weights where fetched ones would be and none are: they take as long to load."""
    for name, network in NETWORKS.items():
        if assets.find(name) is not None:
            continue
        asset, folder = assets.entry(name), paths.make_dir(paths.weights_dir())
        with (folder / asset.file).open("wb") as file:
            file.truncate(asset.size)
        weights = {key: tensor.contiguous() for key, tensor in network().state_dict().items()}
        save_file(weights, folder / f"{name}-{(asset.sha256 or '')[:12]}.safetensors")


def _convert(bench: Bench, model: Path, recording: Path, precision: str, home: Path) -> tuple[Spent, Spent]:
    """Convert in a fresh process; return what it took until the first sound and in all."""
    folder = Path(tempfile.mkdtemp(dir=bench.folder))
    early = folder / "early.wav"
    settings = {
        "out": folder / "out",
        "early": early,
        "precision": precision,
        "cache-gb": 0,
        "device": bench.device.type,
    }
    options = [text for name, value in settings.items() for text in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "rvc", "convert", str(model), str(recording), *options]
    return _start(command, home, partial(has_begun, early))


def _start(command: list[str], home: Path, heard: Callable[[], bool] = lambda: True) -> tuple[Spent, Spent]:
    """Run a program, and return what it took until something was heard and in all."""
    known = os.pathsep.join(str(folder) for folder in assets.folders())
    environment = os.environ | {HOME_VARIABLE: str(home), assets.FOLDERS_VARIABLE: known}
    began = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as child:
        process = psutil.Process(child.pid)
        first, now = None, Spent(0.0, 0.0)
        while child.poll() is None:
            times = process.cpu_times()
            if process.status() != psutil.STATUS_ZOMBIE:
                now = Spent(round(time.perf_counter() - began, 3), round(times.user + times.system, 3))
            if first is None and heard():
                first = now
            time.sleep(LOOK_S)
    if child.returncode:
        raise RuntimeError(f"{command} ended with {child.returncode}")
    return first or now, now
