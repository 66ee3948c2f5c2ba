"""The model file: what is saved comes back, and what is not a voice is refused in one sentence."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from rvc.errors import Error, InputError
from rvc.synthesis.index import RetrievalIndex
from rvc.voices.card import FORMAT, VoiceCard
from rvc.voices.voice import Voice, export_pth, import_pth
from tests import voices


def speak(voice: Voice, frames: int = 20) -> torch.Tensor:
    synthesizer = voice.synthesizer
    generator = torch.Generator().manual_seed(3)
    content = torch.randn(1, frames, synthesizer.content_dim, generator=generator)
    f0 = torch.full((1, frames), 220.0) if synthesizer.has_pitch else None
    with torch.inference_mode():
        return synthesizer.infer(content, f0, torch.tensor([frames]), torch.tensor([1]), generator=generator)


def refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        Voice.load(path)
    assert caught.value.text.endswith(".")
    return caught.value.code


def stored(path: Path) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    """Return the card, as a dictionary, and the tensors of a small voice's file."""
    voice = voices.small_v2()
    voice.save(path)
    return json.loads(voice.card.model_dump_json()), load_file(path)


def write(path: Path, card: dict[str, Any], tensors: dict[str, torch.Tensor]) -> Path:
    save_file(tensors, path, {"card": json.dumps(card)})
    return path


@pytest.mark.parametrize("voice", [voices.small_v2(), voices.small_v2(pitch=False), voices.small_lite()])
def test_a_voice_comes_back_as_it_was(voice: Voice, tmp_path: Path) -> None:
    voice.save(tmp_path / "Änna.safetensors", form="fp32")
    again = Voice.load(tmp_path)
    assert again.card == voice.card
    assert torch.equal(speak(again), speak(voice))


def test_half_precision_halves_the_file_and_is_near(tmp_path: Path) -> None:
    voice = voices.small_v2()
    voice.save(tmp_path / "whole.safetensors", form="fp32")
    voice.save(tmp_path / "half.safetensors")
    whole, half = ((tmp_path / name).stat().st_size for name in ("whole.safetensors", "half.safetensors"))
    assert half < 0.75 * whole
    again = Voice.load(tmp_path / "half.safetensors")
    assert {tensor.dtype for tensor in again.tensors().values()} == {torch.float32}
    torch.testing.assert_close(speak(again), speak(voice), rtol=0, atol=0.01)


def test_half_precision_keeps_what_it_cannot_hold(tmp_path: Path) -> None:
    voice = voices.small_v2()
    voice.synthesizer.emb_g.weight.data[0, 0] = 1e6
    voice.save(tmp_path / "big.safetensors")
    assert Voice.load(tmp_path).tensors()["emb_g.weight"][0, 0] == 1e6


def test_the_posterior_encoder_stays_at_home(tmp_path: Path) -> None:
    _, tensors = stored(tmp_path / "voice.safetensors")
    assert tensors
    assert not any(name.startswith("enc_q.") for name in tensors)


def test_a_folded_voice_saves_the_same_sound(tmp_path: Path) -> None:
    voice = voices.small_v2()
    before = speak(voice)
    voice.synthesizer.fold_weight_norm()
    voice.save(tmp_path / "voice.safetensors", form="fp32")
    torch.testing.assert_close(speak(Voice.load(tmp_path)), before, rtol=0, atol=1e-5)


def test_a_diverged_training_does_not_replace_a_good_model(tmp_path: Path) -> None:
    path = tmp_path / "voice.safetensors"
    voice = voices.small_v2()
    voice.save(path)
    good = path.read_bytes()
    voice.synthesizer.emb_g.weight.data[0, 0] = torch.nan
    with pytest.raises(Error, match="not numbers"):
        voice.save(path)
    assert path.read_bytes() == good
    assert list(tmp_path.iterdir()) == [path]


def test_scores_that_are_no_numbers_do_not_stop_saving(tmp_path: Path) -> None:
    voice = voices.small_lite()
    card = voice.card.model_copy(update={"scores": {"mel": float("nan")}, "settings": {"rates": (1, 2)}})
    Voice(card, voice.synthesizer).save(tmp_path / "voice.safetensors")
    assert Voice.load(tmp_path).card.settings == {"rates": [1, 2]}


def test_temporary_files_are_no_models(tmp_path: Path) -> None:
    voices.small_lite().save(tmp_path / "voice.safetensors")
    (tmp_path / ".0123abcd.safetensors").write_bytes(b"half")
    (tmp_path / ".0123abcd.pth").write_bytes(b"half")
    assert Voice.load(tmp_path).card.name == "Änna"


def test_a_card_names_no_more_speakers_than_there_are(tmp_path: Path) -> None:
    card, tensors = stored(tmp_path / "good.safetensors")
    bad = write(tmp_path / "bad.safetensors", card | {"speakers": ["a", "b", "c"]}, tensors)
    assert refused(bad) == "wrong_weights"


def test_folders_without_or_with_several_models(tmp_path: Path) -> None:
    assert refused(tmp_path) == "no_model"
    assert refused(tmp_path / "none.safetensors") == "missing_file"
    for name in ("a", "b"):
        voices.small_lite().save(tmp_path / f"{name}.safetensors")
    assert refused(tmp_path) == "several_models"


