"""A voice on disk: a safetensors file with the card inside, so that weights and what they are never part.

The community's `.pth` is read and written too, through `rvc.voices.community` and `rvc.voices.small_model`.
"""

import math
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from rvc import device as devices
from rvc import names, paths
from rvc.config import Precision
from rvc.datasets.dataset import Prepared
from rvc.errors import Error, InputError
from rvc.model import Architecture
from rvc.model.undrawn import Undrawn
from rvc.synthesis import index
from rvc.voices import community, kinds, packing, small_model
from rvc.voices.card import FORMAT, VoiceCard

__all__ = ["Voice", "VoiceCard", "build", "export_pth", "import_pth"]

SUFFIX = ".safetensors"
POSTERIOR = "enc_q."  # what only training needs; no model file holds it
MAX_FILE_BYTES = 1 << 30
MAX_CARD_BYTES = 1 << 20
MAX_HEADER_BYTES = 4 << 20  # the card and the places of some hundred tensors
MAX_NUMBER = 1 << 20  # in a configuration; sample rates are the largest there are
MAX_LIST = 16
BUDGET_FACTOR = 4  # a network is built with its posterior encoder, and initialised, before its weights come
BUDGET_SLACK = 1 << 20
ALLOCATORS = (torch.empty, torch.zeros, torch.ones, torch.full, torch.randn)


class Voice:
    """A card, and the network that it describes."""

    def __init__(self, card: VoiceCard, synthesizer: Architecture) -> None:
        self.card = card
        self.synthesizer = synthesizer

    @classmethod
    def load(cls, path: Path, device: torch.device | str = "cpu") -> "Voice":
        """Read a model file of this program, a folder that holds one, or a `.pth`; weights become float32.

        Raises `InputError` when it is missing, damaged, hostile, of a newer version, or something else.
        """
        file = locate(path)
        card, tensors = community.read(file) if is_zip(file) else _unpacked(*read(file), file)
        synthesizer = build(card.architecture, card.config, tensors, file)
        voice = cls(card, synthesizer.to(device).eval())  # type: ignore[arg-type]
        if len(card.speakers) > voice.synthesizer.speakers:
            raise _unfit(file, "it names more speakers than it has")
        return voice

    def save(self, path: Path, form: packing.Form = "fp16") -> None:
        """Write the model file, with its weights in that form, and read it back before it replaces one."""
        if not all(tensor.isfinite().all() for tensor in self.tensors().values()):
            raise Error("nan_weights", "The model was not saved: it holds values that are not numbers.")
        tensors = packing.pack(self.tensors(), form)
        facts = {"weights": form if form in packing.TOLD else None, "format": packing.TOLD.get(form, 1)}
        text = self.card.model_copy(update=facts).model_dump_json()
        with paths.atomic(path) as temporary:
            temporary.write_bytes(save(tensors, {"card": text}))
            card, written = read(temporary)
            if card != VoiceCard.model_validate_json(text) or not _equal(tensors, written):
                raise Error("write_failed", f"{path} was not written as it should be.", "Check the disk.")

    def dtype_for(self, precision: Precision, device: torch.device) -> torch.dtype:
        """Return what it computes with there; weights of bf16 lose nothing by it where a CPU is faster in it."""
        if precision == "auto" and self.card.weights == "bf16" and device.type == "cpu":
            return devices.natural_dtype(device)
        return devices.dtype_for(precision, device)

    def tensors(self) -> dict[str, Tensor]:
        """Return the weights that speaking needs, under the architecture's names."""
        state = self.synthesizer.state_dict()
        return {name: tensor.detach() for name, tensor in state.items() if not name.startswith(POSTERIOR)}


def import_pth(path: Path, index_path: Path | None, out: Path, name: str | None = None) -> Path:
    """Turn a model, and its index, into this program's files in `out`, packed as it was; return the model's."""
    voice = Voice.load(path)
    if name is not None:
        voice.card = voice.card.renamed(name)
    found = None if index_path is None else index.load(index_path)
    if found is not None:
        found.require_dim(voice.synthesizer.content_dim)
    model = out / f"{names.file_stem(name or path.stem)}{SUFFIX}"
    voice.save(model, voice.card.weights or "fp16")
    if index_path is not None:
        with paths.atomic(index.index_path(model)) as temporary:
            shutil.copyfile(index_path, temporary)
    return model


