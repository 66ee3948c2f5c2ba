"""Exports: every format speaks as the model does, and what cannot be written is refused without a file."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from rvc.errors import Error, InputError
from rvc.events import Reporter
from rvc.model.lite import LiteSynthesizer
from rvc.synthesis import index
from rvc.synthesis.index import RetrievalIndex
from rvc.voices import export, onnx_graph
from rvc.voices.card import Consent
from rvc.voices.voice import Voice
from tests import voices

KINDS = {"v2": voices.small_v2, "no pitch": lambda: voices.small_v2(pitch=False), "lite": voices.small_lite}


def write(folder: Path, voice: Voice, name: str, **options: Any) -> export.Exported:
    voice.save(folder / "model" / "Änna.safetensors", form="fp32")
    return export.export(folder / "model", folder / "out" / name, Reporter(), **options)


@pytest.mark.parametrize("kind", KINDS)
def test_an_onnx_file_speaks_as_the_model(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    import onnxruntime

    voice = KINDS[kind]()
    done = write(tmp_path, voice, "voice.onnx")
    assert done.comparison is not None
    assert done.comparison.peak > 0.1
    assert done.comparison.share < (0.01 if kind == "lite" else 1e-5)
    assert min(done.comparison.pace, done.comparison.onnx_pace) > 0
    session = onnxruntime.InferenceSession(str(done.model), providers=["CPUExecutionProvider"])
    known = session.get_modelmeta().custom_metadata_map
    assert json.loads(known["rvc_studio.card"])["name"] == "Änna"
    assert float(known["rvc_studio.largest_difference"]) == pytest.approx(
        done.comparison.difference, rel=0.01
    )
    frames = 1200  # of a length that export has not tried
    inputs = {name: tensor.numpy() for name, tensor in export.example(voice, frames).items()}
    wave = session.run(["wave"], inputs)[0]
    assert wave.shape == (1, frames * voice.synthesizer.hop)
    assert np.isfinite(wave).all()


def test_without_its_package_onnx_is_refused(tmp_path: Path) -> None:
    try:
        import onnx  # noqa: F401
    except ImportError:
        with pytest.raises(InputError, match=r"pip install 'rvc-studio\[onnx\]'"):
            write(tmp_path, voices.small_v2(), "voice.onnx")
        assert not (tmp_path / "out").exists()
    else:
        pytest.skip("the package is here")


def test_a_graph_that_differs_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("onnx")
    monkeypatch.setattr(export, "LIMIT", -1.0)
    with pytest.raises(Error, match="would differ") as caught:
        write(tmp_path, voices.small_v2(), "voice.onnx")
    assert caught.value.code == "onnx_differs"
    assert not (tmp_path / "out").exists()


def test_the_lite_graph_is_the_model_without_complex_numbers() -> None:
    """Also where the package for ONNX is not installed."""
    voice = voices.small_lite()
    network = voice.synthesizer
    assert isinstance(network, LiteSynthesizer)
    inputs = export.example(voice, 77)
    with torch.no_grad():
        wave = onnx_graph.LiteGraph(network)(*inputs.values())
    np.testing.assert_allclose(wave.numpy(), export.speak(network, inputs), atol=1e-5)


def test_what_graphs_cannot_hold_is_done_otherwise_with_the_same_result() -> None:
    x = torch.randn(2, 700, generator=torch.Generator().manual_seed(0))
    whole = (x * 100).long()
    wanted = [whole.cummax(dim=1).values, whole.cummin(dim=1).values, x.exp2(), x.unflatten(1, (-1, 7)), x.mT]
    with onnx_graph.Translated():
        found = [
            whole.cummax(dim=1).values,
            whole.cummin(dim=1).values,
            x.exp2(),
            x.unflatten(1, (-1, 7)),
            x.mT,
        ]
    for left, right in zip(found, wanted, strict=True):
        torch.testing.assert_close(left, right)


def test_a_copy_keeps_the_card(tmp_path: Path) -> None:
    voice = voices.small_lite()
    voice.card = voice.card.model_copy(update={"consent": [Consent(given_by="Anna")]})
    done = write(tmp_path, voice, "copy.safetensors")
    assert Voice.load(done.model).card == voice.card


@pytest.mark.parametrize(
    ("options", "name", "code"),
    [
        ({}, "voice.wav", "unknown_format"),
        ({}, "voice.pth", "not_exportable"),
        ({"with_index": True}, "voice.safetensors", "no_index"),
    ],
)
def test_what_cannot_be_written(options: dict[str, Any], name: str, code: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write(tmp_path, voices.small_lite(), name, **options)
    assert caught.value.code == code
    assert not (tmp_path / "out").exists()


def test_the_index_goes_along_under_the_tools_name(tmp_path: Path) -> None:
    voice = voices.small_v2()
    voice.save(tmp_path / "model" / "Änna.safetensors")
    RetrievalIndex(torch.randn(50, voices.SMALL_DIM)).save(tmp_path / "model" / "Änna.index")
    done = export.export(
        tmp_path / "model", tmp_path / "singer.bin", Reporter(), kind="safetensors", with_index=True
    )
    assert done.index is not None
    assert done.index.name.startswith("added_")
    assert "singer" in done.index.name
    assert len(index.load(done.index)) == 50
