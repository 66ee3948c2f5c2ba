"""What is found in real recordings and in damaged copies of them, and the table of `docs/quality.md`."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from rvc.config import PrepareConfig
from rvc.datasets.recordings import Recording
from rvc.quality import duplicates
from rvc.quality.judgement import VERDICTS, Take, judge
from rvc.quality.measures import Listeners, measure
from rvc.quality.report import QualityReport, Verdict
from rvc.sound import audio
from tests.damage import DAMAGES, Damage

SPEAKERS = ("kathleen", "flemishguy", "kerstin", "nathalie")
CONFIG = PrepareConfig()


@pytest.fixture(scope="module")
def listeners() -> Listeners:
    return Listeners.load()


def recordings(speech: Path, speaker: str, count: int) -> list[Path]:
    """Return so many takes of a speaker, spread over all."""
    files = sorted((speech / speaker / "flac").glob("*.flac"))
    return files[:: max(1, len(files) // count)][:count]


def report_on(files: Sequence[Path], damage: Damage, listeners: Listeners) -> QualityReport:
    takes = []
    for number, path in enumerate(files):
        wave, rate = audio.read(path)
        spoilt = damage(wave, rate)
        recording = Recording(path, path.name, path.stem, str(number), len(spoilt) / rate)
        takes.append(Take(recording, measure(spoilt, rate, CONFIG, listeners)))
    return judge(takes, [])


def found(report: QualityReport) -> Mapping[str, str]:
    """Return what is found in a set, but that it is small."""
    return {one.code: one.severity for one in report.findings if one.code != "little_speech"}


def verdict(report: QualityReport) -> Verdict:
    """Return the verdict that these recordings would have if there were enough of them."""
    severities = set(found(report).values())
    return next((VERDICTS[one] for one in ("critical", "major") if one in severities), "ready")


def row(name: str, damage: str, report: QualityReport) -> str:
    """Return a row of the table."""
    one = report.summary
    figures = [
        "–" if value is None else format(value, spec)
        for value, spec in (
            (one.snr_db, ".1f"),
            (100 * one.clipped_share, ".2f"),
            (one.bandwidth_hz / 1000, ".2f"),
            (one.decay_s, ".2f"),
            (one.speech_dbfs, ".0f"),
        )
    ]
    codes = ", ".join(
        f"{code} ({severity})" for code, severity in found(report).items() if severity != "info"
    )
    return f"| {name} | {damage} | {' | '.join(figures)} | {codes or '–'} | {verdict(report).replace('_', ' ')} |"


EXPECTED = {
    "none": (None, {"ready", "usable"}),
    "noise 0 dB": ("noisy", {"record_again"}),
    "noise 10 dB": ("noisy", {"record_again"}),
    "noise 20 dB": ("noisy", {"usable"}),
    "noise 30 dB": ("noisy", {"ready", "usable"}),
    "noise 40 dB": (None, {"ready", "usable"}),
    "clipping 1 %": ("clipped", {"usable"}),
    "clipping 5 %": ("clipped", {"record_again"}),
    "MP3 32 kbit/s": ("codec", {"usable"}),
    "band 4 kHz": ("band_limited", {"record_again"}),
    "band 8 kHz": ("band_limited", {"usable"}),
    "band 11 kHz": ("band_limited", {"ready", "usable"}),
    "RT60 0.3 s": ("reverberant", {"ready", "usable"}),
    "RT60 0.6 s": ("reverberant", {"usable"}),
    "RT60 1.2 s": ("reverberant", {"record_again"}),
    "telephone": ("phone", {"record_again"}),
    "30 dB down": ("too_quiet", {"usable"}),
    "hum 50 Hz, -25 dB": ("hum", {"ready", "usable"}),
    "hum 60 Hz, -40 dB": (None, {"ready", "usable"}),
    "noise 20 dB, gated": ("noisy", {"usable"}),
}
"""By damage: the finding that it has to give, and the verdicts that are right."""


def check(damage: str, report: QualityReport) -> None:
    code, verdicts = EXPECTED[damage]
    assert code is None or code in found(report), f"{damage}: {found(report)}"
    assert verdict(report) in verdicts, f"{damage}: {found(report)}"


QUICK = (
    "noise 10 dB",
    "noise 20 dB",
    "clipping 5 %",
    "MP3 32 kbit/s",
    "band 4 kHz",
    "RT60 0.6 s",
    "telephone",
)


@pytest.mark.parametrize("speaker", SPEAKERS)
def test_good_recordings_are_never_to_be_made_again(speech: Path, speaker: str, listeners: Listeners) -> None:
    check("none", report_on(recordings(speech, speaker, 5), DAMAGES["none"], listeners))


@pytest.mark.parametrize("damage", QUICK)
def test_damage_is_found_and_weighed(speech: Path, damage: str, listeners: Listeners) -> None:
    check(damage, report_on(recordings(speech, "kathleen", 4), DAMAGES[damage], listeners))


@pytest.mark.parametrize("snr_db", [10, 20])
def test_noise_is_measured_within_3_db(speech: Path, snr_db: int, listeners: Listeners) -> None:
    report = report_on(recordings(speech, "flemishguy", 4), DAMAGES[f"noise {snr_db} dB"], listeners)
    assert report.summary.snr_db == pytest.approx(snr_db, abs=3)


def test_second_readings_are_no_copies(speech: Path) -> None:
    """Kathleen reads many sentences several times; an MP3 of one of them is a copy."""
    folder = speech / "kathleen" / "flac"
    readings = [audio.read(path, 16000)[0] for path in sorted(folder.glob("arctic_a000[1-4]_*.flac"))]
    assert len(readings) > 4
    copy = DAMAGES["MP3 32 kbit/s"](readings[3][2000:], 16000)
    prints = [duplicates.words(wave) for wave in [*readings, copy]]
    assert duplicates.same(prints) == {len(readings): 3}


@pytest.mark.parametrize("second", ["flemishguy", "kerstin"])
def test_two_people_in_one_set_are_told_apart(speech: Path, second: str, listeners: Listeners) -> None:
    if listeners.speakers is None:
        pytest.skip("the speaker encoder's weights are not here")
    files = [*recordings(speech, "kathleen", 8), *recordings(speech, second, 5)]
    report = report_on(files, DAMAGES["none"], listeners)
    assert [row.voice for row in report.takes] == [0] * 8 + [1] * 5
    assert found(report)["several_speakers"] == "major"


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("speaker", SPEAKERS)
def test_table(speech: Path, speaker: str, listeners: Listeners) -> None:
    files = recordings(speech, speaker, 12)
    for name, damage in DAMAGES.items():
        report = report_on(files, damage, listeners)
        print(row(speaker, name, report), flush=True)  # noqa: T201
        check(name, report)
