"""The command that measures how fast the stages are here."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rvc import options
from rvc.bench import STAGES, BenchConfig
from rvc.commands.command import Command
from rvc.commands.output import show
from rvc.events import Done, Reporter
from rvc.paths import write_text

if TYPE_CHECKING:
    from rvc.bench import Benchmark, Timing


def _bench_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("stage", choices=STAGES, metavar="STAGE", help=", ".join(STAGES))
    parser.add_argument("--audio", type=Path, metavar="DIR", help="recordings to use (default: bundled ones)")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="write the result there too")
    options.add(parser, BenchConfig)


def _bench(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc import bench

    result = bench.run(arguments.stage, options.read(arguments, BenchConfig), arguments.audio, reporter)
    if arguments.out:
        write_text(arguments.out, result.model_dump_json(indent=2))
    if not arguments.json:
        show_result(result)
    artifacts = {"benchmark": str(arguments.out)} if arguments.out else {}
    return Done(artifacts=artifacts, summary=result.model_dump(mode="json") if arguments.json else {})


def show_result(result: "Benchmark") -> None:
    """Print what was measured, and where."""
    machine = result.machine
    show(
        [
            (
                f"{machine.cpu}, {machine.threads} threads, torch {machine.packages.get('torch')}, {result.device}",
            )
        ]
    )
    show([(name, str(value)) for name, value in result.settings.items() if value is not None])
    show(map(_row, result.timings), heading=(result.stage, "median", "least", "most"), numbers=3)
    show([(name, f"{value:.3g}") for name, value in result.figures.items()], numbers=1)


def _row(timing: "Timing") -> tuple[str, ...]:
    values = (timing.median_s, min(timing.seconds), max(timing.seconds))
    return (timing.name, *(f"{value:.3g} s" for value in values))


BENCH = Command(
    "bench",
    "measure how fast a stage is on this machine",
    """
    Measures what the stages really do, some things also as RVC-WebUI and Applio do them: only ratios within one
    run say more than how busy the machine was. Close other programs first.

    Examples: rvc bench train --architecture v2
              rvc bench convert --audio recordings/ --json
    """,
    _bench_arguments,
    _bench,
)
