"""Retrieval, protection, chunk cuts, loudness mix and the community's file layout against the reference."""

import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from rvc.config import CONTENT_RATE_HZ
from rvc.model.config import SynthesizerConfig
from rvc.model.synthesizer import Synthesizer
from rvc.sound import audio
from rvc.synthesis import chunks, loudness
from rvc.synthesis.converter import shape_content
from rvc.synthesis.index import RetrievalIndex
from rvc.voices import small_model
from rvc.voices.card import EncoderCard, Material, VoiceCard
from rvc.voices.voice import Voice, export_pth
from tests.parity import oracle

LAYOUTS = ("webui_32k_f0", "webui_40k_f0", "webui_48k_f0", "webui_40k_nof0")


def test_search_finds_the_reference_s_neighbours() -> None:
    arrays = oracle.load("retrieval")
    found = RetrievalIndex(arrays.tensor("bank")).search(arrays.tensor("feats"))
    oracle.check("retrieval/indices", found.rows, arrays.get("indices"))
    oracle.check("retrieval/distances", found.distances, arrays.get("distances"), rel=1e-5)
    oracle.check("retrieval/weights", found.weights, arrays.get("weights"), abs=1e-5)


def test_blend() -> None:
    arrays = oracle.load("retrieval")
    bank, features = RetrievalIndex(arrays.tensor("bank")), arrays.tensor("feats")
    oracle.check("retrieval/mixed_rate075", bank.blend(features, 0.75), arrays.get("mixed_rate075"), abs=1e-5)
    oracle.check("retrieval/mixed_rate1", bank.blend(features, 1.0), arrays.get("mixed_rate1"), abs=1e-5)


def test_protect() -> None:
    arrays = oracle.load("retrieval")
    bank, features, f0 = (arrays.tensor(name) for name in ("bank", "feats", "protect_pitchf"))
    phone = shape_content(features, f0, RetrievalIndex(bank), 0.75, 0.33)
    oracle.check("retrieval/protected_033", phone, arrays.get("protected_033"), abs=1e-5)


def _chunk_signal(arrays: oracle.Arrays) -> np.ndarray:
    wave = np.asarray(arrays["chunk_signal_i8"], dtype=np.float64) / 128
    return audio.highpass(wave, CONTENT_RATE_HZ, zero_phase=True)


def test_zero_phase_highpass() -> None:
    arrays = oracle.load("pipeline")
    expected = arrays.get("highpass_filtfilt_head")
    oracle.check_head("pipeline/highpass_filtfilt_head", _chunk_signal(arrays), expected, abs=1e-6)


