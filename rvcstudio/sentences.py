"""Expected errors in the user's language, with the values that their English sentences hold.

The engine and the agent send a code and a sentence. What stands in the sentence for a file or a number is found by the
templates of `resources/i18n/errors.json`, and put into the translation.
"""

import json
import re
from functools import cache

from PySide6.QtCore import QCoreApplication

from rvc import paths
from rvc.errors import Error

CONTEXTS = {"text": "Error", "hint": "Error.hint"}
PLACE = re.compile(r"\\\{(\w+)\\\}")

Templates = dict[str, dict[str, list[str]]]


def sentence(error: Error) -> tuple[str, str]:
    """Return an expected failure and the next step, in the user's language where there is a translation."""
    return said("text", error.code, error.text), said("hint", error.code, error.hint)


def said(part: str, code: str, english: str) -> str:
    """Return the text or the hint of an error in the user's language; what is not translated stays as it is."""
    translate, context = QCoreApplication.translate, CONTEXTS[part]
    plain = translate(context, code)
    if plain == code:
        return english
    template, values = find(part, code, english)
    if template is None:
        return f"{plain} ({english})" if english and part == "text" else plain
    whole = translate(context, code, template)
    if whole != code:
        return whole.format(**values)
    return f"{plain} ({', '.join(values.values())})" if any(values.values()) else plain


def find(part: str, code: str, english: str) -> tuple[str | None, dict[str, str]]:
    """Return the template that a sentence was made of, and its values; None where it is not known."""
    for template in _templates().get(part, {}).get(code, ()):
        if found := re.fullmatch(_pattern(template), english, re.DOTALL):
            return template, found.groupdict()
    return None, {}


@cache
def _pattern(template: str) -> str:
    return PLACE.sub(r"(?P<\1>.*?)", re.escape(template))


@cache
def _templates() -> Templates:
    """Read the templates, those with the most words of their own first: they say most of a sentence."""
    read: Templates = json.loads(paths.resource("i18n/errors.json").read_text(encoding="utf-8"))
    return {
        part: {code: sorted(found, key=_words, reverse=True) for code, found in codes.items()}
        for part, codes in read.items()
    }


def _words(template: str) -> int:
    return len(re.sub(r"\{\w+\}", "", template))
