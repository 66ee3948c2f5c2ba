"""Voices out of the library and into it, as files."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from rvc.events import Reporter
from rvcstudio.library import Library, Voice
from rvcstudio.library.exchange import SUFFIX, export_name, export_voice, import_voice
from rvcstudio.studio import Studio

translate = QCoreApplication.translate


def ask_and_export(studio: Studio, voice: Voice, parent: QWidget) -> None:
    """Ask where to, and write a voice into a file in the background."""
    name, _ = QFileDialog.getSaveFileName(
        parent,
        translate("Exchange", "Export the voice"),
        str(Path.home() / export_name(voice)),
        translate("Exchange", "Voices ({kinds})").format(kinds=f"*{SUFFIX}"),
    )
    if name:
        export(studio, voice, Path(name))


def export(studio: Studio, voice: Voice, to: Path) -> None:
    """Write a voice into a file in the background, and say when it is there."""
    library = studio.library
    studio.tasks.run(
        lambda reporter: export_voice(library, voice.id, to, reporter),
        lambda file: studio.say(translate("Exchange", "Exported: {file}").format(file=file.name)),
        owner=studio,
    )


def ask_and_import(studio: Studio, parent: QWidget) -> None:
    """Ask for files of voices, and import them in the background."""
    kinds = translate("Exchange", "Voices ({kinds})").format(kinds=f"*{SUFFIX}")
    names, _ = QFileDialog.getOpenFileNames(parent, translate("Exchange", "Import voices"), "", kinds)
    take_voices(studio, [Path(name) for name in names])


def take_voices(studio: Studio, files: list[Path]) -> list[Path]:
    """Import the voices among some files, one after the other, and return the other files."""
    voices = [file for file in files if file.suffix.lower() == SUFFIX]
    library = studio.library
    for file in voices:
        studio.tasks.run(
            partial(_import, library, file),
            lambda voice: _came(studio, voice),
            owner=studio,
        )
    return [file for file in files if file not in voices]


def _import(library: Library, file: Path, reporter: Reporter) -> Voice:
    return import_voice(library, file, reporter)


def _came(studio: Studio, voice: Voice) -> None:
    studio.go("voice", voice=voice.id)
    studio.say(translate("Exchange", "{name} was imported.").format(name=voice.name))
