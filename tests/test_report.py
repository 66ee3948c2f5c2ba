"""The report as data and as a page."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from rvc import paths
from rvc.errors import InputError
from rvc.learning.history import Row as HistoryRow
from rvc.sound import audio
from rvc.testing import page, plots
from rvc.testing.intervals import Interval
from rvc.testing.report import (
    MEASURES,
    Absent,
    Entrant,
    Identity,
    Listening,
    Overlap,
    Preference,
    Rating,
    Report,
    Row,
    Scores,
    Twin,
    VoiceSummary,
)

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
        exhibit(row(NASTY, 5.0, **files), wave, f0, wave * 0.5, f0 * 1.01),
        exhibit(row("b", None, "conversion", pitch_shift=12, **files), wave, f0, *silence),
    ]


def exhibit(
    shown: Row, original: np.ndarray, f0: np.ndarray, output: np.ndarray, output_f0: np.ndarray
) -> page.Exhibit:
    made = page.Made("Anna", shown, output, RATE, output_f0)
    return page.Exhibit(shown, original, RATE, f0, [made])


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


def render(report: Report, exhibits: list[page.Exhibit], folder: Path) -> str:
    history = [HistoryRow(10 * n, {"loss_mel": 3 / (n + 1), "my_<own>": 1.0}) for n in range(30)]
    history.append(HistoryRow(300, {"val_mel": float("nan")}))
    return page.render(report, exhibits, history, folder)


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
    rows = [exhibit.row for exhibit in exhibits]
    report = make_report(rows, notes=[NASTY], skipped=[NASTY], language=language)
    html = render(report, exhibits, tmp_path)
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
    assert {f"absent_{judge}" for judge in ("similarity", "intelligibility", "dnsmos", "distillmos")} <= set(
        english
    )
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


def judged(name: str, kind: str = "conversion", original: Scores | None = None, **scores: float) -> Row:
    return Row(
        kind=kind,
        name=name,
        seconds=1,
        scores=Scores(**scores),
        original_scores=original or Scores(),
        original="audio/one.flac",
        output="audio/two.flac",
    )


def test_scores_have_ranges_and_originals_theirs(tmp_path: Path) -> None:
    rows = [judged(str(n), dnsmos=2.0 + n, original=Scores(dnsmos=4.0)) for n in range(3)]
    report = make_report(rows, ceiling=[0.6, 0.8])
    data = json.loads(report.write(tmp_path).read_text(encoding="utf-8"))
    found = data["intervals"]["conversion"]["dnsmos"]
    assert (found["mean"], found["count"]) == (3.0, 3)
    assert found["low"] < 3.0 < found["high"]
    assert data["intervals"]["conversion_original"]["dnsmos"]["mean"] == 4.0
    assert data["intervals"]["reconstruction_original"]["similarity"]["mean"] == pytest.approx(0.7)
    assert Report.open(tmp_path) == report


def test_no_report_is_said(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Report.open(tmp_path)
    assert caught.value.code == "no_report"


def comparison(exhibits: list[page.Exhibit]) -> tuple[Report, list[page.Exhibit]]:
    """Two models on ten clips; the second is better by half a point, clip by clip."""
    both = [[judged(f"clip{n}", dnsmos=2 + n / 10 + more) for n in range(10)] for more in (0.0, 0.5)]
    other = Entrant(label="Berta <b>", voice=voice("Berta"), index=False, rows=both[1])
    report = make_report(both[0], label="Anna", others=[other])
    first = exhibits[0]
    made = [replace(first.made[0], label=one.label, row=one.rows[0]) for one in report.entrants]
    return report, [replace(first, row=both[0][0], made=made)]


def test_models_stand_side_by_side(exhibits: list[page.Exhibit], tmp_path: Path) -> None:
    html = render(*comparison(exhibits), tmp_path)
    outline = Outline(html)
    assert "Side by side" in html
    assert "Berta &lt;b&gt;" in html
    assert 'class="mark better"' in html
    assert len(outline.all("audio")) == 3
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_equal_models_do_not_differ(exhibits: list[page.Exhibit], tmp_path: Path) -> None:
    report, shown = comparison(exhibits)
    same = report.model_copy(update={"others": [report.others[0].model_copy(update={"rows": report.rows})]})
    html = render(same, shown, tmp_path)
    assert 'class="mark no_difference"' in html
    assert 'class="mark better"' not in html


@pytest.mark.parametrize(
    ("overlap", "kind", "said"),
    [
        (Overlap(datasets=["set"]), "held_out", "None was found"),
        (
            Overlap(datasets=["set"], twins=[Twin(clip="a", take="b")]),
            "another",
            "1 were in it and were left out",
        ),
        (Overlap(datasets=["set"], twins=[Twin(clip="a", take="b")], kept=True), "another", "flatter"),
        (Overlap(datasets=["set"], repeated=["a"], untold=["b"]), "another", "sentences that training knows"),
        (Overlap(), "unknown", "could not be looked for"),
    ],
)
def test_what_training_has_heard_is_said(overlap: Overlap, kind: str, said: str, tmp_path: Path) -> None:
    report = make_report([row("a", 5.0)], overlap=overlap, testset_kind=kind)
    assert said in page.render(report, [], [], tmp_path)


def test_absent_judges_are_on_the_page(tmp_path: Path) -> None:
    absent = [
        Absent(judge="dnsmos", reason="no_package", text="x", get="pip install 'rvc-studio[naturalness]'")
    ]
    html = page.render(make_report([row("a", 5.0)], absent=absent), [], [], tmp_path)
    assert "pip install &#39;rvc-studio[naturalness]&#39;" in html


def test_answers_replace_earlier_ones_on_the_page(exhibits: list[page.Exhibit], tmp_path: Path) -> None:
    report = make_report([exhibit.row for exhibit in exhibits])
    page.write(report, exhibits, [], tmp_path)
    before = (tmp_path / "report.html").read_text(encoding="utf-8")
    for count in (4, 8):
        heard = Listening(
            listeners=count,
            answers=count,
            preferences=[Preference(model=NASTY, other="", preferred=1, undecided=1, count=count)],
            ratings=[Rating(what="", interval=Interval(4.5, 4.0, 5.0, count))],
            identities=[Identity(what="source", model="", agreed=0, count=count)],
        )
        page.show_listening(report.model_copy(update={"listening": heard}), tmp_path)
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    Outline(html)
    assert "8 people answered" in html
    assert "4 people answered" not in html
    assert "2 of 8 (25 %" in html
    assert "<script>" not in html
    page.show_listening(report, tmp_path)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == before
