"""What is said about other computers in several places."""

from PySide6.QtCore import QCoreApplication, QLocale

from rvc.errors import Error
from rvcstudio.hub import HERE
from rvcstudio.remote.computers import Computer, View
from rvcstudio.ui import formats
from rvcstudio.ui.errors import sentence

translate = QCoreApplication.translate

DAYS = (7.0, 7.0, 90.0)  # uploads, work, results: what an agent of one's own keeps


def title(computer: Computer) -> str:
    """Return what a computer is called."""
    return translate("Computers", "This computer") if computer.id == HERE else computer.name


def place(computer: Computer) -> str:
    """Return where a computer is, in a line."""
    if computer.address is None:
        return computer.url
    user = f"{computer.address.user}@" if computer.address.user else ""
    port = f":{computer.address.port}" if computer.address.port else ""
    return f"{user}{computer.address.host}{port}"


def sent(name: str, days: tuple[float, float, float] = DAYS) -> str:
    """Say what goes to a computer, and how long it stays there."""
    text = translate(
        "Computers",
        "When you train on {name}, the takes you chose are sent there; when you convert there, the model and your "
        "recordings. Nothing else is. Uploads are deleted after {upload} days without use, intermediate results "
        "{work} days and the rest {rest} days after a job ended. You can delete everything of yours there at any time.",
    )
    number = QLocale().toString
    upload, work, rest = (number(value, "f", 0) for value in days)
    return text.format(name=name, upload=upload, work=work, rest=rest)


def failure(error: Error | None) -> str:
    """Return what went wrong, with the next step."""
    if error is None:
        return translate("Computers", "It does not answer.")
    text, hint = sentence(error)
    details = getattr(error, "details", "")
    if details and text != error.text:  # the sentence of a language knows none
        text = f"{text} ({details})"
    return f"{text} {hint}".strip()


def state(view: View, best: bool) -> tuple[str, str]:
    """Return a word for how a computer is, and the look of its chip."""
    if view.state == "unknown":
        return translate("Computers", "Connecting"), "chip"
    if view.state == "away":
        return translate("Computers", "Not reached"), "chip-warn"
    if view.state == "asks":
        return translate("Computers", "Needs you"), "chip-bad"
    if best:
        return translate("Computers", "Least busy"), "chip-accent"
    if view.load is not None and view.load.is_free:
        return translate("Computers", "Free"), "chip-good"
    return translate("Computers", "Busy"), "chip"


def queue(view: View) -> str:
    """Return how many jobs run and wait."""
    assert view.load is not None
    jobs = view.load.queue
    if not jobs.running + jobs.waiting:
        return translate("Computers", "No jobs: yours would start at once.")
    text = translate("Computers", "{running} running, {waiting} waiting")
    text = text.format(running=jobs.running, waiting=jobs.waiting)
    own = jobs.own_running + jobs.own_waiting
    if own == jobs.running + jobs.waiting:
        return text
    return f"{text} · " + translate("Computers", "yours: {own}").format(own=own)


def care(computer: Computer, view: View) -> str:
    """Say what there is to say of an agent's version, and who looks after it where the app does not."""
    if view.state != "ready" or computer.id == HERE:
        return ""
    if computer.agency == "own" and not view.is_joined:
        text = translate(
            "Computers", "The agent is of another version than this app. Its jobs go on while it is updated."
        )
        return text if view.can_update else ""
    who = (
        translate(
            "Computers", "You started this agent (version {version}) yourself: the app does not update it."
        )
        if computer.agency == "own"
        else translate("Computers", "Its administrator looks after this agent (version {version}).")
    )
    return who.format(version=view.version)


def of(used: int, total: int) -> str:
    """Return how much of something is used."""
    text = translate("Computers", "{used} of {total}")
    return text.format(used=formats.size(used), total=formats.size(total))


def share(value: float) -> str:
    """Return a share as a percentage."""
    return f"{round(100 * value)} %"
