"""Evaluation from a model and recordings to a report, with a small untrained voice and the real stages."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from rvc.analysis.features import Features
from rvc.config import EvaluateConfig
from rvc.errors import InputError, Paused
from rvc.events import Event, Log, Progress, Reporter
from rvc.model.lite import LiteConfig, LiteSynthesizer
from rvc.sound import audio, mark
from rvc.synthesis import index
from rvc.testing import evaluation as stage
from rvc.testing import trials
from rvc.testing.answers import Key
from rvc.testing.report import Report
from rvc.voices.voice import Voice
from tests import sounds
from tests.evaluation.material import RATE

evaluate = stage.evaluate


def test_everything_is_written_and_reads_back(outcome: tuple[Report, Path, list[Event]]) -> None:
    report, out, _ = outcome
    assert Report.open(out) == report
    html = (out / "report.html").read_text(encoding="utf-8")
    assert "A rough voice." in html
    assert "Anna &lt;b&gt;" in html
    assert 'id="training"' in html
    for row in report.rows:
        if row.original and row.output:
            assert (out / row.original).stat().st_size > 1000
            assert (out / row.output).stat().st_size > 1000


def test_held_out_clips_are_reconstructed_and_nothing_else(
    outcome: tuple[Report, Path, list[Event]], prepared: Path
) -> None:
    report, _, _ = outcome
    card = json.loads((prepared / "prepared.json").read_text(encoding="utf-8"))
    held_out = {clip["name"] for clip in card["clips"] if clip["split"] == "test"}
    assert {row.name for row in report.of("reconstruction")} == held_out
    scores = report.mean("reconstruction")
    assert scores.log_mel_db is not None
    assert scores.log_mel_db > 1
    assert scores.duration_ratio is None
    assert report.unrelated.log_mel_db is not None


def test_other_voice_is_shifted_to_the_voice(outcome: tuple[Report, Path, list[Event]]) -> None:
    report, _, _ = outcome
    (row,) = report.of("conversion")
    assert row.name == "bob"
    assert row.pitch_shift in range(10, 17)  # from 100 Hz to 180…270 Hz
    assert row.scores.duration_ratio == pytest.approx(1.0, abs=0.001)
    assert row.scores.log_mel_db is None
    assert report.index


def test_source_that_cannot_be_converted_is_named(outcome: tuple[Report, Path, list[Event]]) -> None:
    report, _, events = outcome
    assert [reason.split(":")[0] for reason in report.skipped] == ["click.wav"]
    warnings = [event for event in events if isinstance(event, Log) and event.level == "warning"]
    assert [warning.code for warning in warnings] == ["source_skipped"]


def test_what_is_not_measured_is_said(outcome: tuple[Report, Path, list[Event]]) -> None:
    report, out, events = outcome
    told = [event for event in events if isinstance(event, Log) and event.code == "not_measured"]
    missing = {one.judge for one in report.absent}
    assert bool(told) == bool(missing)
    html = (out / "report.html").read_text(encoding="utf-8")
    for one in report.absent:
        assert one.get in told[0].text
        assert one.get.split("'")[0] in html


def test_plain_recordings_count_as_held_out(
    model: Path, recordings: Path, features: Features, tmp_path: Path
) -> None:
    config = EvaluateConfig(device="cpu", max_clips=3)
    events: list[Event] = []
    reporter = Reporter(events.append)
    report = evaluate(model, recordings, tmp_path / "out", config, reporter, features=features, language="ko")
    codes = {event.code for event in events if isinstance(event, Log)}
    assert codes - {"not_measured"} == {"skipped_file"}
    assert len(report.of("reconstruction")) == 3
    assert "broken.wav" in report.skipped[0]
    assert 'lang="ko"' in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_one_short_recording_is_enough(model: Path, features: Features, tmp_path: Path) -> None:
    take = sounds.record(tmp_path / "take.wav", sounds.voice(1.5, RATE, f0=200), RATE)
    report = evaluate(
        model, take, tmp_path / "out", EvaluateConfig(device="cpu"), Reporter(), features=features
    )
    assert len(report.rows) == 1


def test_a_second_report_replaces_the_first(
    model: Path, prepared: Path, source: Path, features: Features, tmp_path: Path
) -> None:
    audio_folder = tmp_path / "audio"
    mine = sounds.record(audio_folder / "01-mine-model.flac", sounds.voice(1.0), 16000)
    for max_clips, sources in ((3, [source]), (1, [])):
        config = EvaluateConfig(device="cpu", max_clips=max_clips)
        report = evaluate(model, prepared, tmp_path, config, Reporter(), features=features, sources=sources)
    (row,) = report.rows
    assert row.original
    assert row.output
    assert set(audio_folder.iterdir()) == {tmp_path / row.original, tmp_path / row.output, mine}
    assert audio.comment(tmp_path / row.original) == mark.COPY
    assert audio.comment(tmp_path / row.output) == mark.generated("Anna <b>")


def test_a_wrong_index_is_found_at_once(
    model: Path, prepared: Path, features: Features, tmp_path: Path
) -> None:
    index.RetrievalIndex(torch.zeros(40, 9)).save(tmp_path / "other.index")
    events: list[Event] = []
    config, reporter = EvaluateConfig(device="cpu"), Reporter(events.append)
    with pytest.raises(InputError, match="9 dimensions"):
        evaluate(
            model,
            prepared,
            tmp_path / "out",
            config,
            reporter,
            features=features,
            index=tmp_path / "other.index",
        )
    assert not [event for event in events if isinstance(event, Progress)]


def test_same_seed_same_scores(model: Path, prepared: Path, features: Features, tmp_path: Path) -> None:
    config = EvaluateConfig(device="cpu", max_clips=1)
    reports = [
        evaluate(model, prepared, tmp_path / name, config, Reporter(), features=features)
        for name in ("a", "b")
    ]
    assert reports[0].rows == reports[1].rows


def test_real_speech(model: Path, speech: Path, features: Features, tmp_path: Path) -> None:
    """Check melodies: the lite model's excitation follows the pitch even before any training."""
    for take in sorted((speech / "kathleen" / "flac").glob("*.flac"))[:3]:
        (tmp_path / "kathleen" / take.name).parent.mkdir(exist_ok=True)
        (tmp_path / "kathleen" / take.name).symlink_to(take)
    man = min((speech / "flemishguy" / "flac").glob("*.flac"))
    report = evaluate(
        model,
        tmp_path / "kathleen",
        tmp_path / "out",
        EvaluateConfig(device="cpu"),
        Reporter(),
        sources=[man],
        features=features,
    )
    (row,) = report.of("conversion")
    assert row.pitch_shift in range(5)  # she speaks at about 165 Hz, he at 150
    assert row.scores.pitch_correlation is not None
    assert row.scores.pitch_correlation > 0.9
    own, unrelated = report.mean("reconstruction"), report.unrelated
    assert own.pitch_median_cents is not None
    assert unrelated.pitch_median_cents is not None
    assert own.pitch_median_cents < 50 < unrelated.pitch_median_cents


