"""The log, and the report that the user can copy: versions, devices, last lines, without names and folders."""

import getpass
import logging
import platform
import re
import socket
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import qVersion

from rvc import paths
from rvcstudio.paths import log_dir

LOG_BYTES = 1_000_000
LOG_FILES = 3
LINES_IN_REPORT = 200
PACKAGES = ("rvc-studio", "PySide6-Essentials", "sounddevice", "paramiko", "torch", "onnxruntime", "numpy")

ADDRESS = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
QUOTED = re.compile(r"""(?<=["'])(?:[A-Za-z]:\\|/)[^"'\n]*[/\\]""")  # may have spaces in it
FOLDER = re.compile(r"""(?:[A-Za-z]:\\|/)(?:[^\s"'<>|:,]+[/\\])+""")


def log_file() -> Path:
    return log_dir() / "rvcstudio.log"


def start_log() -> None:
    """Write what the program logs to a file that never grows large."""
    paths.make_dir(log_dir())
    handler = RotatingFileHandler(log_file(), maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)


def report(trace: str = "", private: tuple[str, ...] = ()) -> str:
    """Return versions, the machine, a traceback and the end of the log, redacted; `private` names go too."""
    parts = [*_versions(), "", trace.strip(), "", "Log:", *_log_lines()]
    return redact("\n".join(parts), private)


def _versions() -> list[str]:
    from importlib import metadata

    lines = [
        f"{platform.platform()}, {platform.machine()}",
        f"Python {platform.python_version()}, Qt {qVersion()}",
    ]
    for package in PACKAGES:
        try:
            lines.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            lines.append(f"{package}: not installed")
    return lines


def _log_lines() -> list[str]:
    try:
        return log_file().read_text(encoding="utf-8", errors="replace").splitlines()[-LINES_IN_REPORT:]
    except OSError:
        return ["(there is none)"]


def redact(text: str, private: tuple[str, ...] = ()) -> str:
    """Take out of a text: folders, the user's name, this computer's name, addresses, and `private` names."""
    for name in sorted(filter(None, private), key=len, reverse=True):
        text = text.replace(name, "<name>")
    text = text.replace(str(Path.home()), "~")
    text = FOLDER.sub(_last_folder, QUOTED.sub(_last_folder, text))
    text = MAIL.sub("<mail>", text)
    text = ADDRESS.sub("<address>", text)
    for word, mark in ((getpass.getuser(), "<user>"), (socket.gethostname(), "<computer>")):
        text = re.sub(rf"\b{re.escape(word)}\b", mark, text) if len(word) > 1 else text
    return text


def _last_folder(found: re.Match[str]) -> str:
    """Keep of a folder in this program or its libraries what a developer needs, of others nothing."""
    folder = found.group().replace("\\", "/")
    for mark in ("/site-packages/", "/rvcstudio/", "/rvc/", "/lib/python"):
        if mark in folder:
            return "…" + folder[folder.rindex(mark) :]
    return "<folder>/"
