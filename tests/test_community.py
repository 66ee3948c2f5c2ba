"""Community files: every kind there is gets read or refused for its reason, and nothing in one ever runs."""

from pathlib import Path
from typing import Any

import pytest
import torch

from rvc.errors import InputError
from rvc.model.config import SynthesizerConfig
from rvc.voices import community
from rvc.voices.card import EncoderCard
from rvc.voices.voice import Voice, export_pth
from tests import voices
from tests.community_files import CONFIG_40K, applio, saved, webui, weights


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        community.read(path)
    assert caught.value.text.endswith(".")
    assert "\n" not in caught.value.text
    return caught.value


def test_a_webui_model(tmp_path: Path) -> None:
    card, tensors = community.read(saved(tmp_path, webui()))
    assert (card.name, card.source, card.rate, card.pitch) == ("voice", "webui", 40000, True)
    assert card.content_encoder == EncoderCard(name="contentvec", dim=768)
    assert card.settings == {"epochs": 0, "info": "20epoch"}
    assert SynthesizerConfig.model_validate(card.config) == SynthesizerConfig.v2(40000)
    assert tensors.keys() == weights().keys()


def test_an_applio_model(tmp_path: Path) -> None:
    card, _ = community.read(saved(tmp_path, applio()))
    assert (card.name, card.source, card.steps, card.settings["epochs"]) == ("Anna", "applio", 1000, 20)
    assert card.trained_on.seconds == 605
    assert card.created.astimezone().replace(tzinfo=None).isoformat() == "2026-01-31T12:34:56.123456"
    assert card.speakers == ["Anna"]


@pytest.mark.parametrize("rate", [32000, 40000, 48000])
def test_the_rate_follows_from_the_weights(rate: int, tmp_path: Path) -> None:
    card, _ = community.read(saved(tmp_path, {"weight": weights(rate)}))
    assert card.rate == rate


def test_what_is_not_said_has_its_old_meaning(tmp_path: Path) -> None:
    content = {key: value for key, value in webui().items() if key not in ("f0", "version", "sr", "info")}
    card, _ = community.read(saved(tmp_path, content))
    assert card.pitch


def test_a_model_without_pitch(tmp_path: Path) -> None:
    card, _ = community.read(saved(tmp_path, webui(weight=weights(pitch=False), f0=0)))
    assert not card.pitch


def test_a_fumiama_model(tmp_path: Path) -> None:
    facts = {"name": "Anna", "author": "Ben", "timestamp": 1_700_000_000, "hash": "c6", "id": "d2"}
    card, _ = community.read(saved(tmp_path, webui(**facts)))
    assert (card.name, card.settings["author"], card.created.year) == ("Anna", "Ben", 2023)


def test_speakers_are_counted_in_the_weights(tmp_path: Path) -> None:
    card, _ = community.read(saved(tmp_path, applio(weight=weights(speakers=5), speakers_id=3)))
    assert card.config["speakers"] == 5
    assert card.speakers == ["Anna", "1", "2"]


def test_any_speaker_may_be_trained_where_the_file_does_not_say(tmp_path: Path) -> None:
    card, _ = community.read(saved(tmp_path, webui()))
    assert (len(card.speakers), card.speakers[0], card.speakers[-1]) == (109, "voice", "108")
    card, _ = community.read(saved(tmp_path, webui(weight=weights(speakers=5000)), f"{'x' * 240}.pth"))
    assert (len(card.speakers), len(card.name)) == (4096, 100)


def test_another_embedder_is_remembered(tmp_path: Path) -> None:
    card, _ = community.read(saved(tmp_path, applio(embedder_model="spin-v2")))
    assert card.content_encoder == EncoderCard(name="spin-v2", dim=768)


def test_a_generator_checkpoint(tmp_path: Path) -> None:
    model = weights(48000)
    model["enc_q.pre.weight"] = torch.zeros(192, 1025, 1)
    model["dec.ups.0.parametrizations.weight.original0"] = torch.zeros(1, 1, 1)
    content = {"model": model, "iteration": 7, "optimizer": {}, "learning_rate": 1e-4}
    card, tensors = community.read(saved(tmp_path, content, "G_2333333.pth"))
    assert (card.rate, card.name, card.settings["epochs"]) == (48000, "G_2333333", 7)
    assert "dec.ups.0.weight_g" in tensors
    assert "enc_q.pre.weight" not in tensors


def test_a_discriminator_checkpoint_is_refused(tmp_path: Path) -> None:
    model = {"discriminators.0.convs.0.weight_v": torch.zeros(16, 1, 15)}
    error = refused(saved(tmp_path, {"model": model, "iteration": 7}, "D_1000.pth"))
    assert (error.code, error.text) == (
        "discriminator",
        "D_1000.pth is the discriminator of a training; it cannot speak.",
    )


@pytest.mark.parametrize("version", ["v1", None])
def test_v1_is_refused_without_its_encoder(version: str | None, tmp_path: Path) -> None:
    content = webui(weight=weights(dim=256))
    content |= {"version": version} if version else {}
    error = refused(saved(tmp_path, content))
    assert (error.code, "rvc assets fetch contentvec" in error.hint) == ("rvc_v1", True)


