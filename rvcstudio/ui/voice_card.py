"""A voice on the page of all voices."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from rvcstudio.library import Voice
from rvcstudio.ui import formats
from rvcstudio.ui.icons import icon
from rvcstudio.ui.widgets import Avatar, Card, IconLabel, Label, MenuButton, column, row

TAGS_SHOWN = 3


class VoiceCard(Card):
    """Name, minutes, models, consent and tags of a voice; a menu to edit, export and delete it."""

    edited = Signal(object)
    exported = Signal(object)
    deleted = Signal(object)

    def __init__(self, voice: Voice) -> None:
        super().__init__(name=f"voices.card.{voice.id}", clickable=True)
        self.voice = voice
        avatar = Avatar(52)
        avatar.show_voice(voice)
        name = Label("heading", text=voice.name, wrap=True)
        facts = Label("muted", text=self._facts(), wrap=True)
        head = row(avatar, column(name, facts, gap=2), self._menu(), gap=14)
        head.setStretch(1, 1)
        self.content.addLayout(head)
        self.content.addLayout(row(*self._consent(), None, gap=6))
        if voice.tags:
            self.content.addLayout(
                row(*(Label("chip", text=tag) for tag in voice.tags[:TAGS_SHOWN]), None, gap=6)
            )
        self.content.addStretch(1)
        self.setAccessibleName(f"{voice.name}. {self._facts()}")

    def _facts(self) -> str:
        facts = [formats.minutes(self.voice.seconds), self.tr("%n take(s)", "", self.voice.takes)]
        if self.voice.models:
            facts.append(self.tr("%n model(s)", "", self.voice.models))
        return " · ".join(facts)

    def _menu(self) -> MenuButton:
        menu = MenuButton(f"{self.objectName()}.menu")
        menu.say(self.tr("More for {name}").format(name=self.voice.name))
        for name, text, signal in (
            ("edit", self.tr("Edit…"), self.edited),
            ("export", self.tr("Export as one file…"), self.exported),
            ("trash", self.tr("Delete"), self.deleted),
        ):
            action = menu.list.addAction(icon(name), text)
            action.setObjectName(f"{self.objectName()}.{name}")
            action.triggered.connect(lambda _checked=False, signal=signal: signal.emit(self.voice))
        return menu

    def _consent(self) -> list[QWidget]:
        icon_name, colour, text = consent_shown(self.voice)
        return [IconLabel(icon_name, colour, 16), Label("caption", text=text)]


def consent_shown(voice: Voice) -> tuple[str, str, str]:
    """Return icon, look and words for how a voice's owner agreed."""
    if voice.consent == "own":
        return "consent", "good", QCoreApplication.translate("Consent", "Own voice")
    if voice.consent == "permission":
        return "consent", "good", QCoreApplication.translate("Consent", "With permission")
    return "warn", "warn", QCoreApplication.translate("Consent", "Consent not stated")
