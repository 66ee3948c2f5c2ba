"""The benchmark of preparing: the whole stage with loaded networks, of the full model also as the incumbents do it."""

from collections.abc import Callable
from copy import deepcopy
from itertools import count
from pathlib import Path

import numpy as np
import soundfile
import torch
from torch import Tensor

from rvc.analysis import rmvpe
from rvc.analysis.content import ContentVec
from rvc.analysis.features import Features
from rvc.analysis.hubert import Hubert
from rvc.analysis.pitch import RmvpeEstimator
from rvc.bench.incumbents import inverted_index, plain_networks
from rvc.bench.material import Bench
from rvc.bench.stages import beside_incumbents
from rvc.config import CONTENT_RATE_HZ, PrepareConfig
from rvc.datasets import slicing
from rvc.events import Reporter
from rvc.sound import audio
from rvc.synthesis import index


def measure_preparation(bench: Bench) -> dict[str, float]:
    """Measure the whole stage with loaded networks, and the networks alone with clips together and one by one.

    That of the full model, its index included, is measured in bf16 too where that is faster, and as the incumbents
    prepare.
    """
    measure = _beside_incumbents if bench.config.architecture == "v2" else _alone
    return measure(bench, bench.features())


def _alone(bench: Bench, features: Features) -> dict[str, float]:
    clips = [audio.read(path, CONTENT_RATE_HZ)[0] for path in bench.recordings]
    took = bench.measure(
        {
            "prepare": lambda: bench.prepared(features),
            "networks, clips together": lambda: list(features.describe(clips)),
            "networks, one clip at a time": lambda: [list(features.describe([clip])) for clip in clips],
        }
    )
    took |= bench.measure({"load the networks": bench.features}, repeat=1, warm_up=0)
    together, alone = took["networks, clips together"], took["networks, one clip at a time"]
    return {
        "seconds for a second of recordings": took["prepare"] / bench.recorded_s,
        "times as fast as one clip at a time": alone / together,
    }


def _beside_incumbents(bench: Bench, features: Features) -> dict[str, float]:
    theirs = PlainPreparation(features, bench.rate, bench.folder)
    runs: dict[str, Callable[[], object]] = {
        "prepare": lambda: _with_index(bench, features),
        "prepare as the incumbents": lambda: theirs.prepare(bench.recordings),
    }
    if bench.gains_from_bf16:
        lower = _in_bf16(features)
        runs["prepare, bf16"] = lambda: _with_index(bench, lower)
    took = bench.measure(runs)
    shares = beside_incumbents(took)
    return {"seconds for a second of recordings": took["prepare"] / bench.recorded_s, **shares}


def _with_index(bench: Bench, features: Features) -> None:
    index.build(bench.prepared(features), Reporter())


def _in_bf16(features: Features) -> Features:
    """Return the same networks, computing in bf16."""
    encoder, estimator = _networks(features)
    return Features(
        ContentVec(deepcopy(encoder), features.device, torch.bfloat16),
        RmvpeEstimator(deepcopy(estimator), features.device, torch.bfloat16),
        features.device,
        torch.bfloat16,
    )


def _networks(features: Features) -> tuple[Hubert, rmvpe.Rmvpe]:
    assert isinstance(features.encoder, ContentVec)
    assert isinstance(features.estimator, RmvpeEstimator)
    return features.encoder.network, features.estimator.network


class PlainPreparation:
    """Prepares as RVC-WebUI does, in fp32: stage after stage through files, one clip after the other.

    Its processes are not started here, four of them, each with imports of two to eight seconds.
    """

    def __init__(self, features: Features, rate: int, folder: Path) -> None:
        self._encoder, self._estimator = plain_networks(*_networks(features))
        self._rate = rate
        self._folders = (folder / f"plain-{number}" for number in count())

    def prepare(self, recordings: list[Path]) -> None:
        """Cut recordings into clips, find their pitch, then their content, then build an inverted index of that."""
        folder = next(self._folders)
        folder.mkdir()
        names = [name for number, path in enumerate(recordings) for name in self._cut(path, folder, number)]
        for name in names:
            np.save(folder / f"{name}.f0.npy", self._pitch(folder / f"{name}.16k.wav"))
        for name in names:
            np.save(folder / f"{name}.content.npy", self._content(folder / f"{name}.16k.wav"))
        inverted_index(np.concatenate([np.load(folder / f"{name}.content.npy") for name in names]))

    def _cut(self, path: Path, folder: Path, number: int) -> list[str]:
        """Write a recording's clips at both rates; return their names."""
        wave = audio.highpass(audio.read(path, self._rate)[0], self._rate, zero_phase=True)
        names = []
        for start, stop in slicing.cut(wave, self._rate, PrepareConfig(rate=self._rate)).clips:
            clip = wave[start:stop] * np.float32(slicing.gain(audio.peak(wave[start:stop])))
            names.append(f"{number}-{start}")
            heard = audio.resample(clip, self._rate, CONTENT_RATE_HZ)
            soundfile.write(folder / f"{names[-1]}.wav", clip, self._rate, subtype="FLOAT")
            soundfile.write(folder / f"{names[-1]}.16k.wav", heard, CONTENT_RATE_HZ, subtype="FLOAT")
        return names

    @torch.inference_mode()
    def _pitch(self, path: Path) -> np.ndarray:
        return rmvpe.decode(self._estimator.salience(rmvpe.log_mel(_read(path))))[0].numpy()

    @torch.inference_mode()
    def _content(self, path: Path) -> np.ndarray:
        return self._encoder(_read(path))[0].numpy()


def _read(path: Path) -> Tensor:
    return torch.from_numpy(audio.read(path)[0])[None]
