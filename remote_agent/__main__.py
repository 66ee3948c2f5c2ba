"""`rvc-agent`: says that this version has no agent yet, so that nobody waits for one."""

import sys


def main() -> int:
    """Print one sentence and return 1."""
    print("rvc-agent: the agent is not part of this version of RVC Studio; `rvc` is.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
