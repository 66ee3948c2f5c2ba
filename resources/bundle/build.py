"""Build the app without the engine as a folder that runs where no Python is: `python resources/bundle/build.py`.

Needs PyInstaller and `.[desktop]` in the Python that runs it. Works on the system that it is run on, and for it.
"""

import importlib.metadata
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD, DIST = ROOT / "build" / "bundle", ROOT / "dist"
PACKAGES = ("rvc", "remote_agent")
ICON_PX = 512
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


def main() -> None:
    """Stage the sources, draw the icon, and have PyInstaller do the rest."""
    stage = BUILD / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    stage_sources(stage / "sources")
    draw_icon(stage)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(BUILD / "out"), "--workpath", str(BUILD / "work")]
    subprocess.run([*command, str(Path(__file__).with_name("rvcstudio.spec"))], cwd=ROOT, check=True)
    print(pack())  # noqa: T201


def stage_sources(to: Path) -> None:
    """Copy the packages that the engine's own Python runs, with resources and metadata, as an installation has them."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, to / name, ignore=LEFT_OUT)
    shutil.copytree(ROOT / "resources", to / "rvc" / "resources", ignore=LEFT_OUT)
    own = importlib.metadata.distribution("rvc-studio")
    info = to / f"rvc_studio-{own.version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(own.read_text("METADATA") or "", encoding="utf-8")


def draw_icon(to: Path) -> None:
    """Draw the app's icon in the format that this system wants."""
    from PySide6.QtGui import QGuiApplication, QIcon

    _application = QGuiApplication(["build", "-platform", "offscreen"])
    picture = QIcon(str(ROOT / "resources" / "icons" / "app.svg")).pixmap(ICON_PX, ICON_PX)
    kind = {"win32": "ico", "darwin": "icns"}.get(sys.platform, "png")
    if not picture.save(str(to / f"icon.{kind}")):
        raise RuntimeError(f"Qt cannot write .{kind} here")


def pack() -> Path:
    """Put the bundle into one file, on Linux with what makes it known to the desktop."""
    DIST.mkdir(exist_ok=True)
    name = f"rvcstudio-{importlib.metadata.version('rvc-studio')}-{sys.platform}-{platform.machine().lower()}"
    out = BUILD / "out"
    if sys.platform != "linux":
        what = "RVC Studio.app" if sys.platform == "darwin" else "rvcstudio"
        return Path(shutil.make_archive(str(DIST / name), "zip", out, what))
    shutil.copy(Path(__file__).with_name("rvcstudio.desktop"), out / "rvcstudio")
    shutil.copy(BUILD / "stage" / "icon.png", out / "rvcstudio" / "rvcstudio.png")
    file = DIST / f"{name}.tar.xz"
    with tarfile.open(file, "w:xz", preset=2) as packed:
        packed.add(out / "rvcstudio", name)
    return file


if __name__ == "__main__":
    main()
