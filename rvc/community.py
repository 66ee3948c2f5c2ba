"""The community's model files: `.pth` of WebUI and Applio, read with suspicion, and written for them.

Whatever a file claims about itself is checked against its tensors. Layout: A.12 of the reference notes.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from rvc import paths, pth
from rvc.card import MAX_SPEAKERS, EncoderCard, Material, VoiceCard
from rvc.config import RATES_HZ
from rvc.errors import Error, InputError
from rvc.model.config import SynthesizerConfig
from rvc.names import shown

Layout = Literal["webui", "applio"]

CONTENT_ENCODER = EncoderCard(name="contentvec", dim=768)
V1_CONTENT_DIM = 256
VOCODER = "HiFi-GAN"
OTHER_VOCODERS = {"dec.mrfs.": "MRF HiFi-GAN", "dec.upsamples.": "MRF HiFi-GAN", "dec.upsample_": "RefineGAN"}
MAX_TEXT = 100
SEGMENT = 32  # what every file has in that place, whatever its real segment
UNPROVEN_ITEMS = (5, 9, 10, 11, 12, 14, 17)  # of the `config` list: what the shape of no tensor proves

_BLOCKS = (
    "emb_phone emb_pitch encoder proj attn_layers norm_layers_1 ffn_layers norm_layers_2 emb_rel_k emb_rel_v "
    "conv_q conv_k conv_v conv_o conv_1 conv_2 gamma beta flows pre enc in_layers res_skip_layers cond_layer "
    "post l_linear convs1 convs2"
)
_LEAVES = "bias weight_g weight_v"  # of weight-normed layers; plain ones have their weight before the bias
_ORDERS: dict[Layout, list[str]] = {
    "webui": f"dec flow emb_g enc_p m_source noise_convs conv_pre ups resblocks conv_post cond {_BLOCKS} "
    f"weight {_LEAVES}".split(),
    "applio": f"enc_p dec flow emb_g m_source conv_pre ups noise_convs resblocks conv_post cond {_BLOCKS} "
    f"weight {_LEAVES}".split(),
}


def read(path: Path) -> tuple[VoiceCard, dict[str, Tensor]]:
    """Return the card and the tensors (without the posterior encoder) of a small model or a `G_` checkpoint.

    Raises `InputError` when it is missing, damaged, hostile, or not an RVC v2 model with the usual vocoder.
    """
    content, weights = _open(path)
    _refuse_others(content, weights, path)
    config = _config(content, weights, path)
    card = _card(content, config, path)
    return card, {name: tensor for name, tensor in weights.items() if not name.startswith("enc_q.")}


def read_weights(path: Path) -> dict[str, Tensor]:
    """Return all tensors of a model, base or training checkpoint; raises `InputError` as `read` does."""
    return _open(path)[1]


def _open(path: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    content = pth.read(path)
    if not isinstance(content, dict):
        raise _foreign(path)
    return content, _weights(content, path)


def _weights(content: Mapping[str, Any], path: Path) -> dict[str, Tensor]:
    """Return the tensors of a small model or of a training checkpoint, under the community's names."""
    found = content.get("weight", content.get("model"))
    if not isinstance(found, dict) or not found:
        raise _foreign(path)
    if not all(isinstance(name, str) and pth.is_plain(tensor) for name, tensor in found.items()):
        raise pth.damaged(path)
    return {_old_name(name): tensor for name, tensor in found.items()}


def _old_name(name: str) -> str:
    """Return the name that a weight-normed tensor has in every small model."""
    name = name.replace(".parametrizations.weight.original0", ".weight_g")
    return name.replace(".parametrizations.weight.original1", ".weight_v")


def _refuse_others(content: Mapping[str, Any], weights: Mapping[str, Tensor], path: Path) -> None:
    """Raise `InputError` with the reason for the kinds of `.pth` that people take for an RVC v2 model."""
    if any(name.startswith("discriminators.") for name in weights):
        raise InputError(
            "discriminator",
            f"{path.name} is the discriminator of a training; it cannot speak.",
            "Choose the small model, or the G_ file beside it.",
        )
    vocoder = _vocoder(content, weights)
    if vocoder != VOCODER:
        raise InputError(
            "other_vocoder", f"{path.name} uses the vocoder {vocoder}; only {VOCODER} models can be opened."
        )
    phone = weights.get("enc_p.emb_phone.weight")
    if phone is None or phone.dim() != 2:
        raise _foreign(path)
    if phone.shape[1] == V1_CONTENT_DIM:
        raise InputError(
            "rvc_v1",
            f"{path.name} is an RVC v1 model, made for 256-dimensional features; only v2 is supported.",
            "Train the voice again as v2.",
        )


