"""Every text has a Korean translation with the same places for values, and is shown in it."""

import ast
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtWidgets import QApplication

from rvc import paths
from rvc.doctor.diagnosis import EXTRAS
from rvc.doctor.finding import MEANINGS
from rvc.doctor.storage import USES
from rvc.errors import InputError
from rvcstudio import sentences
from rvcstudio.studio import Studio
from rvcstudio.translation import read_catalogue
from rvcstudio.ui import formats
from rvcstudio.ui.findings import words
from rvcstudio.ui.voice_card import VoiceCard
from rvcstudio.ui.window import MainWindow

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """What `make i18n` runs."""
    monkeypatch.syspath_prepend(paths.resource("i18n"))
    spec = importlib.util.spec_from_file_location("i18n_make", paths.resource("i18n/make.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_text_of_the_app_is_translated(maker: ModuleType) -> None:
    assert maker.check() == []


def test_collecting_changes_everything_or_nothing(
    maker: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = tmp_path / "ko" / "engine.ts"
    for language in maker.OPTIONS:
        (tmp_path / language).mkdir()
    catalogue.write_text("<TS></TS>", encoding="utf-8")
    monkeypatch.setattr(maker, "HERE", tmp_path)
    before = maker._contents(tmp_path)

    def break_off(to: Path) -> None:
        (to / "ko" / "engine.ts").write_text("torn", encoding="utf-8")
        raise KeyboardInterrupt

    def be_overtaken(to: Path) -> None:
        (to / "ko" / "engine.ts").write_text("<TS>collected</TS>", encoding="utf-8")
        catalogue.write_text("<TS>by hand</TS>", encoding="utf-8")

    monkeypatch.setattr(maker, "update", break_off)
    with pytest.raises(KeyboardInterrupt):
        maker.renew()
    assert maker._contents(tmp_path) == before
    monkeypatch.setattr(maker, "update", be_overtaken)
    with pytest.raises(SystemExit, match=r"engine\.ts changed meanwhile"):
        maker.renew()
    assert catalogue.read_text(encoding="utf-8") == "<TS>by hand</TS>"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_missing_or_wrong_translation_is_noticed(maker: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "ko").mkdir()
    message = "<message><source>{}</source><translation{}>{}</translation></message>"
    wrong = [
        message.format("Good", "", "좋음"),
        message.format("{name} left", "", "{nam} 나감"),
        message.format("New", ' type="unfinished"', ""),
    ]
    text = f"<TS><context><name>X</name>{''.join(wrong)}</context></TS>"
    (tmp_path / "ko" / "x.ts").write_text(text, encoding="utf-8")
    found = list(maker.faults(tmp_path))
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


def test_translated_sentences_are_those_of_the_sources_with_their_values(maker: ModuleType) -> None:
    known = maker.sentences.collect()
    parts = {context: part for part, context in sentences.CONTEXTS.items()}
    translated = [
        (key, forms[0]) for key, forms in read_catalogue("ko").forms.items() if key[0] in parts and key[2]
    ]
    assert len(translated) > 40
    for (context, code, template), korean in translated:
        assert template in known[parts[context]][code]
        assert set(maker.places(korean)) <= set(maker.places(template))


@pytest.mark.usefixtures("window")
def test_errors_keep_their_values_in_korean(studio: Studio, tmp_path: Path) -> None:
    studio.settings.update(language="ko")
    gone = InputError("device_not_opened", "USB mic (2) cannot be used: it is busy.", "Close other programs.")
    assert sentences.sentence(gone)[0] == "USB mic (2) 장치를 사용할 수 없습니다: it is busy."
    file = tmp_path / "{노래}.wav"
    unread = InputError("not_audio", f"{file} is not a recording that can be read.", "Convert it.")
    assert sentences.sentence(unread)[0] == f"읽을 수 없는 소리 파일입니다. ({file})"
    assert (
        sentences.said("text", "not_audio", "Something new.")
        == "읽을 수 없는 소리 파일입니다. (Something new.)"
    )
    assert sentences.said("text", "never_heard_of", "Something new.") == "Something new."
    studio.settings.update(language="en")
    assert sentences.sentence(gone) == (gone.text, gone.hint)


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
