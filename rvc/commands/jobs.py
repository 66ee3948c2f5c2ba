"""The command that looks after jobs: work that goes on in the background, one after another."""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rvc.commands.command import Command
from rvc.console import duration
from rvc.errors import Error, InputError, Paused
from rvc.events import Done, Reporter

if TYPE_CHECKING:
    from rvc.jobs import Job, LocalJobs

WATCH_S = 0.5  # until a Ctrl-C is noticed


def _jobs_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=tuple(ACTIONS), help="what to do")
    parser.add_argument(
        "items",
        nargs="*",
        metavar="ITEM",
        help="a job's number or id; for submit: what to do, as JSON or a file of it, then ROLE=PATH for every input",
    )
    parser.add_argument(
        "--out", type=Path, default=Path(), metavar="DIR", help="where fetch puts the results"
    )
    parser.add_argument(
        "--work-days", type=float, metavar="N", help="clean: checkpoints of jobs done longer ago than this"
    )
    parser.add_argument(
        "--job-days", type=float, metavar="N", help="clean: all of jobs that ended longer ago than this"
    )
    parser.add_argument("--pretend", action="store_true", help="clean: only say what would be removed")


def _jobs(arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.jobs import LocalJobs

    return ACTIONS[arguments.action](LocalJobs(), arguments, reporter)


def _list(jobs: "LocalJobs", _arguments: argparse.Namespace, reporter: Reporter) -> Done:
    found = jobs.jobs()
    if not found:
        reporter.log("no_jobs", "There are no jobs.")
    return _said(found)


def _submit(jobs: "LocalJobs", arguments: argparse.Namespace, _reporter: Reporter) -> Done:
    from rvc.jobs.kinds import KINDS, parse

    if not arguments.items:
        raise InputError("no_spec", "Say what to do, as JSON.", "See `rvc jobs --help`.")
    spec, *given = arguments.items
    inputs: dict[str, list[Path]] = {}
    for text in given:
        role, found, path = text.partition("=")
        if not found:
            raise InputError("no_role", f"{text}: say what it is to the job.", f"Such as recordings={text}.")
        inputs.setdefault(role, []).append(Path(path))
    return _said([jobs.submit(parse(KINDS, _read_spec(spec)), inputs)])


def _read_spec(text: str) -> dict[str, object]:
    """Read a spec from JSON on the command line or in a file."""
    try:
        data = json.loads(text if text.lstrip().startswith("{") else Path(text).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("bad_spec", f"{text} is no JSON, nor a file of it: {error}.") from error
    if not isinstance(data, dict):
        raise InputError("bad_spec", f"{text} is no JSON object.", 'Such as {"kind": "train"}.')
    return data


def _watch(jobs: "LocalJobs", arguments: argparse.Namespace, reporter: Reporter) -> Done:
    """Show a job's events until it ends; a Ctrl-C ends the watching, not the job."""
    from rvc.jobs import ENDED

    job, number = _find(jobs, arguments.items), 0
    while True:
        for event in jobs.events(job.id, number, wait_s=WATCH_S):
            number = event.number
            if event.body.event in {"progress", "metrics", "preview", "checkpoint", "log"}:
                reporter.emit(event.body)
        if reporter.stopping:
            raise Paused
        job = jobs.job(job.id)
        if job.state in ENDED:
            break
    if job.failure:
        raise Error(job.failure.code, job.failure.text, job.failure.hint)
    return _said([job])


def _show(jobs: "LocalJobs", arguments: argparse.Namespace, _reporter: Reporter) -> Done:
    job = _find(jobs, arguments.items)
    return Done(summary=job.model_dump(mode="json", exclude={"artifacts"}), artifacts=job.artifacts)


def _fetch(jobs: "LocalJobs", arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.paths import make_dir

    job = _find(jobs, arguments.items)
    files = jobs.files(job.id)
    if not files:
        reporter.log("no_files", f"Job {job.number} has no files to fetch: it is {job.state}.")
    for file in files:
        make_dir((arguments.out / file.name).parent)
        jobs.fetch(job.id, file.name, arguments.out / file.name)
    return Done(artifacts={name: str(arguments.out / file) for name, file in job.artifacts.items()})


def _clean(jobs: "LocalJobs", arguments: argparse.Namespace, reporter: Reporter) -> Done:
    from rvc.jobs import Policy

    if arguments.work_days is None and arguments.job_days is None:
        raise InputError("no_policy", "Say what is old: --work-days, --job-days or both.")
    policy = Policy(work_days=arguments.work_days, job_days=arguments.job_days)
    removals = jobs.clean(policy, pretend=arguments.pretend)
    if not removals:
        reporter.log("nothing_to_clean", "There is nothing as old as that.")
    return Done(
        summary={one.job: f"{one.what} of {one.name}, {one.size_bytes / 1e6:.1f} MB" for one in removals}
    )


def _steer(name: str) -> "Action":
    def steer(jobs: "LocalJobs", arguments: argparse.Namespace, _reporter: Reporter) -> Done:
        found = [_find(jobs, [item]) for item in arguments.items] or [_find(jobs, [])]
        return _said([getattr(jobs, name)(job.id) or job for job in found])

    return steer


Action = Callable[["LocalJobs", argparse.Namespace, Reporter], Done]
ACTIONS: dict[str, Action] = {
    "list": _list,
    "submit": _submit,
    "watch": _watch,
    "show": _show,
    "fetch": _fetch,
    "clean": _clean,
    **{name: _steer(name) for name in ("pause", "resume", "finish", "cancel", "retry", "remove")},
}


def _find(jobs: "LocalJobs", items: Sequence[str]) -> "Job":
    """Return the one job that is named by its number or its id."""
    if len(items) != 1:
        raise InputError("no_job", "Name one job by its number.", "`rvc jobs list` shows them.")
    if not items[0].isdecimal():
        return jobs.job(items[0])
    for job in jobs.jobs():
        if job.number == int(items[0]):
            return job
    raise InputError("unknown_job", f"There is no job {items[0]}.", "`rvc jobs list` shows them.")


def _said(jobs: Sequence["Job"]) -> Done:
    return Done(summary={f"{job.number} {job.name}": _standing(job) for job in jobs})


def _standing(job: "Job") -> str:
    """Say in a line how a job is doing."""
    said = [f"{job.kind}, {job.state}"]
    if 0 < job.progress < 1:
        said.append(f"{job.progress:.0%}")
    if job.starts_in_s:
        said.append(f"starts in about {duration(job.starts_in_s)}")
    if job.ends_in_s:
        said.append(f"ends in about {duration(job.ends_in_s)}")
    if job.failure:
        said.append(job.failure.text)
    return ", ".join(said)


JOBS = Command(
    "jobs",
    "train, convert and test in the background",
    """
    Jobs go on when this program has ended, and after a power cut. What they shall do is JSON: the kind (train,
    convert, evaluate) and settings as in docs/jobs.md.

    Examples: rvc jobs submit '{"kind": "train", "name": "Anna"}' recordings=takes/
              rvc jobs list
              rvc jobs watch 1
              rvc jobs finish 1        a training ends now, with the best model so far
              rvc jobs fetch 1 --out anna
    """,
    _jobs_arguments,
    _jobs,
)
