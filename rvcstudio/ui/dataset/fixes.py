"""What can be done about a finding at the press of a button."""

from collections.abc import Sequence
from typing import Literal

from rvcstudio.dataset.report import Answer, Finding
from rvcstudio.library import Take

Fix = Literal["show", "leave_out", "normalise", "trim", "record"]

LEAVE_OUT = frozenset(
    (
        *(
            "no_speech",
            "noisy",
            "clipped",
            "reverberant",
            "phone",
            "band_limited",
            "low_rate",
            "codec",
            "hum",
            "too_short",
        ),
        *("copy", "several_speakers", "same_file", "unreadable", "too_quiet"),
    )
)
NORMALISE = frozenset(("too_quiet", "uneven_loudness"))
TRIM = frozenset(("pauses",))
RECORD = frozenset(("little_speech", "narrow_pitch", "no_pause"))
OF_ALL = frozenset(("uneven_loudness",))
"""Findings of the set, whose fix is for every take."""


def fixes(finding: Finding, of: Sequence[Take], used: int) -> list[Fix]:
    """Return what to offer for a finding that `of` these takes have, of so many that are used."""
    found: list[Fix] = []
    if finding.code in NORMALISE:
        found.append("normalise")
    if finding.code in TRIM:
        found.append("trim")
    if finding.code in RECORD:
        found.append("record")
    if finding.code in LEAVE_OUT and 0 < len(of) < used:
        found.append("leave_out")
    if of and len(of) < used:
        found.append("show")
    return found


def takes_to_fix(answer: Answer, finding: Finding, takes: Sequence[Take]) -> list[Take]:
    """Return the takes that a fix is for."""
    if finding.code in OF_ALL:
        return [take for take in takes if not take.excluded]
    return answer.takes_of(finding, takes)
