"""What the test set is to the training: held out, unrelated, or heard and left out."""

import shutil
from pathlib import Path

import pytest
import torch

from rvc.analysis.features import Features
from rvc.config import EvaluateConfig, PrepareConfig
from rvc.datasets.dataset import Prepared
from rvc.datasets.preparation import prepare
from rvc.errors import InputError
from rvc.events import Event, Log, Reporter
from rvc.sound import audio
from rvc.testing.evaluation import evaluate
from rvc.testing.report import Report
from rvc.voices.card import Material
from rvc.voices.voice import Voice
from rvc.voices.voice import read as read_voice
from tests import sounds
from tests.evaluation.material import RATE


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
