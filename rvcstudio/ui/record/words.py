"""What is said about takes, rooms and ways to read, in the language of the moment."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

from rvcstudio.recording import room
from rvcstudio.recording.booth import Recorded
from rvcstudio.recording.coverage import EXAMPLES
from rvcstudio.recording.judge import Code
from rvcstudio.recording.prompts import Style
from rvcstudio.recording.room import Advice, Room
from rvcstudio.ui.widgets.blocks import Kind

STYLES: Mapping[Style, tuple[object, str]] = {
    "statement": (QT_TRANSLATE_NOOP("RecordWords", "As you speak"), "user"),
    "question": (QT_TRANSLATE_NOOP("RecordWords", "Ask it"), "help"),
    "exclamation": (QT_TRANSLATE_NOOP("RecordWords", "With feeling"), "heart"),
    "loud": (QT_TRANSLATE_NOOP("RecordWords", "Loud, as across a street"), "volume"),
    "soft": (QT_TRANSLATE_NOOP("RecordWords", "Softly, close to the microphone"), "moon"),
    "sung": (QT_TRANSLATE_NOOP("RecordWords", "Sing it, high and low"), "wave"),
}

WAYS: Mapping[Style, object] = {
    "statement": QT_TRANSLATE_NOOP("RecordWords", "plainly"),
    "question": QT_TRANSLATE_NOOP("RecordWords", "as a question"),
    "exclamation": QT_TRANSLATE_NOOP("RecordWords", "with feeling"),
    "loud": QT_TRANSLATE_NOOP("RecordWords", "loud"),
    "soft": QT_TRANSLATE_NOOP("RecordWords", "softly"),
    "sung": QT_TRANSLATE_NOOP("RecordWords", "sung"),
}
SOUNDS_SHOWN = 6

PROBLEMS: Mapping[Code, tuple[object, object]] = {
    "silent": (
        QT_TRANSLATE_NOOP("RecordWords", "No speech was heard."),
        QT_TRANSLATE_NOOP("RecordWords", "Check that the right microphone is chosen and not muted."),
    ),
    "clipped": (
        QT_TRANSLATE_NOOP("RecordWords", "Loud parts are clipped."),
        QT_TRANSLATE_NOOP("RecordWords", "Turn the gain down or move back a little, and read it again."),
    ),
    "cut_start": (
        QT_TRANSLATE_NOOP("RecordWords", "The first word is cut off."),
        QT_TRANSLATE_NOOP("RecordWords", "Wait half a second after pressing the key, then read."),
    ),
    "cut_end": (
        QT_TRANSLATE_NOOP("RecordWords", "The last word is cut off."),
        QT_TRANSLATE_NOOP("RecordWords", "Wait a moment before you stop, or let the take end by itself."),
    ),
    "soft": (
        QT_TRANSLATE_NOOP("RecordWords", "It is too quiet."),
        QT_TRANSLATE_NOOP("RecordWords", "Come closer or turn the gain up."),
    ),
    "noisy": (
        QT_TRANSLATE_NOOP("RecordWords", "There is noise behind the voice."),
        QT_TRANSLATE_NOOP("RecordWords", "Turn off fans, close the window, come closer to the microphone."),
    ),
    "echo": (
        QT_TRANSLATE_NOOP("RecordWords", "The room echoes."),
        QT_TRANSLATE_NOOP("RecordWords", "Come closer, and hang up a blanket or sit among clothes."),
    ),
}

ROOMS: Mapping[Advice, tuple[Kind, object]] = {
    "quiet": ("good", QT_TRANSLATE_NOOP("RecordWords", "Quiet: the noise is at {level} dBFS.")),
    "fair": ("good", QT_TRANSLATE_NOOP("RecordWords", "Good enough: the noise is at {level} dBFS.")),
    "noisy": (
        "warn",
        QT_TRANSLATE_NOOP(
            "RecordWords",
            "Noisy, at {level} dBFS. Turn off fans, close the window, come closer and turn the gain down.",
        ),
    ),
    "hum": (
        "warn",
        QT_TRANSLATE_NOOP(
            "RecordWords", "A hum of {hertz} Hz, at {level} dBFS. Try another socket or cable, or a laptop on battery."
        ),
    ),
    "disturbed": (
        "warn",
        QT_TRANSLATE_NOOP("RecordWords", "Something made a sound. Stay silent for three seconds and measure again."),
    ),
    "muted": (
        "bad",
        QT_TRANSLATE_NOOP("RecordWords", "No sound at all: the microphone is muted, or it is another one."),
    ),
}  # fmt: skip


def _said(text: object) -> str:
    return QCoreApplication.translate("RecordWords", str(text))


def style(name: Style) -> tuple[str, str]:
    """Return how a prompt is to be read, and an icon for it."""
    text, icon = STYLES[name]
    return _said(text), icon


def sounds(named: Sequence[str]) -> str:
    """Return the first of some sounds as readers know them: Korean letters, or English words that have them."""
    return ", ".join(EXAMPLES.get(sound, sound) for sound in named[:SOUNDS_SHOWN])


def ways(styles: Sequence[Style]) -> str:
    """Return ways to read as they are listed in a sentence."""
    return ", ".join(_said(WAYS[name]) for name in styles)


def problem(code: Code) -> tuple[str, str]:
    """Return what is wrong with a take, and what to do about it."""
    what, advice = PROBLEMS[code]
    return _said(what), _said(advice)


def of_room(measured: Room) -> tuple[Kind, str]:
    """Return what to say about the room."""
    kind, text = ROOMS[measured.advice]
    level = QLocale().toString(measured.noise_dbfs, "f", 0)
    return kind, _said(text).format(level=level, hertz=measured.hum_hz)


def verdict(recorded: Recorded) -> tuple[Kind, str, list[str]]:
    """Return what to say about a take: its kind, a headline, and a line for each remark."""
    problems = [" ".join(problem(code)) for code in recorded.verdict.problems]
    remarks = problems + _remarks(recorded)
    match recorded.verdict.grade:
        case "good":
            return "good", QCoreApplication.translate("RecordWords", "A good take"), remarks
        case "fair":
            return "warn", QCoreApplication.translate("RecordWords", "Usable, and could be better"), remarks
        case _:
            return "bad", QCoreApplication.translate("RecordWords", "Better read it again"), remarks


def _remarks(recorded: Recorded) -> list[str]:
    remarks = []
    if recorded.ended == "device":
        remarks.append(
            QCoreApplication.translate("RecordWords", "The microphone disappeared; what came before is here.")
        )
    if recorded.heard is not None and not recorded.heard.is_prompt:
        text = QCoreApplication.translate("RecordWords", "It sounds like other words: “{heard}”")
        remarks.append(text.format(heard=recorded.heard.text))
    elif recorded.heard is not None:
        remarks.append(QCoreApplication.translate("RecordWords", "It says the sentence."))
    if recorded.overruns:
        text = QCoreApplication.translate(
            "RecordWords", "Some sound was lost (overruns: {count}). Close other programs."
        )
        remarks.append(text.format(count=recorded.overruns))
    if advice := gain(recorded.peak):
        remarks.append(advice)
    return remarks if "silent" not in recorded.verdict.problems else remarks[: len(remarks) - bool(advice)]


def gain(peak: float) -> str:
    """Return how the gain should change for takes with this peak; "" where it is good."""
    change = room.gain_change_db(peak)
    if not change:
        return ""
    amount = QLocale().toString(abs(change), "f", 0)
    if change < 0:
        text = QCoreApplication.translate("RecordWords", "Turn the gain down by about {amount} dB.")
    else:
        text = QCoreApplication.translate("RecordWords", "The gain can go up by about {amount} dB.")
    return text.format(amount=amount)
