"""States of the page of voices."""

from rvcstudio.app import App
from rvcstudio.library import Library


def first_start(app: App) -> None:
    """Show the page of an empty library."""
    app.studio.use_library(Library(app.studio.library.folder.parent / "empty"))
    app.studio.go("voices")


def new_voice(app: App) -> None:
    """Ask for a new voice."""
    app.studio.go("voices", new=True)
