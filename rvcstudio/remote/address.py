"""Where a computer is and how one signs in there, with what the user's own `~/.ssh/config` says about it."""

import getpass
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rvc.errors import InputError

if TYPE_CHECKING:
    import paramiko

PORT = 22
CONFIG = Path("~/.ssh/config")
HOPS_MAX = 5
INCLUDES_MAX = 20
WRITTEN = re.compile(r"(?:(?P<user>[^@\s]+)@)?(?P<host>\[[^\]\s]+\]|[^:@\s]+)(?::(?P<port>\d{1,5}))?")

SignIn = Literal["keys", "password"]


class Address(BaseModel):
    """A computer as the user names it. What is left empty comes from `~/.ssh/config`, else from the system."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    host: str = Field(min_length=1, description="a name, an address, or an alias of `~/.ssh/config`")
    user: str = ""
    port: int | None = Field(None, ge=1, le=65535)
    sign_in: SignIn = Field("keys", description="keys: the key file, the SSH agent, and the usual key files")
    key_file: Path | None = None
    jump: str = Field("", description="computers on the way, as user@host:port, divided by commas")


@dataclass(frozen=True, slots=True)
class Hop:
    """One computer on the way, with nothing left open."""

    host: str
    port: int
    user: str
    known_as: str
    """The name under which its key is known."""
    keys: tuple[Path, ...] = ()
    only_these_keys: bool = False
    sign_in: SignIn = "keys"
    command: str = ""
    """A program that makes the connection in place of a socket (ProxyCommand)."""

    @property
    def key_name(self) -> str:
        """How files of known hosts name it."""
        return self.known_as if self.port == PORT else f"[{self.known_as}]:{self.port}"

    def __str__(self) -> str:
        return f"{self.user}@{self.host}" + ("" if self.port == PORT else f":{self.port}")


def parse(text: str) -> Address:
    """Read `[user@]host[:port]`, as people write it. Raises `InputError` bad_address."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None or not 0 < int(found["port"] or PORT) <= 65535:
        raise InputError(
            "bad_address", f"{text!r} is no address of a computer.", "Write it as name, or user@name:port."
        )
    port = int(found["port"]) if found["port"] else None
    return Address(host=found["host"].strip("[]"), user=found["user"] or "", port=port)


def read_config(file: Path = CONFIG) -> "paramiko.SSHConfig":
    """Read the user's SSH settings; an empty one where there are none. Raises `InputError` bad_ssh_config."""
    import paramiko

    file = file.expanduser()
    try:
        return paramiko.SSHConfig.from_text("\n".join(_lines(file)))
    except (OSError, UnicodeError, paramiko.SSHException) as error:
        raise InputError(
            "bad_ssh_config", f"{file} cannot be read: {error}.", "Correct that file."
        ) from error


def _lines(file: Path, depth: int = 0) -> Iterator[str]:
    """Yield the lines of a file, with those of the files that it includes in their places."""
    if not file.is_file() or depth > INCLUDES_MAX:
        return
    for line in file.read_text(encoding="utf-8").splitlines():
        word, _, rest = line.strip().replace("=", " ", 1).partition(" ")
        if word.lower() != "include":
            yield line
            continue
        for pattern in rest.split():
            for included in _matching(pattern.strip('"'), file.parent):
                yield from _lines(included, depth + 1)


def _matching(pattern: str, folder: Path) -> list[Path]:
    path = folder / Path(pattern).expanduser()
    return sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))


def aliases(config: "paramiko.SSHConfig") -> list[str]:
    """Return the computers that the user's SSH settings name."""
    return sorted(name for name in config.get_hostnames() if not set("*?!") & set(name))


def route(address: Address, config: "paramiko.SSHConfig") -> list[Hop]:
    """Return the computers on the way to an address, which is the last. Raises `InputError`."""
    found: dict[str, Any] = dict(config.lookup(address.host))
    hop = _hop(address, found)
    jumps = address.jump or found.get("proxyjump", "")
    if jumps.lower() in ("", "none"):
        return [hop]
    return [*_way(jumps.split(","), config, 1), hop]


def _way(jumps: list[str], config: "paramiko.SSHConfig", depth: int) -> list[Hop]:
    """Return the hops of a chain; only the first one's own jump hosts count, as with ssh."""
    if depth > HOPS_MAX:
        raise InputError("too_many_hops", "The jump hosts in ~/.ssh/config lead in a circle.", "Correct it.")
    addresses = [parse(jump) for jump in jumps]
    founds: list[dict[str, Any]] = [dict(config.lookup(address.host)) for address in addresses]
    hops = [_hop(address, found) for address, found in zip(addresses, founds, strict=True)]
    before = founds[0].get("proxyjump", "none")
    return hops if before.lower() == "none" else [*_way(before.split(","), config, depth + 1), *hops]


def _hop(address: Address, found: dict[str, Any]) -> Hop:
    host = found.get("hostname", address.host)
    keys = [address.key_file] if address.key_file else [Path(name) for name in found.get("identityfile", [])]
    command = found.get("proxycommand", "none")
    return Hop(
        host=host,
        port=address.port or int(found.get("port", PORT)),
        user=address.user or found.get("user") or getpass.getuser(),
        known_as=found.get("hostkeyalias", host),
        keys=tuple(key.expanduser() for key in keys),
        only_these_keys=found.get("identitiesonly", "no").lower() == "yes",
        sign_in=address.sign_in,
        command="" if command.lower() == "none" or address.jump else command,
    )
