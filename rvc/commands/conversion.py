"""The command that converts recordings."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rvc import options
from rvc.commands.command import MODEL_HELP, Command
from rvc.config import ConvertConfig
from rvc.events import Done, Reporter
from rvc.names import shown

if TYPE_CHECKING:
    from rvc.synthesis.conversion import Converted


def _convert_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, metavar="MODEL", help=MODEL_HELP)
    parser.add_argument(
        "inputs", nargs="+", type=Path, metavar="INPUT", help="recordings, folders of them, or - for a pipe"
    )
    parser.add_argument(
        "--out",
        required=True,
        type=Path,
        metavar="DIR",
        help="folder for the converted files, or - for a pipe",
    )
    parser.add_argument("--index", type=Path, help="retrieval index (default: the one beside the model)")
    options.add(parser, ConvertConfig)


def _convert(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.sound import pipes
    from rvc.synthesis.conversion import convert_all

    config = options.read(arguments, ConvertConfig)
    with pipes.inputs(arguments.inputs) as inputs:
        if arguments.out == pipes.PIPE:
            return _to_pipe(arguments, inputs, config, reporter)
        done = convert_all(arguments.model, inputs, arguments.out, config, reporter, arguments.index)
    return Done(artifacts=_artifacts(done), summary=_summary(done))


def _to_pipe(
    arguments: argparse.Namespace, inputs: Sequence[Path], config: ConvertConfig, reporter: Reporter
) -> Done:
    """Convert one recording to standard output, where nothing else is printed."""
    from rvc.sound import pipes
    from rvc.synthesis.conversion import convert_all

    if arguments.json or len(inputs) > 1 or inputs[0].is_dir() or config.separate:
        raise options.UsageError("bad_option", "--out - takes one recording, without --json and --separate.")
    with pipes.temporary_folder() as folder:
        (converted,) = convert_all(arguments.model, inputs, folder, config, reporter, arguments.index)
        pipes.send(converted.file)
    return Done()


def _artifacts(done: Sequence["Converted"]) -> dict[str, str]:
    files = {f"converted {number}": shown(one.file) for number, one in enumerate(done, 1)}
    backing = {f"backing {number}": shown(one.backing) for number, one in enumerate(done, 1) if one.backing}
    return files | backing


def _summary(done: Sequence["Converted"]) -> dict[str, object]:
    shifts = {shown(one.file.name): one.pitch_shift for one in done if one.pitch_shift}
    summary: dict[str, object] = {"files": len(done), "seconds": round(sum(one.seconds for one in done), 3)}
    return summary | ({"pitch_shift": shifts} if shifts else {})


CONVERT = Command(
    "convert",
    "speak or sing a recording in a trained voice",
    """
    Writes one file per input, named after it; files in sub-folders stay in them. The same seed gives the same file.
    --pitch-shift auto brings the source to the voice's usual pitch; for singing give semitones that keep the key,
    such as 12 or -12. A broken recording is named and the others are done.

    Examples: rvc convert anna/Anna.safetensors talk.wav --out converted --pitch-shift auto
              rvc convert anna song.mp3 --out converted --separate --autotune 0.8 --autotune-key D
              ffmpeg -i film.mkv -f wav - | rvc convert anna - --out - --format opus > film.opus
    """,
    _convert_arguments,
    _convert,
)
