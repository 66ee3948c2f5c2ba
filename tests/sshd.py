"""A real sshd on this machine, run by the current user on a free port, with keys and settings of its own.

    with running(tmp_path / "sshd") as server:
        client = server.connect()  # a paramiko.SSHClient that knows the host's key

It can be stopped and started again, cut all its connections, and change its host key, as hosts do.
"""

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from rvcstudio.remote.address import Address
from tests.jobs import until
from tests.receivers import free_port

paramiko = pytest.importorskip("paramiko", reason="the desktop's packages are not installed")

HOST = "127.0.0.1"
SEPARATED = Path("/run/sshd")  # sshd run by root wants this folder, which its service makes
TIMEOUT_S = 30.0
CONFIG = """\
ListenAddress {host}
Port {port}
HostKey {folder}/host_key
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
MaxStartups 100
MaxSessions 100
Subsystem sftp internal-sftp
{more}
"""


class Sshd:
    """A server: `host`, `port`, `user`, the private key file `key`, and `known_hosts` with its own key."""

    def __init__(self, folder: Path, more: str = "") -> None:
        self.folder = folder
        self.host = HOST
        self.port = free_port()
        self.user = getpass.getuser()
        self.key = folder / "user_key"
        self.known_hosts = folder / "known_hosts"
        self._more = more
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True)
        _make_key(self.key)
        shutil.copy(self.key.with_suffix(".pub"), folder / "authorized_keys")
        self.change_host_key()

    @property
    def address(self) -> Address:
        """How the app is told of it."""
        return Address(host=self.host, port=self.port, user=self.user, key_file=self.key)

    def change_host_key(self) -> None:
        """Give the host a new key, which it shows when it is started the next time."""
        for path in (self.folder / "host_key", self.folder / "host_key.pub"):
            path.unlink(missing_ok=True)
        _make_key(self.folder / "host_key")
        public = (self.folder / "host_key.pub").read_text().split()[:2]
        self.known_hosts.write_text(f"[{self.host}]:{self.port} {' '.join(public)}\n")

    def start(self) -> None:
        """Listen; returns when connections are taken."""
        config = self.folder / "sshd_config"
        facts = {"host": self.host, "port": self.port, "folder": self.folder, "more": self._more}
        config.write_text(CONFIG.format(**facts))
        command = [_program(), "-D", "-f", str(config), "-E", str(self.folder / "sshd.log")]
        self._process = subprocess.Popen(command, start_new_session=True)
        until(self._listens, lambda: f"sshd listens: {self.log}")

    def _listens(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self.log
        with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), 1) as line:
            line.settimeout(TIMEOUT_S)
            return line.recv(4) == b"SSH-"
        return False

    @property
    def log(self) -> str:
        """What the server has said so far."""
        path = self.folder / "sshd.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def stop(self) -> None:
        """Take no connection any more, and cut those that there are."""
        if self._process is not None:
            self.cut()
            self._process.kill()
            self._process.wait()
            self._process = None

    def cut(self) -> None:
        """End all connections at once, as a network does; new ones are taken."""
        assert self._process is not None
        children = psutil.Process(self._process.pid).children(recursive=True)
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                if child.name().startswith("sshd"):  # what was started through them may live on
                    child.send_signal(signal.SIGKILL)
        psutil.wait_procs(children, timeout=1)

    def connect(self) -> "paramiko.SSHClient":
        """Return a client that is logged in."""
        client = paramiko.SSHClient()
        client.load_host_keys(str(self.known_hosts))
        client.connect(
            self.host,
            self.port,
            self.user,
            key_filename=str(self.key),
            look_for_keys=False,
            allow_agent=False,
            timeout=TIMEOUT_S,
        )
        return client


def _program() -> str:
    """Return sshd's path, which sshd insists on being absolute; skips the test where there is none."""
    program = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin")
    if program is None or shutil.which("ssh-keygen") is None:
        pytest.skip("there is no sshd on this machine")
    return program


def _make_key(path: Path) -> None:
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(path)]
    subprocess.run(command, check=True)


@contextlib.contextmanager
def running(folder: Path, more: str = "") -> Iterator[Sshd]:
    """Run a server until the block ends; `more` are further lines of its configuration."""
    _program()
    if os.geteuid() == 0:
        SEPARATED.mkdir(mode=0o755, exist_ok=True)
    server = Sshd(folder, more)
    server.start()
    try:
        yield server
    finally:
        server.stop()
