"""Every text has a Korean translation with the same places for values, and is shown in it."""

import ast
import importlib.util
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from rvc import paths
from rvc.doctor import EXTRAS
from rvc.doctor.finding import MEANINGS
from rvc.doctor.storage import USES
from rvcstudio.studio import Studio
from rvcstudio.translation import read_catalogue
from rvcstudio.ui import formats
from rvcstudio.ui.findings import words
from rvcstudio.ui.voice_card import VoiceCard
from rvcstudio.ui.window import MainWindow

ROOT = Path(__file__).parent.parent.parent


def maker():  # type: ignore[no-untyped-def]
    """Load what `make i18n` runs."""
    spec = importlib.util.spec_from_file_location("i18n_make", paths.resource("i18n/make.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_text_of_the_app_is_translated() -> None:
    assert maker().check() == []


def test_a_missing_or_wrong_translation_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "ko").mkdir()
    message = "<message><source>{}</source><translation{}>{}</translation></message>"
    wrong = [
        message.format("Good", "", "좋음"),
        message.format("{name} left", "", "{nam} 나감"),
        message.format("New", ' type="unfinished"', ""),
    ]
    text = f"<TS><context><name>X</name>{''.join(wrong)}</context></TS>"
    (tmp_path / "ko" / "x.ts").write_text(text, encoding="utf-8")
    found = list(maker().faults(tmp_path))
    assert len(found) == 2
    assert "other places" in found[0]
    assert "not translated" in found[1]


def test_what_the_doctor_says_is_translated() -> None:
    forms = read_catalogue("ko").forms
    sentences = {text for meaning in MEANINGS.values() for text in (meaning.text, meaning.action) if text}
    values = {use for _, use in EXTRAS.values()} | set(USES.values())
    assert {text for text in sentences if ("Finding", text, "") not in forms} == set()
    assert {text for text in values if ("Finding.value", text, "") not in forms} == set()


def test_the_apps_own_errors_are_translated() -> None:
    codes = set()
    for source in (ROOT / "rvcstudio").rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Name) and called.id in ("Error", "InputError"):
                first = node.args[0]  # type: ignore[attr-defined]
                codes |= {first.value} if isinstance(first, ast.Constant) else set()
    forms = read_catalogue("ko").forms
    assert {code for code in codes if ("Error", str(code), "") not in forms} == set()


@pytest.mark.usefixtures("window")
def test_numbers_and_plurals_follow_the_language(studio: Studio) -> None:
    voice = studio.library.voices.add("Mina", colour="#123456")
    english = VoiceCard(voice)._facts()
    assert (formats.minutes(90), english) == ("1.5 min", "0 min · 0 takes")
    studio.settings.update(language="ko")
    assert (formats.minutes(90), VoiceCard(voice)._facts()) == ("1.5분", "0분 · 녹음 0개")


def test_findings_come_with_their_values(studio: Studio, window: MainWindow) -> None:
    studio.settings.update(language="ko")
    finding = {
        "code": "disk_low",
        "params": {"folder": "/x", "free_gb": 1.25, "use": "voices and jobs"},
        "level": "",
    }
    text, action = words(finding)
    assert text == "/x 폴더에 1.2 GB만 남아 있습니다 (목소리와 작업)."
    assert action.startswith("그 디스크")
    QApplication.processEvents()  # windows hear of the language by an event
    assert window.page.title.text() == "목소리"
