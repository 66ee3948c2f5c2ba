"""A line that is spoken for a conversion: from the microphone of the recording page into a file of the library."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from rvc.errors import InputError
from rvcstudio.convert import free_place
from rvcstudio.library import Library
from rvcstudio.recording.settings import SECTION, RecordSettings
from rvcstudio.sound import journal
from rvcstudio.sound.capture import Capture
from rvcstudio.sound.journal import SUFFIX, Facts, Journal
from rvcstudio.sound.recorder import Recorder, SilenceWatch
from rvcstudio.studio import Studio

FOLDER = "recorded"  # in the folder of conversions
UNFINISHED = "unfinished-lines"
NEVER_S = 0.0  # no silence ends a line


class LineRecorder:
    """Records from its making to `stop`, into the file that `name` gives."""

    def __init__(self, studio: Studio, name: Callable[[Library], Path] | None = None) -> None:
        """Begin. Raises `InputError`: no_input, device_not_opened; `Error` disk_full."""
        kept = studio.settings.section(SECTION, RecordSettings)
        device = studio.sound.find_input(kept.device)
        if device is None:
            raise InputError("no_input", "There is no microphone.", "Connect one, and try again.")
        rate = kept.rate if studio.sound.supports(device, kept.rate) else device.rate
        self._library, self._name = studio.library, name or new_file
        self._capture = Capture(studio.sound, device, rate, kept.channel)
        path = studio.library.folder / UNFINISHED / f"{uuid4().hex}{SUFFIX}"
        try:
            made = Journal(path, Facts(voice="", file="", rate=rate, device=device.name))
        except BaseException:
            self._capture.close()
            raise
        self._recorder = Recorder(self._capture, made, SilenceWatch(rate, 0.0, NEVER_S))

    @property
    def seconds(self) -> float:
        return self._recorder.seconds

    @property
    def has_ended(self) -> bool:
        """Whether it ended by itself: the device is gone, or the disk is full."""
        return self._recorder.ended is not None

    def stop(self) -> Path:
        """End the line and return its file. Waits for the disk: for tasks. Raises `Error` disk_full."""
        self._recorder.stop()
        self._capture.close()
        path = self._recorder.journal.path
        file = self._name(self._library)
        journal.encode(path, file)
        path.unlink()
        return file


def new_file(library: Library) -> Path:
    """Return a name for a line that is recorded now."""
    folder = library.conversions.folder / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return free_place(folder, f"{datetime.now():%Y-%m-%d %H.%M.%S}", ".flac")
