"""The report as data and as a page."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from rvc import audio, page, paths, plots
from rvc.history import Row as HistoryRow
from rvc.report import MEASURES, Report, Row, Scores, VoiceSummary

RATE = 24000
NASTY = '<script>alert("1")</script> & 목소리 🎤'


def voice(name: str = "Anna") -> VoiceSummary:
    return VoiceSummary(name=name, architecture="lite", rate=RATE, content_encoder="tiny", steps=300)


def row(name: str, log_mel: float | None, kind: str = "reconstruction", **more: object) -> Row:
    scores = Scores(log_mel_db=log_mel, pitch_correlation=0.9, voicing_error=0.05)
    return Row(kind=kind, name=name, seconds=1.0, scores=scores, **more)


def make_report(rows: list[Row], **more: object) -> Report:
    fields = {
        "testset": "prepared",
        "testset_kind": "held_out",
        "settings": {"index_rate": 0.75},
        "pitch_estimator": "swift",
        "index": True,
    }
    return Report(voice=voice(NASTY), rows=rows, **{**fields, **more})


@pytest.fixture
def exhibits(tmp_path: Path) -> list[page.Exhibit]:
    """A reconstruction, and a conversion of silence."""
    time = np.arange(RATE) / RATE
    wave = (0.3 * np.sin(2 * np.pi * 220 * time)).astype(np.float32)
    f0 = np.where(np.arange(100) < 70, 220, 0).astype(np.float32)
    for name in ("one", "two"):
        audio.write(tmp_path / "audio" / f"{name}.flac", wave, RATE)
    files = {"original": "audio/one.flac", "output": "audio/two.flac"}
    silence = np.zeros_like(wave), np.zeros_like(f0)
    return [
        page.Exhibit(row(NASTY, 5.0, **files), wave, wave * 0.5, RATE, f0, f0 * 1.01),
        page.Exhibit(
            row("b", None, "conversion", pitch_shift=12, **files), wave, silence[0], RATE, f0, silence[1]
        ),
    ]


class Outline(HTMLParser):
    """Collects what the tests ask about a page, and checks that its tags are balanced."""

    VOID = frozenset(("meta", "br", "img", "input", "link", "hr"))

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def render(report: Report, exhibits: list[page.Exhibit], folder: Path, language: str = "en") -> str:
    history = [HistoryRow(10 * n, {"loss_mel": 3 / (n + 1), "my_<own>": 1.0}) for n in range(30)]
    history.append(HistoryRow(300, {"val_mel": float("nan")}))
    return page.render(report, exhibits, history, folder, language)


def test_averages_and_worst() -> None:
    report = make_report([row("a", 4.0), row("b", 8.0), row("c", None), row("d", None, "conversion")])
    assert report.mean("reconstruction").log_mel_db == 6.0
    assert report.worst("reconstruction").log_mel_db == 8.0
    assert report.mean("conversion").log_mel_db is None
    scores = report.scores()
    assert scores["reconstruction_clips"] == 3
    assert scores["reconstruction_log_mel_db"] == 6.0
    assert scores["conversion_pitch_correlation"] == 0.9
    assert "conversion_log_mel_db" not in scores


def test_worst_is_farthest_from_perfect() -> None:
    rows = [
        Row(
            kind="conversion",
            name="",
            seconds=1,
            scores=Scores(duration_ratio=ratio, pitch_correlation=ratio),
        )
        for ratio in (0.99, 1.0, 0.4)
    ]
    worst = make_report(rows).worst("conversion")
    assert (worst.duration_ratio, worst.pitch_correlation) == (0.4, 0.4)


def test_json_is_strict_and_can_be_read_back(tmp_path: Path) -> None:
    report = make_report([row(NASTY, float("nan")), row("b", float("inf"))], notes=[NASTY])
    path = report.write(tmp_path)

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    data = json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)
    assert data["rows"][0]["scores"]["log_mel_db"] is None
    assert data["scores"]["reconstruction_clips"] == 2
    assert Report.open(tmp_path) == report


@pytest.mark.parametrize("language", ["en", "ko"])
def test_page_is_whole_and_stands_alone(exhibits: list[page.Exhibit], tmp_path: Path, language: str) -> None:
    report = make_report([exhibit.row for exhibit in exhibits], notes=[NASTY], skipped=[NASTY])
    html = render(report, exhibits, tmp_path, language)
    outline = Outline(html)
    assert outline.all("html")[0]["lang"] == language
    assert not outline.all("script")
    assert "&lt;script&gt;" in html
    addresses = [tag[key] for _, tag in outline.tags for key in ("src", "href") if tag.get(key)]
    assert all(address.startswith(("data:", "#")) for address in addresses)
    assert len(outline.all("audio")) == 4
    assert all(tag["aria-label"] for tag in outline.all("audio"))
    assert all(tag.get("aria-label") for _, tag in outline.tags if tag.get("role") == "img")
    assert all(tag.get("scope") for tag in outline.all("th"))
    assert "nan" not in re.sub(r"base64,[^\"]*", "", html).lower()


def test_pictures_share_no_ids_and_all_references_are_met(
    exhibits: list[page.Exhibit], tmp_path: Path
) -> None:
    html = render(make_report([exhibit.row for exhibit in exhibits]), exhibits, tmp_path)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    references = re.findall(r'(?:url\(|href=")#([^)"]+)', html)
    assert references
    assert set(references) <= set(ids)


def test_much_audio_stays_beside_the_page(
    exhibits: list[page.Exhibit], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "EMBEDDED_MAX_BYTES", 1000)
    html = render(make_report([exhibit.row for exhibit in exhibits]), exhibits, tmp_path)
    sources = [tag["src"] for tag in Outline(html).all("audio")]
    assert sources[:2] == ["audio/one.flac", "audio/two.flac"]


def test_page_without_sources_history_or_undefined_scores(
    exhibits: list[page.Exhibit], tmp_path: Path
) -> None:
    only = exhibits[1:]
    html = page.render(make_report([only[0].row], index=False), only, [], tmp_path)
    Outline(html)
    assert 'id="training"' not in html
    assert 'id="reconstruction"' not in html
    assert "Shifted by +12 semitones" in html


def test_closeness_runs_from_the_floor_to_perfect() -> None:
    distance, correlation = MEASURES[0], next(m for m in MEASURES if m.name == "pitch_correlation")
    assert page.closeness(distance, 3.0, 12.0) == 75
    assert page.closeness(distance, 20.0, 12.0) == 0
    assert page.closeness(correlation, 0.9, 0.1) == 89
    assert page.closeness(correlation, None, 0.1) is None
    assert page.closeness(correlation, 0.9, 1.0) is None


def test_languages_have_the_same_words() -> None:
    english, korean = (
        json.loads(paths.resource(f"report/{language}.json").read_text(encoding="utf-8"))
        for language in ("en", "ko")
    )
    assert placeholders(english) == placeholders(korean)
    assert set(english["measures"]) == {measure.name for measure in MEASURES} == set(Scores.model_fields)


def placeholders(text: object, path: str = "") -> dict[str, set[str]]:
    """Return which `{names}` occur under which key; lists count as one text."""
    if isinstance(text, dict):
        return {k: v for key, value in text.items() for k, v in placeholders(value, f"{path}/{key}").items()}
    names = set(re.findall(r"{(\w+)}", str(text)))
    return {path: names}


def test_smoothing_keeps_a_line_where_it_is() -> None:
    assert plots.smooth(np.full(50, 3.0)) == pytest.approx(np.full(50, 3.0))
    line = np.arange(200.0)
    assert plots.smooth(line)[60:140] == pytest.approx(line[60:140], abs=0.1)  # no lag


def test_spectrogram_shows_a_tone_at_its_frequency() -> None:
    time = np.arange(RATE) / RATE
    power = plots.power_db(np.sin(2 * np.pi * 3000 * time), RATE)
    assert power.max() == pytest.approx(0.0, abs=1e-6)
    assert power.min() >= -plots.DYNAMIC_RANGE_DB
    peak = power.mean(axis=1).argmax() * RATE / plots.N_FFT
    assert peak == pytest.approx(3000, abs=RATE / plots.N_FFT)


@pytest.mark.parametrize("samples", [0, 1, 300, 40 * RATE])
def test_any_length_can_be_drawn(samples: int) -> None:
    svg = plots.spectrogram(np.zeros(samples, np.float32), RATE, np.zeros(samples // 240, np.float32))
    assert svg.startswith("<svg")
    assert len(svg) < 200_000
    assert "var(--ink-soft" in svg
