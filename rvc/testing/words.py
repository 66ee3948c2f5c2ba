"""The words of the pages, in every language, and the templates that they go into."""

import json
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from rvc import paths
from rvc.testing.intervals import Interval, of_share
from rvc.testing.report import Language, Measure

NARROW_SPACE = "\u202f"


@dataclass(frozen=True, slots=True)
class Words:
    """The page's text in one language, with its numbers."""

    language: Language
    text: dict[str, Any]

    @classmethod
    def of(cls, language: Language) -> "Words":
        return cls(
            language, json.loads(paths.resource(f"report/{language}.json").read_text(encoding="utf-8"))
        )

    def __call__(self, key: str, **values: Any) -> str:
        return self.text[key].format(**values)

    def count(self, key: str, number: int, **values: Any) -> str:
        """Return the form of a sentence that fits a number: `zero` if there is one, `one`, or `many`."""
        forms = self.text[key]
        form = {0: "zero", 1: "one"}.get(abs(number), "many")
        return forms.get(form, forms["many"]).format(count=number, **values)

    def measure(self, measure: Measure) -> dict[str, str]:
        return self.text["measures"][measure.name]

    def curve(self, name: str) -> str:
        return self.text["curves"].get(name, name)

    def score(self, measure: Measure, value: float | None) -> str:
        """Write a score with its unit; a dash where it is not defined."""
        if value is None:
            return "–"
        return self._number(measure, value) + self._unit(measure)

    def range(self, measure: Measure, interval: Interval | None) -> str:
        """Write where the true average lies; nothing where that is not known."""
        if interval is None or interval.low is None or interval.high is None:
            return ""
        low, high = self._number(measure, interval.low), self._number(measure, interval.high)
        return self("range", low=low, high=high + self._unit(measure))

    def share(self, hits: int, count: int) -> str:
        """Write how many of how many, as a share with its range."""
        found = of_share(hits, count)
        if found is None or found.low is None or found.high is None:
            return "–"
        low, high = (f"{100 * value:.0f}" for value in (found.low, found.high))
        return self("share", hits=hits, count=count, percent=f"{100 * found.mean:.0f}", low=low, high=high)

    def rating(self, interval: Interval) -> str:
        """Write a mean opinion with its range."""
        if interval.low is None or interval.high is None:
            return f"{interval.mean:.1f}"
        return self(
            "opinion", mean=f"{interval.mean:.1f}", low=f"{interval.low:.1f}", high=f"{interval.high:.1f}"
        )

    def _number(self, measure: Measure, value: float) -> str:
        scale = 100 if measure.unit == "%" else 1
        return f"{value * scale:.{measure.digits}f}".replace("-", "−")

    def _unit(self, measure: Measure) -> str:
        return NARROW_SPACE + self.text["units"][measure.unit] if measure.unit else ""


def environment() -> Environment:
    """Return what renders the templates of all pages."""
    loader = FileSystemLoader(paths.resource("report"))
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