def export_pth(voice: Voice, path: Path, layout: small_model.Layout = "webui") -> None:
    """Write a voice as `.pth` for WebUI and Applio; raises `InputError` with the reason why not."""
    small_model.write(voice.card, voice.tensors(), path, layout)


def index_place(model: Path, prepared: Path) -> Path:
    """Return where the index of `prepared` belongs beside `model`; `InputError` if it is another voice's dataset."""
    file = locate(model)
    trained_on = Voice.load(file).card.settings.get("dataset")
    if trained_on is not None and trained_on != Prepared.open(prepared).fingerprint:
        raise InputError(
            "another_dataset",
            f"{file.name} was not trained on {prepared}.",
            "Give the dataset of this voice, or write the index elsewhere with --out.",
        )
    return index.index_path(file)


def locate(path: Path) -> Path:
    """Return the model file that `path` names: itself, or the only one in a folder."""
    try:
        return _locate(path)
    except OSError as error:  # of a folder that may not be entered
        raise kinds.not_readable(path, error) from error


def _locate(path: Path) -> Path:
    if path.suffix.lower() in names.AUDIO_SUFFIXES and path.is_file():
        raise InputError(
            "not_a_voice",
            f"{path.name} is a recording, not a model.",
            "Name a model; recordings come after it.",
        )
    if path.is_file():
        return path
    if not path.is_dir():
        raise InputError("missing_file", f"There is no model at {path}.", "Check the path for spelling.")
    for suffix in index.MODEL_SUFFIXES:
        found = sorted(file for file in path.glob(f"*{suffix}") if names.is_visible(file))
        if len(found) > 1:
            some = ", ".join(file.name for file in found[:5])
            raise InputError("several_models", f"{path} holds several models: {some}.", "Name one of them.")
        if found:
            return found[0]
    raise InputError("no_model", f"There is no model in {path}.")


def read(path: Path) -> tuple[VoiceCard, dict[str, Tensor]]:
    """Return card and tensors of this program's model file, as they are stored."""
    _check_size(path)
    try:
        with safe_open(path, "pt") as file:
            stored = file.keys()
            if kind := kinds.of_weights(stored):
                raise kind.refused(path)
            card = _card((file.metadata() or {}).get("card"), path)
            tensors = {name: file.get_tensor(name) for name in stored}
    except (SafetensorError, OSError) as error:
        raise kinds.refusal(path) from error
    if not packing.are_numbers(tensors):
        raise InputError("damaged_model", f"{path.name} is damaged: it holds values that are not numbers.")
    return card, tensors


def _unpacked(card: VoiceCard, tensors: dict[str, Tensor], path: Path) -> tuple[VoiceCard, dict[str, Tensor]]:
    """Return a card with float32 weights."""
    try:
        return card, packing.unpack(tensors)
    except ValueError as error:
        raise _unfit(path, str(error)) from error


