"""The commands `info`, `import`, `export` and `blend`, as a user and a script use them."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import torch

from rvc.analysis.content import ContentVec, ContentVecV1
from rvc.analysis.hubert import Hubert, HubertConfig
from rvc.cli import main
from rvc.model.config import SynthesizerConfig
from rvc.model.synthesizer import Synthesizer
from rvc.synthesis import index
from rvc.synthesis.index import RetrievalIndex, is_named_for
from rvc.voices.card import Consent
from rvc.voices.voice import Voice
from tests import hostile, voices
from tests.conftest import SHARED

CONTENTVEC_BYTES = 378_342_945


def run(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> dict[str, Any]:
    """Run a command and return the last of its JSON lines."""
    capsys.readouterr()
    assert main([*map(str, arguments), "--json"]) == code
    return json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a voice of the community's shape and its index."""
    folder = tmp_path_factory.mktemp("model")
    voice = voices.full_v2(48000)
    voice.card = voice.card.model_copy(update={"consent": [Consent(given_by="Änna")]})
    voice.save(folder / "singer.safetensors")
    RetrievalIndex(torch.randn(60, 768, generator=torch.Generator().manual_seed(0))).save(
        folder / "singer.index"
    )
    return folder


def test_there_and_back(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The index is found beside the `.pth` by the name that the tools give it."""
    pth = tmp_path / "shared" / "singer_e100_s2000.pth"
    exported = run(capsys, "export", model, "--out", pth, "--layout", "applio", "--index")["artifacts"]
    assert Path(exported["index"]).name.startswith("added_IVF")
    (tmp_path / "shared" / "added_IVF9_Flat_nprobe_1_dancer_v2.index").write_bytes(b"another voice's")
    imported = run(capsys, "import", pth, "--out", tmp_path / "ours", "--name", "Änna")["artifacts"]
    again = Voice.load(Path(imported["model"]))
    assert (again.card.name, again.card.speakers[0], again.card.rate) == ("Änna", "Änna", 48000)
    indexes = [index.load(path) for path in (Path(imported["index"]), model / "singer.index")]
    assert torch.equal(*(found.vectors for found in indexes))
    theirs = Voice.load(model).tensors()
    assert all(torch.equal(tensor, theirs[name]) for name, tensor in again.tensors().items())


def test_an_export_has_the_keys_of_the_reference(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = SHARED / "reference" / "keys" / "webui_f0_48k.json"
    if not keys.exists():
        pytest.skip("the reference's keys are not on this machine")
    assert main(["export", str(model), "--out", str(tmp_path / "voice.pth"), "--json"]) == 0
    assert '"consent_left_out"' in capsys.readouterr().out
    written = torch.load(tmp_path / "voice.pth", weights_only=True)
    oracle = json.loads(keys.read_text())
    wanted = {name: shape for name, shape in oracle.items() if not name.startswith("enc_q.")}
    assert {name: list(tensor.shape) for name, tensor in written["weight"].items()} == wanted
    assert {tensor.dtype for tensor in written["weight"].values()} == {torch.float16}
    assert written["config"][12:15] == [[12, 10, 2, 2], 512, [24, 20, 4, 4]]


def test_info_of_a_voice_and_of_what_is_none(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "info", model)["summary"]["usable"] is True
    name, code, maker = hostile.CORPUS["so-vits-svc"]
    maker(tmp_path / name)
    assert run(capsys, "info", tmp_path / name)["summary"]["kind"] == code
    assert main(["info", str(tmp_path / name)]) == 0
    assert capsys.readouterr().out.startswith("voice.pth is a so-vits-svc model.")


def test_a_blend(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = run(capsys, "blend", model, model, "--ratio", "0.3", "--out", tmp_path, "--name", "Duett")[
        "artifacts"
    ]
    assert {Path(path).name for path in files.values()} == {"Duett.safetensors", "Duett.index"}
    assert "70% Änna, 30% Änna" in run(capsys, "info", files["model"])["summary"]["note"]
    voices.small_lite().save(tmp_path / "lite" / "lite.safetensors")
    failed = run(capsys, "blend", model, tmp_path / "lite", "--out", tmp_path / "x", code=3)
    assert failed["code"] == "not_blendable"


@pytest.mark.parametrize(
    ("model_name", "index_name", "fits"),
    [
        ("singer", "added_IVF512_Flat_nprobe_1_singer_v2", True),
        ("singer_e100_s2000", "added_IVF512_Flat_nprobe_1_singer_v2", True),
        ("singer_100e_2000s", "singer", True),
        ("singer_100e_2000s_best_epoch", "added_IVF512_Flat_nprobe_1_singer_v1", True),
        ("singer", "trained_IVF512_Flat_nprobe_1_singer_v2", False),
        ("singer", "added_IVF512_Flat_nprobe_1_lead_singers_v2", False),
        ("sing", "added_IVF512_Flat_nprobe_1_singer_v2", False),
    ],
)
def test_an_index_belongs_to_a_model_by_name(model_name: str, index_name: str, fits: bool) -> None:
    assert is_named_for(Path(f"{index_name}.index"), Path(f"{model_name}.pth")) == fits


def test_a_v1_model_is_taken_over_where_its_encoder_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = SynthesizerConfig.v1(40000)
    torch.manual_seed(0)
    network = Synthesizer(config)
    content = {
        "weight": network.state_dict(),
        "sr": "40k",
        "info": "3epoch",
    }  # v1 is what old files leave out
    torch.save(content, tmp_path / "old.pth")
    assert run(capsys, "import", tmp_path / "old.pth", "--out", tmp_path / "ours", code=3)["code"] == "rvc_v1"
    assets = tmp_path / "assets"
    assets.mkdir()
    with (assets / "contentvec.bin").open("wb") as file:
        file.truncate(CONTENTVEC_BYTES)  # its content is checked when it is used
    monkeypatch.setenv("RVC_STUDIO_ASSETS", str(assets))
    taken = run(capsys, "import", tmp_path / "old.pth", "--out", tmp_path / "ours")["artifacts"]["model"]
    voice = Voice.load(Path(taken))
    assert (voice.card.content_encoder.name, voice.synthesizer.content_dim) == ("contentvec-v1", 256)
    assert "RVC v1 at 40 kHz" in run(capsys, "info", taken)["summary"]["note"]
    run(capsys, "export", taken, "--out", tmp_path / "again.pth")
    assert torch.load(tmp_path / "again.pth", weights_only=True)["version"] == "v1"


def test_v1_features_are_those_of_layer_9_projected() -> None:
    torch.manual_seed(0)
    sizes = {"conv_dim": 16, "hidden": 32, "heads": 2, "ffn": 32, "pos_kernel": 16, "pos_groups": 4}
    deep, shallow = (Hubert(HubertConfig(**sizes, layers=layers)) for layers in (10, 9))
    shallow.load_state_dict(deep.state_dict(), strict=False)
    projection = torch.nn.Linear(32, 8)
    wave = torch.randn(1, 6400, generator=torch.Generator().manual_seed(0))
    encoder = ContentVecV1(deep, projection)
    found = encoder.encode(wave)
    assert (encoder.dim, found.shape) == (8, (1, 20, 8))
    with torch.no_grad():
        ninth, last = (projection(ContentVec(network).encode(wave)) for network in (shallow, deep))
    torch.testing.assert_close(found, ninth, rtol=0, atol=1e-5)
    assert not torch.allclose(found, last, atol=1e-2)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to this user")
def test_a_folder_that_may_not_be_entered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    assert run(capsys, "info", closed / "voice.pth", code=3)["code"] == "not_readable"