@pytest.mark.parametrize("variant", ["fp32_1_6_38_41", "fp16_3_10_60_65", "small_1_5_30_32"])
def test_chunks_of_webui(variant: str) -> None:
    arrays = oracle.load("pipeline")
    pad, search, distance, _ = (int(seconds) * CONTENT_RATE_HZ for seconds in variant.split("_")[1:])
    wave = _chunk_signal(arrays)
    cuts = [place // chunks.HOP * chunks.HOP for place in chunks.quiet_places(wave, distance, search)]
    expected = arrays.get(f"chunk_webui_{variant}")
    oracle.check(f"pipeline/chunk_webui_{variant}", _rows(cuts, len(wave), 2 * pad), expected)
    layout = oracle.load_json("pipeline")[f"chunk_{variant}"]
    oracle.check(f"pipeline/cuts_{variant}", np.array(cuts), np.array(layout["webui_cut_samples"]))
    oracle.decline(f"pipeline/chunk_applio_{variant}", "Applio sums before it takes the absolute value")


def _rows(cuts: list[int], samples: int, padding: int) -> np.ndarray:
    """List what WebUI makes of them: start, samples for the encoder, pitch frames, frames synthesised."""
    rows = []
    for start, cut in zip([0, *cuts], [*cuts, None], strict=True):
        whole = samples + padding
        stop = whole if cut is None else cut + padding + chunks.HOP
        pitch_stop = whole if cut is None else cut + padding
        frames = pitch_stop // chunks.HOP - start // chunks.HOP
        encoded = 2 * ((stop - start - 400) // 320 + 1)
        rows.append((start, stop - start, frames, min(frames, encoded)))
    return np.array(rows)


def test_our_chunks_lose_no_frame() -> None:
    arrays = oracle.load("pipeline")
    wave = _chunk_signal(arrays)
    parts = chunks.cut(wave, 20.0)
    spoken = sum(part.frames for part in parts) * chunks.HOP
    oracle.check("pipeline/our chunks", np.array(spoken), np.array(len(wave)))


@pytest.mark.parametrize(
    ("amount", "name"),
    [(0.25, "rmsmix_out_025"), (0.0, "rmsmix_out_0.0_head"), (0.8, "rmsmix_out_0.8_head")],
)
def test_loudness_mix(amount: float, name: str) -> None:
    arrays = oracle.load("pipeline")
    source, wave = arrays["rmsmix_src_16k"], arrays["rmsmix_in_40k"]
    mixed = loudness.mix(source, CONTENT_RATE_HZ, wave, 40000, amount)
    oracle.check_head(f"pipeline/{name}", mixed, arrays.get(name), abs=1e-6)


@pytest.mark.parametrize("name", LAYOUTS)
def test_exported_files_have_the_layout_of_the_tools(name: str, tmp_path: Path) -> None:
    layouts = oracle.load_json("checkpoint_layout")["small_models"]
    webui = layouts[name]
    applio = layouts[name.replace("webui", "applio")]
    voice = _voice(webui)
    _check_layout(f"checkpoint/{name}", voice, webui, "webui", tmp_path, webui["weight"])
    order = applio["weight_order"]
    if isinstance(order, str):
        order = layouts["applio_40k_f0"]["weight_order"]
    by_name = {entry[0]: entry for entry in webui["weight"]}
    entries = [by_name[key] for key in order]
    _check_layout(f"checkpoint/{applio['writer']} {name}", voice, applio, "applio", tmp_path, entries)


def _voice(layout: dict[str, Any]) -> Voice:
    """Make the voice that the tools were given: name voice, 20 epochs, 1000 steps, 10 minutes of speech."""
    rate = layout["fields"]["config"]["value"][-1]
    config = SynthesizerConfig.v2(rate, pitch=bool(layout["fields"]["f0"]["value"]))
    synthesizer = Synthesizer(config).without_posterior()
    oracle.fill_weights(synthesizer, oracle.seed())
    card = VoiceCard(
        name="voice",
        architecture="v2",
        rate=rate,
        content_encoder=EncoderCard(name="contentvec", dim=768),
        pitch=config.pitch,
        steps=1000,
        trained_on=Material(seconds=600),
        settings={"epochs": 20},
        config=config.model_dump(mode="json"),
    )
    return Voice(card, synthesizer)


def _check_layout(
    name: str,
    voice: Voice,
    layout: dict[str, Any],
    kind: small_model.Layout,
    folder: Path,
    entries: list[list[Any]],
) -> None:
    path = folder / f"{kind}.pth"
    export_pth(voice, path, kind)
    content = torch.load(path, weights_only=True)
    weight: dict[str, Tensor] = content["weight"]
    assert f"{type(content).__module__}.{type(content).__name__}" == layout["top_level_type"]
    assert type(weight).__name__ == layout["weight_type"]
    assert list(content) == layout["top_level_key_order"]
    assert list(weight) == [entry[0] for entry in entries]
    assert {tensor.dtype for tensor in weight.values()} == {torch.float16}
    for key, fact in layout["fields"].items():
        assert type(content[key]).__name__ == fact["type"], key
        assert content[key] == fact["value"] or key == "creation_date", key
    checksums = np.array([zlib.crc32(tensor.numpy().tobytes()) for tensor in weight.values()])
    oracle.check(name, checksums, np.array([entry[3] for entry in entries]))
    shapes = np.concatenate([tensor.shape for tensor in weight.values()])
    oracle.check(f"{name} shapes", shapes, np.concatenate([entry[1] for entry in entries]))
