"""States of the page of voices."""

from rvcstudio.app import App
from rvcstudio.library import Library
from rvcstudio.ui.shortcuts import ShortcutsDialog


def first_start(app: App) -> None:
    """Show the page of an empty library."""
    app.studio.use_library(Library(app.studio.library.folder.parent / "empty"))
    app.studio.go("voices")


def new_voice(app: App) -> None:
    """Ask for a new voice."""
    app.studio.go("voices", new=True)


def one_voice(app: App) -> None:
    """Show a voice with takes and a model."""
    library = app.studio.library
    voice = next(voice for voice in library.voices.all() if voice.name == "Mina Park")
    folder = library.models.new_folder("Mina, standard", voice.id)
    (folder / "Mina.safetensors").write_bytes(b"weights")
    library.models.add(
        "Mina, standard", folder / "Mina.safetensors", voice_id=voice.id, summary={"rate": 40000}
    )
    library.takes.exclude([library.takes.all(voice.id)[2].id])
    app.studio.go("voice", voice=voice.id)


def deleted(app: App) -> None:
    """Show what was deleted."""
    library = app.studio.library
    sailor = next(voice for voice in library.voices.all() if voice.name == "Old Sailor")
    mina = next(voice for voice in library.voices.all() if voice.name == "Mina Park")
    library.takes.delete([take.id for take in library.takes.all(mina.id)[:6]])
    library.voices.delete(sailor.id)
    app.studio.go("bin")


def bug(app: App) -> None:
    """Show the dialog of a bug."""
    app.studio.fail(ZeroDivisionError("division by zero"))


def undo(app: App) -> None:
    """Delete a voice, and offer the way back."""
    app.studio.go("voices")
    voices = app.studio.library.voices
    voice = voices.all()[0]
    voices.delete(voice.id)
    app.window.page.delete_voice(voice)  # type: ignore[attr-defined]


def shortcuts(app: App) -> None:
    """List the keys."""
    app.studio.go("voices")
    ShortcutsDialog(
        app.window.shortcuts, app.window.page.entry.title, app.window.page.shortcuts, app.window
    ).open()
