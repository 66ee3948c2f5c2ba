"""Make the compact set of parity data that lies in `data/`: `python -m tests.parity.compact SOURCE [TARGET]`.

The layout is the full set's. Inputs that follow from the documented formulas are left out and made again, after this
script has seen that they come out equal; long results are stored as every n-th value, over all axes. `compact.json`
says which, and `oracle.load` undoes it.
"""

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.parity.inputs import generate
from tests.parity.weights import normal

KEPT_VALUES = 4096  # longer arrays are sampled down to about as many
WHOLE = ("decode_salience",)  # inputs that no formula gives
EQUAL = 1e-7
JSON_FILES = ("checkpoint_layout", "pipeline", "weights_fingerprint")
SLICER_LEVELS = (0.0002, 0.1)
CHUNK_LEVEL = 0.25

Arrays = dict[str, np.ndarray]
Recipe = dict[str, Any]
Recipes = Callable[[Arrays, int], dict[str, Recipe]]


def main(source: Path, target: Path) -> None:
    """Write the compact form of the set in `source`."""
    target.mkdir(parents=True, exist_ok=True)
    seed = json.loads((source / "manifest.json").read_text(encoding="utf-8"))["seed"]
    notes = {path.stem: _shrink(path, target / path.name, seed) for path in sorted(source.glob("*.npz"))}
    _write(target / "compact.json", notes)
    _write(target / "manifest.json", {"set": f"compact form of {source.name}", "seed": seed})
    for name in JSON_FILES:
        whole = _dense(json.loads((source / f"{name}.json").read_text(encoding="utf-8")))
        (target / f"{name}.json.gz").write_bytes(gzip.compress(whole, mtime=0))


def _write(path: Path, content: Any) -> None:
    path.write_bytes(_dense(content))


def _dense(content: Any) -> bytes:
    return (json.dumps(content, separators=(",", ":")) + "\n").encode()


def _shrink(source: Path, target: Path, seed: int) -> dict[str, Any]:
    """Write one file; return what is generated and what is sampled."""
    with np.load(source) as file:
        arrays = {name: file[name] for name in file.files}
    find, extra = RECIPES.get(source.stem.split("_")[0], _nothing), {}
    generated = find(arrays, seed)
    if "bank" in generated:
        extra["bank_order"] = _order(arrays["bank"], generated["bank"], seed)
        generated["bank"]["mixture"]["order"] = "bank_order"
    for name, recipe in generated.items():
        np.testing.assert_allclose(generate(recipe, extra, seed), arrays.pop(name), rtol=0, atol=EQUAL)
    sampled = {name: _sampling(array) for name, array in arrays.items() if _is_long(name, array)}
    stored = {name: _take(array, sampled.get(name)) for name, array in arrays.items()}
    np.savez_compressed(target, **stored, **extra)
    return {"generated": generated, "sampled": sampled}


def _is_long(name: str, array: np.ndarray) -> bool:
    return array.size > KEPT_VALUES and name not in WHOLE


def _sampling(array: np.ndarray) -> dict[str, Any]:
    """Return shape and step; a prime step visits every row and column of any shape in time."""
    step = array.size // KEPT_VALUES + 1
    while any(step % divisor == 0 for divisor in range(2, step)):
        step += 1
    return {"shape": array.shape, "step": step}


def _take(array: np.ndarray, sampling: dict[str, Any] | None) -> np.ndarray:
    return array if sampling is None else array.reshape(-1)[:: sampling["step"]]


def _nothing(_arrays: Arrays, _seed: int) -> dict[str, Recipe]:
    return {}


def _infer(arrays: Arrays, _seed: int) -> dict[str, Recipe]:
    if "phone" not in arrays:
        return {}
    return {"phone": {"normal": {"label": "infer/phone", "shape": arrays["phone"].shape}}}


def _train(arrays: Arrays, _seed: int) -> dict[str, Recipe]:
    frames, samples = arrays["phone"].shape[1], arrays["wave"].shape[2]
    hop = samples // frames
    tag = f"train{hop // 10}k"
    phones: list[Recipe] = []
    waves: list[Recipe] = []
    for row, length in enumerate(arrays["lengths"].tolist()):
        phones.append({"normal": {"label": f"{tag}/phone{row}", "shape": [length, arrays["phone"].shape[2]]}})
        waves.append(_signal(f"{tag}/wave{row}", 100 * hop, length * hop))
    return {
        "phone": {"rows": {"shape": arrays["phone"].shape, "rows": phones}},
        "wave": {"rows": {"shape": arrays["wave"].shape, "rows": waves}},
    }