def _vocoder(content: Mapping[str, Any], weights: Mapping[str, Tensor]) -> str:
    named = content.get("vocoder", VOCODER)
    if named != VOCODER:
        return str(named)[:50]
    for prefix, name in OTHER_VOCODERS.items():
        if any(key.startswith(prefix) for key in weights):
            return name
    return VOCODER


def _config(content: Mapping[str, Any], weights: Mapping[str, Tensor], path: Path) -> SynthesizerConfig:
    """Deduce the configuration from the tensors; the file's own list must agree where they are silent."""
    speakers = weights.get("emb_g.weight")
    rate = _rate(weights)
    if rate is None or speakers is None or speakers.dim() != 2:
        raise _other_layout(path)
    config = SynthesizerConfig.v2(rate, pitch="enc_p.emb_pitch.weight" in weights, speakers=len(speakers))
    stated = content.get("config")
    if stated is None:
        return config
    wanted = _config_list(config)
    if not isinstance(stated, list) or len(stated) != len(wanted):
        raise _other_layout(path)
    if any(stated[item] != wanted[item] for item in UNPROVEN_ITEMS):
        raise _other_layout(path)
    return config


def _rate(weights: Mapping[str, Tensor]) -> int | None:
    """Return the sample rate whose decoder has these upsampling kernels."""
    kernels: list[int] = []
    while (tensor := weights.get(f"dec.ups.{len(kernels)}.weight_v")) is not None:
        kernels.append(tensor.shape[-1] if tensor.dim() else 0)
    for rate in RATES_HZ["v2"]:
        if list(SynthesizerConfig.v2(rate).upsample_kernels) == kernels:
            return rate
    return None


def _card(content: Mapping[str, Any], config: SynthesizerConfig, path: Path) -> VoiceCard:
    name = shown(_text(content, "model_name") or path.stem[:MAX_TEXT])
    encoder = _text(content, "embedder_model") or CONTENT_ENCODER.name
    notes = {key: _text(content, key) for key in ("info", "author")}
    # where the file does not say how many were trained, any row of the embedding may be one
    trained = min(_number(content, "speakers_id") or config.speakers, config.speakers, MAX_SPEAKERS)
    epochs = _number(content, "epoch") or _number(content, "iteration")
    return VoiceCard(
        name=name,
        architecture="v2",
        rate=config.rate,
        content_encoder=EncoderCard(name=encoder, dim=config.content_dim),
        pitch=config.pitch,
        speakers=[name, *(str(number) for number in range(1, trained))],
        steps=_number(content, "step"),
        created=_created(content, path),
        trained_on=Material(seconds=_seconds(_text(content, "dataset_length"))),
        settings={"epochs": epochs} | {key: text for key, text in notes.items() if text},
        source="applio" if {"embedder_model", "model_hash", "epoch", "scaler"} & set(content) else "webui",
        config=config.model_dump(mode="json"),
    )


def _text(content: Mapping[str, Any], key: str) -> str:
    value = content.get(key)
    return value[:MAX_TEXT] if isinstance(value, str) else ""


def _number(content: Mapping[str, Any], key: str) -> int:
    value = content.get(key)
    return value if isinstance(value, int) and 0 <= value < 1 << 53 else 0


def _created(content: Mapping[str, Any], path: Path) -> datetime:
    try:
        return datetime.fromisoformat(_text(content, "creation_date")).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _seconds(clock: str) -> float:
    """Return the seconds of "00:10:00", 0 for anything else."""
    parts = clock.split(":")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return 0.0
    hours, minutes, seconds = (int(part) for part in parts)
    return float(hours * 3600 + minutes * 60 + seconds)


