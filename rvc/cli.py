"""The command line: `rvc COMMAND ...`. What each command does is in `rvc.commands`.

Every command takes `--json` (one JSON object a line: events, then one result), draws progress bars on a terminal,
and exits 0 (done), 2 (usage), 3 (bad input), 75 (paused: run it again to go on) or 1 (anything else).
"""

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence

from rvc import __version__, waiting
from rvc.commands import COMMANDS, Command
from rvc.console import listener
from rvc.errors import Error, Paused
from rvc.events import Failed, Reporter

PAUSED_TEXT = "Paused: run the same command again to go on."
STOPPED_TEXT = "Stopped before the end: run the same command again."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = build_parser().parse_args(argv)
    os.environ.update(waiting.variables(os.environ))  # torch is imported later, by the command
    show = listener(as_json=arguments.json)
    try:
        return _run(arguments.command, arguments, Reporter(show))
    except BrokenPipeError:
        _leave_pipe()
        return 1
    finally:
        show.close()


def _leave_pipe() -> None:
    """Send what is still to be printed nowhere: whoever read it (such as `head`) is gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def _run(command: Command, arguments: argparse.Namespace, reporter: Reporter) -> int:
    try:
        with _stop_on_signals(reporter):
            done = command.run(arguments, reporter)
    except Paused:
        reporter.emit(Failed(code="paused", text=PAUSED_TEXT if command.resumes else STOPPED_TEXT))
        return Paused.exit_code
    except Error as error:
        reporter.emit(Failed(code=error.code, text=error.text, hint=error.hint))
        return error.exit_code
    except Exception as error:
        reporter.emit(Failed(code="bug", text=f"This is a bug in RVC Studio: {error!r}."))
        raise
    reporter.emit(done)
    return 0


@contextlib.contextmanager
def _stop_on_signals(reporter: Reporter) -> Iterator[None]:
    """Ask the work to stop at the first Ctrl-C or SIGTERM; a second one ends it at once."""

    def stop(number: int, _frame: object) -> None:
        if reporter.stopping:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        reporter.request_stop()

    numbers = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGHUP"):  # the terminal was closed
        numbers.append(signal.SIGHUP)
    before = [signal.signal(number, stop) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="rvc",
        description="Train a voice from recordings, convert audio with it, and test how good it is.",
        epilog="Start with `rvc demo`. Help on one command: `rvc COMMAND --help`.",
    )
    parser.add_argument("--version", action="version", version=f"rvc-studio {__version__}")
    parsers = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        _add(parsers, command)
    return parser


def _add(parsers: "argparse._SubParsersAction[argparse.ArgumentParser]", command: Command) -> None:
    parser = parsers.add_parser(
        command.name,
        help=command.summary,
        description=command.description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_arguments(parser)
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object a line: events, then the result"
    )
    parser.set_defaults(command=command)


if __name__ == "__main__":
    sys.exit(main())
