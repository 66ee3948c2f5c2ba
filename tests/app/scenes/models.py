"""States of the pages of models."""

from PySide6.QtWidgets import QApplication

from rvcstudio.app import App
from rvcstudio.ui.model import ModelPage
from rvcstudio.ui.model_blend import BlendDialog
from tests.app.scenes.convert import _add_model, _wait


def _fill(app: App) -> list[str]:
    names = ("Mina, evening", "Mina, whisper", "Old recordings")
    return [_add_model(app, name).id for name in names]


def several(app: App) -> None:
    """Show some models."""
    _fill(app)
    app.studio.go("models")


def card(app: App) -> None:
    """Show a model, compared with another one."""
    model, *_ = _fill(app)
    app.studio.go("model", model=model)
    page = app.window.page
    assert isinstance(page, ModelPage)
    _wait(lambda: page._card is not None)
    page._comparison.start()
    _wait(lambda: all(strip.view.frames > 0 for strip in page._comparison.view.strips))
    _wait(lambda: app.studio.tasks.is_idle)


def blend(app: App) -> None:
    """Ask what to blend."""
    _fill(app)
    app.studio.go("models")
    BlendDialog(app.studio, None, app.window).open()
    QApplication.processEvents()
