"""Colours that can be read: the contrast of every pair that text is set in, after WCAG 2.1."""

import pytest
from PySide6.QtGui import QColor

from rvcstudio.ui import tokens
from rvcstudio.ui.style import mix, sheet
from rvcstudio.ui.tokens import DARK, LIGHT, VOICE_COLOURS, Tokens, contrasting

TEXT, LARGE = 4.5, 3.0
LOOKS = [LIGHT, DARK, contrasting(LIGHT), contrasting(DARK)]

PAIRS = [
    *(
        (ink, ground)
        for ink in ("text", "muted", "accent")
        for ground in ("window", "card", "raised", "sidebar")
    ),
    *((kind, f"{kind}_soft") for kind in ("good", "warn", "bad", "accent")),
    *((kind, ground) for kind in ("good", "warn", "bad") for ground in ("card", "window")),
    *(
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("on_toast", "toast"),
        ("toast_action", "toast"),
    ),
]


def luminance(colour: str) -> float:
    channels = QColor(colour).getRgbF()[:3]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_rightly() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("look", LOOKS, ids=["light", "dark", "light contrast", "dark contrast"])
def test_text_can_be_read(look: Tokens) -> None:
    poor = {
        (ink, ground): round(contrast(getattr(look, ink), getattr(look, ground)), 2)
        for ink, ground in PAIRS
        if contrast(getattr(look, ink), getattr(look, ground)) < TEXT
    }
    assert poor == {}
    assert contrast(look.field_line, look.field) >= LARGE


def test_high_contrast_is_high() -> None:
    for look in LOOKS[2:]:
        assert contrast(look.text, look.card) >= 15
        assert contrast(look.accent, look.card) >= 7


def test_initials_can_be_read_on_every_voice_colour() -> None:
    assert {colour for colour in VOICE_COLOURS if contrast("#FFFFFF", colour) < TEXT} == set()


def test_the_style_sheet_has_a_value_for_every_name() -> None:
    images = {"chevron": "a.svg", "chevron_up": "b.svg", "tick": "c.svg"}
    for look in LOOKS:
        assert "$" not in sheet(look, images)
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"
    assert tokens.CONTROL_HEIGHT >= 32
