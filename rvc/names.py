"""The names of files: made from what people call things, and read from whatever a disk holds."""

import re
from pathlib import Path

MAX_STEM_BYTES = 200  # of the 255 that file systems take, so that a suffix and a number still fit
SOUND_SUFFIXES = {".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aiff", ".aif", ".caf", ".au"}
CONTAINER_SUFFIXES = {".m4a", ".mp4", ".m4b", ".aac", ".webm", ".mkv", ".mka", ".mov", ".wma"}
AUDIO_SUFFIXES = SOUND_SUFFIXES | CONTAINER_SUFFIXES  # of what may be a recording
UNSAFE = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]+')
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # names that Windows keeps


def file_stem(text: str, *, max_bytes: int = MAX_STEM_BYTES, otherwise: str = "voice") -> str:
    """Return a text as the stem of a file name that every system accepts; `otherwise` where nothing is left."""
    stem = cut(UNSAFE.sub("-", shown(text)).strip(" .-"), max_bytes).rstrip(" .-")
    return f"_{stem}" if DEVICES.match(stem) else stem or otherwise


def cut(text: str, max_bytes: int) -> str:
    """Return as much of a text as fits into so many bytes of UTF-8, in whole characters."""
    return text.encode()[:max_bytes].decode(errors="ignore")


def shown(text: object) -> str:
    """Return a path or a text as it can be shown: `?` for what is no Unicode, as in names from old archives."""
    return str(text).encode(errors="replace").decode()


def is_visible(path: Path, root: Path | None = None) -> bool:
    """Tell whether a file is not hidden, as temporary ones are, and below `root` in no hidden folder."""
    parts = (path.name,) if root is None else path.relative_to(root).parts
    return not any(part.startswith(".") for part in parts)
