"""The keys by which computers are known: those the user's own `ssh` knows, and a file of ours for new ones."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import paramiko

from rvc import paths
from rvcstudio.paths import settings_file

THEIRS = (Path("~/.ssh/known_hosts"), Path("/etc/ssh/ssh_known_hosts"))  # read, never written


def own_file() -> Path:
    """Return where keys are kept that the user has accepted in the app."""
    return settings_file().with_name("known_hosts")


class KnownHosts:
    """Keys by the computer's name, or `[name]:port`. Files are read anew whenever a connection is made."""

    def __init__(self, own: Path | None = None, theirs: Sequence[Path] = THEIRS) -> None:
        self._own = own or own_file()
        self._theirs = [path.expanduser() for path in theirs]

    def teach(self, client: paramiko.SSHClient) -> None:
        """Tell a connection all keys; where two files differ, the user's own comes first."""
        for path in self._theirs:
            with contextlib.suppress(OSError):
                client.load_system_host_keys(str(path))
        if self._own.exists():
            client.load_host_keys(str(self._own))

    def trust(self, name: str, key: paramiko.PKey) -> None:
        """Know a computer by this key from now on."""
        self._write([*self._kept(name), f"{name} {key.get_name()} {key.get_base64()}"])

    def forget(self, name: str) -> None:
        """Know a computer no longer; what the user's own `ssh` knows stays."""
        if self._own.exists():
            self._write(self._kept(name))

    def where(self, name: str) -> Path | None:
        """Return the file that knows a computer."""
        for path in (*self._theirs, self._own):
            with contextlib.suppress(OSError):
                if paramiko.HostKeys(str(path)).lookup(name) is not None:
                    return path
        return None

    def _kept(self, name: str) -> list[str]:
        lines = self._own.read_text(encoding="utf-8").splitlines() if self._own.exists() else []
        return [line for line in lines if line.partition(" ")[0] != name]

    def _write(self, lines: list[str]) -> None:
        paths.write_text(self._own, "".join(f"{line}\n" for line in lines))
