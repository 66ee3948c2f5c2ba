"""The networks under test, filled with the formula's weights."""

import re

from rvc.model.config import SynthesizerConfig
from rvc.model.discriminator import MultiPeriodDiscriminator
from rvc.model.synthesizer import Synthesizer
from tests.parity import oracle


def synthesizer(name: str) -> Synthesizer:
    """Build the model that a data file such as `infer_40k_nof0` is about."""
    found = re.search(r"_(\d+)k", name)
    assert found is not None
    model = Synthesizer(SynthesizerConfig.v2(int(found[1]) * 1000, pitch="nof0" not in name))
    oracle.fill_weights(model, oracle.seed())
    return model


def discriminator() -> MultiPeriodDiscriminator:
    model = MultiPeriodDiscriminator()
    oracle.fill_weights(model, oracle.seed())
    return model
