"""The command that tests a model."""

import argparse
from pathlib import Path

from rvc import options
from rvc.commands.command import MODEL_HELP, Command
from rvc.config import EvaluateConfig
from rvc.events import Done, Reporter


def _evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, metavar="MODEL", help=MODEL_HELP)
    parser.add_argument(
        "testset", type=Path, metavar="TESTSET", help="prepared folder, or recordings of this voice"
    )
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the report")
    parser.add_argument(
        "--sources", nargs="+", type=Path, default=[], help="recordings of others, to be converted"
    )
    parser.add_argument("--index", type=Path, help="retrieval index (default: the one beside the model)")
    parser.add_argument("--language", choices=("en", "ko"), default="en", help="of the report (default: en)")
    options.add(parser, EvaluateConfig)


def _evaluate(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.evaluation import evaluate

    report = evaluate(
        arguments.model,
        arguments.testset,
        arguments.out,
        options.read(arguments, EvaluateConfig),
        reporter,
        sources=arguments.sources,
        index=arguments.index,
        language=arguments.language,
    )
    files = {"report": str(arguments.out / "report.html"), "scores": str(arguments.out / "report.json")}
    return Done(artifacts=files, summary=report.scores())


EVALUATE = Command(
    "evaluate",
    "test a model on takes it has never heard",
    """
    Reconstructs held-out takes and converts recordings of others, and writes report.html (pictures, players,
    scores) and report.json.

    Example: rvc evaluate anna/Anna.safetensors prepared --out report --sources friend.wav
    """,
    _evaluate_arguments,
    _evaluate,
)
