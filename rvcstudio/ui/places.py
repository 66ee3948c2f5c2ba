"""Which computer a job goes to, where the user leaves that to the app."""

from rvcstudio import companion
from rvcstudio.hub import HERE
from rvcstudio.studio import Studio

LEAST_BUSY = ""  # in place of a computer's name


def least_busy(studio: Studio) -> str:
    """Return the computer with a free GPU and the fewest jobs, as it looks now; before that, the first that can."""
    hub, here = studio.jobs, companion.is_installed()
    able = [name for name in hub.computers() if name != HERE or here]
    reached = [name for name in able if hub.error(name) is None]
    return studio.computers.least_busy(here=here) or next(iter(reached or able), HERE)
