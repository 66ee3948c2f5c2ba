"""Keys that work while a game or a call is in front: one to talk, one to hear one's own voice."""

from PySide6.QtWidgets import QWidget

from rvcstudio.keys import NAMES, Keyboard, Keys
from rvcstudio.live.line import LiveLine
from rvcstudio.ui.widgets import Choice, Field, Label, column


class KeysPanel(QWidget):
    """Chooses them, and hears them while the line is live; says so where the system allows none."""

    def __init__(self, line: LiveLine, keyboard: Keyboard | None) -> None:
        super().__init__()
        self._line = line
        self._choices = {name: Choice(f"live.{name}") for name in ("talk_key", "bypass_key")}
        self._fields = {name: Field(choice) for name, choice in self._choices.items()}
        self._text = Label("caption", name="live.keys", wrap=True)
        self._keys = None if keyboard is None else Keys(keyboard, self)
        self._are_asked_for = keyboard is not None and keyboard.asks
        for name, choice in self._choices.items():
            choice.chosen.connect(lambda key, name=name: line.change(**{name: key}))
            self._fields[name].setVisible(keyboard is not None)
        self.setLayout(column(self._text, *self._fields.values(), gap=12))
        line.changed.connect(self.refresh)
        if self._keys is not None and keyboard is not None:
            self._keys.pressed.connect(self._press)
            self._keys.released.connect(self._release)
            self.destroyed.connect(keyboard.close)

    def say(self) -> None:
        """Set every text."""
        self._fields["talk_key"].say(self.tr("Hold to talk"))
        self._fields["bypass_key"].say(self.tr("Switch to your own voice and back"))
        for choice in self._choices.values():
            choice.offer([("", self.tr("none")), *((name, name) for name in NAMES)])
        self._text.setText(
            self.tr(
                "This system tells no program of keys meant for another: T and B work in this window only."
            )
            if self._keys is None
            else self.tr("Heard in every window; the desktop may ask you whether, and for others.")
            if self._are_asked_for
            else self.tr("Heard in every window. The program in front hears them too.")
        )
        self.refresh()

    def refresh(self) -> None:
        """Show what is chosen, and listen to it while the line is live."""
        settings = self._line.settings
        for name, choice in self._choices.items():
            choice.choose(getattr(settings, name))
        if self._keys is not None:
            live = self._line.state == "live"
            self._keys.watch(key for key in (settings.talk_key, settings.bypass_key) if key and live)

    def _press(self, key: str) -> None:
        settings = self._line.settings
        if key == settings.talk_key and settings.push_to_talk:
            self._line.talk(True)
        if key == settings.bypass_key:
            self._line.let_through(not self._line.bypass)

    def _release(self, key: str) -> None:
        if key == self._line.settings.talk_key:
            self._line.talk(False)
