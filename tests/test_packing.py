"""Weights in a file: what is packed comes back near enough, everywhere a model does, and nonsense is refused."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from rvc import device as devices
from rvc.config import BlendConfig
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.synthesis.converter import prepare_network
from rvc.voices import packing
from rvc.voices.blend import blend
from rvc.voices.card import FORMAT
from rvc.voices.description import describe
from rvc.voices.export import export
from rvc.voices.packing import Form
from rvc.voices.voice import Voice
from tests import voices
from tests.test_voice import speak

KINDS = {"v2": voices.small_v2, "lite": voices.small_lite}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("form", "near"), [("fp16", 0.01), ("bf16", 0.1), ("int8", 0.1)])
def test_a_packed_voice_speaks_nearly_the_same(kind: str, form: Form, near: float, tmp_path: Path) -> None:
    voice = KINDS[kind]()
    voice.save(tmp_path / "voice.safetensors", form)
    again = Voice.load(tmp_path)
    assert again.card.weights == (None if form == "fp16" else form)
    assert {tensor.dtype for tensor in again.tensors().values()} == {torch.float32}
    wave, wanted = speak(again), speak(voice)
    assert float((wave - wanted).square().mean().sqrt() / wanted.square().mean().sqrt()) < near


def test_int8_takes_about_a_quarter() -> None:
    weights = {"large": torch.randn(64, 256), "bias": torch.randn(64), "small": torch.randn(4, 4)}
    packed = packing.pack(weights, "int8")
    assert {name: tensor.dtype for name, tensor in packed.items()} == {
        "large": torch.int8, "large.scale": torch.float32, "bias": torch.float16, "small": torch.float16,
    }  # fmt: skip
    unpacked = packing.unpack(packed)
    assert unpacked.keys() == weights.keys()
    step = weights["large"].abs().amax(dim=1, keepdim=True) / packing.LARGEST
    assert ((unpacked["large"] - weights["large"]).abs() <= step / 2 + 1e-6).all()
    assert torch.equal(
        packing.unpack(packing.pack({"zero": torch.zeros(64, 64)}, "int8"))["zero"], torch.zeros(64, 64)
    )


def test_a_packed_voice_goes_wherever_a_voice_does(tmp_path: Path) -> None:
    voices.small_lite().save(tmp_path / "a" / "a.safetensors", "int8")
    voices.small_lite(seed=1).save(tmp_path / "b" / "b.safetensors", "int8")
    told = describe(tmp_path / "a")
    assert (told["usable"], told["weights"]) == (True, "int8")
    done = export(tmp_path / "a", tmp_path / "copy.safetensors", Reporter())
    assert Voice.load(done.model).card.weights is None
    mixed = blend(tmp_path / "a", tmp_path / "b", tmp_path / "mixed", BlendConfig(), Reporter())
    assert torch.isfinite(speak(Voice.load(Path(mixed["model"])))).all()


def test_an_older_program_is_told_to_be_updated(tmp_path: Path) -> None:
    """Its cards are of an older format than this one says."""
    voices.small_lite().save(tmp_path / "voice.safetensors", "int8")
    voices.small_lite().save(tmp_path / "half.safetensors")
    assert Voice.load(tmp_path / "voice.safetensors").card.format == FORMAT
    assert Voice.load(tmp_path / "half.safetensors").card.format == FORMAT - 1


@pytest.mark.parametrize("lie", ["missing", "shape", "alone"])
def test_scales_that_do_not_fit_are_refused(lie: str, tmp_path: Path) -> None:
    path, voice = tmp_path / "voice.safetensors", voices.small_lite()
    voice.save(path, "int8")
    tensors = load_file(path)
    name = next(name for name, tensor in tensors.items() if tensor.dtype == torch.int8)
    if lie == "missing":
        del tensors[name + packing.SCALE]
    elif lie == "shape":
        tensors[name + packing.SCALE] = torch.ones(3)
    else:
        tensors[name] = tensors[name].half()
    save_file(tensors, path, {"card": json.dumps(voice.card.model_dump(mode="json"))})
    with pytest.raises(InputError) as caught:
        Voice.load(path)
    assert caught.value.code == "wrong_weights"


def test_scales_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    path, voice = tmp_path / "voice.safetensors", voices.small_lite()
    voice.save(path, "int8")
    tensors = load_file(path)
    name = next(name for name in tensors if name.endswith(packing.SCALE))
    tensors[name][0] = torch.inf
    save_file(tensors, path, {"card": json.dumps(voice.card.model_dump(mode="json"))})
    with pytest.raises(InputError, match="not numbers"):
        Voice.load(path)


def test_a_bf16_voice_speaks_in_bf16_where_a_cpu_is_faster_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cpu = torch.device("cpu")
    voices.small_v2().save(tmp_path / "voice.safetensors", "bf16")
    voice = Voice.load(tmp_path)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True})
    assert voice.dtype_for("auto", cpu) == torch.bfloat16
    assert voice.dtype_for("fp32", cpu) == torch.float32
    with prepare_network(voice, cpu, "auto")():
        assert torch.is_autocast_enabled("cpu")
    assert voices.small_v2().dtype_for("auto", cpu) == devices.dtype_for("auto", cpu)
    monkeypatch.setattr(torch.cpu, "get_capabilities", dict)
    assert voice.dtype_for("auto", cpu) == torch.float32
