"""The style sheet: `resources/app.qss` with the numbers and colours of the tokens."""

from dataclasses import asdict
from string import Template

from rvc import paths
from rvcstudio.ui import tokens as t


def sheet(tokens: t.Tokens, images: dict[str, str]) -> str:
    """Return the style sheet in some colours; `images` are files of the tinted marks in controls."""
    numbers = {
        name: getattr(t, name)
        for name in ("CAPTION", "BODY", "HEADING", "TITLE", "DISPLAY", "RADIUS_CARD", "RADIUS_CONTROL")
    }
    more = {
        "INNER_HEIGHT": t.CONTROL_HEIGHT - 2,
        "faint": mix(tokens.muted, tokens.window, 0.45),
        "scroll": mix(tokens.muted, tokens.window, 0.6),
        "on_record": "#FFFFFF" if not tokens.dark else "#2A0906",
    }
    text = paths.resource("app.qss").read_text(encoding="utf-8")
    return Template(text).substitute(asdict(tokens), **numbers, **more, **images)


def mix(colour: str, other: str, share: float) -> str:
    """Return a colour with a share of another in it, both as #RRGGBB."""
    parts = (
        round(int(colour[at : at + 2], 16) * (1 - share) + int(other[at : at + 2], 16) * share)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02X}" for part in parts)
