"""What a message says, in English and Korean: plain text without secrets and without paths of this machine."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from remote_agent.notifications.settings import Language
from rvc import paths

NAME_MAX = 100
REASON_MAX = 500
WEBHOOK_VERSION = 1
# From where a path begins to its last separator: a file's own name stays, where it lies goes. Text between
# two paths goes too, because names of folders may hold spaces.
PATH = re.compile(r"""(?<![^\s"'(\[=:])(?:[A-Za-z]:)?(?:~|\.{1,2})?[\\/](?:.*[\\/])?""")
UNSPEAKABLE = frozenset({"bug"})  # their texts are for logs: they quote whatever went wrong


class News(BaseModel):
    """Something that happened to a job, as the outbox keeps it until it is told."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    event: str
    time: datetime
    job: str = ""
    name: str = ""
    kind: str = ""
    percent: int | None = None
    scores: dict[str, float] = {}
    code: str = ""
    text: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What a person reads; `body` has the title's fact again, as not every service shows titles."""

    title: str
    body: str


@cache
def words(language: Language) -> dict[str, Any]:
    """Return the texts of a language."""
    text = paths.resource(f"agent/messages.{language}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def compose(news: News, language: Language) -> Message:
    """Write a message in a user's language."""
    text = words(language)
    what = "reached" if news.percent is not None else news.event
    kinds = text["kinds"]
    facts = {
        "name": one_line(news.name, NAME_MAX),
        "percent": news.percent,
        "kind": kinds.get(news.kind, kinds["other"]),
    }
    lines = [text["texts"][what].format(**facts), *_details(news, text), "", text["footer"]]
    return Message(text["titles"][what].format(**facts), "\n".join(lines))


def _details(news: News, text: dict[str, Any]) -> list[str]:
    lines = []
    if news.event == "failed":
        known = text["reasons"].get(news.code)
        lines.append(text["reason"].format(reason=known or news.text or news.code))
        if not known and news.hint:
            lines.append(text["hint"].format(hint=news.hint))
    if shown := {name: news.scores[name] for name in text["names"] if name in news.scores}:
        lines += ["", text["scores"]]
        lines += [f"  {text['names'][name]}: {value:.4g}" for name, value in shown.items()]
    return [*lines, "", text["job"].format(id=news.job)] if news.job else lines


def payload(news: News, language: Language) -> dict[str, Any]:
    """Return what a webhook gets: the facts, and the same message that people get."""
    message = compose(news, language)
    return {
        "version": WEBHOOK_VERSION,
        "event": news.event,
        "time": news.time.isoformat(),
        "job": {"id": news.job, "name": one_line(news.name, NAME_MAX), "kind": news.kind}
        if news.job
        else None,
        "percent": news.percent,
        "scores": news.scores,
        "failure": {"code": news.code, "text": news.text, "hint": news.hint} if news.code else None,
        "title": message.title,
        "text": message.body,
    }


def said(code: str, text: str) -> str:
    """Return a failure's text as it may leave the machine."""
    return "" if code in UNSPEAKABLE else one_line(PATH.sub("", text), REASON_MAX)


def one_line(text: str, longest: int) -> str:
    """Return a text without line breaks and other signs that do not print, cut to a length."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
