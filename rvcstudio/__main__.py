"""`rvcstudio`: says that this version has no app yet, so that nobody waits for a window."""

import sys


def main() -> int:
    """Print one sentence and return 1."""
    print("rvcstudio: the desktop app is not part of this version of RVC Studio; `rvc` is.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
