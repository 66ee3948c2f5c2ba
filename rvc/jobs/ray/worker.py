"""`python -m rvc.jobs.ray.worker JOBDIR`: a worker on a machine of a cluster, which shares the queue's folder.

It does what every worker does, once it has seen that the folder is the queue's own, with locks that reach from one
machine to the other: without them two workers could have the same job.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rvc.errors import InputError
from rvc.jobs import worker
from rvc.jobs.folder import JobFolder
from rvc.jobs.launch import LOCK
from rvc.jobs.locks import is_free
from rvc.jobs.record import Outcome
from rvc.jobs.tasks import Task
from rvc.jobs.wire import Failure

PATIENCE_S = 20.0  # for a new dispatcher where one has just ended
POLL_S = 0.5
WITHOUT_LOCKS = Failure(
    code="storage_without_locks",
    text="The machines of the cluster do not see each other's locks in the folder of the jobs.",
    hint="Share it by a file system with locks between machines, which the agent's machine mounts as well.",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the job of a folder, if the storage is fit for it; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m rvc.jobs.ray.worker")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--task", required=True)
    given, others = parser.parse_known_args(argv)
    if not given.folder.is_dir():
        sys.stderr.write(f"There is no folder {given.folder} on this machine.\n")
        return InputError.exit_code
    if not _sees_dispatcher(given.folder.parent, PATIENCE_S):
        attempt = Task.model_validate_json(given.task).attempt
        JobFolder(given.folder).write_outcome(Outcome(attempt=attempt, end="failed", failure=WITHOUT_LOCKS))
        return InputError.exit_code
    return worker.main([str(given.folder), "--task", given.task, *others])


def _sees_dispatcher(home: Path, patience_s: float) -> bool:
    """Tell whether this machine sees the lock that the dispatcher holds on its own."""
    deadline = time.monotonic() + patience_s
    while is_free(home / LOCK):
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_S)
    return True


if __name__ == "__main__":
    sys.exit(main())
