"""The benchmark of converting."""

from collections.abc import Callable

import numpy as np
import torch

from rvc.analysis.content import ContentVec
from rvc.analysis.features import Features
from rvc.analysis.pitch import RmvpeEstimator
from rvc.bench.incumbents import PlainConversion
from rvc.bench.material import Bench
from rvc.bench.training import untrained_voice
from rvc.cache import Cache
from rvc.config import CONTENT_RATE_HZ, ConvertConfig, Precision
from rvc.datasets.dataset import Prepared
from rvc.events import Reporter
from rvc.model.synthesizer import Synthesizer
from rvc.sound import audio
from rvc.synthesis import index
from rvc.synthesis.converter import Converter
from rvc.synthesis.feature_cache import KeptEncoder, KeptEstimator
from rvc.synthesis.index import RetrievalIndex

SOURCE_S = 20.0  # of speech are converted where nothing else is said
CACHE_BYTES = 1 << 30
AS_INCUMBENTS = " as the incumbents"


def measure_conversion(bench: Bench) -> dict[str, float]:
    """Measure a conversion by a voice with fresh weights, anew, and again at another pitch with what is kept.

    That of the full model is measured in bf16 too where that is faster, and as the incumbents convert.
    """
    features, (wave, rate) = bench.features(), source(bench, bench.config.seconds or SOURCE_S)
    prepared = bench.prepared(features)
    bank = index.build(prepared, Reporter())
    keeping = _keeping(features, Cache(bench.folder / "cache", CACHE_BYTES))

    def convert(heard: Features, precision: Precision = "auto", **changed: object) -> Callable[[], object]:
        voice = untrained_voice(bench, prepared)
        converter = Converter(voice, bank, heard.encoder, heard.estimator, bench.device, precision)
        return lambda: converter.convert(wave, rate, ConvertConfig(**changed))

    runs = {"convert": convert(features), "convert again": convert(keeping, pitch_shift=2.0)}
    if bench.config.architecture == "v2":
        theirs, heard = (
            incumbent(bench, features, prepared, bank),
            audio.resample(wave, rate, CONTENT_RATE_HZ),
        )
        if bench.gains_from_bf16:
            runs["convert, bf16"] = convert(bench.features(torch.bfloat16), "bf16")
        runs["convert as the incumbents"] = lambda: theirs.convert(heard)
    took = bench.measure(runs)
    bench.facts["source_s"] = round(len(wave) / rate, 1)
    figures = {
        "seconds for a second of speech": took["convert"] * rate / len(wave),
        "share of the time, again at another pitch": took["convert again"] / took["convert"],
    }
    return figures | beside_incumbents(took)


def beside_incumbents(took: dict[str, float]) -> dict[str, float]:
    """Return the shares of the time of what was also measured as the incumbents do it."""
    theirs = {name: seconds for name, seconds in took.items() if name.endswith(AS_INCUMBENTS)}
    return {
        f"share of the incumbents' time, {name}": seconds / reference
        for known, reference in theirs.items()
        for name, seconds in took.items()
        if name.split(",")[0] == known.removesuffix(AS_INCUMBENTS)
    }


def _keeping(features: Features, cache: Cache) -> Features:
    """Return networks that remember what they heard."""
    encoder, estimator = KeptEncoder(features.encoder, cache), KeptEstimator(features.estimator, cache)
    return Features(encoder, estimator, features.device)


def incumbent(bench: Bench, features: Features, prepared: Prepared, bank: RetrievalIndex) -> PlainConversion:
    """Return the incumbents' way through the same networks."""
    synthesizer = untrained_voice(bench, prepared).synthesizer
    assert isinstance(synthesizer, Synthesizer)
    assert isinstance(features.encoder, ContentVec)
    assert isinstance(features.estimator, RmvpeEstimator)
    rows = bank.vectors.float().cpu().numpy()
    return PlainConversion(features.encoder.network, features.estimator.network, synthesizer, rows)


def source(bench: Bench, seconds: float) -> tuple[np.ndarray, int]:
    """Return the start of the recordings, one after another, at 48 kHz."""
    rate = 48000
    waves = [audio.read(path, rate)[0] for path in bench.recordings]
    return np.concatenate(waves)[: round(seconds * rate)], rate