@pytest.mark.parametrize("content", [b"", b"PK", b"hello, this is no model at all", b"\xff" * 100])
def test_files_that_are_no_models(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "voice.safetensors"
    path.write_bytes(content)
    assert refused(path) == "damaged_model"


def test_a_truncated_model(tmp_path: Path) -> None:
    path = tmp_path / "voice.safetensors"
    voices.small_lite().save(path)
    path.write_bytes(path.read_bytes()[:-100])
    assert refused(path) == "damaged_model"


def test_a_foreign_safetensors_file(tmp_path: Path) -> None:
    save_file({"weight": torch.zeros(3)}, tmp_path / "other.safetensors")
    assert refused(tmp_path / "other.safetensors") == "not_a_voice"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"format": FORMAT + 1}, "newer_model"),
        ({"architecture": "v9"}, "unknown_architecture"),
        ({"name": ""}, "damaged_model"),
        ({"rate": "fast"}, "damaged_model"),
    ],
)
def test_cards_that_cannot_be_used(change: dict[str, Any], code: str, tmp_path: Path) -> None:
    card, tensors = stored(tmp_path / "good.safetensors")
    assert refused(write(tmp_path / "bad.safetensors", card | change, tensors)) == code


@pytest.mark.parametrize(
    "change",
    [
        {"layers": 10**9},
        {"hidden_channels": 10**9},
        {"filter_channels": 10**6},
        {"speakers": 10**18},
        {"resblock_kernels": [3] * 10**5},
        {"upsample_rates": []},
        {"heads": 0},
        {"unheard_of": 1},
    ],
)
def test_cards_that_claim_a_network_the_file_does_not_hold(change: dict[str, Any], tmp_path: Path) -> None:
    card, tensors = stored(tmp_path / "good.safetensors")
    bad = write(tmp_path / "bad.safetensors", card | {"config": card["config"] | change}, tensors)
    started = time.monotonic()
    assert refused(bad) == "wrong_weights"
    assert time.monotonic() - started < 5


def test_weights_that_do_not_belong_to_the_card(tmp_path: Path) -> None:
    card, tensors = stored(tmp_path / "good.safetensors")
    less = {name: tensor for name, tensor in tensors.items() if name != "emb_g.weight"}
    assert refused(write(tmp_path / "less.safetensors", card, less)) == "wrong_weights"
    more = tensors | {"emb_h.weight": torch.zeros(2)}
    assert refused(write(tmp_path / "more.safetensors", card, more)) == "wrong_weights"
    other = tensors | {"emb_g.weight": torch.zeros(3, 8)}
    assert refused(write(tmp_path / "other.safetensors", card, other)) == "wrong_weights"
    nan = tensors | {"emb_g.weight": torch.full((2, 8), torch.nan)}
    assert refused(write(tmp_path / "nan.safetensors", card, nan)) == "damaged_model"


def test_another_encoder_is_refused() -> None:
    card = voices.small_lite().card
    card.require_encoder("contentvec", voices.SMALL_DIM)
    with pytest.raises(InputError, match=r"trained on contentvec features \(32 .*wakehubert-tiny \(128\)"):
        card.require_encoder("wakehubert-tiny", 128)


def test_fields_of_newer_programs_are_passed_over() -> None:
    card = json.loads(voices.small_lite().card.model_dump_json())
    assert VoiceCard.model_validate(card | {"mood": "cheerful"}) == VoiceCard.model_validate(card)


def test_the_whole_way_through_a_community_file(tmp_path: Path) -> None:
    voices.full_v2().save(tmp_path / "ours" / "Änna.safetensors")
    voice = Voice.load(tmp_path / "ours")
    export_pth(voice, tmp_path / "Änna.pth")
    RetrievalIndex(torch.randn(50, 768)).save(tmp_path / "added.index")
    model = import_pth(tmp_path / "Änna.pth", tmp_path / "added.index", tmp_path / "imported")
    again = Voice.load(tmp_path / "imported")
    assert (model.name, again.card.source, again.card.rate) == ("Änna.safetensors", "webui", 40000)
    assert torch.equal(speak(again), speak(voice))
    assert model.with_suffix(".index").read_bytes() == (tmp_path / "added.index").read_bytes()


def test_a_model_whose_name_is_no_unicode(tmp_path: Path, old_name: str) -> None:
    export_pth(voices.full_v2(), tmp_path / f"{old_name} x.pth")
    model = import_pth(tmp_path / f"{old_name} x.pth", None, tmp_path / "imported")
    assert model.name == "x.safetensors"
    assert Voice.load(model).card.name == "???? x"


def test_an_index_of_another_size_is_not_imported(tmp_path: Path) -> None:
    export_pth(voices.full_v2(), tmp_path / "voice.pth")
    RetrievalIndex(torch.randn(50, 256)).save(tmp_path / "v1.index")
    with pytest.raises(InputError, match="256 dimensions"):
        import_pth(tmp_path / "voice.pth", tmp_path / "v1.index", tmp_path / "imported")
    assert not (tmp_path / "imported").exists()
