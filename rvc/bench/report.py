"""Several benchmarks as one report: kept as JSON, compared with an earlier one, and drawn for the documentation."""

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from rvc.bench import Benchmark
from rvc.errors import Error, InputError
from rvc.paths import write_text

SLACK = 1.25  # times as long, by comparison, may be the weather of the machine
RATIO = "share of "
GUARDED = "time"
_RATIOS = TypeAdapter(dict[str, dict[str, float]])  # by processor, then by what was measured


class Report(BaseModel):
    """All that one run measured."""

    model_config = ConfigDict(frozen=True)

    benchmarks: list[Benchmark]

    @property
    def ratios(self) -> dict[str, float]:
        """Shares of another's time, measured in the same run: comparable with those of runs on a like processor."""
        return {
            f"{one.settings['architecture']}, {one.stage}: {name}": round(value, 4)
            for one in self.benchmarks
            for name, value in one.figures.items()
            if name.startswith(RATIO) and GUARDED in name
        }


def read(path: Path) -> Report:
    """Read a report. Raises `InputError` not_a_report."""
    try:
        return Report.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise InputError("not_a_report", f"{path} is no report of `rvc bench --all`.") from error


def compare(report: Report, path: Path) -> list[str]:
    """Return a sentence for every ratio that a file keeps of such a processor; where it keeps none, they are added.

    Raises `Error` slower when a ratio is worse than the kept one by more than a quarter.
    """
    cpu, every = report.benchmarks[0].machine.cpu, _kept(path)
    if cpu not in every:
        write_text(path, json.dumps({**every, cpu: report.ratios}, indent=2) + "\n")
        return [f"{path} was written: later runs on {cpu} are compared with it."]
    kept = every[cpu]
    now = {name: value for name, value in report.ratios.items() if name in kept}
    slower = [
        f"{name} {value:.2f}, was {kept[name]:.2f}"
        for name, value in now.items()
        if value > SLACK * kept[name]
    ]
    if slower:
        raise Error(
            "slower", f"Slower than before: {'; '.join(slower)}.", "Close other programs and try again."
        )
    return [f"{name}: {value:.2f}, was {kept[name]:.2f}" for name, value in now.items()]


def _kept(path: Path) -> dict[str, dict[str, float]]:
    if not path.exists():
        return {}
    try:
        return _RATIOS.validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise InputError("not_ratios", f"{path} holds no ratios of a benchmark.") from error
