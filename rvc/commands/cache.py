"""The command that looks at the cache, clears it, and says how large it may be."""

import argparse

from rvc import demands
from rvc.cache import KINDS, OTHER, Cache, Holding, set_limit
from rvc.commands.command import Command
from rvc.commands.output import show
from rvc.config import CacheConfig
from rvc.events import Done, Reporter


def _cache_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    actions.add_parser("list", help="say what is kept, and how often it was of use (the same without ACTION)")
    clearing = actions.add_parser("clear", help="delete what is kept, and begin to count anew")
    clearing.add_argument(
        "kinds", nargs="*", type=_kind, metavar="KIND", help=f"of {', '.join(KINDS)} (default: all)"
    )
    limiting = actions.add_parser("limit", help="say how much may be kept from now on")
    limiting.add_argument("gb", type=float, metavar="GB", help="0 keeps nothing")
    for action in actions.choices.values():
        action.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def _kind(name: str) -> str:
    if name not in (*KINDS, OTHER):
        raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(KINDS)}")
    return name


def _cache(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    if arguments.action == "clear":
        left = Cache().clear(reporter, arguments.kinds)
        return Done(summary={"in_use_bytes": left} if left else {})
    if arguments.action == "limit":
        set_limit(_config(arguments.gb))
    cache = Cache()
    holdings = cache.holdings()
    if not arguments.json:
        show(map(_row, holdings), heading=("kept", "files", "size", "hits", "misses", "hit rate"), numbers=5)
    total = sum(holding.size for holding in holdings)
    if arguments.json:
        return Done(summary=_facts(cache, holdings) | {"size_bytes": total})
    return Done(summary={"size": f"{_size(total)} of {_size(cache.limit)}", "folder": str(cache.folder)})


def _config(gb: float) -> CacheConfig:
    from pydantic import ValidationError

    from rvc.options import UsageError

    try:
        return CacheConfig(limit_gb=gb)
    except ValidationError as error:
        raise UsageError("bad_option", demands.fault(error, CacheConfig).sentence("The limit")) from error


def _facts(cache: Cache, holdings: list[Holding]) -> dict[str, object]:
    kinds = {
        one.kind: {
            "files": one.files,
            "size_bytes": one.size,
            "hits": one.hits,
            "misses": one.misses,
            "hit_rate": one.hit_rate,
        }
        for one in holdings
    }
    return {"folder": str(cache.folder), "limit_bytes": cache.limit, "kinds": kinds}


def _row(one: Holding) -> tuple[str, ...]:
    rate = "" if one.hit_rate is None else f"{one.hit_rate:.0%}"
    return (one.kind, str(one.files), _size(one.size), str(one.hits), str(one.misses), rate)


def _size(count: int) -> str:
    return f"{count / 1e9:.2f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


CACHE = Command(
    "cache",
    "look at what is kept to be quick the next time, or clear it",
    """
    Kept are prepared takes, content features, pitch and speech of conversions, and measures of recordings, each under
    the hash of what it was made from. All of it can be made again. What was not used for longest goes first. Takes
    that a dataset still holds take no room of their own and are not counted.

    Examples: rvc cache
              rvc cache clear speech
              rvc cache limit 20
    """,
    _cache_arguments,
    _cache,
)
