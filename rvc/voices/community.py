"""The community's model files: `.pth` of WebUI, Applio and their kin, read with suspicion.

Whatever a file claims about itself is checked against its tensors. Layout: A.12 of the reference notes.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from torch import Tensor

from rvc import assets
from rvc.errors import InputError
from rvc.model.config import SynthesizerConfig
from rvc.names import shown
from rvc.voices import kinds, pth
from rvc.voices.card import MAX_SPEAKERS, EncoderCard, Material, VoiceCard
from rvc.voices.layouts import (
    CONTENT_ENCODER,
    UNPROVEN_ITEMS,
    V1_ENCODER,
    VERSIONS,
    VOCODER,
    config_list,
    usual_configs,
    version,
)
from rvc.voices.pth import Outline, Saved

MAX_TEXT = 100


def read(path: Path) -> tuple[VoiceCard, dict[str, Tensor]]:
    """Return the card and the tensors (without the posterior encoder) of a small model or a `G_` checkpoint.

    Raises `InputError` when it is missing, damaged, hostile, or not an RVC model with the usual vocoder.
    """
    card, saved = look(path)
    if card.content_encoder == V1_ENCODER and assets.find(CONTENT_ENCODER.name) is None:
        raise InputError(
            "rvc_v1",
            f"{path.name} is an RVC v1 model: it needs the 256-dimensional features of ContentVec, whose file is "
            "not on this machine.",
            f"Run `rvc assets fetch {CONTENT_ENCODER.name}` first, or train the voice again as v2.",
        )
    weights = _load(saved)
    return card, {name: tensor for name, tensor in weights.items() if not name.startswith("enc_q.")}


def look(path: Path) -> tuple[VoiceCard, Saved]:
    """Return the card of a community model without loading its weights; raises `InputError` as `read` does."""
    saved = pth.look(path)
    outlines = _outlines(saved)
    _refuse_others(saved.value, outlines, path)
    config = _config(saved.value, outlines, path)
    return _card(saved.value, config, path), saved


def read_weights(path: Path) -> dict[str, Tensor]:
    """Return all tensors of a model, base or training checkpoint; raises `InputError` as `read` does."""
    saved = pth.look(path)
    _outlines(saved)
    return _load(saved)


def _outlines(saved: Saved) -> dict[str, Outline]:
    """Return what a small model, base or checkpoint says of its tensors, under the community's names."""
    found = _found(saved.value)
    if not found or not all(isinstance(name, str) for name in found):
        raise _foreign(saved.path)
    outlines = {_old_name(name): saved.outline(value) for name, value in found.items()}
    if (kind := kinds.of_weights(outlines)) and kind != kinds.DISCRIMINATOR:
        raise kind.refused(saved.path)
    if not all(outline is not None and outline.is_float for outline in outlines.values()):
        raise _foreign(saved.path) if found is saved.value else kinds.UNKNOWN.refused(saved.path)
    return cast(dict[str, Outline], outlines)


def _found(content: object) -> dict[str, Any]:
    """Return the weights in what was saved: under the name of a small model or a checkpoint, or all there is."""
    if not isinstance(content, dict):
        return {}
    found = content.get("weight", content.get("model", content.get("state_dict", content)))
    return found if isinstance(found, dict) else {}


def _load(saved: Saved) -> dict[str, Tensor]:
    """Return the tensors; raises `InputError` damaged_model where some value is not a number."""
    weights = {_old_name(name): tensor for name, tensor in _found(saved.load()).items()}
    if not all(tensor.isfinite().all() for tensor in weights.values()):
        raise InputError(
            "damaged_model",
            f"{saved.path.name} is damaged: it holds values that are not numbers.",
            "Its training went wrong; get an earlier one of its files.",
        )
    return weights


def _old_name(name: str) -> str:
    """Return the name that a weight-normed tensor has in every small model."""
    name = name.replace(".parametrizations.weight.original0", ".weight_g")
    return name.replace(".parametrizations.weight.original1", ".weight_v")


