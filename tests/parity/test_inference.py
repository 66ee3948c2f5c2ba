"""Inference of the synthesizer, all rates, with and without pitch: every array of `infer_*`."""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from rvc.model.synthesizer import Synthesizer
from tests.parity import networks, oracle

LATENT = 1e-4
HAR = 1e-5
WAVE = {True: 5e-5, False: 2e-5}


@pytest.fixture(autouse=True)
def _no_gradients() -> Iterator[None]:
    with torch.inference_mode():
        yield


def conditions(model: Synthesizer, inputs: oracle.Arrays) -> tuple[Tensor, Tensor | None, Tensor | None]:
    """Return content, coarse pitch and f0 as `model` takes them."""
    phone = inputs.tensor("phone")
    if not model.has_pitch:
        return phone, None, None
    return phone, inputs.tensor("pitch"), inputs.tensor("pitchf")


@pytest.mark.parametrize("name", ["infer_32k", "infer_40k", "infer_48k", "infer_40k_nof0"])
def test_parts(name: str) -> None:
    arrays, inputs = oracle.load(name), oracle.load("infer_inputs")
    model = networks.synthesizer(name).eval()
    phone, pitch, f0 = conditions(model, inputs)
    lengths, speaker = inputs.tensor("lengths"), inputs.tensor("sid")
    m_p, logs_p, _ = model.enc_p(phone, pitch, lengths)
    oracle.check(f"{name}/m_p", m_p, arrays.get("m_p"), abs=LATENT)
    oracle.check(f"{name}/logs_p", logs_p, arrays.get("logs_p"), abs=LATENT)
    z, _ = model.latent(phone, pitch, lengths, speaker, torch.zeros_like)
    oracle.check(f"{name}/z", z, arrays.get("z"), abs=LATENT)
    if model.dec.m_source is not None:
        har = model.dec.m_source(f0, torch.zeros_like)[:, 0]
        oracle.check(f"{name}/har", har, arrays.get("har"), abs=HAR)


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("name", ["infer_32k", "infer_40k", "infer_48k", "infer_40k_nof0"])
def test_wave(name: str, folded: bool) -> None:
    arrays, inputs = oracle.load(name), oracle.load("infer_inputs")
    model = networks.synthesizer(name).eval()
    if folded:
        model.fold_weight_norm().without_posterior()
    phone, pitch, f0 = conditions(model, inputs)
    lengths, speaker = inputs.tensor("lengths"), inputs.tensor("sid")
    wave = model.infer(phone, f0, lengths, speaker, pitch=pitch, noise=torch.zeros_like)
    label = f"{name}/wave{' folded' if folded else ''}"
    oracle.check(label, wave, arrays.get("wave"), abs=WAVE[model.has_pitch])


@pytest.mark.parametrize("name", ["infer_realtime_40k", "infer_realtime_40k_nof0"])
def test_realtime(name: str) -> None:
    arrays, inputs = oracle.load(name), oracle.load("infer_inputs")
    model = networks.synthesizer(name).eval()
    phone, pitch, f0 = conditions(model, inputs)
    speaker = inputs.tensor("sid")
    lengths = torch.full_like(inputs.tensor("lengths"), phone.shape[1])
    skip, length, length2 = (int(arrays[key][0]) for key in ("skip_head", "return_length", "return_length2"))
    z, _ = model.latent(phone, pitch, lengths, speaker, torch.zeros_like, skip_head=skip)
    oracle.check(f"{name}/z", z[..., :length], arrays.get("z"), abs=LATENT)
    for key, stretched in (("wave", None), ("wave_formant", length2)):
        wave = model.infer(
            phone,
            f0,
            lengths,
            speaker,
            pitch=pitch,
            noise=torch.zeros_like,
            skip_head=skip,
            return_length=length,
            stretch_to=stretched,
        )
        oracle.check(f"{name}/{key}", wave, arrays.get(key), abs=WAVE[model.has_pitch])
