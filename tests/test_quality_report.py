"""The report on a set: findings of many takes, the verdict, the files, and the commands that write them."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from torch import Tensor

from rvc.analysis.pitch import SwiftEstimator
from rvc.cli import main
from rvc.config import PrepareConfig
from rvc.datasets.dataset import CARD, Skipped
from rvc.datasets.recordings import Recording
from rvc.errors import InputError, Paused
from rvc.events import Event, Log, Progress, Reporter
from rvc.quality import findings, page
from rvc.quality.findings import Fault, Severity
from rvc.quality.inspection import inspect
from rvc.quality.judgement import Take, gather, judge
from rvc.quality.measures import Listeners, Measured, Measures
from rvc.quality.report import QualityReport, TakeRow
from tests.sounds import record, sentences, silence
from tests.test_report import Outline

CONFIG = PrepareConfig()

GOOD = Measures(
    rate=48000,
    seconds=60.0,
    usable_s=58.0,
    silence_share=0.1,
    peak_dbfs=-6.0,
    true_peak_dbfs=-5.9,
    clipped_share=0.0,
    offset=0.0,
    loudness_lufs=-24.0,
    speech_dbfs=-24.0,
    noise_dbfs=-64.0,
    snr_db=40.0,
    gated_share=0.0,
    bandwidth_hz=20000.0,
    lows_db=-3.0,
    decay_s=0.2,
    holes_share=0.0,
    hum_hz=None,
    hum_db=None,
    voiced_share=0.5,
    pitch_hz=150.0,
    pitch_low_hz=100.0,
    pitch_high_hz=220.0,
)


def take(number: int, voice: Sequence[float] | None = None, **measures: object) -> Take:
    name = f"take{number:03}"
    measured = Measured(
        measures=GOOD.model_copy(update=measures),
        levels=[1] * 45,
        pitch=[1] * 107,
        spectrum_db=[-30.0] * 80 + [-100.0] * 16,
        fingerprint="",
        voice=list(voice) if voice is not None else None,
    )
    return Take(Recording(Path(name), f"{name}.wav", name, str(number), 60.0), measured)


def judged(count: int = 12, *, bad: int = 0, **measures: object) -> QualityReport:
    """Judge so many takes, of which the first `bad` have these measures."""
    return judge([take(number, **measures) if number < bad else take(number) for number in range(count)], [])


def test_good_recordings_are_ready() -> None:
    report = judged()
    assert (report.verdict, report.reason, report.findings) == ("ready", None, [])
    assert report.summary.usable_s == 12 * 58
    assert report.rates == {"v2": 40000, "lite": 32000}


@pytest.mark.parametrize(
    ("measures", "code", "severity"),
    [
        ({"snr_db": 28.0}, "noisy", "minor"),
        ({"snr_db": 20.0}, "noisy", "major"),
        ({"snr_db": 10.0}, "noisy", "critical"),
        ({"clipped_share": 0.01}, "clipped", "major"),
        ({"decay_s": 1.0}, "reverberant", "critical"),
        ({"bandwidth_hz": 7500.0}, "band_limited", "major"),
        ({"bandwidth_hz": 4000.0}, "band_limited", "critical"),
        ({"bandwidth_hz": 7900.0, "rate": 16000}, "low_rate", "major"),
        ({"bandwidth_hz": 4000.0, "lows_db": -25.0}, "phone", "critical"),
        ({"holes_share": 0.05}, "codec", "major"),
        ({"hum_hz": 50, "hum_db": -30.0}, "hum", "major"),
        ({"speech_dbfs": -55.0}, "too_quiet", "major"),
        ({"usable_s": 0.0}, "no_speech", "critical"),
        ({"voiced_share": 0.0}, "no_speech", "critical"),
        ({"gated_share": 0.3}, "gated", "info"),
        ({"offset": -0.05}, "offset", "info"),
        ({"silence_share": 0.7}, "pauses", "info"),
        ({"seconds": 0.6, "usable_s": 0.5}, "too_short", "info"),
        ({"seconds": 900.0}, "too_long", "info"),
    ],
)
def test_each_fault_has_its_code_and_its_weight(
    measures: dict[str, float], code: str, severity: Severity
) -> None:
    report = judged(bad=12, **measures)
    found = {finding.code: finding for finding in report.findings}
    assert found[code].severity == found[code].worst == severity
    assert found[code].share == 1.0
    verdicts = {"major": "usable", "critical": "record_again"}
    if code != "too_short":
        assert report.verdict == verdicts.get(severity, "ready")
    for language in ("en", "ko"):
        shown = page.Words.of(language).finding(found[code], 12)
        assert "{" not in shown.text + shown.action


def test_what_is_not_known_is_no_fault() -> None:
    report = judged(bad=12, snr_db=None, decay_s=None, loudness_lufs=None)
    assert [(finding.code, finding.severity) for finding in report.findings] == [("no_pause", "info")]


def test_a_fault_of_few_takes_costs_these_takes_only() -> None:
    report = judged(15, bad=3, snr_db=5.0)
    finding = report.findings[0]
    assert (report.verdict, finding.severity, finding.worst, finding.is_of_few) == (
        "ready",
        "minor",
        "critical",
        True,
    )
    assert finding.takes == ["take000", "take001", "take002"]
    assert finding.share == pytest.approx(0.2)
    assert report.summary.usable_s == 12 * 58
    assert judged(15, bad=6, snr_db=5.0).verdict == "record_again"


def test_of_few_takes_the_worst_are_named() -> None:
    rows = judged(15).takes
    noisy = [Fault("noisy", "major" if place == 7 else "minor", {"snr_db": 20.0}) for place in range(15)]
    few: list[Fault | None] = [
        fault if place > 11 or place == 7 else None for place, fault in enumerate(noisy)
    ]
    finding = gather(rows, "noisy", few)
    assert (finding.severity, finding.takes, finding.is_of_few) == ("minor", ["take007"], True)
    finding = gather(rows, "noisy", noisy)
    assert (finding.severity, len(finding.takes), finding.is_of_few) == ("minor", 15, False)


def test_figures_are_the_median_of_the_takes_that_decide() -> None:
    rows = judged(5).takes
    faults: list[Fault | None] = [
        None,
        Fault("noisy", "minor", {"snr_db": 29.0}),
        *(Fault("noisy", "major", {"snr_db": snr}) for snr in (16.0, 18.0, 23.0)),
    ]
    finding = gather(rows, "noisy", faults)
    assert (finding.severity, finding.params, finding.share) == ("major", {"snr_db": 18.0}, 0.6)


@pytest.mark.parametrize(
    ("count", "verdict"), [(1, "record_again"), (3, "usable"), (10, "usable"), (11, "ready")]
)
def test_little_speech_is_told_with_what_is_missing(count: int, verdict: str) -> None:
    report = judged(count)
    assert report.verdict == verdict
    if verdict != "ready":
        assert report.reason == "little_speech"
        assert report.findings[0].params["more"] == pytest.approx(10 - count * 58 / 60)


def test_a_second_voice_is_found_and_left_out() -> None:
    one, other = np.eye(8)[0], np.eye(8)[1]
    report = judge([take(number, other if number < 4 else one) for number in range(16)], [])
    finding = report.findings[0]
    assert (report.verdict, finding.code, finding.params) == ("usable", "several_speakers", {"voices": 2})
    assert finding.takes == [f"take{number:03}" for number in range(4)]
    assert report.summary.usable_s == 12 * 58


def test_speakers_of_several_folders_are_no_second_voice() -> None:
    takes = [take(number, np.eye(8)[number % 2]) for number in range(12)]
    named = [
        Take(
            Recording(one.recording.path, "", one.recording.name, "", 60.0, f"speaker{number % 2}"),
            one.measured,
        )
        for number, one in enumerate(takes)
    ]
    assert judge(named, []).findings == []


def test_a_set_is_more_than_its_takes() -> None:
    loud = judge([take(number, loudness_lufs=-40.0 if number % 2 else -20.0) for number in range(12)], [])
    assert [finding.code for finding in loud.findings] == ["uneven_loudness"]
    skipped = [
        Skipped(file="a.wav", code="duplicate", reason="is the same recording as b.wav"),
        Skipped(file="c.wav", code="not_audio", reason="is no recording"),
    ]
    report = judge([take(number) for number in range(12)], skipped)
    assert {finding.code: finding.takes for finding in report.findings} == {
        "unreadable": ["c.wav"],
        "same_file": ["a.wav"],
    }
    with pytest.raises(InputError, match=r"c\.wav") as caught:
        judge([], skipped[1:])
    assert caught.value.code == "empty_dataset"


class CountingEstimator(SwiftEstimator):
    """Counts the recordings that it hears."""

    heard = 0

    def estimate(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        type(self).heard += 1
        return super().estimate(wave, lengths)


@pytest.fixture
def takes(tmp_path: Path) -> Path:
    """Six takes, a copy of one of them at another rate, silence, and a file that is no recording."""
    folder = tmp_path / "takes"
    for number in range(6):
        wave = sentences(1, 24000, seed=number, seconds=1.5 + 0.2 * number)
        noise = np.random.default_rng(number).standard_normal(len(wave)).astype(np.float32)
        record(folder / f"{number}.flac", wave + 0.005 * noise, 24000)
    record(folder / "7 copy.ogg", 0.5 * (wave + 0.005 * noise)[3000:], 24000)
    record(folder / "8 silence.wav", silence(2))
    (folder / "9 broken & 목소리.wav").write_bytes(b"no recording")
    return folder


def test_a_report_is_written_and_says_what_is_wrong(takes: Path, tmp_path: Path) -> None:
    events: list[Event] = []
    report = inspect([takes], tmp_path / "out", CONFIG, Reporter(events.append), language="ko")
    written = (tmp_path / "out" / "quality.json").read_text(encoding="utf-8")
    assert QualityReport.model_validate_json(written) == report
    by_name: dict[str, TakeRow] = {row.name: row for row in report.takes}
    assert [fault.code for fault in by_name["7 copy"].faults][-1] == "copy"
    assert [fault.code for fault in by_name["8 silence"].faults] == ["no_speech"]
    assert [entry.code for entry in report.skipped] == ["not_audio"]
    assert (report.verdict, report.reason) == ("record_again", "little_speech")
    sentences_said = [event for event in events if isinstance(event, Log)]
    assert sentences_said[-1].code == "inspected"
    assert sentences_said[-1].text.startswith("Record again. Little speech: ")
    assert [event.step for event in events if isinstance(event, Progress)][-1] > 0


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_is_whole_and_needs_no_network(takes: Path, tmp_path: Path, language: page.Language) -> None:
    inspect([takes], tmp_path / "out", CONFIG, Reporter(), language=language)
    html = (tmp_path / "out" / "quality.html").read_text(encoding="utf-8")
    outline = Outline(html)
    assert outline.all("html") == [{"lang": language}]
    assert len(outline.all("svg")) == 4
    assert all(one["aria-label"] for one in outline.all("div") if one.get("role") == "img")
    assert "9 broken &amp; 목소리.wav" in html
    assert not [word for word in ("http:", "https:", "<script", "{{", "None") if word in html]


def test_names_cannot_become_part_of_the_page() -> None:
    named = take(0, snr_db=3.0)
    recording = Recording(Path("a"), "a", '"><script>', "0", 60.0)
    html = page.render(judge([Take(recording, named.measured), take(1)], []))
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") == 3  # the finding, the picture, the table


def test_both_languages_say_the_same_things() -> None:
    def shape(value: object) -> object:
        """Return a text's fields, and of a table of texts those of each."""
        if isinstance(value, dict):
            return {name: shape(part) for name, part in value.items()}
        return sorted(re.findall(r"{.*?}", str(value)))

    english, korean = (page.Words.of(language).text for language in ("en", "ko"))
    assert shape(english) == shape(korean)
    assert set(english["findings"]) == set(get_args(findings.Code))


