"""The app in the user's language, switched while it runs.

Texts are marked with Qt's `tr` and `translate`; `make i18n` collects them into `resources/i18n/<language>/*.ts`, one
file per module, and those are read as they are: there is nothing to compile, and two people who work on two pages
never meet in one file. English needs a catalogue for its plurals only.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from PySide6.QtCore import QCoreApplication, QLocale, QObject, QTranslator, Signal

from rvc import paths
from rvcstudio.settings import Language

LANGUAGES = {"en": "English", "ko": "한국어"}

Key = tuple[str, str, str]  # context, source, comment


@dataclass(slots=True)
class Catalogue:
    """Translations by their place: one text, or one per plural form."""

    language: str
    forms: dict[Key, list[str]] = field(default_factory=dict)

    def read(self, file: Path) -> None:
        """Add what a .ts file translates; what is unfinished there stays in English."""
        for context in ElementTree.parse(file).getroot().iter("context"):
            name = context.findtext("name", "")
            for message in context.iter("message"):
                self._add(name, message)

    def _add(self, context: str, message: ElementTree.Element) -> None:
        translation = message.find("translation")
        if translation is None or translation.get("type") is not None:
            return
        forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
        if all(forms):
            key = (context, message.findtext("source", ""), message.findtext("comment", ""))
            self.forms[key] = forms

    def find(self, context: str, source: str, comment: str, number: int) -> str | None:
        forms = self.forms.get((context, source, comment))
        if forms is None:
            return None
        return forms[min(len(forms) - 1, int(self.language == "en" and number != 1))]


class Translator(QTranslator):
    """Answers Qt out of a catalogue."""

    def __init__(self, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        return not self._catalogue.forms

    def translate(
        self, context: str, source: str, comment: str | None = None, number: int = -1
    ) -> str | None:
        """Return a translation, or None where there is none."""
        return self._catalogue.find(context, source, comment or "", number)


class Languages(QObject):
    """Chooses the language of the whole program."""

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.current = "en"
        self._translator: Translator | None = None

    def choose(self, language: Language) -> None:
        """Speak a language from now on; every widget hears of it by a LanguageChange event."""
        code = system_language() if language == "system" else language
        if self._translator is not None and code == self.current:
            return
        new = Translator(read_catalogue(code), self)
        old, self._translator, self.current = self._translator, new, code
        QLocale.setDefault(QLocale(code))
        QCoreApplication.installTranslator(new)
        if old is not None:
            QCoreApplication.removeTranslator(old)
        self.changed.emit(code)

    def close(self) -> None:
        """Say nothing more: English is what is left."""
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)


def system_language() -> str:
    """Return the first language of the system that the app speaks, or English."""
    wanted = (tag.split("-")[0] for tag in QLocale.system().uiLanguages())
    return next((code for code in wanted if code in LANGUAGES), "en")


def read_catalogue(language: str) -> Catalogue:
    """Read all translations into a language."""
    catalogue = Catalogue(language)
    for file in sorted((paths.resource("i18n") / language).glob("*.ts")):
        catalogue.read(file)
    return catalogue


Text = Callable[[], str]
"""A text that is asked for when it is shown, so that it comes in the language of that moment."""
