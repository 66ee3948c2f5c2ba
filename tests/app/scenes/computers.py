"""States of the page of computers."""

from types import SimpleNamespace

import paramiko

from rvc.errors import Error
from rvc.events import Log, Progress
from rvc.jobs.load import GpuLoad, MachineLoad, QueueLoad
from rvcstudio.app import App
from rvcstudio.remote.address import Address, Hop
from rvcstudio.remote.computers import Computer, View
from rvcstudio.remote.deploy import Probe
from rvcstudio.remote.reach import Reach
from rvcstudio.remote.refusals import UnknownHost, Unreachable
from rvcstudio.remote.transfers import Transfer
from rvcstudio.ui.computers_dialog import ComputerDialog

GB = 10**9
GPU = GpuLoad(name="NVIDIA GeForce RTX 4090", memory_bytes=24 * GB, used_bytes=7 * GB, load=0.86, leased=True)
PROBE = Probe(
    *("Linux", "x86_64", "2.36", "/usr/bin/python3.11 3.11.2"),
    uv=True,
    network=True,
    version="",
    running=None,
    free_bytes=412 * GB,
    used_bytes=0,
    gpus=("NVIDIA GeForce RTX 4090, 24564 MiB",),
    root="/home/mina/.local/share/rvc-studio/agent-program",
)


def connected(app: App) -> None:
    """Show two other computers, of which one is away."""
    app.studio.go("computers")
    computers = app.studio.computers
    computers.stop_looking(app.window.page)
    computers._here.view = View("ready", _load(queue=QueueLoad()))
    busy = _load(GPU, queue=QueueLoad(running=1, waiting=2, own_running=1))
    transfer = Transfer(120 * 10**6, 340 * 10**6)
    _add(app, "studio-pc", View("ready", busy, transfer, version="0.1.0-3f9c21aa07", can_update=True))
    server = computers.new("gpu.example.org", "address", url="https://gpu.example.org:8765")
    free = [
        GPU.model_copy(update={"name": f"NVIDIA H200 ({n})", "memory_bytes": 141 * GB, "load": 0.0})
        for n in "12"
    ]
    _add(app, server.name, View("ready", _load(*free, queue=QueueLoad())))
    _add(app, "workshop", View("ready", _load(queue=QueueLoad()), version="0.1.0", is_joined=True))
    hop = Hop("attic", 22, "mina", "attic")
    _add(app, "attic", View("away", error=Unreachable(hop, "No route to host")))


def unknown_key(app: App) -> None:
    """Ask whether a computer is the right one."""
    dialog = _dialog(app)
    key = paramiko.PKey.from_type_string("ssh-ed25519", _public_key())
    dialog._fail(UnknownHost(Hop("gpu.example.org", 22, "mina", "gpu.example.org"), key))


def new_computer(app: App) -> None:
    """Ask where a computer is."""
    app.studio.go("computers", new=True)


def found(app: App) -> None:
    """Say what a computer has."""
    _dialog(app)._offer(PROBE)


def installing(app: App) -> None:
    """Show an installation on its way."""
    dialog = _dialog(app)
    dialog._offer(PROBE)
    dialog._show(
        dialog._installing, dialog.tr("Installing on {name}").format(name="studio-pc"), "", dialog.tr("Stop")
    )
    installing = dialog._installing
    installing._hear(Progress(phase="install", step=1, total=4))
    installing._hear(Log(code="install_step", text="environment"))
    for line in ("Using CPython 3.12.8", "Resolved 61 packages in 1.32s", "Downloading torch (846.8MiB)"):
        installing._hear(Log(code="install_line", text=line))


def refused(app: App) -> None:
    """Say that it did not work."""
    _dialog(app)._fail(Error("packages", "uv could not install.", "When the network failed, install again."))


def _dialog(app: App) -> ComputerDialog:
    app.studio.go("computers")
    app.studio.computers.stop_looking(app.window.page)
    dialog = ComputerDialog(app.studio, app.window)
    computer = app.studio.computers.new(
        "studio-pc", "own", address=Address(host="gpu.example.org", user="mina")
    )
    dialog._reach = Reach(computer, app.studio.computers.secrets)
    dialog.open()
    return dialog


def _load(*gpus: GpuLoad, queue: QueueLoad) -> MachineLoad:
    return MachineLoad(
        system="Linux x86_64",
        processors=16,
        load=0.21,
        memory_bytes=64 * GB,
        used_bytes=19 * GB,
        disk_bytes=2000 * GB,
        free_bytes=734 * GB,
        gpus=list(gpus),
        queue=queue,
    )


def _add(app: App, name: str, view: View) -> None:
    """Show a computer as it would look, without going there."""
    computers = app.studio.computers
    computer = Computer(id=name, name=name, address=Address(host=name, user="mina"))
    known = SimpleNamespace(computer=computer, view=view, reach=None, looking=True)
    computers._known[name] = known
    computers.changed.emit()


def _public_key() -> bytes:
    """Return an Ed25519 public key as SSH writes it; any 32 bytes are one."""
    message = paramiko.Message()
    message.add_string("ssh-ed25519")
    message.add_string(bytes(range(32)))
    return message.asbytes()
