"""The models of a test: voices, checkpoints of a training, and what each is called among the others."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import torch

from rvc.errors import InputError
from rvc.learning import checkpoint
from rvc.learning.checkpoint import SUFFIX
from rvc.voices.voice import POSTERIOR, Voice, build, locate

SPEAKING = ("average", "generator")  # modules of a checkpoint that speak: the first that there is


def find(path: Path) -> Path:
    """Return the file of a model or of a checkpoint. Raises `InputError` as `voice.locate` does."""
    return path if path.suffix == SUFFIX and path.is_file() else locate(path)


def home(path: Path) -> Path:
    """Return the model file that an index and a history lie beside: for a checkpoint, its training's."""
    if path.suffix != SUFFIX:
        return path
    try:
        return locate(path.absolute().parent.parent)
    except InputError as error:
        raise InputError(
            "lone_checkpoint",
            f"{path.name} lies in no training's folder, so what it is made of is not known.",
            "Name a checkpoint where its training left it, or a model.",
        ) from error


def load(path: Path, device: torch.device) -> Voice:
    """Load a voice; a checkpoint's has its training's card. Raises `InputError` as `Voice.load` does."""
    if path.suffix != SUFFIX:
        return Voice.load(path, device)
    card = Voice.load(home(path)).card
    tensors = next(filter(None, (checkpoint.read_module(path, name) for name in SPEAKING)), {})
    spoken = {name: tensor for name, tensor in tensors.items() if not name.startswith(POSTERIOR)}
    synthesizer = build(card.architecture, card.config, spoken, path)
    step = checkpoint.read_header(path).standing.step
    voice = Voice(card.model_copy(update={"steps": step}), synthesizer)  # type: ignore[arg-type]
    synthesizer.to(device).eval()
    return voice


def labels(voices: Sequence[Voice], files: Sequence[Path]) -> list[str]:
    """Name voices apart: by name, where that is not enough with their steps, and else by their files."""
    names = [voice.card.name for voice in voices]
    for details in ([f"step {voice.card.steps}" for voice in voices], [file.name for file in files]):
        count = Counter(names)
        names = [
            f"{name}, {detail}" if count[name] > 1 else name
            for name, detail in zip(names, details, strict=True)
        ]
    count = Counter(names)
    return [f"{name} ({number})" if count[name] > 1 else name for number, name in enumerate(names, 1)]
