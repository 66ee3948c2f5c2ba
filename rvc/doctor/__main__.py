"""A check in its own process: `python -m rvc.doctor NAME` writes its findings, one JSON object a line."""

import json
import os
import sys

from rvc.doctor.probe import PROBES


def main(name: str) -> None:
    """Run one check."""
    write = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print is not ours
    with write:
        for finding in PROBES[name]():
            fields = finding.model_dump(mode="json", include={"code", "params"})
            write.write(f"{json.dumps(fields)}\n")
            write.flush()


if __name__ == "__main__":
    main(sys.argv[1])
