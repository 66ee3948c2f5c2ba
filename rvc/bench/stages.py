"""Benchmarks of preparing, indexing and converting."""

from pathlib import Path

import faiss
import numpy as np
import torch

from rvc.bench.material import Bench
from rvc.bench.training import untrained_voice
from rvc.config import CONTENT_FRAME_RATE, CONTENT_RATE_HZ, ConvertConfig
from rvc.events import Reporter
from rvc.sound import audio
from rvc.synthesis import index
from rvc.synthesis.converter import Converter
from rvc.synthesis.index import NEIGHBOURS

QUERY_S = 60  # of speech are searched for
SOURCE_S = 20.0  # of speech are converted
BLUR = 0.1  # deviations by which a query differs from a row


def measure_preparation(bench: Bench) -> dict[str, float]:
    """Measure the whole stage with loaded networks, and the networks alone with clips together and one by one."""
    features = bench.features()
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


def measure_index(bench: Bench) -> dict[str, float]:
    """Measure building, reading and searching; the search also as the incumbents do it, who read it each time."""
    prepared = bench.prepared(bench.features())
    path = bench.folder / "voice.index"
    index.write_index(prepared.folder, path, Reporter())
    bank = index.load(path, bench.device)
    queries = _queries(bank.vectors)
    inverted = _faiss(path)
    took = bench.measure(
        {
            "build and write": lambda: index.write_index(prepared.folder, path, Reporter()),
            "read": lambda: index.load(path, bench.device),
            "search, exact": lambda: bank.search(queries),
            "search as the incumbents": lambda: inverted.search(queries.cpu().numpy(), NEIGHBOURS),
            "read and reconstruct as the incumbents": lambda: _faiss(path).reconstruct_n(0, len(bank)),
        }
    )
    exact, theirs = bank.search(queries).rows, inverted.search(queries.cpu().numpy(), NEIGHBOURS)[1]
    incumbents = took["search as the incumbents"] + took["read and reconstruct as the incumbents"]
    return {
        "rows": len(bank),
        "times as fast as the incumbents, a conversion": incumbents / took["search, exact"],
        "share of the neighbours that the incumbents find": _agreement(exact.cpu().numpy(), theirs),
    }


def _queries(vectors: torch.Tensor) -> torch.Tensor:
    """Return features of a minute of speech that is like the rows, but not equal to any."""
    generator = torch.Generator().manual_seed(0)
    rows = torch.randint(len(vectors), (QUERY_S * CONTENT_FRAME_RATE,), generator=generator)
    noise = torch.randn(len(rows), vectors.shape[1], generator=generator).to(vectors)
    return vectors[rows.to(vectors.device)] + BLUR * vectors.std() * noise


def _faiss(path: Path) -> faiss.Index:
    return faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))


def _agreement(exact: np.ndarray, found: np.ndarray) -> float:
    """Return the share of exact neighbours (T, k) that are among the found ones."""
    shared = [len(set(one) & set(other)) for one, other in zip(exact.tolist(), found.tolist(), strict=True)]
    return sum(shared) / exact.size


def measure_conversion(bench: Bench) -> dict[str, float]:
    """Measure a conversion by a voice with fresh weights, with the networks loaded and from nothing."""
    features = bench.features()
    wave, rate = _source(bench)
    prepared = bench.prepared(features)
    model = bench.folder / "voice.safetensors"
    untrained_voice(bench, prepared).save(model)
    index.write_index(prepared.folder, index.index_path(model), Reporter())
    settings = ConvertConfig(device=bench.config.device, cache_gb=0)
    converter = Converter.load(model, settings, Reporter())
    took = bench.measure(
        {
            "load and convert": lambda: Converter.load(model, settings, Reporter()).convert(
                wave, rate, settings
            ),
            "convert": lambda: converter.convert(wave, rate, settings),
        }
    )
    seconds = len(wave) / rate
    bench.facts["source_s"] = round(seconds, 1)
    return {
        "seconds for a second of speech": took["convert"] / seconds,
        "times as fast with the networks loaded": took["load and convert"] / took["convert"],
    }


def _source(bench: Bench) -> tuple[np.ndarray, int]:
    """Return the start of the recordings, one after another, at 48 kHz."""
    rate = 48000
    waves = [audio.read(path, rate)[0] for path in bench.recordings]
    return np.concatenate(waves)[: round(SOURCE_S * rate)], rate
