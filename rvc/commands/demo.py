"""The command that does the main job once."""

import argparse
from pathlib import Path

from rvc import options
from rvc.commands.command import Command
from rvc.console import duration
from rvc.events import Done, Reporter
from rvc.names import shown


def _demo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--voice", type=Path, metavar="DIR", help="recordings of one person (default: bundled ones)"
    )
    parser.add_argument(
        "--source", type=Path, metavar="FILE", help="what that voice shall say (default: a bundled clip)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("demo-out"), metavar="DIR", help="folder (default: demo-out)"
    )
    parser.add_argument("--minutes", type=float, default=5.0, help="training time (default: 5)")


def _demo(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.demo import demo

    if arguments.minutes <= 0:
        raise options.UsageError("bad_option", "--minutes must be more than 0.")
    outcome = demo(arguments.out, reporter, arguments.voice, arguments.source, arguments.minutes)
    files = {"converted": outcome.converted, "model": outcome.model, "report": outcome.report}
    return Done(
        artifacts={name: shown(path) for name, path in files.items()},
        summary={"note": outcome.note, "time": duration(outcome.seconds), **outcome.scores},
    )


DEMO = Command(
    "demo",
    "do the main job once: recordings in, a trained and tested voice and a conversion out",
    """
    Prepares, trains for some minutes on this computer, converts, tests, and names the files. Without arguments
    it uses the recordings that come with the program.

    Example: rvc demo --voice my-recordings/ --source friend.wav
    """,
    _demo_arguments,
    _demo,
    resumes=True,
)
