"""Evaluation from a model and recordings to a report, with a small untrained voice and the real stages."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from rvc.analysis import pitch
from rvc.analysis.features import Features
from rvc.config import EvaluateConfig, PrepareConfig
from rvc.datasets.dataset import Prepared
from rvc.datasets.preparation import prepare
from rvc.errors import InputError, Paused
from rvc.events import Event, Log, Progress, Reporter
from rvc.model.lite import LiteConfig, LiteSynthesizer
from rvc.sound import audio, mark
from rvc.synthesis import index
from rvc.testing import evaluation as stage
from rvc.testing import trials
from rvc.testing.answers import Key
from rvc.testing.report import Report
from rvc.voices.card import EncoderCard, Material, VoiceCard
from rvc.voices.voice import Voice
from rvc.voices.voice import read as read_voice
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


def consonants(samples: int, seed: int) -> np.ndarray:
    """Return noise (N,) whose colour changes ten times a second: vowels alone are one recording to a fingerprint."""
    random = np.random.default_rng(seed)
    colours = (random.standard_normal(12) for _ in range(samples // 2400 + 1))
    parts = [np.convolve(random.standard_normal(2400), colour, "same") for colour in colours]
    return (0.02 * np.concatenate(parts)[:samples]).astype(np.float32)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve takes of one voice, one of them with a difficult name, and a file that is no recording."""
    folder = tmp_path_factory.mktemp("recordings")
    for number in range(12):
        name = f"take {number} <&> 목소리.wav" if number == 3 else f"take{number}.wav"
        wave = sounds.voice(1.5 + 0.1 * number, RATE, f0=180 + 8 * number, seed=number)
        wave += consonants(len(wave), seed=number)
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


@pytest.mark.parametrize(("phase", "spoken_again"), [("reconstruct", 1), ("judge", 0)])
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


def test_text_of_a_card_and_scores_are_kept_for_its_own_held_out_part(
    model: Path, prepared: Path, features: Features, tmp_path: Path
) -> None:
    """A model whose training names this dataset gets its scores into its card, and keeps its weights."""
    voice = Voice.load(model)
    settings = {"dataset": Prepared.open(prepared).fingerprint}
    card = voice.card.model_copy(update={"settings": settings, "scores": {"val_mel": 1.0, "conversion_x": 2}})
    path = tmp_path / "trained.safetensors"
    Voice(card, voice.synthesizer).save(path)
    tensors = read_voice(path)[1]
    report = evaluate(
        path, prepared, tmp_path / "out", EvaluateConfig(device="cpu"), Reporter(), features=features
    )
    assert (report.testset_kind, report.overlap.datasets) == ("held_out", [prepared.name])
    after, kept = read_voice(path)
    assert after.scores == {"val_mel": 1.0, **report.scores()}
    assert after.model_copy(update={"scores": {}}) == card.model_copy(update={"scores": {}})
    assert all(torch.equal(tensor, kept[name]) for name, tensor in tensors.items())


def test_recordings_that_training_heard_are_left_out_and_said(
    model: Path, prepared: Path, recordings: Path, features: Features, tmp_path: Path
) -> None:
    """All takes are given again, one of them trimmed and quieter: only those that were held out are tested."""
    wave, rate = audio.read(recordings / "take11.wav")
    sounds.record(tmp_path / "mine" / "again.wav", 0.5 * wave[rate // 10 :], rate)
    held_out = sorted({clip.take for clip in Prepared.open(prepared).clips_of("test")})
    shutil.copy(recordings / f"{held_out[0]}.wav", tmp_path / "mine")
    events: list[Event] = []
    report = evaluate(
        model,
        tmp_path / "mine",
        tmp_path / "out",
        EvaluateConfig(device="cpu"),
        Reporter(events.append),
        trained_on=[prepared],
        features=features,
    )
    assert "take11" not in held_out
    assert {(twin.clip.split("-")[0], twin.take) for twin in report.overlap.twins} == {("again", "take11")}
    assert {row.name.split("-")[0] for row in report.rows} == {held_out[0]}
    assert "heard_in_training" in {event.code for event in events if isinstance(event, Log)}
    assert "were left out" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_a_test_on_training_data_alone_is_refused_unless_wanted(
    model: Path, prepared: Path, recordings: Path, features: Features, tmp_path: Path
) -> None:
    trained = min(clip.take for clip in Prepared.open(prepared).clips_of("train"))

    def again(config: EvaluateConfig) -> Report:
        return evaluate(
            model,
            recordings / f"{trained}.wav",
            tmp_path,
            config,
            Reporter(),
            trained_on=[prepared],
            features=features,
        )

    with pytest.raises(InputError) as caught:
        again(EvaluateConfig(device="cpu"))
    assert caught.value.code == "all_heard"
    report = again(EvaluateConfig(device="cpu", keep_heard=True))
    assert report.rows
    assert report.overlap.kept


def test_files_that_the_models_card_names_are_left_out_without_the_dataset(
    model: Path, prepared: Path, recordings: Path, features: Features, tmp_path: Path
) -> None:
    voice, dataset = Voice.load(model), Prepared.open(prepared)
    learnt = Material.of(1, 1, [take.sha256 for take in dataset.takes_of("train")])
    card = voice.card.model_copy(update={"trained_on": learnt})
    Voice(card, voice.synthesizer).save(tmp_path / "anna.safetensors")
    config = EvaluateConfig(device="cpu")
    report = evaluate(
        tmp_path / "anna.safetensors", recordings, tmp_path / "out", config, Reporter(), features=features
    )
    held_out = {take.name for take in dataset.takes_of("test")}
    assert {row.name.rsplit("-", 1)[0] for row in report.rows} == held_out
    assert len(report.overlap.twins) >= report.overlap.marks == len(learnt.takes)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "the same files only" in page
    assert "were left out" in page


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