def _refuse_others(content: Mapping[str, Any], weights: Mapping[str, Outline], path: Path) -> None:
    """Raise `InputError` with the reason for the kinds of `.pth` that people take for a voice."""
    if kind := kinds.of_weights(weights):
        raise kind.refused(path)
    vocoder = _vocoder(content, weights)
    if vocoder != VOCODER:
        raise InputError(
            "other_vocoder", f"{path.name} uses the vocoder {vocoder}; only {VOCODER} models can be opened."
        )
    version = content.get("version")
    if isinstance(version, str) and version not in VERSIONS:
        raise InputError(
            "other_version",
            f"{path.name} says that it is RVC {shown(version)[:20]}; only v1 and v2 can be opened.",
        )
    phone = weights.get("enc_p.emb_phone.weight")
    if phone is None or len(phone.shape) != 2:
        raise _foreign(path)


def _vocoder(content: Mapping[str, Any], weights: Mapping[str, Outline]) -> str:
    named = content.get("vocoder")
    if isinstance(named, str) and named != VOCODER:
        return shown(named)[:50]
    return kinds.vocoder(weights) or VOCODER


def _config(content: Mapping[str, Any], weights: Mapping[str, Outline], path: Path) -> SynthesizerConfig:
    """Deduce the configuration from the tensors; the file's own list must agree where they are silent."""
    speakers, stated = weights.get("emb_g.weight"), content.get("config")
    if speakers is None or len(speakers.shape) != 2:
        raise _other_layout(path)
    told = stated if isinstance(stated, list) else None  # a checkpoint has none, or what it was trained with
    usual = next((config for config in usual_configs() if _agrees(config, weights, told)), None)
    if usual is None:
        raise _other_layout(path)
    pitch = "enc_p.emb_pitch.weight" in weights
    return usual.model_copy(update={"pitch": pitch, "speakers": speakers.shape[0]})


def _agrees(config: SynthesizerConfig, weights: Mapping[str, Outline], stated: list[Any] | None) -> bool:
    """Tell whether all that a file shows of its model, and states where weights are silent, is this one's."""
    wanted = config_list(config)
    if stated is not None and len(stated) != len(wanted):
        return False
    kernels = tuple(
        weights[name].shape[-1:] for name in map("dec.ups.{}.weight_v".format, range(9)) if name in weights
    )
    seen = {
        "enc_p.emb_phone.weight": (1, config.content_dim),
        "dec.noise_convs.0.weight": (2, 2 * config.hop // config.upsample_rates[0]),
        "enc_q.pre.weight": (1, config.spec_channels),
    }
    return (
        kernels == tuple((kernel,) for kernel in config.upsample_kernels)
        and all(
            weights[name].shape[axis:][:1] == (size,)
            for name, (axis, size) in seen.items()
            if name in weights
        )
        and (stated is None or all(stated[item] == wanted[item] for item in UNPROVEN_ITEMS))
    )


def _card(content: Mapping[str, Any], config: SynthesizerConfig, path: Path) -> VoiceCard:
    name = shown(_text(content, "model_name") or _text(content, "name") or path.stem[:MAX_TEXT])
    encoder = _text(content, "embedder_model") or CONTENT_ENCODER.name
    notes = {key: _text(content, key) for key in ("info", "author")}
    # where the file does not say how many were trained, any row of the embedding may be one
    trained = min(_number(content, "speakers_id") or config.speakers, config.speakers, MAX_SPEAKERS)
    epochs = _number(content, "epoch") or _number(content, "iteration")
    return VoiceCard(
        name=name,
        architecture="v2",
        rate=config.rate,
        content_encoder=EncoderCard(
            name=encoder if version(config) == "v2" else f"{encoder}-v1", dim=config.content_dim
        ),
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
        if stamp := _number(content, "timestamp"):
            return datetime.fromtimestamp(stamp, UTC)
        return datetime.fromisoformat(_text(content, "creation_date")).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _seconds(clock: str) -> float:
    """Return the seconds of "00:10:00", 0 for anything else."""
    parts = clock.split(":")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return 0.0
    hours, minutes, seconds = (int(part) for part in parts)
    return float(hours * 3600 + minutes * 60 + seconds)


def _foreign(path: Path) -> InputError:
    return InputError("not_a_voice", f"{path.name} is not an RVC voice model.")


def _other_layout(path: Path) -> InputError:
    return InputError(
        "other_layout", f"{path.name} does not have the layout of an RVC v1 or v2 model for 32, 40 or 48 kHz."
    )
