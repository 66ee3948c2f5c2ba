"""The bundle's program: the app; or, called the way Python is called, a module of the app or a piece of code.

The app starts parts of itself as `sys.executable -m MODULE`; in a bundle that is this program.
"""

import os
import runpy
import sys

SWITCHES = {"-P": 0, "-S": 0, "-I": 0, "-u": 0, "-W": 1}  # with how many words after them
LIBRARIES, LIBRARIES_BEFORE = "LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG"  # PyInstaller keeps what it replaces
PLUGINS = "QT_PLUGIN_PATH"


def main() -> None:
    """Run what the arguments ask for."""
    if getattr(sys, "frozen", False):
        leave_others_alone()
    have_outputs()
    arguments = sys.argv[1:]
    while arguments and arguments[0] in SWITCHES:
        del arguments[: 1 + SWITCHES[arguments[0]]]
    match arguments:
        case ["-m", module, *_]:
            sys.argv = arguments[1:]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        case ["-c", code, *_]:
            sys.argv = ["-c", *arguments[2:]]
            exec(code, {"__name__": "__main__"})
        case _:
            if plugins := os.environ.pop(PLUGINS, None):
                from PySide6.QtCore import QCoreApplication

                QCoreApplication.addLibraryPath(plugins)
            from rvcstudio.__main__ import main as start_app

            sys.exit(start_app())


def leave_others_alone() -> None:
    """Let the programs that this one starts look for libraries where they would without it.

    This one has read its own way already: see "Launching External Programs" in PyInstaller's documentation. The
    engine's Python, a browser or a file manager may break by libraries of other versions.
    """
    os.environ.pop(LIBRARIES, None)
    if before := os.environ.pop(LIBRARIES_BEFORE, None):
        os.environ[LIBRARIES] = before
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"  # another one of this program finds its way anew
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetDllDirectoryW(None)


def have_outputs() -> None:
    """Give those who write without asking somewhere to write to: a window's program on Windows has no outputs."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - to the end


if __name__ == "__main__":
    main()
