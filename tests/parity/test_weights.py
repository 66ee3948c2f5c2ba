"""The weight formula, held against the fingerprints of the parity data."""

import zlib
from typing import Any

import numpy as np
import pytest

from tests.parity import oracle
from tests.parity.weights import weight


def crc(values: np.ndarray) -> int:
    return 0 if values.dtype == np.int64 else zlib.crc32(values.astype("<f4").tobytes())


@pytest.fixture(scope="module")
def fingerprint() -> dict[str, Any]:
    return oracle.load_json("weights_fingerprint")


LARGE = ("discriminator_v2", "rmvpe", "hubert_base")


@pytest.mark.parametrize(
    "family",
    [
        "synthesizer_40k",
        "synthesizer_32k_differences_from_40k",
        "synthesizer_48k_differences_from_40k",
        *(pytest.param(name, marks=pytest.mark.slow) for name in LARGE),
    ],
)
def test_weights_have_their_fingerprints(fingerprint: dict[str, Any], family: str) -> None:
    keys = fingerprint["families"][family]
    actual = [crc(weight(name, shape, fingerprint["seed"])) for name, (shape, _) in keys.items()]
    oracle.check(f"weights/{family}", actual, np.array([wanted for _, wanted in keys.values()]))


def test_worked_examples(fingerprint: dict[str, Any]) -> None:
    for name, example in fingerprint["examples"].items():
        values = weight(name, example["shape"], fingerprint["seed"]).reshape(-1)[:4]
        oracle.check(f"weights/{name}", values, np.float32(example["first_values"]))
