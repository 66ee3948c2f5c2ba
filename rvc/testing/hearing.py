"""What a recording says, for the app: it asks whether a take says its prompt."""

from pathlib import Path
from typing import Any

from rvc.config import CONTENT_RATE_HZ
from rvc.events import Reporter
from rvc.sound import audio
from rvc.testing import recognition
from rvc.testing.recognition import Whisper


def hear(params: dict[str, Any], _reporter: Reporter, loaded: dict[str, Any]) -> dict[str, Any]:
    """Return what is `heard` in `file` in a `language`, and the share of characters that differ from `text`.

    Both are None where no Whisper model is among the assets. Raises `InputError` as reading the file does.
    """
    recogniser = loaded.get("whisper")
    if recogniser is None:
        folder = recognition.find_model(None)
        if folder is None:
            return {"heard": None, "error_rate": None}
        recogniser = loaded["whisper"] = Whisper(folder)
    wave, _ = audio.read(Path(params["file"]), CONTENT_RATE_HZ)
    heard = recogniser.text(wave, params["language"])
    return {"heard": heard, "error_rate": recognition.character_error_rate(params["text"], heard)}