def test_bad_input_is_named(model: Path, prepared: Path, features: Features, tmp_path: Path) -> None:
    def code(model: Path, testset: Path, *sources: Path) -> str:
        with pytest.raises(InputError) as caught:
            evaluate(
                model,
                testset,
                tmp_path,
                EvaluateConfig(device="cpu"),
                Reporter(),
                sources=sources,
                features=features,
            )
        return caught.value.code

    (tmp_path / "empty").mkdir()
    assert code(tmp_path / "none.safetensors", prepared) == "missing_file"
    assert code(model, prepared, tmp_path / "nobody.wav") == "missing_path"
    assert code(model, tmp_path / "nowhere") == "missing_path"
    assert code(model, tmp_path / "empty") == "empty_dataset"


def test_stop_request_pauses(model: Path, prepared: Path, features: Features, tmp_path: Path) -> None:
    reporter = Reporter()
    reporter.request_stop()
    with pytest.raises(Paused):
        evaluate(model, prepared, tmp_path, EvaluateConfig(device="cpu"), reporter, features=features)


@pytest.mark.parametrize(
    ("phase", "spoken_again"), [("reconstruct", 1), pytest.param("judge", 0, marks=pytest.mark.slow)]
)
def test_a_test_that_was_broken_off_goes_on_behind_what_it_has_made(
    phase: str,
    spoken_again: int,
    model: Path,
    recordings: Path,
    source: Path,
    features: Features,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also with recordings that it has to prepare first; another test in the same place begins anew."""
    config = EvaluateConfig(device="cpu", max_clips=3)
    spoken: list[int] = []
    reconstruct = trials._reconstruct

    def count(*values: Any) -> trials.Trial:
        spoken.append(values[2])
        if phase == "reconstruct" and len(spoken) == 2:
            first.request_stop()
        return reconstruct(*values)

    def stop(event: Event) -> None:
        if isinstance(event, Progress) and event.phase == phase != "reconstruct":
            first.request_stop()

    def test(where: str, settings: EvaluateConfig = config) -> Report:
        return evaluate(
            model, recordings, tmp_path / where, settings, reporter, sources=[source], features=features
        )

    monkeypatch.setattr(trials, "_reconstruct", count)
    first = reporter = Reporter(stop)
    with pytest.raises(Paused):
        test("a")
    spoken.clear()
    reporter = Reporter()
    resumed = test("a")
    assert len(spoken) == spoken_again
    assert not list((tmp_path / "a").glob(".*"))
    spoken.clear()
    whole = test("b")
    assert (resumed.rows, resumed.skipped, resumed.ceiling) == (whole.rows, whole.skipped, whole.ceiling)
    assert len(spoken) == 3
    first = reporter = Reporter(stop)
    spoken.clear()
    with pytest.raises(Paused):
        test("a", config.model_copy(update={"seed": 1}))
    spoken.clear()
    reporter = Reporter()
    test("a", config.model_copy(update={"seed": 2}))
    assert len(spoken) == 3


@pytest.mark.parametrize(
    ("count", "most", "expected"), [(10, 3, [0, 4, 9]), (2, 40, [0, 1]), (0, 5, []), (9, 1, [0])]
)
def test_spread(count: int, most: int, expected: list[int]) -> None:
    assert trials.spread(count, most) == expected


def test_models_of_several_kinds_are_compared(
    model: Path, prepared: Path, source: Path, features: Features, tmp_path: Path
) -> None:
    """The same voice with other weights, its name the same; and a blind page over both."""
    torch.manual_seed(5)
    first = Voice.load(model)
    config = LiteConfig(rate=32000, content_dim=4, channels=32)
    card = first.card.model_copy(update={"rate": 32000, "config": config.model_dump(), "steps": 40})
    other = tmp_path / "other.safetensors"
    Voice(card, LiteSynthesizer(config)).save(other)
    report = evaluate(
        model,
        prepared,
        tmp_path / "out",
        EvaluateConfig(device="cpu", max_clips=2),
        Reporter(),
        against=[other],
        sources=[source],
        features=features,
        listen=True,
    )
    assert [one.label for one in report.entrants] == ["Anna <b>, step 20", "Anna <b>, step 40"]
    assert [row.name for row in report.rows] == [row.name for row in report.others[0].rows]
    assert report.rows[0].scores != report.others[0].rows[0].scores
    for row in report.others[0].rows:
        assert row.output
        assert audio.comment(tmp_path / "out" / row.output) == mark.generated("Anna <b>")
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert html.count("<audio") == 3 * len(report.rows)
    assert (tmp_path / "out" / "listen.html").is_file()
    key = Key.model_validate_json((tmp_path / "out" / "listen-key.json").read_text(encoding="utf-8"))
    chosen = {question.id: "first" for question in key.questions if question.ask == "pair"}
    saved = tmp_path / "saved.json"
    saved.write_text(json.dumps({"test": key.test, "session": "a", "answers": chosen}), encoding="utf-8")
    heard = stage.add_answers(tmp_path / "out", [saved])
    assert heard.listening is not None
    assert heard.listening.answers == len(chosen)
    assert Report.open(tmp_path / "out") == heard
    assert "One person answered" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_a_table_of_words_must_be_one(
    model: Path, prepared: Path, features: Features, tmp_path: Path
) -> None:
    config = EvaluateConfig(device="cpu")
    with pytest.raises(InputError) as caught:
        evaluate(
            model, prepared, tmp_path / "out", config, Reporter(), transcripts=tmp_path, features=features
        )
    assert caught.value.code == "no_transcripts"
