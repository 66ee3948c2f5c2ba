"""Conversion for the app: one recording a request, with networks that stay loaded, and which pitch suits a voice."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch

from rvc.analysis import pitch
from rvc.config import ConvertConfig
from rvc.errors import InputError
from rvc.events import Reporter
from rvc.jobs.warm import Converters
from rvc.paths import make_dir
from rvc.sound import audio
from rvc.sound.growing import GrowingWave
from rvc.synthesis import outputs
from rvc.synthesis.conversion import convert_all
from rvc.synthesis.converter import Converter, Hear

RANGE = (0.05, 0.95)  # of the voiced frames, from the lowest on


def convert(params: dict[str, Any], reporter: Reporter, loaded: dict[str, Any]) -> dict[str, Any]:
    """Convert the file `recording` with `model` into the folder `out`, under the name `stem` or a numbered one.

    With `early`, what is spoken grows in that file meanwhile, as `rvc.sound.growing` writes it.
    """
    config = ConvertConfig.model_validate(params["config"])
    converter = _converter(params, config, reporter, loaded)
    model, out, recording = Path(params["model"]), make_dir(Path(params["out"])), Path(params["recording"])
    with TemporaryDirectory(prefix=".", dir=out) as folder, _early(params) as hear:
        (done,) = convert_all(
            model, [recording], Path(folder), config, reporter, converter=converter, hear=hear
        )
        made = done.file
        target = out / f"{params['stem']}{made.suffix}"

        def move(place: Path) -> None:
            shutil.move(made, place)

        file = outputs.save(target, move, overwrite=config.overwrite)
    return {"file": str(file), "seconds": done.seconds, "pitch_shift": done.pitch_shift, "lufs": done.lufs}


def propose(params: dict[str, Any], reporter: Reporter, loaded: dict[str, Any]) -> dict[str, Any]:
    """Return how high `recording` speaks, low, usual and high, how high the voice of `model` does, and the way there.

    All in Hz but `semitones`, and None where it is not known: a whisper has no pitch, nor have some voices.
    """
    config = ConvertConfig.model_validate(params["config"])
    converter = _converter(params, config, reporter, loaded)
    card = converter.voice.card
    usual_hz = card.usual_pitch_of(card.speaker_number(config.speaker))
    heard = converter.hear_pitch(audio.stream(Path(params["recording"])), config)
    voiced = heard[heard > 0]
    answer: dict[str, Any] = {"voice_hz": usual_hz, "recording_hz": None, "semitones": None}
    if len(voiced):
        low, high = torch.quantile(voiced, torch.tensor(RANGE)).tolist()
        answer["recording_hz"] = [low, float(voiced.median()), high]
        answer["semitones"] = None if usual_hz is None else pitch.shift_to(usual_hz, heard)
    return answer


@contextmanager
def _early(params: dict[str, Any]) -> Iterator[Hear | None]:
    """Yield what writes the growing file that was asked for, if one was."""
    if "early" not in params:
        yield None
        return
    with GrowingWave(Path(params["early"])) as growing:
        yield growing.hear


def _converter(
    params: dict[str, Any], config: ConvertConfig, reporter: Reporter, loaded: dict[str, Any]
) -> Converter:
    """Return the converter of a model, which stays loaded. Raises `InputError` missing_file where it is gone."""
    model = Path(params["model"])
    if not model.is_file():
        raise InputError("missing_file", f"There is no model at {model}.", "Import or train it again.")
    return loaded.setdefault("converters", Converters()).load(model, None, config, reporter)
