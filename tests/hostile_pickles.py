"""Hostile and broken files of PyTorch and of other programs, for `tests.hostile`."""

import builtins
import codecs
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tests.community_files import CONFIG_40K, applio, webui, weights
from tests.corpus import CORPUS, SPRUNG, Trap, file, pth, raw, trap, zipped

# Code in a pickle

pth("code in place of a model", "hostile_model", trap)
pth("code beside the weights", "hostile_model", lambda path: webui(info=trap(path)))
pth("code in place of a weight", "hostile_model", lambda path: {"weight": {"emb_g.weight": trap(path)}})
pth(
    "code as the arguments of code", "hostile_model", lambda path: webui(info=Trap(builtins.eval, trap(path)))
)
pth("os.system", "hostile_model", lambda path: webui(info=Trap(os.system, f"mkdir {path.with_name(SPRUNG)}")))
pth(
    "code in PyTorch's old form",
    "old_pickle",
    lambda path: webui(info=trap(path)),
    _use_new_zipfile_serialization=False,
)
pth("objects of a program", "hostile_model", lambda _: webui(hps=Path("settings")))


@file("a bare pickle with code", "voice.pth", "old_pickle")
def _(path: Path) -> None:
    path.write_bytes(pickle.dumps(trap(path), protocol=4))


@file("a bare pickle with code, as text", "voice.pth", "damaged_model")
def _(path: Path) -> None:
    path.write_bytes(pickle.dumps(trap(path), protocol=0))


@file("code through the newest pickle", "voice.pth", "hostile_model")
def _(path: Path) -> None:
    zipped(pickle.dumps(webui(weight=1, info=trap(path)), protocol=5))(path)


# Small files that ask for much

BOMB = "x" * 1_000_000
pth("a call for 10 GB of bytes", "hostile_model", lambda _: webui(info=Trap(bytearray, 10**10)))
pth(
    "one text, decoded ten thousand times",
    "hostile_model",
    lambda _: webui(info=[Trap(codecs.encode, BOMB, "latin1") for _ in range(10_000)]),
)
pth(
    "a tensor that repeats one number", "damaged_model", lambda _: with_tensor(torch.zeros(1).expand(1 << 40))
)
pth("a sparse tensor", "hostile_model", lambda _: with_tensor(torch.zeros(3).to_sparse()))
pth("a tensor without numbers", "hostile_model", lambda _: with_tensor(torch.zeros(1 << 40, device="meta")))
pth("whole numbers for weights", "damaged_model", lambda _: with_tensor(torch.zeros(3, dtype=torch.int64)))
pth(
    "complex numbers for weights",
    "hostile_model",
    lambda _: with_tensor(torch.zeros(3, dtype=torch.complex64)),
)


def with_tensor(tensor: Tensor) -> dict[str, Any]:
    return webui(weight=weights() | {"emb_g.weight": tensor})


@file("a tensor longer than its bytes", "voice.pth", "damaged_model")
def _(path: Path) -> None:
    torch.save(webui(weight={"emb_g.weight": torch.zeros(1000)}), path)
    _patch(
        path, "archive/data.pkl", lambda data: data.replace(struct.pack("<H", 1000), struct.pack("<H", 65000))
    )


