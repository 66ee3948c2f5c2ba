"""The command that converts recordings."""

import argparse
from pathlib import Path

from rvc import options
from rvc.commands.command import MODEL_HELP, Command
from rvc.config import ConvertConfig
from rvc.events import Done, Reporter
from rvc.names import shown


def _convert_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, metavar="MODEL", help=MODEL_HELP)
    parser.add_argument(
        "inputs", nargs="+", type=Path, metavar="INPUT", help="recordings, or folders of them"
    )
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="folder for the converted files"
    )
    parser.add_argument("--index", type=Path, help="retrieval index (default: the one beside the model)")
    options.add(parser, ConvertConfig)


def _convert(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.conversion import convert

    config = options.read(arguments, ConvertConfig)
    files = convert(arguments.model, arguments.inputs, arguments.out, config, reporter, arguments.index)
    return Done(
        artifacts={f"converted {number}": shown(path) for number, path in enumerate(files, 1)},
        summary={"files": len(files)},
    )


CONVERT = Command(
    "convert",
    "speak or sing a recording in a trained voice",
    """
    Writes one file per input, named after it. The same seed gives the same file. --pitch-shift auto brings the
    source to the voice's usual pitch; for singing give semitones that keep the key, such as 12 or -12.

    Example: rvc convert anna/Anna.safetensors talk.wav --out converted --pitch-shift auto
    """,
    _convert_arguments,
    _convert,
)
