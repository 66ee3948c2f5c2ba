"""Evaluation from a model and recordings to a report, with a small untrained voice and the real stages."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from rvc import audio, index, mark, pitch, trials
from rvc import evaluation as stage
from rvc.card import EncoderCard, VoiceCard
from rvc.config import EvaluateConfig, PrepareConfig
from rvc.errors import InputError, Paused
from rvc.events import Event, Log, Reporter
from rvc.features import Features
from rvc.model.lite import LiteConfig, LiteSynthesizer
from rvc.preparation import prepare
from rvc.report import Report
from rvc.voice import Voice
from tests import sounds

RATE = 24000
evaluate = stage.evaluate


class WholeLoudnessEncoder(sounds.LoudnessEncoder):
    """The tests' encoder, which may also be given waves without their lengths."""

    def encode(self, wave: Tensor, lengths: Tensor | None = None) -> Tensor:
        whole = torch.full((len(wave),), wave.shape[1])
        return super().encode(wave, whole if lengths is None else lengths)


@pytest.fixture(scope="module")
def features() -> Features:
    """The tests' content encoder and the real light pitch estimator."""
    return Features(WholeLoudnessEncoder(), pitch.load("swift"), torch.device("cpu"))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve takes of one voice, one of them with a difficult name, and a file that is no recording."""
    folder = tmp_path_factory.mktemp("recordings")
    for number in range(12):
        name = f"take {number} <&> 목소리.wav" if number == 3 else f"take{number}.wav"
        wave = sounds.voice(1.5 + 0.1 * number, RATE, f0=180 + 8 * number, seed=number)
        sounds.record(folder / name, wave, RATE)
    (folder / "broken.wav").write_bytes(b"RIFFnothing")
    return folder


@pytest.fixture(scope="module")
def prepared(recordings: Path, features: Features, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("work") / "prepared"
    settings = PrepareConfig(rate=RATE, encoder="loudness", pitch="swift", held_out=0.3)
    prepare([recordings], folder, settings, Reporter(), features=features)
    return folder


@pytest.fixture(scope="module")
def model(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained voice with the index and the history of a training beside it."""
    torch.manual_seed(0)
    config = LiteConfig(rate=RATE, content_dim=4, channels=32)
    card = VoiceCard(
        name="Anna <b>",
        architecture="lite",
        rate=RATE,
        content_encoder=EncoderCard(name="loudness", dim=4),
        pitch_estimator="swift",
        steps=20,
        config=config.model_dump(),
    )
    path = tmp_path_factory.mktemp("model") / "anna.safetensors"
    Voice(card, LiteSynthesizer(config)).save(path)
    index.write_index(prepared, index.index_path(path), Reporter())
    lines = [json.dumps({"step": step, "values": {"loss_mel": 5 / step}}) for step in range(1, 21)]
    (path.parent / "history.jsonl").write_text("\n".join(lines) + "\n{torn", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lower voice, and a recording too short to convert."""
    folder = tmp_path_factory.mktemp("others")
    sounds.record(folder / "bob.flac", sounds.voice(2.0, 16000, f0=100), 16000)
    sounds.record(folder / "click.wav", np.ones(40, np.float32) * 0.1, 16000)
    return folder


@pytest.fixture(scope="module")
def outcome(
    model: Path, prepared: Path, source: Path, features: Features, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Report, Path, list[Event]]:
    events: list[Event] = []
    out = tmp_path_factory.mktemp("report")
    report = evaluate(
        model,
        prepared,
        out,
        EvaluateConfig(device="cpu"),
        Reporter(events.append),
        sources=[source],
        notes=["A rough voice."],
        features=features,
    )
    return report, out, events


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


def test_plain_recordings_count_as_held_out(
    model: Path, recordings: Path, features: Features, tmp_path: Path
) -> None:
    config = EvaluateConfig(device="cpu", max_clips=3)
    events: list[Event] = []
    reporter = Reporter(events.append)
    report = evaluate(model, recordings, tmp_path / "out", config, reporter, features=features, language="ko")
    assert [event.code for event in events if isinstance(event, Log)] == ["skipped_file"]
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
    assert not events


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


def test_dataset_without_held_out_part(
    model: Path, recordings: Path, source: Path, features: Features, tmp_path: Path
) -> None:
    settings = PrepareConfig(rate=RATE, encoder="loudness", pitch="swift", held_out=0)
    prepare([recordings], tmp_path / "all", settings, Reporter(), features=features)
    config = EvaluateConfig(device="cpu")
    with pytest.raises(InputError) as caught:
        evaluate(model, tmp_path / "all", tmp_path / "out", config, Reporter(), features=features)
    assert caught.value.code == "nothing_to_test"
    report = evaluate(
        model, tmp_path / "all", tmp_path / "out", config, Reporter(), features=features, sources=[source]
    )
    assert [row.kind for row in report.rows] == ["conversion"]


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
    ("count", "most", "expected"), [(10, 3, [0, 4, 9]), (2, 40, [0, 1]), (0, 5, []), (9, 1, [0])]
)
def test_spread(count: int, most: int, expected: list[int]) -> None:
    assert trials.spread(count, most) == expected


def test_the_report_says_what_the_test_set_is_to_the_training(
    outcome: tuple[Report, Path, list[Event]],
    model: Path,
    recordings: Path,
    features: Features,
    tmp_path: Path,
) -> None:
    """The voice of these tests was trained on nothing, so no dataset is its own; plain files are unknown."""
    assert outcome[0].testset_kind == "another"
    report = evaluate(model, recordings, tmp_path, EvaluateConfig(max_clips=1), Reporter(), features=features)
    assert report.testset_kind == "unknown"
    assert "flatter" in (tmp_path / "report.html").read_text(encoding="utf-8")
