"""Installs, starts and removes the agent on a computer that is reached over SSH: `bootstrap.sh`, run and read."""

import hashlib
import shlex
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from rvc.errors import Error, InputError
from rvc.events import Phase, Reporter
from rvcstudio.remote.bundle import Bundle
from rvcstudio.remote.refusals import Unreachable
from rvcstudio.remote.ssh import Line

SCRIPT = Path(__file__).with_name("bootstrap.sh")
PIECE_BYTES = 1 << 20
STEPS = 4  # of an installation
LOG_LINES = 12  # of what went wrong are shown
SYSTEMS = ("Linux", "Darwin")

HINTS = {
    "no_python": "Install Python 3.11, 3.12 or 3.13 with its venv module there, or give the path of one.",
    "packages": "See the lines above; when the network failed, install again: what is there is kept.",
    "broken_environment": "Choose another Python, or let the app make an environment of its own.",
    "damaged_sources": "Install again.",
    "does_not_start": "See the lines above.",
    "not_installed": "Install the agent first.",
    "busy": "Wait for its end; one that was broken off ends within a minute.",
    "foreign_agent": "It can be used as it is; stop it there to have the app's own.",
}

Said = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Probe:
    """What a computer has."""

    system: str
    machine: str
    libc: str
    python: str
    """Path and version of a Python that will do; empty where there is none."""
    uv: bool
    network: bool
    """Whether packages can be fetched from there."""
    version: str
    """Of the program that is installed; empty: none."""
    running: str | None
    """Of the agent that runs: empty for one that the app did not install, None where none runs."""
    free_bytes: int
    used_bytes: int
    gpus: tuple[str, ...]
    root: str

    @property
    def supported(self) -> bool:
        return self.system in SYSTEMS


class Host:
    """One user's own agent on one computer. Its methods wait for the network: call them in a task."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._lock = threading.RLock()
        self._place: tuple[str, int] | None = None

    def probe(self) -> Probe:
        """Look at the computer."""
        told = self._run("probe")
        return Probe(
            system=told.one("system"),
            machine=told.one("machine"),
            libc=told.one("libc"),
            python=told.one("python"),
            uv=bool(told.one("uv")),
            network=told.one("network") == "yes",
            version=told.one("version"),
            running=told.one("running") if told.one("url") else None,
            free_bytes=int(told.one("free_kb") or 0) * 1024,
            used_bytes=int(told.one("used_kb") or 0) * 1024,
            gpus=tuple(told.all("gpu")),
            root=told.one("root"),
        )

    def install(
        self, bundle: Bundle, reporter: Reporter, *, python: str = "", wheels: Path | None = None
    ) -> None:
        """Send the program, make its environment, and use it from now on; running jobs are left alone.

        `python` is one there that has all packages; `wheels` a folder of packages for a computer without network.
        Lines of the installation come as log events. It may be stopped and run again.
        """
        root = self.probe().root
        sent = {bundle.file: "incoming"} | dict.fromkeys(
            sorted(wheels.glob("*.whl") if wheels else []), "wheels"
        )
        self._shell(f"mkdir -p {shlex.quote(f'{root}/incoming')} {shlex.quote(f'{root}/wheels')}")
        with reporter.phase("send", sum(file.stat().st_size for file in sent), unit="bytes") as phase:
            for file, folder in sent.items():
                self._send(file, f"{root}/{folder}/{file.name}", phase.advance)
        options = [*(("--python", python) if python else ()), *(("--wheels",) if wheels else ())]
        with reporter.phase("install", STEPS) as phase:
            self._run("install", bundle.version, *options, said=lambda line: _report(line, reporter, phase))

    def start(self) -> None:
        """Run the agent, the installed version of it, so that it outlives this connection."""
        with self._lock:
            self._take_place(self._run("start"))

    def stop(self) -> None:
        """End the agent; its jobs go on."""
        self._place = None
        self._run("stop")

    def place(self, fresh: bool = False) -> tuple[str, int]:
        """Return where the agent listens there, as `SshTransport` asks; one that went down is started again."""
        with self._lock:
            if fresh or self._place is None:
                told = self._run("place")
                if not told.one("url"):
                    told = self._run("start")
                self._take_place(told)
            assert self._place is not None
            return self._place

    def _take_place(self, told: "Told") -> None:
        url = urlsplit(told.one("url"))
        if not url.hostname or not url.port:
            raise Error("agent_unreachable", "No agent runs there.", "Install it, or start it.")
        self._place = (url.hostname, url.port)

    def token(self, name: str) -> str:
        """Make a token; earlier ones of that name are worth nothing then."""
        return self._run("token", name).one("token")

    def free(self) -> int:
        """Delete versions, environments and files that nothing uses any more, and return how many bytes those were."""
        return int(self._run("free").one("freed_kb") or 0) * 1024

    def uninstall(self, *, data: bool) -> None:
        """Remove the program, and with `data` everybody's jobs, models and uploads there."""
        self._place = None
        self._run("uninstall", *(["--data"] if data else []))

    def _shell(self, command: str, given: bytes = b"") -> list[str]:
        """Run a command in a plain shell, whatever shell the user has."""
        return list(self.line.run(f"sh -c {shlex.quote(command)}", given))

    def _run(self, command: str, *words: str, said: Said = lambda _: None) -> "Told":
        """Run the script; raises `InputError` with the code that it names where it fails."""
        told = Told()
        arguments = " ".join(shlex.quote(word) for word in (command, *words))
        try:
            for line in self.line.run(f"sh -s -- {arguments}", SCRIPT.read_bytes()):
                told.hear(line)
                said(line)
        except Error as error:
            if isinstance(error, Unreachable) or error.code != "command_failed":
                raise
            told.fail()
            raise
        told.check()
        return told

    def _send(self, file: Path, to: str, advance: Callable[[int], None]) -> None:
        """Send a file, from where an earlier try was cut off, and compare what arrived."""
        place = shlex.quote(to)
        size = file.stat().st_size
        there = int(self._shell(f"wc -c 2>/dev/null <{place} || echo 0")[-1])
        offset = there if there <= size else 0
        advance(offset)
        redirect = ">>" if offset else ">"
        if offset < size:
            command = f"sh -c {shlex.quote(f'umask 077; cat {redirect}{place}')}"
            list(self.line.run(command, _pieces(file, offset, advance)))
        with file.open("rb") as stream:
            wanted = hashlib.file_digest(stream, "sha256").hexdigest()
        found = self._shell(f"sha256sum {place} 2>/dev/null || shasum -a 256 {place}")[-1].split()[0]
        if found.lstrip("\\") != wanted:
            self._shell(f"rm -f {place}")
            raise Error("damaged_upload", f"{file.name} was damaged on its way.", "Install again.")


