"""Blending: every number lies between two models', the card says so, and what does not fit is refused by name."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
import torch

from rvc.config import BlendConfig
from rvc.errors import InputError
from rvc.events import Event, Log, Reporter
from rvc.synthesis.index import RetrievalIndex, load
from rvc.voices.blend import blend
from rvc.voices.card import Consent, EncoderCard, Material
from rvc.voices.voice import Voice
from tests import voices


def with_card(voice: Voice, **changes: Any) -> Voice:
    return Voice(voice.card.model_copy(update=changes), voice.synthesizer)


def saved(folder: Path, name: str, voice: Voice) -> Path:
    voice.save(folder / name / f"{name}.safetensors", form="fp32")
    return folder / name


def run(first: Path, second: Path, out: Path, **settings: Any) -> tuple[Voice, list[str]]:
    """Return the blend, read from its file, and the codes of what was said."""
    said: list[Event] = []
    files = blend(first, second, out, BlendConfig(**settings), Reporter(said.append))
    return Voice.load(Path(files["model"])), [event.code for event in said if isinstance(event, Log)]


def test_a_blend_lies_between_two_voices(tmp_path: Path) -> None:
    one, other = voices.small_v2(seed=1), voices.small_v2(seed=2)
    first, second = saved(tmp_path, "a", one), saved(tmp_path, "b", other)
    mixed, _ = run(first, second, tmp_path / "out", ratio=0.3, name="Duett")
    for name, tensor in mixed.tensors().items():
        wanted = 0.7 * one.tensors()[name] + 0.3 * other.tensors()[name]
        torch.testing.assert_close(tensor, wanted, rtol=1e-3, atol=1e-3)  # kept in half precision


@pytest.mark.parametrize(("ratio", "which"), [(0.0, 0), (1.0, 1)])
def test_the_ends_are_the_voices_themselves(ratio: float, which: int, tmp_path: Path) -> None:
    pair = [voices.small_lite(seed=seed) for seed in (1, 2)]
    paths = [saved(tmp_path, name, voice) for name, voice in zip("ab", pair, strict=True)]
    mixed, _ = run(*paths, tmp_path / "out", ratio=ratio)
    for name, tensor in pair[which].tensors().items():
        assert torch.equal(mixed.tensors()[name].half(), tensor.half())


def test_the_card_says_what_went_in(tmp_path: Path) -> None:
    heard = {
        "trained_on": Material(seconds=60, clips=20, takes=["aa", "bb"]),
        "scores": {"mel": 1},
        "settings": {"epochs": 3},
    }
    one = with_card(voices.small_v2(), name="Anna", usual_pitch_hz=100.0, pitch_estimator="rmvpe", **heard)
    other = with_card(voices.small_v2(), name="Ben", usual_pitch_hz=400.0, pitch_estimator="fcpe", **heard)
    first, second = saved(tmp_path, "a", one), saved(tmp_path, "b", other)
    mixed, _ = run(first, second, tmp_path / "out", ratio=0.5, name="Duett")
    card = mixed.card
    assert (card.name, card.trained_on, card.scores, card.settings) == (
        "Duett",
        Material(seconds=120, clips=40, takes=["aa", "bb"]),
        {},
        {},
    )
    assert card.usual_pitch_hz == pytest.approx(200)
    assert card.pitch_estimator is None
    assert [(part.name, part.share) for part in card.blended_from] == [("Anna", 0.5), ("Ben", 0.5)]
    digest = hashlib.sha256((first / "a.safetensors").read_bytes()).hexdigest()
    assert card.blended_from[0].sha256 == digest


def test_consent_is_that_of_all_or_of_nobody(tmp_path: Path) -> None:
    anna, ben = (Consent(given_by=name) for name in ("Anna", "Ben"))
    consents = {"a": [anna], "b": [ben], "both": [ben, anna], "none": []}
    folder = {
        name: saved(tmp_path, name, with_card(voices.small_v2(), name=name, consent=consent))
        for name, consent in consents.items()
    }
    assert run(folder["a"], folder["b"], tmp_path / "1")[0].card.consent == [anna, ben]
    assert run(folder["a"], folder["both"], tmp_path / "2")[0].card.consent == [anna, ben]
    half = run(folder["a"], folder["none"], tmp_path / "3")[0].card
    assert half.consent == []
    assert [part.consent for part in half.blended_from] == [[anna], []]


def test_speakers_that_both_have_are_kept(tmp_path: Path) -> None:
    many = with_card(
        voices.small_lite(speakers=3), speakers=["x", "y", "z"], pitch_of_speakers_hz=[100.0, None, 90.0]
    )
    few = with_card(voices.small_lite(), speakers=["x", "w"], pitch_of_speakers_hz=[400.0, 120.0])
    mixed, _ = run(saved(tmp_path, "a", many), saved(tmp_path, "b", few), tmp_path / "out", ratio=0.5)
    assert mixed.card.speakers == ["x", "y + w"]
    assert mixed.card.pitch_of_speakers_hz == [pytest.approx(200), None]
    assert mixed.synthesizer.speakers == 2


def test_a_single_speaker_has_the_name_of_the_blend(tmp_path: Path) -> None:
    paths = [saved(tmp_path, name, with_card(voices.small_v2(), speakers=[name])) for name in "ab"]
    assert run(*paths, tmp_path / "out", name="c")[0].card.speakers == ["c"]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (voices.small_lite(), "the architecture is v2 in one and lite in the other"),
        (voices.small_v2(pitch=False), "the pitch is a melody in one and none in the other"),
        (with_card(voices.small_v2(), rate=48000), "the sample rate is 32000 Hz in one and 48000 Hz in the other"),
        (
            with_card(voices.small_v2(), content_encoder=EncoderCard(name="spin", dim=voices.SMALL_DIM)),
            r"the content encoder is contentvec \(32\) in one and spin \(32\) in the other",
        ),
        (voices.small_v2(layers=3), r"18 weights have another shape, the first is enc_p\.encoder\.attn_layers\.2"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_the_difference(other: Voice, reason: str, tmp_path: Path) -> None:
    first, second = saved(tmp_path, "a", voices.small_v2()), saved(tmp_path, "b", other)
    with pytest.raises(InputError, match=reason) as caught:
        run(first, second, tmp_path / "out")
    assert caught.value.code == "not_blendable"
    assert not (tmp_path / "out").exists()


def test_the_indexes_are_joined(tmp_path: Path) -> None:
    paths = [saved(tmp_path, name, voices.small_v2()) for name in "ab"]
    for path, rows in zip(paths, (40, 50), strict=True):
        RetrievalIndex(torch.randn(rows, voices.SMALL_DIM)).save(path / f"{path.name}.index")
    run(*paths, tmp_path / "out", name="c")
    assert len(load(tmp_path / "out" / "c.index")) == 90
    run(*paths, tmp_path / "none", name="c", index=False)
    assert not (tmp_path / "none" / "c.index").exists()


def test_a_missing_index_and_unrelated_voices_are_told(tmp_path: Path) -> None:
    base = {"base": ["abc", "def"]}
    related = [saved(tmp_path, name, with_card(voices.small_v2(), settings=base)) for name in "ab"]
    assert run(*related, tmp_path / "out")[1] == ["no_index"]
    stranger = saved(tmp_path, "c", voices.small_v2())
    assert run(related[0], stranger, tmp_path / "out")[1] == ["not_one_base", "no_index"]
