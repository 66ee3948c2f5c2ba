"""A voice as the small model that WebUI and Applio share: a `.pth` of its weights in half precision.

Key for key, and in their order, what those tools write themselves; layout: A.12 of the reference notes.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from rvc import paths
from rvc.errors import Error, InputError
from rvc.model.config import SynthesizerConfig
from rvc.voices import community
from rvc.voices.card import VoiceCard
from rvc.voices.layouts import CONTENT_ENCODER, V1_ENCODER, VOCODER, config_list, usual_configs, version

Layout = Literal["webui", "applio"]

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
        _, written = community.read(temporary)
        if not all(torch.equal(written[name], tensor) for name, tensor in weights.items()):
            raise Error(
                "write_failed", f"{path} could not be read back as it was written.", "Check the disk."
            )


def _halved(tensor: Tensor) -> Tensor:
    """Return a copy with a storage of its own, since a view would be saved with all that it is a view of."""
    return tensor.detach().to("cpu", torch.float16, copy=True).contiguous()


def _exportable(card: VoiceCard) -> SynthesizerConfig:
    """Return the community's configuration of a voice, or say why it has none."""
    if card.architecture == "student":
        raise InputError(
            "not_exportable",
            f'The voice "{card.name}" has a small decoder, which the tools that read .pth do not know.',
            "Export the model that it was made of, or write this one as .onnx or .safetensors.",
        )
    if card.architecture != "v2":
        raise InputError(
            "not_exportable",
            f"A {card.architecture} model cannot be exported as .pth, which is for v2 models only.",
            "Write it as .onnx or .safetensors.",
        )
    if card.content_encoder not in (CONTENT_ENCODER, V1_ENCODER):
        raise InputError(
            "not_exportable",
            f'The voice "{card.name}" was trained on {card.content_encoder.name} features; the tools that '
            "read .pth would give it those of ContentVec.",
            "Prepare and train it with --encoder contentvec to export it.",
        )
    config = SynthesizerConfig.model_validate(card.config)
    own = {"pitch": card.pitch, "speakers": config.speakers}
    if config not in [usual.model_copy(update=own) for usual in usual_configs()]:
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
        "config": config_list(config),
        "info": f"{epochs}epoch" if epochs else f"{card.steps}steps",
        "sr": f"{config.rate // 1000}k",
        "f0": int(config.pitch),
        "version": version(config),
    }


def _applio_facts(card: VoiceCard, config: SynthesizerConfig) -> dict[str, Any]:
    epochs = int(card.settings.get("epochs", 0))
    stated = config_list(config)
    identity = f"{card.name}-{epochs}-{card.steps}-{config.rate}-{version(config)}-{stated}"
    minutes, seconds = divmod(round(card.trained_on.seconds), 60)
    return {
        "config": stated,
        "epoch": epochs,
        "step": card.steps,
        "sr": config.rate,
        "f0": config.pitch,
        "version": version(config),
        "creation_date": card.created.astimezone().replace(tzinfo=None).isoformat(),
        "model_hash": hashlib.sha256(identity.encode()).hexdigest(),
        "dataset_length": f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}",
        "model_name": card.name,
        "author": str(card.settings.get("author", "None")),
        "embedder_model": CONTENT_ENCODER.name,
        "speakers_id": len(card.speakers),
        "vocoder": VOCODER,
    }