@pytest.mark.parametrize("rate", [32000, 40000, 48000])
@pytest.mark.parametrize("pitch", [True, False])
def test_a_v1_model_is_known_by_what_it_shows(rate: int, pitch: bool, tmp_path: Path) -> None:
    """Its kernels are the same at 32 and 48 kHz: the source, the posterior encoder or the list tell which."""
    wanted = SynthesizerConfig.v1(rate, pitch)
    model = weights(rate, dim=256, pitch=pitch, kernels=wanted.upsample_kernels)
    if pitch:
        model["dec.noise_convs.0.weight"] = torch.zeros(1, 1, 2 * wanted.hop // wanted.upsample_rates[0])
    else:
        model["enc_q.pre.weight"] = torch.zeros(192, wanted.spec_channels, 1)
    card, _ = community.look(saved(tmp_path, {"model": model}))
    assert SynthesizerConfig.model_validate(card.config) == wanted
    assert card.content_encoder == EncoderCard(name="contentvec-v1", dim=256)


@pytest.mark.parametrize(
    ("content", "vocoder"),
    [
        (applio(vocoder="RefineGAN"), "RefineGAN"),
        (applio(vocoder="MRF HiFi-GAN"), "MRF HiFi-GAN"),
        (webui(weight={"dec.mrfs.0.0.convs1.0.weight_v": torch.zeros(1, 1, 1)}), "MRF HiFi-GAN"),
    ],
)
def test_other_vocoders_are_refused_by_name(content: Any, vocoder: str, tmp_path: Path) -> None:
    error = refused(saved(tmp_path, content))
    assert error.code == "other_vocoder"
    assert f"the vocoder {vocoder};" in error.text


@pytest.mark.parametrize("item", [9, 10, 11, 12, 14, 17])
def test_another_layout_is_refused(item: int, tmp_path: Path) -> None:
    config = list(CONFIG_40K)
    config[item] = [7]
    assert refused(saved(tmp_path, webui(config=config))).code == "other_layout"


@pytest.mark.parametrize(
    "content",
    [
        {},
        [1, 2, 3],
        {"weight": {}},
        {"weight": 5},
        {"fc.weight": torch.zeros(3)},
        {"weight": {"fc.weight": torch.zeros(3)}},
    ],
)
def test_other_files_of_torch_are_refused(content: Any, tmp_path: Path) -> None:
    assert refused(saved(tmp_path, content)).code == "not_a_voice"


@pytest.mark.parametrize(
    "tensor",
    [
        torch.zeros(1).expand(1 << 40),
        torch.zeros(3).to_sparse(),
        torch.zeros(3, dtype=torch.int64),
        torch.zeros(3, dtype=torch.complex64),
        torch.zeros(3, device="meta"),
        "a tensor",
    ],
)
def test_tensors_that_are_not_what_they_seem(tensor: Any, tmp_path: Path) -> None:
    path = saved(tmp_path, webui(weight=weights() | {"emb_g.weight": tensor}))
    assert refused(path).code in ("damaged_model", "hostile_model")


def test_values_of_the_wrong_kind_do_no_harm(tmp_path: Path) -> None:
    content = applio(epoch="many", step=-5, model_name=7, dataset_length="::", creation_date="now", author=[])
    card, _ = community.read(saved(tmp_path, content))
    assert (card.name, card.steps, card.trained_on.seconds) == ("voice", 0, 0)


def test_weights_of_the_wrong_shape_are_not_built(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Voice.load(saved(tmp_path, webui()))
    assert caught.value.code == "wrong_weights"


def test_only_voices_that_the_tools_can_use_are_exported(tmp_path: Path) -> None:
    path = tmp_path / "voice.pth"
    for voice, reason in (
        (voices.small_lite(), "lite model cannot be exported"),
        (with_encoder(voices.small_v2(), "wakehubert-tiny", 128), "wakehubert-tiny features"),
        (with_encoder(voices.small_v2(), "contentvec", 768), "does not have the shape"),
    ):
        with pytest.raises(InputError, match=reason):
            export_pth(voice, path)
    assert not path.exists()


def with_encoder(voice: Voice, name: str, dim: int) -> Voice:
    encoder = EncoderCard(name=name, dim=dim)
    return Voice(voice.card.model_copy(update={"content_encoder": encoder}), voice.synthesizer)


def test_an_applio_export_is_read_back_with_its_facts(tmp_path: Path) -> None:
    voice = voices.full_v2(32000, pitch=False)
    card = voice.card.model_copy(update={"steps": 1234})
    export_pth(Voice(card, voice.synthesizer), tmp_path / "voice.pth", "applio")
    again = Voice.load(tmp_path / "voice.pth")
    assert (again.card.name, again.card.source, again.card.steps) == (card.name, "applio", 1234)
    assert (again.card.rate, again.card.pitch) == (32000, False)
    assert again.tensors().keys() == {name for name in voice.tensors() if not name.startswith("enc_q.")}
