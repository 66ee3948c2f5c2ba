"""Build the app without the engine as a folder that runs where no Python is: `python resources/bundle/build.py`.

With a folder after it, it comes into `dist` of that one in place of the checkout, by way of `build` there. Needs
PyInstaller, uv and `.[desktop]` in the Python that runs it. Works on the system that it is run on, and for it.
"""

import importlib.metadata
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGES = ("rvc", "remote_agent")
ICON_PX = 512
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")


def main() -> None:
    """Stage the sources, draw the icon, and have PyInstaller do the rest."""
    place = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT
    build = place / "build" / "bundle"
    shutil.rmtree(build / "stage", ignore_errors=True)
    stage_sources(build / "stage" / "sources")
    draw_icon(build / "stage")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(build / "out"), "--workpath", str(build / "work")]
    subprocess.run([*command, str(HERE / "rvcstudio.spec")], cwd=ROOT, check=True)
    print(pack(build / "out", place / "dist"))  # noqa: T201


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


def pack(out: Path, to: Path) -> Path:
    """Put the bundle into one file, on Linux with what makes it known to the desktop."""
    to.mkdir(parents=True, exist_ok=True)
    name = f"rvcstudio-{importlib.metadata.version('rvc-studio')}-{sys.platform}-{platform.machine().lower()}"
    if sys.platform == "win32":
        return Path(shutil.make_archive(str(to / name), "zip", out, "rvcstudio"))
    if sys.platform == "darwin":
        packed = to / f"{name}.zip"
        # Python's zip files have no links, of which an app is full
        subprocess.run(
            ["ditto", "-c", "-k", "--keepParent", str(out / "RVC Studio.app"), str(packed)], check=True
        )
        return packed
    for file in (HERE / "rvcstudio.desktop", HERE / "install.sh", ROOT / "resources" / "icons" / "app.svg"):
        shutil.copy(file, out / "rvcstudio")
    packed = to / f"{name}.tar.xz"
    with tarfile.open(packed, "w:xz", preset=2) as tar:
        tar.add(out / "rvcstudio", name)
    return packed


if __name__ == "__main__":
    main()
