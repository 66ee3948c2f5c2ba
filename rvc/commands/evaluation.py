"""The commands that test a model, and read what listeners answered."""

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
    parser.add_argument(
        "--against",
        nargs="+",
        type=Path,
        default=[],
        metavar="MODEL",
        help="other models, or checkpoints, that get the same recordings",
    )
    parser.add_argument(
        "--trained-on",
        nargs="+",
        type=Path,
        default=[],
        metavar="PREPARED",
        help="datasets of the models' trainings, in which the test's recordings are looked for",
    )
    parser.add_argument(
        "--transcripts",
        type=Path,
        metavar="FILE",
        help="transcripts.tsv: name, tab, sentence (default: the one beside the recordings)",
    )
    parser.add_argument("--listen", action="store_true", help="also write listen.html, for blind listening")
    parser.add_argument("--language", choices=("en", "ko"), default="en", help="of the pages (default: en)")
    options.add(parser, EvaluateConfig)


def _evaluate(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.testing.evaluation import evaluate

    out = arguments.out
    report = evaluate(
        arguments.model,
        arguments.testset,
        out,
        options.read(arguments, EvaluateConfig),
        reporter,
        sources=arguments.sources,
        index=arguments.index,
        against=arguments.against,
        trained_on=arguments.trained_on,
        transcripts=arguments.transcripts,
        listen=arguments.listen,
        language=arguments.language,
    )
    files = {"report": str(out / "report.html"), "scores": str(out / "report.json")}
    if arguments.listen:
        files["listening"] = str(out / "listen.html")
    absent = {"not_measured": [one.judge for one in report.absent]} if report.absent else {}
    return Done(artifacts=files, summary={**report.scores(), **absent})


EVALUATE = Command(
    "evaluate",
    "test a model on takes it has never heard",
    """
    Reconstructs held-out takes and converts recordings of others, and writes report.html (pictures, players,
    scores) and report.json. With --listen it writes listen.html too, a page that asks people what they hear
    without saying which sound is which; `rvc answers` reads what they saved.

    Example: rvc evaluate anna/Anna.safetensors prepared --out report --sources friend.wav
    """,
    _evaluate_arguments,
    _evaluate,
)


def _answers_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("report", type=Path, metavar="DIR", help="folder of the report, with its listen.html")
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="what listeners saved; all of them together"
    )


def _answers(arguments: argparse.Namespace, reporter: Reporter) -> Done:  # noqa: ARG001
    from rvc.testing.evaluation import add_answers

    report = add_answers(arguments.report, arguments.files)
    heard = report.listening
    assert heard is not None
    return Done(
        artifacts={"report": str(arguments.report / "report.html")},
        summary={"listeners": heard.listeners, "answers": heard.answers},
    )


ANSWERS = Command(
    "answers",
    "put what listeners answered into a report",
    """
    Reads the files that people saved on the listening page of `rvc evaluate --listen`, counts them by the key that
    lies beside it, and shows the result in the report: how often the voice passed for a recording, how natural it
    sounds, and whether it is heard as the same person.

    Example: rvc answers report answers-*.json
    """,
    _answers_arguments,
    _answers,
)
