"""Training on the bundled recordings with the real content encoder: what it leaves, and how it goes on."""

import json
import shutil
from pathlib import Path

import pytest
import soundfile
import torch
from filelock import FileLock
from safetensors.torch import load_file, save_file

from rvc.analysis.content import STARTER
from rvc.config import PrepareConfig, TrainConfig
from rvc.datasets.preparation import prepare
from rvc.errors import Error, InputError, Paused
from rvc.events import Checkpoint, Event, Metrics, Preview, Progress, Reporter
from rvc.learning import history
from rvc.learning.recipes.lite import LiteRecipe
from rvc.learning.training import Training, train
from rvc.voices.voice import Voice

RATE_HZ = 24000
SETTINGS = {"name": "Ann a/ü", "architecture": "lite", "batch_size": 2, "device": "cpu"}
SETTINGS |= {"base_generator": "none"}  # the shipped base is a few seconds' work at every start


@pytest.fixture(scope="module")
def prepared(few_takes: Path, wakehubert_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("train") / "prepared"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RVC_STUDIO_ASSETS", str(wakehubert_file.parent))
        patch.setenv("RVC_STUDIO_HOME", str(folder.parent / "home"))
        prepare([few_takes], folder, PrepareConfig(rate=RATE_HZ, held_out=0.2), Reporter())
    return folder


@pytest.fixture(autouse=True)
def _assets(offline_assets: Path) -> None: ...


def run(prepared: Path, out: Path, **settings: object) -> list[Event]:
    events: list[Event] = []
    train(prepared, out, TrainConfig(**{**SETTINGS, **settings}), Reporter(events.append))
    return events


def test_a_training_leaves_a_model_a_history_and_previews(prepared: Path, tmp_path: Path) -> None:
    events = run(prepared, tmp_path, steps=6)
    voice = Voice.load(tmp_path / "Ann a-ü.safetensors")
    assert (voice.card.name, voice.card.architecture, voice.card.rate) == ("Ann a/ü", "lite", RATE_HZ)
    assert voice.card.content_encoder.name == STARTER
    assert voice.card.usual_pitch_hz == pytest.approx(180, abs=60)
    assert voice.card.scores["val_mel"] > 0
    assert history.read(tmp_path)[-1].step == 6
    previews = [event for event in events if isinstance(event, Preview)]
    assert previews
    assert all(Path(event.file).stat().st_size > 10_000 for event in previews)
    assert any("val_mel" in event.values for event in events if isinstance(event, Metrics))
    assert [event for event in events if isinstance(event, Checkpoint)][-1].step == 6
    assert [event for event in events if isinstance(event, Progress)][-1].step == 6


def test_training_brings_held_out_takes_closer(prepared: Path, tmp_path: Path) -> None:
    training = Training.begin(prepared, tmp_path, TrainConfig(**SETTINGS, steps=40), Reporter())
    before = training.held_out.score(training.recipe.synthesizer)
    training.run()
    after = training.standing.best_score
    assert before is not None
    assert after is not None
    assert after < 0.8 * before


def test_the_nearest_of_several_networks_is_given_away(
    prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    networks = property(lambda recipe: (recipe.synthesizer, recipe.network))
    monkeypatch.setattr(LiteRecipe, "candidates", networks)
    training = Training.begin(prepared, tmp_path, TrainConfig(**SETTINGS, steps=1), Reporter())
    assert isinstance(training.recipe, LiteRecipe)
    for weight in training.recipe.synthesizer.parameters():
        weight.mul_(1.5)
    scores = [training.held_out.score(each) for each in training.recipe.candidates]
    chosen, score = training._nearest()
    assert scores[0] != scores[1]
    assert score == min(scores)
    assert chosen is training.recipe.candidates[scores.index(score)]


def test_a_paused_training_goes_on_as_if_it_had_never_stopped(prepared: Path, tmp_path: Path) -> None:
    run(prepared, tmp_path / "whole", steps=8)

    def pause_at_four(event: Event) -> None:
        if isinstance(event, Checkpoint):
            reporter.request_stop()

    reporter = Reporter(pause_at_four)
    config = TrainConfig(**SETTINGS, steps=8, checkpoint_every=4)
    with pytest.raises(Paused):
        train(prepared, tmp_path / "parts", config, reporter)
    rows = history.read(tmp_path / "parts")
    run(prepared, tmp_path / "parts", steps=8)
    assert history.read(tmp_path / "parts")[: len(rows)] == rows

    whole, parts = (
        load_file(tmp_path / folder / "checkpoints/step-00000008.checkpoint") for folder in ("whole", "parts")
    )
    assert whole.keys() == parts.keys()
    assert all(torch.equal(tensor, parts[name]) for name, tensor in whole.items())


def test_a_finished_training_is_not_done_again(prepared: Path, tmp_path: Path) -> None:
    run(prepared, tmp_path, steps=3)
    model = tmp_path / "Ann a-ü.safetensors"
    before = model.stat().st_mtime_ns
    events = run(prepared, tmp_path, steps=3)
    assert model.stat().st_mtime_ns == before
    assert not [event for event in events if isinstance(event, Metrics)]


def test_minutes_end_a_training(prepared: Path, tmp_path: Path) -> None:
    events = run(prepared, tmp_path, minutes=0.02)
    assert [event for event in events if isinstance(event, Checkpoint)][-1].step >= 1
    assert (tmp_path / "Ann a-ü.safetensors").exists()


def test_another_training_in_the_folder_is_not_overwritten(prepared: Path, tmp_path: Path) -> None:
    run(prepared, tmp_path, steps=2)
    rows = history.read(tmp_path)
    with pytest.raises(InputError, match="batch size and name") as caught:
        run(prepared, tmp_path, steps=2, batch_size=3, name="Bob")
    assert caught.value.code == "another_training"
    assert history.read(tmp_path) == rows


def test_a_dataset_with_other_recordings_is_another_training(
    prepared: Path, few_takes: Path, tmp_path: Path
) -> None:
    run(prepared, tmp_path / "model", steps=1)
    folder = tmp_path / "takes"
    shutil.copytree(few_takes, folder)
    changed = sorted(folder.iterdir())[0]
    wave, rate = soundfile.read(changed)
    soundfile.write(changed, wave * 0.5, rate)
    prepare([folder], tmp_path / "prepared", PrepareConfig(rate=RATE_HZ, held_out=0.2), Reporter())
    with pytest.raises(InputError, match="dataset"):
        run(tmp_path / "prepared", tmp_path / "model", steps=1)


def test_a_lost_model_file_is_written_again(prepared: Path, tmp_path: Path) -> None:
    run(prepared, tmp_path, steps=2)
    model = tmp_path / "Ann a-ü.safetensors"
    model.unlink()
    run(prepared, tmp_path, steps=2)
    assert Voice.load(model).card.steps == 2


def test_two_programs_do_not_train_in_one_folder(prepared: Path, tmp_path: Path) -> None:
    with FileLock(tmp_path / ".lock"), pytest.raises(InputError) as caught:
        run(prepared, tmp_path, steps=1)
    assert caught.value.code == "busy"


def test_a_training_starts_from_a_checkpoint_of_another(prepared: Path, tmp_path: Path) -> None:
    run(prepared, tmp_path / "base", steps=2)
    path = tmp_path / "base/checkpoints/step-00000002.checkpoint"
    config = TrainConfig(**SETTINGS | {"steps": 1, "base_generator": str(path)})
    training = Training.begin(prepared, tmp_path / "tuned", config, Reporter())
    stored = load_file(path)
    found = training.recipe.synthesizer.state_dict()
    assert all(torch.equal(found[name], stored[f"module/average/{name}"]) for name in found)


def test_several_speakers_become_one_model(few_takes: Path, tmp_path: Path) -> None:
    for number, path in enumerate(sorted(few_takes.iterdir())):
        folder = tmp_path / "voices" / ("zoë" if number % 3 else "bo")
        folder.mkdir(parents=True, exist_ok=True)
        wave, rate = soundfile.read(path)
        soundfile.write(folder / path.name, wave, rate if number % 3 else round(rate * 0.8))
    config = PrepareConfig(rate=RATE_HZ, speakers=True, held_out=0.2)
    prepare([tmp_path / "voices"], tmp_path / "prepared", config, Reporter())
    run(tmp_path / "prepared", tmp_path / "model", steps=3)
    model = tmp_path / "model" / "Ann a-ü.safetensors"
    voice = Voice.load(model)
    assert (voice.card.speakers, voice.synthesizer.speakers) == (["bo", "zoë"], 2)
    low, high = voice.card.pitch_of_speakers_hz
    assert low == pytest.approx(0.8 * high, rel=0.1)
    rows = load_file(model)["emb_g.weight"]
    assert not torch.equal(rows[0], rows[1])


def test_a_base_that_is_not_there_is_said(prepared: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        run(prepared, tmp_path, steps=1, base_generator=str(tmp_path / "nothing.pth"))
    assert caught.value.code == "missing_base"


def test_a_base_gives_the_first_weights(prepared: Path, tmp_path: Path) -> None:
    run(prepared, tmp_path / "base", steps=4)
    base = tmp_path / "base" / "Ann a-ü.safetensors"
    config = TrainConfig(**SETTINGS | {"steps": 1, "base_generator": str(base)})
    training = Training.begin(prepared, tmp_path / "tuned", config, Reporter())
    expected = load_file(base)
    found = training.recipe.synthesizer.state_dict()
    assert all(torch.equal(found[name].half().float(), tensor.float()) for name, tensor in expected.items())


def test_a_base_of_another_shape_is_refused(prepared: Path, tmp_path: Path) -> None:
    run(prepared, tmp_path / "base", steps=1)
    path = tmp_path / "base" / "Ann a-ü.safetensors"
    card = json.loads(Voice.load(path).card.model_dump_json())
    tensors = load_file(path)
    name = next(name for name, tensor in tensors.items() if tensor.dim() > 1)
    tensors[name] = tensors[name][:1]
    save_file(tensors, tmp_path / "odd.safetensors", metadata={"card": json.dumps(card)})
    with pytest.raises(InputError, match="does not fit") as caught:
        run(prepared, tmp_path / "tuned", steps=1, base_generator=str(tmp_path / "odd.safetensors"))
    assert name in caught.value.text


def test_a_rate_that_the_architecture_does_not_have_is_refused(prepared: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="24000 Hz") as caught:
        run(prepared, tmp_path, steps=1, architecture="v2")
    assert caught.value.code == "wrong_rate"


def test_losses_that_are_no_numbers_end_it_with_a_reason(prepared: Path, tmp_path: Path) -> None:
    training = Training.begin(
        prepared, tmp_path, TrainConfig(**SETTINGS, steps=3, checkpoint_every=1), Reporter()
    )
    step = training.recipe.step

    def broken(clips: object, number: int) -> dict[str, torch.Tensor]:
        return {name: value * float("nan") for name, value in step(clips, number).items()}

    training.recipe.step = broken  # type: ignore[method-assign]
    with pytest.raises(Error) as caught:
        training.run()
    assert not list(tmp_path.glob("checkpoints/*"))
    assert caught.value.code == "nan_loss"
    assert "precision" in caught.value.hint
