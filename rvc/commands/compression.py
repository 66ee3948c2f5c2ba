"""The command that makes a model smaller."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rvc import options
from rvc.commands.command import MODEL_HELP, Command
from rvc.commands.output import show
from rvc.config import CompressConfig
from rvc.events import Done, Reporter

if TYPE_CHECKING:
    from rvc.testing.compression import Compressed


def _compress_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, metavar="MODEL", help=MODEL_HELP)
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the new model")
    parser.add_argument(
        "--testset", type=Path, help="prepared folder, or recordings of this voice (default: bundled ones)"
    )
    parser.add_argument(
        "--sources",
        nargs="+",
        type=Path,
        default=[],
        help="recordings of others, to be converted (default: a bundled one)",
    )
    parser.add_argument(
        "--data", type=Path, help="prepared folder of this voice, for a student to learn from"
    )
    parser.add_argument("--index", type=Path, help="retrieval index (default: the one beside the model)")
    options.add(parser, CompressConfig)


def _compress(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.testing.compression import compress

    done = compress(
        arguments.model,
        arguments.out,
        options.read(arguments, CompressConfig),
        reporter,
        testset=arguments.testset,
        sources=arguments.sources,
        index_path=arguments.index,
        recordings=arguments.data,
    )
    artifacts = {"model": str(done.model), "report": str(done.report)}
    if done.index:
        artifacts["index"] = str(done.index)
    if arguments.json:
        return Done(artifacts=artifacts, summary=_facts(done))
    _show(done)
    return Done(artifacts=artifacts)


def _show(done: "Compressed") -> None:
    rows = [(change.name, f"{change.before:.4g}", f"{change.after:.4g}") for change in done.changes]
    before, after = done.before, done.after
    sizes = [
        ("model, MB", before.model_bytes, after.model_bytes),
        ("index, MB", before.index_bytes, after.index_bytes),
    ]
    rows += [(name, f"{old / 1e6:.3g}", f"{new / 1e6:.3g}") for name, old, new in sizes if old]
    spent = (f"{before.seconds_a_second:.3g}", f"{after.seconds_a_second:.3g}")
    rows.append(("seconds for a second of speech", *spent))
    if done.agreement:
        rows.append(("neighbours that the index finds", "1", f"{done.agreement.recall:.3g}"))
        rows.append(("error of what it retrieves, deviations", "0", f"{done.agreement.error:.3g}"))
    show(rows, heading=("", "before", "after"), numbers=2)


def _facts(done: "Compressed") -> dict[str, object]:
    return {
        "before": _side(done, "before"),
        "after": _side(done, "after"),
        "scores": {
            change.name: {"before": change.before, "after": change.after, "drop": change.drop}
            for change in done.changes
        },
        "index_recall": done.agreement and done.agreement.recall,
        "index_error": done.agreement and done.agreement.error,
    }


def _side(done: "Compressed", which: str) -> dict[str, object]:
    side = getattr(done, which)
    return {name: getattr(side, name) for name in ("model_bytes", "index_bytes", "seconds_a_second")}


COMPRESS = Command(
    "compress",
    "make a model smaller, and test what that costs",
    """
    Packs the weights, and the index where --index-to says so, lets both models speak the same recordings, and
    writes the new one only if no score is worse than --max-drop allows. It works wherever a model does.
    --to student gives a v2 voice a small decoder that speaks in a fraction of the time: it learns from what the
    voice makes of --data. It can be paused and goes on when the command is given again.

    Examples: rvc compress anna --to int8 --out small --testset prepared --sources others/
              rvc compress singer.pth --to bf16 --index-to pq --out quick
              rvc compress anna --to student --data prepared --minutes 60 --max-drop 0.1 --out live
    """,
    _compress_arguments,
    _compress,
)
