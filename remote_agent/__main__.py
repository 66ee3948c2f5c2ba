"""`rvc-agent serve | status | stop | token | unit`: the headless service.

Exits 0 (done), 2 (usage), 3 (bad input, with one clear sentence), or 1 (anything else; no agent runs).
"""

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from rvc import __version__
from rvc.errors import Error, InputError
from rvc.options import complaint

if TYPE_CHECKING:
    from remote_agent.users import Users

PACKAGES = {"fastapi", "python_multipart", "starlette", "uvicorn"}
EXTRA = "rvc-agent: the agent's packages are missing. Run `pip install 'rvc-studio[agent]'`."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        return int(arguments.run(arguments))
    except Error as error:
        print(f"rvc-agent: {error}", file=sys.stderr)
        return error.exit_code
    except ModuleNotFoundError as error:
        if error.name not in PACKAGES:
            raise
        print(EXTRA, file=sys.stderr)
        return InputError.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="rvc-agent",
        description="Trains voices and converts recordings for others, over HTTP.",
        epilog="Start with `rvc-agent token add NAME`, then `rvc-agent serve`.",
    )
    parser.add_argument("--version", action="version", version=f"rvc-agent {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    serve = commands.add_parser("serve", help="run until stopped")
    _add_settings(serve)
    serve.set_defaults(run=_serve)
    status = commands.add_parser("status", help="tell whether an agent runs, and where")
    status.set_defaults(run=_status)
    stop = commands.add_parser("stop", help="end the agent; jobs go on")
    stop.set_defaults(run=_stop)
    unit = commands.add_parser("unit", help="print a systemd user unit that serves with these options")
    _add_settings(unit)
    unit.set_defaults(run=_unit)
    _add_token(commands.add_parser("token", help="give and take access"))
    for one in (serve, status, stop, unit):
        _add_common(one)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--home", type=Path, metavar="DIR", help="where users, jobs and uploads are kept")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    from remote_agent.settings import AgentSettings

    for name, field in AgentSettings.model_fields.items():
        if field.description:
            default = "" if field.default is None else f" (default: {field.default})"
            option = f"--{name.replace('_', '-')}"
            parser.add_argument(option, metavar="X", help=f"{field.description}{default}")


def _add_token(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    add = actions.add_parser("add", help="make a user's token, and print nothing else")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--admin", action="store_true", help="may see everybody's jobs, and the metrics")
    add.set_defaults(token=_add)
    listing = actions.add_parser("list", help="name the users")
    listing.set_defaults(token=_list)
    revoke = actions.add_parser("revoke", help="make a user's token worthless")
    revoke.add_argument("name", metavar="NAME")
    revoke.set_defaults(token=_revoke)
    for one in (add, listing, revoke):
        _add_common(one)
    parser.set_defaults(run=_token)


def _home(arguments: argparse.Namespace) -> Path:
    from remote_agent.settings import default_home

    return (arguments.home or default_home()).expanduser().resolve()


def _given(arguments: argparse.Namespace) -> dict[str, str]:
    from remote_agent.settings import AgentSettings

    known = {name: getattr(arguments, name, None) for name in AgentSettings.model_fields}
    return {name: str(value) for name, value in known.items() if value is not None}


def _serve(arguments: argparse.Namespace) -> int:
    from remote_agent.serving import serve
    from remote_agent.settings import AgentSettings

    try:
        settings = AgentSettings.model_validate({**_given(arguments), "home": _home(arguments)})
    except ValidationError as error:
        text = complaint(error, AgentSettings)
        raise InputError("bad_setting", text, "See `rvc-agent serve --help`.") from error
    serve(settings, lambda url: _say(arguments, f"The agent listens on {url}.", url=url))
    return 0


def _say(arguments: argparse.Namespace, text: str, **facts: object) -> None:
    print(json.dumps(facts) if arguments.json else text, flush=True)


def _status(arguments: argparse.Namespace) -> int:
    from remote_agent.serving import running

    card = running(_home(arguments))
    if card is None:
        _say(arguments, "No agent runs.", running=False)
        return 1
    _say(
        arguments, f"The agent listens on {card.url} (process {card.pid}).", running=True, **card.model_dump()
    )
    return 0


def _stop(arguments: argparse.Namespace) -> int:
    from remote_agent.serving import stop

    card = stop(_home(arguments))
    _say(arguments, "The agent has ended; its jobs go on." if card else "No agent runs.", stopped=bool(card))
    return 0


def _unit(arguments: argparse.Namespace) -> int:
    from remote_agent.unit import write_unit

    options = [
        part for name, value in _given(arguments).items() for part in (f"--{name.replace('_', '-')}", value)
    ]
    print(write_unit(options), end="")
    return 0


def _token(arguments: argparse.Namespace) -> int:
    from remote_agent.users import Users

    return int(arguments.token(arguments, Users(_home(arguments))))


def _add(arguments: argparse.Namespace, users: "Users") -> int:
    token = users.add(arguments.name, "admin" if arguments.admin else "user")
    _say(arguments, token, name=arguments.name, token=token)
    return 0


def _list(arguments: argparse.Namespace, users: "Users") -> int:
    found = users.all()
    if not found:
        print("Nobody has a token yet: `rvc-agent token add NAME` gives one.", file=sys.stderr)
    for card in found:
        facts = card.model_dump(mode="json", exclude={"token_sha256"})
        state = "revoked" if card.revoked else card.role
        _say(arguments, f"{card.name:32} {state:8} since {card.created:%Y-%m-%d}", **facts)
    return 0


def _revoke(arguments: argparse.Namespace, users: "Users") -> int:
    users.revoke(arguments.name)
    _say(arguments, f"The token of {arguments.name} is worthless now.", revoked=arguments.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
