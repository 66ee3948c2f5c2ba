"""`python -m tests.contract.record HOME`: keep what this version writes on the wire, for later versions to read.

Recordings of a version that was released are never made again: a new version gets a folder of its own.
"""

import shutil
import sys
from pathlib import Path

from rvc.jobs import LocalJobs
from rvc.jobs.wire import WIRE_VERSION

RECORDED = Path(__file__).parent / f"wire-{WIRE_VERSION}"


def record(home: Path) -> None:
    """Write every job of a queue, and its events, named after its kind and how it ended."""
    RECORDED.mkdir(exist_ok=True)
    jobs = LocalJobs(home, slots_folder=home)
    for job in jobs.jobs():
        name = f"{job.kind}-{job.state}"
        (RECORDED / f"job-{name}.json").write_text(job.model_dump_json(indent=1) + "\n", encoding="utf-8")
        shutil.copyfile(home / job.id / "events.jsonl", RECORDED / f"events-{name}.jsonl")


if __name__ == "__main__":
    record(Path(sys.argv[1]))
