"""The page of settings."""

from typing import Any

from rvcstudio.translation import LANGUAGES
from rvcstudio.ui.page import Page
from rvcstudio.ui.widgets import Card, Choice, Field, Label, Segments, row

MODES = ("system", "light", "dark")


class SettingsPage(Page):
    """Everything about the app that can be chosen, in cards by what it is about."""

    def build(self) -> None:
        self._look_title = Label("heading")
        self._language = Choice("settings.language")
        self._language.chosen.connect(lambda code: self.studio.settings.update(language=code))
        self._theme = Segments("settings.theme", MODES)
        self._theme.chosen.connect(lambda mode: self.studio.settings.update(theme=mode))
        self._language_field, self._theme_field = Field(self._language), Field(self._theme)
        self.body.addWidget(
            Card(self._look_title, row(self._language_field, self._theme_field, None, gap=40))
        )
        self.body.addStretch(1)

    def retranslate(self) -> None:
        super().retranslate()
        self._look_title.setText(self.tr("Look and language"))
        self._language.offer([("system", self.tr("As the system")), *LANGUAGES.items()])
        self._language_field.say(self.tr("Language"))
        texts = (self.tr("System"), self.tr("Light"), self.tr("Dark"))
        self._theme_field.say(self.tr("Colours"))
        self._theme.say(self.tr("Colours"), texts)
        self._follow(self.studio.settings.value)

    def _follow(self, settings: Any) -> None:
        self._language.choose(settings.language)
        self._theme.choose(settings.theme)

    def shown(self) -> None:
        self._follow(self.studio.settings.value)
