"""The command that converts recordings."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rvc import options
from rvc.commands.command import MODEL_HELP, Command
from rvc.config import ConvertConfig
from rvc.events import Done, Reporter
from rvc.names import shown

if TYPE_CHECKING:
    import numpy as np

    from rvc.synthesis.conversion import Converted
    from rvc.synthesis.converter import Hear


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
    parser.add_argument(
        "--listen", action="store_true", help="play what is spoken as soon as it is, on this computer"
    )
    parser.add_argument(
        "--early",
        type=Path,
        metavar="FILE.wav",
        help="write it there as soon as it is spoken: a WAV that grows, for other players",
    )
    options.add(parser, ConvertConfig)


def _convert(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.sound import pipes
    from rvc.synthesis.conversion import convert_all

    config = options.read(arguments, ConvertConfig)
    with pipes.inputs(arguments.inputs) as inputs, _listening(arguments, reporter) as hear:
        if arguments.out == pipes.PIPE:
            return _to_pipe(arguments, inputs, config, reporter, hear)
        done = convert_all(
            arguments.model, inputs, arguments.out, config, reporter, arguments.index, hear=hear
        )
    return Done(artifacts=_artifacts(done), summary=_summary(done))


@contextmanager
def _listening(arguments: argparse.Namespace, reporter: Reporter) -> "Iterator[Hear | None]":
    """Yield what hears the conversion while it goes on; after it, what is still to be played is waited for."""
    from rvc.sound.growing import GrowingWave

    with ExitStack() as open_sinks:
        sinks: list[Hear] = []
        if arguments.early:
            sinks.append(open_sinks.enter_context(GrowingWave(arguments.early)).hear)
        if arguments.listen:
            from rvc.live.loudspeaker import Loudspeaker

            loudspeaker = open_sinks.enter_context(Loudspeaker())
            sinks.append(loudspeaker.hear)

        def hear(block: "np.ndarray", rate: int) -> None:
            for sink in sinks:
                sink(block, rate)

        yield hear if sinks else None
        if arguments.listen:
            loudspeaker.finish(lambda: reporter.stopping)


def _to_pipe(
    arguments: argparse.Namespace,
    inputs: Sequence[Path],
    config: ConvertConfig,
    reporter: Reporter,
    hear: "Hear | None",
) -> Done:
    """Convert one recording to standard output, where nothing else is printed."""
    from rvc.sound import pipes
    from rvc.synthesis.conversion import convert_all

    if arguments.json or len(inputs) > 1 or inputs[0].is_dir() or config.separate:
        raise options.UsageError("bad_option", "--out - takes one recording, without --json and --separate.")
    with pipes.temporary_folder() as folder:
        (converted,) = convert_all(
            arguments.model, inputs, folder, config, reporter, arguments.index, hear=hear
        )
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
              rvc convert anna audiobook.flac --out converted --listen
              ffmpeg -i film.mkv -f wav - | rvc convert anna - --out - --format opus > film.opus
    """,
    _convert_arguments,
    _convert,
)