def _patch(path: Path, inner: str, change: Callable[[bytes], bytes]) -> None:
    """Change one member of a zip that torch wrote."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            changed = change(content) if name.partition("/")[2] == inner.partition("/")[2] else content
            archive.writestr(name, changed)


@file("a packed zip (zip bomb)", "voice.pth", "damaged_model")
def _(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({}, protocol=2))
        archive.writestr("archive/data/0", bytes(64 << 20))


@file("a zip that claims 4 GB", "voice.pth", "damaged_model")
def _(path: Path) -> None:
    torch.save(webui(), path)
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 20 : entry + 28] = struct.pack("<II", 0xFFFFFFF0, 0xFFFFFFF0)
    path.write_bytes(data)


@file("a zip with 60,000 members", "voice.pth", "damaged_model")
def _(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(60_000):
            archive.writestr(str(number), b"")


def _nested(levels: int) -> list[Any]:
    """Return a list that is small in memory and has 2^levels elements to whoever walks through it."""
    inner: list[Any] = []
    for _ in range(levels):
        inner = [inner, inner]
    return inner


def _deep(levels: int) -> bytes:
    return b"\x80\x02" + b"]" * levels + b"a" * (levels - 1) + b"."


def _keyed(levels: int) -> bytes:
    """Return a pickle of a dictionary whose key takes 2^levels steps to hash."""
    return b"\x80\x02})" + b"q\x00h\x00\x86" * levels + b"K\x01s."


pth("lists of lists of lists", "not_a_voice", lambda _: webui(weight=_nested(100), vocoder=_nested(100)))
pth("lists for the settings", "other_layout", lambda _: webui(config=[_nested(60)] * 18))
CORPUS["a hundred thousand lists, one in the other"] = ("voice.pth", "not_a_voice", zipped(_deep(100_000)))
CORPUS["a pickle of a million steps"] = ("voice.pth", "damaged_model", zipped(_deep(500_000)))
CORPUS["a key that takes for ever to hash"] = ("voice.pth", "damaged_model", zipped(_keyed(60)))
CORPUS["a pickle of 3 MB"] = ("voice.pth", "damaged_model", zipped(b"\x80\x02" + b"N0" * 1_500_000 + b"N."))
CORPUS["a pickle without an end"] = ("voice.pth", "damaged_model", zipped(b"\x80\x02}q\x00"))
CORPUS["a zip around random bytes"] = ("voice.pth", "damaged_model", zipped(bytes(range(256)) * 8))


def _sparse(path: Path) -> None:
    with path.open("wb") as empty:
        empty.truncate(10 << 30)


for _suffix, _code in (
    (".pth", "model_too_large"),
    (".safetensors", "model_too_large"),
    (".index", "index_too_large"),
):
    CORPUS[f"10 GB of nothing ({_suffix})"] = (f"voice{_suffix}", _code, _sparse)

# Broken files

for _name, _head, _code in (
    ("0 bytes", b"", "damaged_model"),
    ("nothing but zeros", bytes(5000), "damaged_model"),
    ("random bytes", bytes((i * i * 31 + i * 7 + 9) % 251 for i in range(5000)), "damaged_model"),
    ("the first bytes of a zip", b"PK\x03\x04", "damaged_model"),
    ("a text", b"this is not a model\n" * 40, "damaged_model"),
    ("a web page", b"\n<!DOCTYPE html><title>404</title>", "damaged_model"),
    ("a Git LFS placeholder", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "damaged_model"),
    ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(90), "damaged_model"),
    ("a program for Windows", b"MZ\x90\x00" + bytes(90), "damaged_model"),
    ("an archive (rar)", b"Rar!\x1a\x07\x01\x00" + bytes(90), "archive"),
    ("a language model (gguf)", b"GGUF\x03\x00\x00\x00" + bytes(90), "other_model"),
    ("a recording", b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(90), "not_a_voice"),
):
    raw(_name, "voice.pth", _code, lambda head=_head: head)  # type: ignore[misc]
raw("an ONNX model", "voice.onnx", "onnx", lambda: b"\x08\x08\x12\x07pytorch" + bytes(90))


@file("an archive with a model in it", "voice.zip", "archive")
def _(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("voice/voice.pth", bytes(1000))


for _part in (0.2, 0.9, 0.999):

    @file(f"a model cut off at {_part:.1%}", "voice.pth", "damaged_model")
    def _(path: Path, part: float = _part) -> None:
        torch.save(webui(), path)
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])


for _value in ("nan", "inf"):
    pth(
        f"weights that are {_value}",
        "damaged_model",
        lambda _, v=_value: with_tensor(torch.full((2, 256), float(v))),
    )
pth("weights that are too few", "wrong_weights", lambda _: webui())
pth("weights of the wrong shape", "other_layout", lambda _: with_tensor(torch.zeros(3)))
pth("a list that contradicts the weights", "other_layout", lambda _: webui(config=[*CONFIG_40K[:-1], 32000]))
pth("a list that is too short", "other_layout", lambda _: webui(config=[1]))
pth("an empty model", "not_a_voice", lambda _: {"weight": {}})
pth("a number in place of weights", "not_a_voice", lambda _: {"weight": 5})

# Files of other programs


def family(words: str, *keys: str, under: str = "model", code: str = "other_model") -> None:
    pth(words, code, lambda _: {under: {key: torch.zeros(2, 2) for key in keys}})


family("a D_ file", "discriminators.0.convs.0.weight_v", code="discriminator")
family("so-vits-svc", "emb_uv.weight", "enc_p.proj.weight", "dec.conv_pre.weight")
family("DDSP-SVC", "unit2ctrl.stack.0.weight")
family("GPT-SoVITS (voice)", "ssl_proj.weight", "enc_p.mrte.c_pre.weight", under="weight")
family("GPT-SoVITS (text)", "model.ar_text_embedding.word_embeddings.weight", under="weight")
family("VITS", "enc_p.emb.weight", "dec.conv_pre.weight")
family("ContentVec", "feature_extractor.conv_layers.0.conv.weight")
family("RMVPE", "unet.encoder.bn.weight")
pth("a bare state dict", "other_model", lambda _: {"unet.encoder.bn.weight": torch.zeros(2)})
pth("RefineGAN (Applio)", "other_vocoder", lambda _: applio(vocoder="RefineGAN"))
pth(
    "MRF HiFi-GAN (Applio)",
    "other_vocoder",
    lambda _: {"weight": {"dec.mrfs.0.0.convs1.0.weight_v": torch.zeros(1)}},
)
pth("a vocoder that is no name", "wrong_weights", lambda _: applio(vocoder=_nested(100)))
pth("RVC v3", "other_version", lambda _: webui(version="v3"))
pth("RVC v1 without its encoder", "rvc_v1", lambda _: webui(weight=weights(dim=256), version="v1"))
