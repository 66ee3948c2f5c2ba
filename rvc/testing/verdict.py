"""What a report's numbers mean in plain words: what is good, what is weak, and what to do about it.

The bounds are conventions, near the targets of `docs/starter.md`; the page names them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from rvc.testing.report import Kind, Report

Standing = Literal["good", "fair", "weak"]

CLOSE, NEAR = 0.8, 0.6  # of what two recordings of the voice score with each other
CLEAR_GAP = 0.2  # similarity to the voice over that to the source
CLEAR, BLURRED = 0.05, 0.15  # characters wrong, beyond those of the original
NATURAL, ROUGH = 0.3, 0.7  # MOS below the original
FOLLOWS, WANDERS = 0.95, 0.85  # correlation of pitch
ALIKE_DB, OFF_DB = 6.0, 8.0  # mel-cepstral distortion where nobody else tells how near the voice is
ENOUGH_MINUTES = 10.0
NEEDED = {"voice", "words"}  # what must be measured before nothing is left to do


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say: a key of the page's words, and the numbers in that sentence."""

    standing: Standing
    topic: str
    values: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.topic}_{self.standing}"


def judge(report: Report) -> list[Finding]:
    """Return what can be said, the good first."""
    rules: tuple[Callable[[Report], Finding | None], ...] = (_voice, _target, _words, _sound, _melody)
    found = [finding for rule in rules if (finding := rule(report))]
    order = {"good": 0, "fair": 1, "weak": 2}
    return sorted(found, key=lambda finding: order[finding.standing])


def advise(report: Report, findings: list[Finding]) -> list[str]:
    """Return what to do, as keys of the page's words: at most two things, for the weakest topics first."""
    poor = [finding for standing in ("weak", "fair") for finding in findings if finding.standing == standing]
    advice = dict.fromkeys(_remedy(finding.topic, report) for finding in poor)
    if advice:
        return list(advice)[:2]
    measured = {finding.topic for finding in findings}
    return ["advice_none" if measured >= NEEDED else "advice_listen"]


def _remedy(topic: str, report: Report) -> str:
    seconds = report.voice.trained_seconds
    if topic in ("voice", "tone") and seconds and seconds < ENOUGH_MINUTES * 60:
        return "advice_record"
    return {
        "voice": "advice_train",
        "tone": "advice_train",
        "target": "advice_index" if not report.index else "advice_train",
        "words": "advice_words",
        "sound": "advice_sound",
        "melody": "advice_pitch",
    }[topic]


def _voice(report: Report) -> Finding | None:
    """Compare the likeness of the voice with that of its recordings to each other; else the tone colour."""
    kind: Kind = "conversion" if report.of("conversion") else "reconstruction"
    reached, ceiling = report.mean(kind).similarity, report.original("reconstruction", "similarity")
    if reached is None or ceiling is None or ceiling.mean <= 0:
        return _tone(report)
    share = reached / ceiling.mean
    values = {
        "percent": f"{100 * max(share, 0):.0f}",
        "value": f"{reached:.2f}",
        "ceiling": f"{ceiling.mean:.2f}",
    }
    return Finding(_high(share, CLOSE, NEAR), "voice", values)


def _tone(report: Report) -> Finding | None:
    distortion = report.mean("reconstruction").mcd_db
    if distortion is None:
        return None
    return Finding(_low(distortion, ALIKE_DB, OFF_DB), "tone", {"value": f"{distortion:.1f}"})


def _target(report: Report) -> Finding | None:
    """Say how many conversions are nearer to the voice than to who spoke."""
    gaps = [row.scores.similarity_gap for row in report.of("conversion")]
    defined = [gap for gap in gaps if gap is not None]
    if not defined:
        return None
    nearer, gap = sum(one > 0 for one in defined), sum(defined) / len(defined)
    clear = gap >= CLEAR_GAP
    standing: Standing = "good" if nearer == len(defined) and clear else "fair" if gap > 0 else "weak"
    return Finding(
        standing, "target", {"nearer": str(nearer), "count": str(len(defined)), "gap": f"{gap:.2f}"}
    )


def _words(report: Report) -> Finding | None:
    kind: Kind = "conversion" if report.of("conversion") else "reconstruction"
    wrong, original = report.mean(kind).character_error_rate, report.original(kind, "character_error_rate")
    if wrong is None:
        return None
    lost = wrong - (original.mean if original else 0.0)
    return Finding(_low(lost, CLEAR, BLURRED), "words", {"percent": f"{100 * max(lost, 0):.0f}"})


def _sound(report: Report) -> Finding | None:
    """Compare a guess of naturalness with that of the same recordings."""
    for kind in ("reconstruction", "conversion"):
        rated, original = report.mean(kind).dnsmos, report.original(kind, "dnsmos")
        if rated is not None and original is not None:
            values = {"value": f"{rated:.2f}", "original": f"{original.mean:.2f}"}
            return Finding(_low(original.mean - rated, NATURAL, ROUGH), "sound", values)
    return None


def _melody(report: Report) -> Finding | None:
    found = [report.mean(kind).pitch_correlation for kind in ("conversion", "reconstruction")]
    defined = [value for value in found if value is not None]
    if not defined:
        return None
    return Finding(_high(min(defined), FOLLOWS, WANDERS), "melody", {"value": f"{min(defined):.2f}"})


def _high(value: float, good: float, fair: float) -> Standing:
    return "good" if value >= good else "fair" if value >= fair else "weak"


def _low(value: float, good: float, fair: float) -> Standing:
    return "good" if value <= good else "fair" if value <= fair else "weak"