def _check_size(path: Path) -> None:
    """Raise `InputError` for a file, or a header in it, that is larger than any voice's, before it is parsed."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            header_bytes = int.from_bytes(file.read(8), "little")
    except OSError as error:
        raise kinds.not_readable(path, error) from error
    if size > MAX_FILE_BYTES:
        raise InputError("model_too_large", f"{path.name} is {size >> 20} MiB, larger than any voice.")
    if header_bytes > MAX_HEADER_BYTES:
        raise kinds.refusal(path)


def _card(text: str | None, path: Path) -> VoiceCard:
    if text is None or len(text) > MAX_CARD_BYTES:
        raise InputError("not_a_voice", f"{path.name} is a safetensors file, but no voice of RVC Studio.")
    try:
        card = VoiceCard.model_validate_json(text)
    except ValidationError as error:
        raise InputError("damaged_model", f"The card in {path.name} is damaged.", "Get it again.") from error
    if card.format > FORMAT:
        raise InputError(
            "newer_model", f"{path.name} was made by a newer version of RVC Studio.", "Update RVC Studio."
        )
    return card


def build(
    architecture: str, config: Mapping[str, Any], tensors: Mapping[str, Tensor], path: Path
) -> nn.Module:
    """Build the network of `architecture` with these weights; `InputError` when they do not fit together."""
    if architecture not in _ARCHITECTURES:
        raise InputError(
            "unknown_architecture",
            f"{path.name} is a model of the kind {architecture}, which is not known here.",
            "Update RVC Studio.",
        )
    elements = sum(tensor.numel() for tensor in tensors.values())
    try:
        with Budget(BUDGET_FACTOR * elements + BUDGET_SLACK), Undrawn():
            synthesizer = _ARCHITECTURES[architecture](_plausible(config, tensors))
    except (ValueError, TypeError, RuntimeError, ArithmeticError, LookupError) as error:
        raise _unfit(path, str(error)) from error
    _check_fit(synthesizer.state_dict(), tensors, path)
    synthesizer.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    return synthesizer


class Budget(TorchFunctionMode):
    """Within it, no more than so many elements can be allocated: a card may not claim what its file lacks."""

    def __init__(self, elements: int) -> None:
        super().__init__()
        self._left = elements

    def __torch_function__(
        self, func: Callable[..., Any], types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if func in ALLOCATORS and args:
            size = args[0] if isinstance(args[0], list | tuple) else args
            self._left -= math.prod(size)
            if self._left < 0:
                raise ValueError("the network is larger than its weights")
        return func(*args, **(kwargs or {}))


def _plausible(config: Mapping[str, Any], tensors: Mapping[str, Tensor]) -> Mapping[str, Any]:
    """Return `config` unless it asks for so much that even an empty network of it would take for ever."""
    for name, value in config.items():
        numbers = value if isinstance(value, list | tuple) else [value]
        largest = max((number for number in numbers if isinstance(number, int)), default=0)
        if len(numbers) > MAX_LIST or largest > (len(tensors) if name.endswith("layers") else MAX_NUMBER):
            raise ValueError(name)
    return config


def _check_fit(wanted: Mapping[str, Tensor], tensors: Mapping[str, Tensor], path: Path) -> None:
    unfit = sorted(
        name
        for name in wanted.keys() | tensors.keys()
        if name not in wanted or name not in tensors or wanted[name].shape != tensors[name].shape
    )
    if unfit:
        raise _unfit(path, f"{len(unfit)} differ, first {unfit[0][:80]}")


def _unfit(path: Path, reason: str) -> InputError:
    first = reason.partition("\n")[0]
    return InputError(
        "wrong_weights",
        f"{path.name} does not hold the weights of the model that it describes ({first}).",
        "Get it again.",
    )


def _make_v2(config: Mapping[str, Any]) -> nn.Module:
    from rvc.model.config import SynthesizerConfig
    from rvc.model.synthesizer import Synthesizer

    return Synthesizer(SynthesizerConfig.model_validate(config)).without_posterior()


def _make_lite(config: Mapping[str, Any]) -> nn.Module:
    from rvc.model.lite import LiteConfig, LiteSynthesizer

    return LiteSynthesizer(LiteConfig.model_validate(config))


def _make_student(config: Mapping[str, Any]) -> nn.Module:
    from rvc.model.student import StudentConfig, StudentSynthesizer

    return StudentSynthesizer(StudentConfig.model_validate(config)).without_posterior()


_ARCHITECTURES: dict[str, Callable[[Mapping[str, Any]], nn.Module]] = {
    "v2": _make_v2,
    "lite": _make_lite,
    "student": _make_student,
}


def _equal(tensors: Mapping[str, Tensor], others: Mapping[str, Tensor]) -> bool:
    return tensors.keys() == others.keys() and all(
        torch.equal(tensor, others[name]) for name, tensor in tensors.items()
    )


def is_zip(path: Path) -> bool:
    """Tell a community file from our own by its first bytes, whatever it is called."""
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError as error:
        raise kinds.not_readable(path, error) from error