def test_what_was_measured_is_not_measured_again(takes: Path, tmp_path: Path) -> None:
    listeners = Listeners(CountingEstimator(), None)
    CountingEstimator.heard = 0
    first = inspect([takes], tmp_path / "a", CONFIG, Reporter(), listeners=listeners)
    assert CountingEstimator.heard == 8
    record(takes / "6.wav", sentences(1, seed=9))
    second = inspect([takes], tmp_path / "b", CONFIG, Reporter(), listeners=listeners)
    assert CountingEstimator.heard == 9
    assert [row for row in second.takes if row.name != "6"] == first.takes


def test_a_stop_keeps_what_was_measured(takes: Path, tmp_path: Path) -> None:
    listeners = Listeners(CountingEstimator(), None)
    reporter = Reporter()
    reporter.request_stop()
    with pytest.raises(Paused):
        inspect([takes], tmp_path / "out", CONFIG, reporter, listeners=listeners)
    assert not (tmp_path / "out").exists()


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        inspect(
            [tmp_path], tmp_path / "out", CONFIG, Reporter(), listeners=Listeners(CountingEstimator(), None)
        )
    assert caught.value.code == "empty_dataset"
    assert not (tmp_path / "out").exists()


def test_the_commands_write_the_report(
    few_takes: Path, offline_assets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert offline_assets.exists()
    assert main(["report", str(few_takes), "--out", str(tmp_path / "report")]) == 0
    assert "record_again" in capsys.readouterr().out
    prepared = tmp_path / "prepared"
    assert main(["prepare", str(few_takes), "--out", str(prepared), "--report", "--rate", "24000"]) == 0
    assert (prepared / CARD).exists()
    assert 'lang="en"' in (prepared / "quality.html").read_text(encoding="utf-8")
    assert main(["report", str(tmp_path / "nowhere"), "--out", str(tmp_path / "x")]) == 3
