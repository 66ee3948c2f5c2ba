"""The command that installs the engine, repairs it, and takes it away again."""

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rvc import interpreter, options
from rvc.commands.command import Command
from rvc.commands.doctor import count, rows
from rvc.commands.output import show
from rvc.errors import Paused
from rvc.events import Done, Reporter
from rvc.setup.settings import SetupConfig

if TYPE_CHECKING:
    from rvc.doctor.finding import Finding
    from rvc.setup.installation import Plan


def _setup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plan", action="store_true", help="only say what would be done")
    parser.add_argument("--undo", action="store_true", help="remove what `rvc setup` has installed")
    parser.add_argument("--yes", action="store_true", help="do not ask before fetching")
    options.add(parser, SetupConfig)


def _setup(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.setup import installation

    if interpreter.is_bundled():
        sys.exit(interpreter.hand_over(sys.argv[1:]))
    if arguments.undo:
        return Done(summary=dict(installation.undo(reporter)))
    plan = installation.make_plan(options.read(arguments, SetupConfig), reporter)
    _tell(plan.findings, arguments, reporter)
    facts = _facts(plan)
    if arguments.plan:
        return Done(summary=facts)
    if plan.wheels:
        _agree(plan, arguments, reporter)
        installation.carry_out(plan, reporter)
    reporter.log("trying", "Trying a training step.")
    tried = installation.verify()
    _tell([tried], arguments, reporter)
    note = (
        "The engine is installed and works."
        if plan.wheels
        else "The engine is whole and works: nothing to do."
    )
    return Done(summary=facts | tried.params if arguments.json else {"note": note})


def _facts(plan: "Plan") -> dict[str, object]:
    torch = next((wheel.version for wheel in plan.wheels if wheel.name == "torch"), None)
    return {
        "build": plan.build.name,
        "torch": torch,
        "packages": len(plan.wheels),
        "fetched_gb": round(plan.fetched_bytes / 1e9, 2),
        "disk_gb": round(plan.disk_bytes / 1e9, 1),
    }


def _tell(findings: Sequence["Finding"], arguments: argparse.Namespace, reporter: Reporter) -> None:
    for finding in findings:
        reporter.emit(finding)
    if not arguments.json:
        show(row for finding in findings for row in rows(finding))


def _agree(plan: "Plan", arguments: argparse.Namespace, reporter: Reporter) -> None:
    """Say what comes, and ask a person; raises `Paused` on a no."""
    facts = _facts(plan)
    packages = count(len(plan.wheels), "package")
    text = (
        f"{packages}: {facts['fetched_gb']} GB to fetch, about {facts['disk_gb']} GB on the disk, "
        f"into {sys.prefix}."
    )
    reporter.log("planned", text, **facts)
    asked = sys.stdin.isatty() and sys.stderr.isatty() and not (arguments.yes or arguments.json)
    if asked and input("Go on? [Y/n] ").strip().lower() not in ("", "y", "yes"):
        raise Paused


SETUP = Command(
    "setup",
    "install the engine: the right PyTorch for this computer, and everything around it",
    """
    Looks at system, GPU, driver and disk, chooses a build of PyTorch, says how much will come, fetches it (a broken
    connection is taken up again), installs it beside this program and tries a training step. Run again, it brings
    what is missing or damaged, and else only tries.

    Examples: rvc setup
              rvc setup --plan
              rvc setup --repair
              rvc setup --undo
    """,
    _setup_arguments,
    _setup,
    resumes=True,
)
