"""The command that measures how fast the stages are here."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rvc import options
from rvc.bench import STAGES, BenchConfig
from rvc.commands.command import Command
from rvc.commands.output import show
from rvc.events import Done, Reporter
from rvc.options import UsageError
from rvc.paths import write_text

if TYPE_CHECKING:
    from rvc.bench import Benchmark, Timing
    from rvc.bench.report import Report


def _bench_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("stage", nargs="?", choices=STAGES, metavar="STAGE", help=", ".join(STAGES))
    parser.add_argument(
        "--all",
        action="store_true",
        help="measure all stages but quality, and the full model beside its incumbents",
    )
    parser.add_argument("--audio", type=Path, metavar="DIR", help="recordings to use (default: bundled ones)")
    parser.add_argument("--out", type=Path, metavar="FILE.json", help="write the result there too")
    parser.add_argument(
        "--against",
        type=Path,
        metavar="FILE.json",
        help="fail where a share of another's time is worse than the file says of such a processor; add what it lacks",
    )
    parser.add_argument(
        "--plots", type=Path, metavar="DIR", help="draw the result into this folder (extra: evaluate)"
    )
    options.add(parser, BenchConfig)


def _bench(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc import bench
    from rvc.bench import report

    if arguments.all == bool(arguments.stage):
        raise UsageError("no_stage", f"Say what to measure: {', '.join(STAGES)}, or --all.")
    config = options.read(arguments, BenchConfig)
    if arguments.all:
        results = bench.run_all(config, arguments.audio, reporter)
    else:
        results = [bench.run(arguments.stage, config, arguments.audio, reporter)]
    whole = report.Report(benchmarks=results)
    if not arguments.json:
        for result in results:
            show_result(result)
    artifacts = _keep(whole, arguments)
    if arguments.against:
        for sentence in report.compare(whole, arguments.against):
            reporter.log("compared", sentence)
    summary = (whole if arguments.all else results[0]).model_dump(mode="json")
    return Done(artifacts=artifacts, summary=summary if arguments.json else {})


def _keep(whole: "Report", arguments: argparse.Namespace) -> dict[str, str]:
    """Write and draw the results where that is asked for, and return the files."""
    artifacts: dict[str, str] = {}
    if arguments.out:
        (one, *others) = whole.benchmarks
        write_text(arguments.out, (whole if others else one).model_dump_json(indent=2))
        artifacts["benchmark"] = str(arguments.out)
    if arguments.plots:
        from rvc.bench.plots import draw

        artifacts |= {plot.stem: str(plot) for plot in draw(whole, arguments.plots)}
    return artifacts


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
              rvc bench quality --architecture v2 --minutes 60 --audio recordings/ --seconds 600 --plots plots/
              rvc bench --all --clock cpu --out all.json --plots plots/
    """,
    _bench_arguments,
    _bench,
)
