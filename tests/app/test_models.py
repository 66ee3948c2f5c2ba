"""The pages of models, with the real engine: import, card, names, export, blend, comparison, deletion."""

import shutil
import zipfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from rvc.errors import Error, InputError
from rvc.events import Reporter
from rvcstudio.library import Model
from rvcstudio.studio import Studio
from rvcstudio.ui import model_facts
from rvcstudio.ui.model import ModelPage
from rvcstudio.ui.model_blend import BlendDialog
from rvcstudio.ui.models import ModelsPage
from rvcstudio.ui.window import MainWindow

LONG_MS = 90_000  # an engine that starts on a busy machine


@pytest.fixture
def voice_files(tmp_path: Path) -> tuple[Path, Path]:
    """Two models with equal layers: Änna, and one for another seed."""
    pytest.importorskip("torch")
    from tests.live import lite_voice

    files = (tmp_path / "anna.safetensors", tmp_path / "ben.safetensors")
    for seed, file in enumerate(files):
        lite_voice(seed).save(file)
    return files


def add(studio: Studio, file: Path, name: str) -> Model:
    place = studio.library.models.new_folder(name) / "model.safetensors"
    shutil.copy(file, place)
    return studio.library.models.add(name, place)


def show(studio: Studio, window: MainWindow, model: Model) -> ModelPage:
    studio.go("model", model=model.id)
    page = window.page
    assert isinstance(page, ModelPage)
    return page


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def test_without_models_it_says_how_to_get_some(studio: Studio, window: MainWindow) -> None:
    studio.go("models")
    assert window.page.findChild(QWidget, "models.empty").isVisible()
    assert not window.page.findChild(QPushButton, "models.blend").isVisible()


def test_a_packed_model_is_dropped_and_read_and_exported(
    studio: Studio, window: MainWindow, qtbot: QtBot, tmp_path: Path, voice_files: tuple[Path, Path]
) -> None:
    archive = tmp_path / "anna.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(voice_files[0], "deep/er/anna.safetensors")
        packed.writestr("../readme.txt", "nothing")
    other = tmp_path / "notes.txt"
    studio.take([archive, other])
    qtbot.waitUntil(lambda: isinstance(window.page, ModelPage), timeout=LONG_MS)
    page = window.page
    assert isinstance(page, ModelPage)
    assert page.title.text() == "Änna"
    qtbot.waitUntil(lambda: page._card is not None, timeout=LONG_MS)
    assert {"Small model (lite), quick on a processor", "24 kHz", "200 Hz"} <= set(texts(page))
    assert "The card does not say" in texts(page)
    (model,) = studio.library.models.all()
    assert model.summary["rate"] == 24000
    out = tmp_path / "out.safetensors"
    page.write(out)
    qtbot.waitUntil(out.is_file, timeout=LONG_MS)
    page._rename("Anna of mine")
    assert page.title.text() == "Anna of mine"
    page.delete()
    assert isinstance(window.page, ModelsPage)
    assert not studio.library.models.all()
    studio.library.models.restore([model.id])
    qtbot.waitUntil(lambda: window.page.findChild(QWidget, f"models.card.{model.id}") is not None)


@pytest.mark.parametrize(("kind", "form"), [("student", "fp16"), ("student", "int8"), ("v2", "bf16")])
def test_packed_models_and_students_are_taken_over_as_they_are(kind: str, form: str, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from rvc.voices.answers import take_over
    from tests import voices

    voice = voices.small_student() if kind == "student" else voices.small_v2()
    voice.save(tmp_path / "given.safetensors", form)  # type: ignore[arg-type]
    params = {"file": str(tmp_path / "given.safetensors"), "out": str(tmp_path / "library")}
    taken = take_over(params, Reporter(), {})
    assert taken["card"]["weights"] == (None if form == "fp16" else form)
    said = dict(model_facts.about(taken["card"]))
    assert said["Kind"] == "RVC v2"
    taught = "Learned from Änna (1.0 kB); they differ by 3.0 dB" if kind == "student" else None
    assert said.get("Small decoder") == taught


def test_what_is_no_model_is_refused_and_leaves_nothing(studio: Studio, qtbot: QtBot, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    bad, empty = tmp_path / "bad.pth", tmp_path / "empty.zip"
    bad.write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    with zipfile.ZipFile(empty, "w") as packed:
        packed.writestr("readme.txt", "nothing")
    failures: list[Error] = []
    studio.failed.disconnect()
    studio.failed.connect(failures.append)
    studio.take([bad, empty])
    qtbot.waitUntil(lambda: bool(failures), timeout=LONG_MS)
    assert failures[0].code == "no_model"
    assert not studio.library.models.all()
    assert not list((studio.library.folder / "models").glob("*"))


def test_archives_are_held_to_what_they_say(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from rvc.voices.answers import unpack

    file = tmp_path / "broken.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("/absolute/../../model.pth", bytes(100_000))
    params = {"file": str(file), "out": str(tmp_path / "out")}
    assert unpack(params, Reporter(), {})["files"] == [str(tmp_path / "out" / "model.pth")]
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(InputError) as error:
        unpack(params, Reporter(), {})
    assert error.value.code == "damaged_archive"


def test_two_models_are_blended_and_compared_on_a_sentence(
    studio: Studio,
    window: MainWindow,
    qtbot: QtBot,
    tone: Path,
    voice_files: tuple[Path, Path],
) -> None:
    first, second = add(studio, voice_files[0], "Anna"), add(studio, voice_files[1], "Ben")
    page = show(studio, window, first)
    page._comparison._take_sentence(str(tone))
    qtbot.mouseClick(page.findChild(QPushButton, "model.compare.start"), Qt.MouseButton.LeftButton)
    view = page._comparison.view
    qtbot.waitUntil(lambda: all(strip.view.frames > 0 for strip in view.strips), timeout=LONG_MS)
    assert view.strips[1].label.text() == "Ben"
    assert view.strips[0].file != view.strips[1].file

    dialog = BlendDialog(studio, first, window)
    dialog.open()
    assert [model and model.id for model in dialog._pair()] == [first.id, second.id]
    qtbot.mouseClick(dialog.findChild(QPushButton, "blend.make"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(studio.library.models.all()) == 3, timeout=LONG_MS)
    assert studio.library.models.all()[0].name == "Anna + Ben"
