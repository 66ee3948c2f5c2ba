"""The command that looks after pretrained files."""

import argparse

from rvc.commands.command import Command
from rvc.errors import InputError
from rvc.events import Done, Reporter


def _assets_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action", choices=("list", "fetch"), help="say what there is, or fetch what is missing"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="which of them (default: list all)")


def _assets(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc import assets

    if arguments.action == "fetch" and not arguments.names:
        raise InputError("no_name", "Say which files to fetch.", "`rvc assets list` names them.")
    names = arguments.names or list(assets.manifest())
    if arguments.action == "fetch":
        return Done(artifacts={name: str(assets.fetch(name, reporter)) for name in names})
    return Done(summary={name: _asset(name) for name in names})


def _asset(name: str) -> str:
    from rvc import assets

    entry, found = assets.entry(name), assets.find(name)
    return f"{entry.size / 1e6:.1f} MB, {entry.licence}, {found or 'not on this machine'}"


ASSETS = Command(
    "assets",
    "list or fetch pretrained files",
    """
    Files are looked for in the folders of RVC_STUDIO_ASSETS first, so what you have need not be fetched again.

    Example: rvc assets fetch contentvec rmvpe
    """,
    _assets_arguments,
    _assets,
)
