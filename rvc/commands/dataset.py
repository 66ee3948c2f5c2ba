"""Commands that make a dataset, and an index of it."""

import argparse
from pathlib import Path

from rvc import options
from rvc.commands.command import Command
from rvc.config import PrepareConfig
from rvc.errors import InputError
from rvc.events import Done, Reporter


def _prepare_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="recordings, or folders of them")
    parser.add_argument("--out", required=True, type=Path, metavar="PREPARED", help="folder for the dataset")
    parser.add_argument(
        "--rate",
        type=int,
        metavar="HZ",
        help="of the model to train (default: of the dataset in PREPARED; else 40000 with a GPU, 24000 without)",
    )
    parser.add_argument(
        "--report",
        action="store_true",
        help="first say whether the recordings are fit to train on: PREPARED/quality.html",
    )
    parser.add_argument("--language", choices=("en", "ko"), default="en", help="of that report (default: en)")
    options.add(parser, PrepareConfig, skip=("rate",))


def _prepare(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.datasets.preparation import check, prepare

    arguments.rate = arguments.rate or _rate(arguments.out)
    config = options.read(arguments, PrepareConfig)
    check(config)
    reported = _report(arguments, config, reporter) if arguments.report else Done()
    prepared = prepare(arguments.paths, arguments.out, config, reporter)
    return Done(
        artifacts={"prepared": str(arguments.out), **reported.artifacts},
        summary={**prepared.summary.model_dump(), **reported.summary},
    )


def _rate(out: Path) -> int:
    """Return the rate of the dataset that is prepared anew, else what suits this machine."""
    from rvc.datasets.dataset import Prepared

    try:
        return Prepared.open(out).rate
    except InputError:
        from rvc.device import default_rate

        return default_rate()


def _report(arguments: argparse.Namespace, config: PrepareConfig, reporter: Reporter) -> Done:
    from rvc.commands.quality import report

    return report(arguments.paths, arguments.out, config, reporter, arguments.language)


def _index_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("prepared", type=Path, metavar="PREPARED", help="folder made by `rvc prepare`")
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument(
        "--model", type=Path, help="write the index beside this model, where `rvc convert` finds it"
    )
    place.add_argument("--out", type=Path, metavar="FILE.index", help="write it here")
    parser.add_argument(
        "--quantise",
        action="store_true",
        help="a file some ten times smaller, whose neighbours are less exact",
    )


def _index(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.synthesis.index import write_index
    from rvc.voices.voice import index_place

    out = arguments.out or index_place(arguments.model, arguments.prepared)
    path = write_index(arguments.prepared, out, reporter, "pq" if arguments.quantise else "exact")
    return Done(artifacts={"index": str(path)})


PREPARE = Command(
    "prepare",
    "turn recordings into a dataset to train on",
    """
    Cuts recordings at silences, evens their level, and works out pitch and content features. Results are kept by
    content: adding one file to 500 costs one file. A part is held out for testing before anything is learnt.

    Examples: rvc prepare recordings/ extra.flac --out prepared
              rvc prepare speakers/ --speakers --out prepared
    """,
    _prepare_arguments,
    _prepare,
    resumes=True,
)

INDEX = Command(
    "index",
    "build the retrieval index of a voice",
    """
    The index lets a conversion lean on the voice's own sounds (--index-rate of `rvc convert`). Community tools
    read it too.

    Example: rvc index prepared --model anna/Anna.safetensors
    """,
    _index_arguments,
    _index,
)