def _spec(arrays: Arrays, _seed: int) -> dict[str, Recipe]:
    recipes = {}
    for tag in ("32k", "40k", "48k"):
        samples = arrays[f"wave_{tag}"].size
        silence = [int(0.80 * samples), int(0.95 * samples)]
        recipes[f"wave_{tag}"] = _signal(f"spec{tag}", int(tag[:2]) * 1000, samples, silence=silence)
    return recipes


def _features(label: str) -> Recipes:
    return lambda arrays, _seed: {"wave": _signal(label, 16000, arrays["wave"].size)}


def _retrieval(arrays: Arrays, _seed: int) -> dict[str, Recipe]:
    rows, width = arrays["bank"].shape
    queries = len(arrays["feats"])
    centres = {"centres": "retrieval/centres", "centres_shape": [63, width]}
    bank = {
        "noise": "retrieval/bank_noise",
        "shape": [rows, width],
        "picks": [row // 8 for row in range(rows)],
        "scales": [0.15 + 0.1 * (row % 8) for row in range(rows)],
    }
    feats = {
        "noise": "retrieval/query_noise",
        "shape": [queries, width],
        "picks": [row + 5 for row in range(queries)],
        "scales": [0.3] * queries,
    }
    return {"bank": {"mixture": centres | bank}, "feats": {"mixture": centres | feats}}


def _order(bank: np.ndarray, recipe: Recipe, seed: int) -> np.ndarray:
    """Return which generated row each row of the permuted bank is."""
    rows = generate(recipe, {}, seed)
    return np.array([int(np.abs(rows - row).max(axis=1).argmin()) for row in bank])


def _pipeline(arrays: Arrays, seed: int) -> dict[str, Recipe]:
    segments, chunks = arrays["slicer_segments"], arrays["chunk_signal_i8"]
    slicer = {
        "label": "pipeline/slicer",
        "ends": segments[:, 1].tolist(),
        "levels": [SLICER_LEVELS[loud] for loud in segments[:, 2]],
        "scale": 32768,
        "dtype": "int16",
    }
    ends, levels = _chunk_levels(chunks, normal("pipeline/chunks", chunks.shape, seed))
    noise = {"label": "pipeline/chunks", "ends": ends, "levels": levels, "scale": 128, "dtype": "int8"}
    source, made = arrays["rmsmix_src_16k"].size, arrays["rmsmix_in_40k"].size
    return {
        "slicer_signal_i16": {"levels": slicer},
        "chunk_signal_i8": {"levels": noise},
        "rmsmix_src_16k": _signal("pipeline/rms_src", 16000, source, level=0.4),
        "rmsmix_in_40k": _signal("pipeline/rms_out", 40000, made, level=0.15, seed_offset=2),
    }


def _chunk_levels(signal: np.ndarray, noise: np.ndarray) -> tuple[list[int], list[float]]:
    """Recover the piecewise constant level of rounded noise: one level nearly everywhere, and short quieter dips."""
    counts = signal.astype(np.float64)
    loud = np.clip(np.round(noise.astype(np.float64) * CHUNK_LEVEL * 128), -128, 127)
    odd = np.flatnonzero(loud != counts)
    breaks = np.flatnonzero(np.diff(odd) > 400)
    ends: list[int] = []
    levels: list[float] = []
    for start, last in zip([odd[0], *odd[breaks + 1]], [*odd[breaks], odd[-1]], strict=True):
        inside = slice(int(start), int(last) + 1)
        ends += [inside.start, inside.stop]
        levels += [CHUNK_LEVEL, _dip_level(counts[inside], noise[inside].astype(np.float64))]
    return [*ends, len(signal)], [*levels, CHUNK_LEVEL]


def _dip_level(counts: np.ndarray, noise: np.ndarray) -> float:
    """Return a level that all rounded values of a dip agree with."""
    audible = np.abs(noise) > 0.05
    counts, noise = np.abs(counts[audible]), np.abs(noise[audible]) * 128
    return float(((counts - 0.5) / noise).max() + ((counts + 0.5) / noise).min()) / 2


def _signal(label: str, rate: int, samples: int, **options: Any) -> Recipe:
    return {"signal": {"label": label, "rate": rate, "samples": samples, **options}}


RECIPES: dict[str, Recipes] = {
    "hubert": _features("hubert"),
    "infer": _infer,
    "pipeline": _pipeline,
    "retrieval": _retrieval,
    "rmvpe": _features("rmvpe"),
    "spec": _spec,
    "train": _train,
}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parent / "data")
