"""Models of a comparison: checkpoints speak as the model that they became part of, and names stay apart."""

from pathlib import Path

import pytest
import torch

from rvc.errors import InputError
from rvc.learning import checkpoint
from rvc.learning.checkpoint import Header, Standing
from rvc.testing import entrants
from rvc.voices.voice import Voice
from tests.voices import small_lite, small_v2


def save(folder: Path, voice: Voice, module: str, step: int) -> Path:
    """Leave a model and a checkpoint of its training as a training does."""
    voice.save(folder / "voice.safetensors")
    path = checkpoint.path_of(folder / "checkpoints", step)
    header = Header(standing=Standing(step=step), settings={})
    checkpoint.save(path, header, {module: voice.synthesizer}, {})  # type: ignore[dict-item]
    return path


@pytest.mark.parametrize(("voice", "module"), [(small_lite(3), "average"), (small_v2(seed=3), "generator")])
def test_a_checkpoint_is_a_voice(voice: Voice, module: str, tmp_path: Path) -> None:
    path = save(tmp_path, voice, module, 30)
    loaded = entrants.load(entrants.find(path), torch.device("cpu"))
    assert loaded.card == voice.card.model_copy(update={"steps": 30})
    tensors, wanted = loaded.tensors(), voice.tensors()
    assert tensors.keys() == wanted.keys()
    assert all(torch.equal(tensor, wanted[name]) for name, tensor in tensors.items())
    assert entrants.home(path) == tmp_path / "voice.safetensors"


def test_the_average_speaks_where_there_is_one(tmp_path: Path) -> None:
    voice, other = small_lite(3), small_lite(4)
    path = save(tmp_path, voice, "average", 30)
    header = Header(standing=Standing(step=30), settings={})
    modules = {"generator": other.synthesizer, "average": voice.synthesizer}
    checkpoint.save(path, header, modules, {})  # type: ignore[arg-type]
    loaded = entrants.load(path, torch.device("cpu"))
    assert all(torch.equal(tensor, voice.tensors()[name]) for name, tensor in loaded.tensors().items())


def test_a_checkpoint_by_itself_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "run", small_lite(), "average", 30)
    (tmp_path / "run" / "voice.safetensors").unlink()
    with pytest.raises(InputError) as caught:
        entrants.load(path, torch.device("cpu"))
    assert caught.value.code == "lone_checkpoint"


def test_names_are_told_apart_by_steps_then_by_files() -> None:
    voice = small_lite()
    late = Voice(voice.card.model_copy(update={"steps": 50}), voice.synthesizer)
    other = Voice(voice.card.model_copy(update={"name": "Berta"}), voice.synthesizer)
    files = [Path("a/x.pth"), Path("b/x.pth"), Path("y.pth"), Path("z.pth")]
    assert entrants.labels([voice, other], files[:2]) == ["Änna", "Berta"]
    assert entrants.labels([voice, late], files[:2]) == ["Änna, step 0", "Änna, step 50"]
    assert entrants.labels([voice, voice, late], files[1:4]) == [
        "Änna, step 0, x.pth",
        "Änna, step 0, y.pth",
        "Änna, step 50",
    ]
    assert entrants.labels([voice, voice], files[:2]) == [
        "Änna, step 0, x.pth (1)",
        "Änna, step 0, x.pth (2)",
    ]
