"""The bundle's program: the app; or, called the way Python is called, a module of the app or a piece of code.

The app starts parts of itself as `sys.executable -m MODULE`; in a bundle that is this program.
"""

import runpy
import sys

SWITCHES = {"-P": 0, "-S": 0, "-I": 0, "-u": 0, "-W": 1}  # with how many words after them


def main() -> None:
    """Run what the arguments ask for."""
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
            from rvcstudio.__main__ import main as start_app

            sys.exit(start_app())


if __name__ == "__main__":
    main()
