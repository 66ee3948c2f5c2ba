"""Models of other programs into the library: dropped as `.pth`, `.index`, `.safetensors` or packed as `.zip`."""

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QCoreApplication

from rvc.errors import Error
from rvc.events import Reporter
from rvcstudio.library import Model
from rvcstudio.studio import Studio

translate = QCoreApplication.translate

MODELS = (".pth", ".safetensors")
INDEX, ARCHIVE = ".index", ".zip"
KEPT = ("architecture", "rate", "source", "pitch", "steps")  # of the card, for lists

Imported = tuple[list[Model], list[Error]]


def take_models(studio: Studio, files: list[Path]) -> list[Path]:
    """Import the models among some files in the background, with the indexes among them; return the other files."""
    mine = [file for file in files if file.suffix.lower() in (*MODELS, ARCHIVE)]
    if mine:
        mine += [file for file in files if file.suffix.lower() == INDEX]
        studio.say(translate("ModelImport", "Importing…"))
        studio.tasks.run(partial(import_all, studio, mine), partial(_came, studio), owner=studio)
    return [file for file in files if file not in mine]


def import_all(studio: Studio, files: Sequence[Path], reporter: Reporter) -> Imported:
    """Import models, and those in archives; what cannot be used is passed over. Blocks: for tasks."""
    made: list[Model] = []
    failures: list[Error] = []
    with TemporaryDirectory() as folder:
        found = [file for file in files if file.suffix.lower() != ARCHIVE]
        for number, archive in enumerate(file for file in files if file.suffix.lower() == ARCHIVE):
            params = {"file": str(archive), "out": f"{folder}/{number}"}
            try:
                found += map(Path, studio.engine.call("unpack", params, reporter)["files"])
            except Error as error:
                failures.append(error)
        models = [file for file in found if file.suffix.lower() in MODELS]
        indexes = [file for file in found if file.suffix.lower() == INDEX]
        given = indexes[0] if len(models) == len(indexes) == 1 else None  # else the one beside each
        for model in models:
            try:
                made.append(_import(studio, model, given, reporter))
            except Error as error:
                failures.append(error)
    return made, failures


def _import(studio: Studio, file: Path, index: Path | None, reporter: Reporter) -> Model:
    library = studio.library
    folder = library.models.new_folder(file.stem)
    params = {"file": str(file), "index": index and str(index), "out": str(folder)}
    try:
        answer = studio.engine.call("import", params, reporter)
        card = answer["card"]
        return library.models.add(card["name"], Path(answer["model"]), summary=summary(card))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def summary(card: dict[str, Any]) -> dict[str, Any]:
    """Return what lists say of a model, from its card."""
    return {name: card[name] for name in KEPT if name in card}


def _came(studio: Studio, imported: Imported) -> None:
    made, failures = imported
    if made:
        studio.go("model", model=made[0].id) if len(made) == 1 else studio.go("models")
        studio.say(
            translate("ModelImport", "Imported: {names}").format(names=", ".join(m.name for m in made))
        )
    if failures:
        studio.fail(failures[0])
