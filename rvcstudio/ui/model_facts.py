"""What a model's card says, in words."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale

from rvcstudio.ui import formats

translate = QCoreApplication.translate

SOURCES = {"rvc-studio": "RVC Studio", "webui": "RVC-WebUI", "applio": "Applio"}
SPEAKERS_SHOWN = 6
V1_DIM = 256

Fact = tuple[str, str]
"""What it is, and how it is."""


def about(card: dict[str, Any]) -> list[Fact]:
    """Return what the model is and what it was made from; what the card does not say is left out."""
    lines: list[tuple[str, str | None]] = [
        (translate("ModelFacts", "Kind"), _kind(card)),
        (translate("ModelFacts", "Sample rate"), f"{card['rate'] / 1000:g} kHz"),
        (translate("ModelFacts", "Made with"), SOURCES.get(card["source"])),
        (translate("ModelFacts", "Made on"), formats.day(datetime.fromisoformat(card["created"]))),
        (translate("ModelFacts", "Learned from"), _material(card)),
        (translate("ModelFacts", "Steps of training"), _number(card.get("steps"))),
        (translate("ModelFacts", "Speaks at about"), _hertz(card)),
        (translate("ModelFacts", "Hears through"), card["content_encoder"]["name"]),
        (translate("ModelFacts", "Speakers"), _speakers(card)),
        (translate("ModelFacts", "Blended from"), _parts(card)),
        (translate("ModelFacts", "Small decoder"), _teaching(card)),
        (translate("ModelFacts", "Author"), card["settings"].get("author")),
        (translate("ModelFacts", "Note"), card["settings"].get("info")),
    ]
    return [(name, str(value)) for name, value in lines if value]


def rights(card: dict[str, Any]) -> list[Fact]:
    """Return what is known of consent and licence."""
    consents = [_consent(one) for one in card["consent"]]
    unknown = translate("ModelFacts", "The card does not say")
    licence = card["settings"].get("license") or card["settings"].get("licence")
    return [
        (translate("ModelFacts", "Consent"), "\n".join(consents) or unknown),
        (translate("ModelFacts", "Licence"), str(licence or unknown)),
    ]


def scores(card: dict[str, Any]) -> list[Fact]:
    """Return the scores of the last test, in words as far as they have some."""
    names: dict[str, tuple[str, Callable[[float], str]]] = {
        "similarity": (translate("ModelFacts", "Sounds like the voice"), _percent),
        "character_error_rate": (translate("ModelFacts", "Letters misunderstood"), _percent),
        "pitch_correlation": (translate("ModelFacts", "Follows the melody"), _percent),
        "mcd_db": (translate("ModelFacts", "Difference of timbre"), lambda value: f"{value:.1f} dB"),
        "dnsmos": (translate("ModelFacts", "Naturalness, 1 to 5"), lambda value: f"{value:.1f}"),
    }
    kinds = {
        "reconstruction": translate("ModelFacts", "own recordings"),
        "conversion": translate("ModelFacts", "others' recordings"),
    }
    found = []
    for key, value in card["scores"].items():
        kind, _, measure = key.partition("_")
        if measure in names and isinstance(value, int | float):
            name, write = names[measure]
            found.append((f"{name} ({kinds.get(kind, kind)})", write(value)))
    return found


def _kind(card: dict[str, Any]) -> str:
    if card["architecture"] == "lite":
        kind = translate("ModelFacts", "Small model (lite), quick on a processor")
    elif card["content_encoder"]["dim"] == V1_DIM:
        kind = "RVC v1"
    else:
        kind = "RVC v2"
    without = translate("ModelFacts", "without pitch")
    return kind if card["pitch"] else f"{kind}, {without}"


def _material(card: dict[str, Any]) -> str | None:
    seconds = card["trained_on"]["seconds"]
    return formats.minutes(seconds) if seconds else None


def _number(value: object) -> str | None:
    return QLocale().toString(value) if isinstance(value, int) and value else None


def _hertz(card: dict[str, Any]) -> str | None:
    hertz = card.get("usual_pitch_hz")
    return f"{hertz:.0f} Hz" if hertz else None


def _speakers(card: dict[str, Any]) -> str | None:
    names = card["speakers"]
    if all(name.isdecimal() for name in names[1:]):  # rows of a community model that nobody may have trained
        return None
    more = "…" if len(names) > SPEAKERS_SHOWN else ""
    return f"{len(names)}: {', '.join(names[:SPEAKERS_SHOWN])}{more}"


def _parts(card: dict[str, Any]) -> str:
    return ", ".join(f"{_percent(part['share'])} {part['name']}" for part in card["blended_from"])


def _teaching(card: dict[str, Any]) -> str | None:
    """Say of whom a student's decoder learnt, how much larger that model is, and how far both are apart."""
    taught = card.get("student_of")
    if taught is None:
        return None
    text = translate("ModelFacts", "Learned from {name} ({size}); they differ by {difference} dB")
    return text.format(
        name=taught["name"], size=formats.size(taught["bytes"]), difference=f"{taught['agreement_db']:.1f}"
    )


def _consent(consent: dict[str, Any]) -> str:
    return ", ".join(str(part) for part in _consent_parts(consent))


def _consent_parts(consent: dict[str, Any]) -> Iterator[str]:
    if consent.get("given_by"):
        yield consent["given_by"]
    if consent.get("on"):
        yield formats.day(datetime.fromisoformat(consent["on"]))
    if consent.get("statement"):
        yield consent["statement"]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
