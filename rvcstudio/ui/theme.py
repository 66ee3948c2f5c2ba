"""Light and dark, as the system has it or as the user wants it, switched while the app runs."""

import sys
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from rvc import paths
from rvcstudio.settings import Mode
from rvcstudio.ui import style, tokens
from rvcstudio.ui.tokens import Tokens

LINUX_FONTS = ("Pretendard", "Inter", "Noto Sans", "Noto Sans KR", "Noto Sans CJK KR", "Noto Color Emoji")
MARKS = {
    "chevron": ("chevron-down", "muted"),
    "chevron_up": ("chevron-up", "muted"),
    "tick": ("tick", "on_accent"),
}
SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def current() -> Tokens:
    """Return the colours of now."""
    app = QApplication.instance()
    kept = app.property("tokens") if app is not None else None
    return kept if isinstance(kept, Tokens) else tokens.LIGHT


class Theme(QObject):
    """Dresses the whole application."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._mode: Mode = "system"
        app.setStyle("Fusion")
        if sys.platform.startswith("linux"):
            app.setFont(_linux_font(app.font()))
        app.styleHints().colorSchemeChanged.connect(self._dress)
        accessibility = app.styleHints().accessibility()
        accessibility.contrastPreferenceChanged.connect(self._dress)

    def choose(self, mode: Mode) -> None:
        """Follow the system, or stay light or dark."""
        self._mode = mode
        self._app.styleHints().setColorScheme(SCHEMES[mode])
        self._dress()

    def _dress(self) -> None:
        chosen = self._tokens()
        if current() == chosen and self._app.styleSheet():
            return
        self._app.setProperty("tokens", chosen)
        self._app.setPalette(palette(chosen))
        self._app.setStyleSheet(style.sheet(chosen, _marks(chosen)))
        self.changed.emit()

    def _tokens(self) -> Tokens:
        hints = self._app.styleHints()
        dark = self._mode == "dark" or (self._mode == "system" and hints.colorScheme() == Qt.ColorScheme.Dark)
        chosen = tokens.DARK if dark else tokens.LIGHT
        wanted = hints.accessibility().contrastPreference()
        return tokens.contrasting(chosen) if wanted == Qt.ContrastPreference.HighContrast else chosen


def _linux_font(font: QFont) -> QFont:
    """Prefer fonts made for screens, and that have Korean, where the desktop has not chosen one itself."""
    there = set(QFontDatabase.families())
    wanted = [family for family in LINUX_FONTS if family in there]
    if font.family() in ("Sans Serif", "DejaVu Sans", "") and wanted:
        font.setFamilies(wanted)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)  # hinted Korean looks bold
    return font


def palette(colours: Tokens) -> QPalette:
    """Return the palette for what the style sheet does not reach."""
    roles = QPalette.ColorRole
    made = QPalette()
    for role, colour in {
        roles.Window: colours.window,
        roles.WindowText: colours.text,
        roles.Base: colours.field,
        roles.AlternateBase: colours.raised,
        roles.Text: colours.text,
        roles.PlaceholderText: colours.muted,
        roles.Button: colours.card,
        roles.ButtonText: colours.text,
        roles.Highlight: colours.accent,
        roles.HighlightedText: colours.on_accent,
        roles.Link: colours.accent,
        roles.ToolTipBase: colours.toast,
        roles.ToolTipText: colours.on_toast,
    }.items():
        made.setColor(role, QColor(colour))
    return made


def _marks(colours: Tokens) -> dict[str, str]:
    """Write the marks inside controls in these colours, and return their files: style sheets take no other."""
    return {key: _mark(name, getattr(colours, colour)) for key, (name, colour) in MARKS.items()}


def _mark(name: str, colour: str) -> str:
    file: Path = paths.cache_dir() / "marks" / f"{name}-{colour[1:]}.svg"
    if not file.exists():
        drawing = paths.resource(f"icons/{name}.svg").read_text(encoding="utf-8")
        paths.write_text(file, drawing.replace("currentColor", colour))
    return file.as_posix()