class Told:
    """What the script has said."""

    def __init__(self) -> None:
        self._said: list[tuple[str, str]] = []
        self._log: list[str] = []

    def hear(self, line: str) -> None:
        if line.startswith("@"):
            name, _, value = line[1:].partition(" ")
            self._said.append((name, value.strip()))
        elif line.strip():
            self._log.append(line.strip())

    def one(self, name: str) -> str:
        """Return the last value of a name; empty where none was told."""
        return next((value for known, value in reversed(self._said) if known == name), "")

    def all(self, name: str) -> list[str]:
        return [value for known, value in self._said if known == name]

    def fail(self) -> None:
        """Raise what the script says went wrong, with the end of its log."""
        code, _, text = self.one("failed").partition(" ")
        log = "\n".join(self._log[-LOG_LINES:])
        if not code:
            raise Error("script_failed", f"The installation broke off.\n{log}".strip(), "Try it again.")
        text = f"{text[:1].upper()}{text[1:]}." if text else "It could not be done."
        raise InputError(code, f"{text}\n{log}".strip(), HINTS.get(code, ""))

    def check(self) -> None:
        """Raise where the script did not come to its end."""
        if not self.one("done"):
            self.fail()


def _report(line: str, reporter: Reporter, phase: Phase) -> None:
    """Make events of what the script says while it installs. Raises `Paused` when asked to stop."""
    if line.startswith("@step "):
        _, number, _total, name = line.split()
        phase.advance(int(number) - 1 - phase.step)
        reporter.log("install_step", name)
    elif line.strip() and not line.startswith("@"):
        reporter.log("install_line", line.strip())
        phase.advance(0)


def _pieces(file: Path, offset: int, advance: Callable[[int], None]) -> Iterator[bytes]:
    with file.open("rb") as stream:
        stream.seek(offset)
        while piece := stream.read(PIECE_BYTES):
            yield piece
            advance(len(piece))
