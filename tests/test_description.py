"""What `rvc info` says: plain words for every kind of file, and everything about a voice."""

from pathlib import Path

import pytest
import soundfile
import torch

from rvc.errors import InputError
from rvc.synthesis.index import RetrievalIndex
from rvc.voices.card import Consent, Material
from rvc.voices.description import describe
from tests import hostile, voices
from tests.community_files import saved


def test_a_voice(tmp_path: Path) -> None:
    voices.small_v2().save(tmp_path / "voice.safetensors")
    found = describe(tmp_path)
    assert (
        found["note"] == "A voice of the kind RVC v2 at 32 kHz that follows a melody, made with RVC Studio."
    )
    assert (found["usable"], found["name"], found["rate"]) == (True, "Änna", 32000)


def test_a_voice_with_consent(tmp_path: Path) -> None:
    voice = voices.small_v2()
    update = {"consent": [Consent(given_by="Änna")], "trained_on": Material.of(5, 2, ["a" * 64, "b" * 64])}
    voice.card = voice.card.model_copy(update=update)
    voice.save(tmp_path / "voice.safetensors")
    found = describe(tmp_path)
    assert found["note"].endswith("made with RVC Studio. Consent: Änna.")
    assert found["consent"][0]["given_by"] == "Änna"
    assert found["trained_on"] == {"seconds": 5, "clips": 2, "takes": 2}


def test_what_belongs_to_voices(tmp_path: Path) -> None:
    RetrievalIndex(torch.randn(50, 32)).save(tmp_path / "a.index")
    soundfile.write(tmp_path / "a.wav", torch.zeros(8000).numpy(), 16000)
    assert (
        describe(tmp_path / "a.index")["note"] == "a.index is a retrieval index of 50 rows of 32 dimensions."
    )
    assert describe(tmp_path / "a.wav")["note"] == "a.wav is a recording of 0.5 s at 16000 Hz."


@pytest.mark.parametrize(
    "kind", ["a D_ file", "DDSP-SVC", "os.system", "an ONNX model", "a web page", "RVC v3"]
)
def test_what_is_refused_is_named(kind: str, tmp_path: Path) -> None:
    name, code, maker = hostile.CORPUS[kind]
    maker(tmp_path / name)
    found = describe(tmp_path / name)
    assert (found["kind"], found["usable"]) == (code, False)
    assert found["note"].startswith(name)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        describe(tmp_path / "none.pth")
    assert caught.value.code == "missing_file"


def test_another_file_of_torch(tmp_path: Path) -> None:
    path = saved(tmp_path, {"fc.weight": torch.zeros(3)})
    assert describe(path)["note"] == "voice.pth is not an RVC voice model."
