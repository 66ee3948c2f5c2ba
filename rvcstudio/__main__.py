"""`rvcstudio`: starts the desktop app."""

import argparse
import sys
from pathlib import Path

from rvc.errors import Error, InputError


def main() -> int:
    """Run the app and return its exit status."""
    parser = argparse.ArgumentParser(prog="rvcstudio", description="Record, train, convert, listen.")
    parser.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="recordings, models or voices to open"
    )
    arguments = parser.parse_args()
    try:
        from rvcstudio.app import run
    except ImportError as error:
        print(_missing(error), file=sys.stderr)
        return InputError.exit_code
    try:
        return run(arguments.files)
    except Error as error:
        print(error, file=sys.stderr)
        return error.exit_code


def _missing(error: ImportError) -> str:
    return f"{error.name or error} is not installed. Run: pip install 'rvc-studio[desktop]'"


if __name__ == "__main__":
    sys.exit(main())