def write(card: VoiceCard, tensors: Mapping[str, Tensor], path: Path, layout: Layout = "webui") -> None:
    """Write a small model in the layout of WebUI or Applio; both tools load both.

    Raises `InputError` for a voice that those tools could not use.
    """
    config = _exportable(card)
    names = [name for name in tensors if not name.startswith("enc_q.")]
    names.sort(key=lambda name: _place(name, layout))
    weights = {name: _halved(tensors[name]) for name in names}
    overflowing = [name for name, tensor in weights.items() if not tensor.isfinite().all()]
    if overflowing:
        raise Error("overflow", f"{overflowing[0]} holds values that the half precision of .pth cannot hold.")
    facts = _webui_facts(card, config) if layout == "webui" else _applio_facts(card, config)
    with paths.atomic(path) as temporary:
        with temporary.open("wb") as file:
            torch.save(OrderedDict(weight=weights, **facts), file)
        _, written = read(temporary)
        if not all(torch.equal(written[name], tensor) for name, tensor in weights.items()):
            raise Error(
                "write_failed", f"{path} could not be read back as it was written.", "Check the disk."
            )


def _halved(tensor: Tensor) -> Tensor:
    """Return a copy with a storage of its own, since a view would be saved with all that it is a view of."""
    return tensor.detach().to("cpu", torch.float16, copy=True).contiguous()


def _exportable(card: VoiceCard) -> SynthesizerConfig:
    """Return the community's configuration of a voice, or say why it has none."""
    if card.architecture != "v2":
        raise InputError(
            "not_exportable", f"A {card.architecture} model cannot be exported: .pth is for v2 models only."
        )
    if card.content_encoder != CONTENT_ENCODER:
        raise InputError(
            "not_exportable",
            f'The voice "{card.name}" was trained on {card.content_encoder.name} features; the tools that '
            "read .pth would give it those of ContentVec.",
            "Prepare and train it with --encoder contentvec to export it.",
        )
    config = SynthesizerConfig.model_validate(card.config)
    usual = card.rate in RATES_HZ["v2"] and config == SynthesizerConfig.v2(
        card.rate, pitch=card.pitch, speakers=config.speakers
    )
    if not usual:
        raise InputError(
            "not_exportable", f'The voice "{card.name}" does not have the shape of a community model.'
        )
    return config


def _place(name: str, layout: Layout) -> tuple[int, ...]:
    """Return where a tensor stands among the others in the files of a tool, as a sort key."""
    order = _ORDERS[layout]
    return tuple(int(part) if part.isdecimal() else order.index(part) for part in name.split("."))


def _webui_facts(card: VoiceCard, config: SynthesizerConfig) -> dict[str, Any]:
    epochs = card.settings.get("epochs")
    return {
        "config": _config_list(config),
        "info": f"{epochs}epoch" if epochs else f"{card.steps}steps",
        "sr": f"{config.rate // 1000}k",
        "f0": int(config.pitch),
        "version": "v2",
    }


def _applio_facts(card: VoiceCard, config: SynthesizerConfig) -> dict[str, Any]:
    epochs = int(card.settings.get("epochs", 0))
    stated = _config_list(config)
    identity = f"{card.name}-{epochs}-{card.steps}-{config.rate}-v2-{stated}"
    minutes, seconds = divmod(round(card.trained_on.seconds), 60)
    return {
        "config": stated,
        "epoch": epochs,
        "step": card.steps,
        "sr": config.rate,
        "f0": config.pitch,
        "version": "v2",
        "creation_date": card.created.astimezone().replace(tzinfo=None).isoformat(),
        "model_hash": hashlib.sha256(identity.encode()).hexdigest(),
        "dataset_length": f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}",
        "model_name": card.name,
        "author": str(card.settings.get("author", "None")),
        "embedder_model": CONTENT_ENCODER.name,
        "speakers_id": len(card.speakers),
        "vocoder": VOCODER,
    }


def _config_list(config: SynthesizerConfig) -> list[Any]:
    """Return the 18 numbers by which the community's loaders build a model."""
    return [
        config.spec_channels,
        SEGMENT,
        config.inter_channels,
        config.hidden_channels,
        config.filter_channels,
        config.heads,
        config.layers,
        config.kernel_size,
        0,
        "1",
        list(config.resblock_kernels),
        [list(dilations) for dilations in config.resblock_dilations],
        list(config.upsample_rates),
        config.upsample_initial_channels,
        list(config.upsample_kernels),
        config.speakers,
        config.gin_channels,
        config.rate,
    ]


def _foreign(path: Path) -> InputError:
    return InputError("not_a_voice", f"{path.name} is not an RVC voice model.")


def _other_layout(path: Path) -> InputError:
    return InputError(
        "other_layout", f"{path.name} does not have the layout of an RVC v2 model for 32, 40 or 48 kHz."
    )
