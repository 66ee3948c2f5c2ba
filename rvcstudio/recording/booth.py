"""The recording booth: the microphone that is open, the take that is recorded, and what becomes of it.

The page shows its state and calls `tick` as often as it paints; nothing here waits.
"""

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCoreApplication, QObject, Signal

from rvc.errors import Error
from rvcstudio.library import Take
from rvcstudio.recording import hearing, prompts, room, unfinished
from rvcstudio.recording.hearing import Heard
from rvcstudio.recording.judge import Verdict
from rvcstudio.recording.prompts import Prompt
from rvcstudio.recording.settings import SECTION, RecordSettings
from rvcstudio.sound.capture import Capture
from rvcstudio.sound.devices import Device
from rvcstudio.sound.levels import Needles
from rvcstudio.sound.monitor import FeedbackWatch, Monitor
from rvcstudio.sound.recorder import End, Recorder, SilenceWatch
from rvcstudio.studio import Studio

log = logging.getLogger(__name__)

State = Literal["closed", "ready", "measuring", "recording", "judging", "review"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A take that waits for a decision. Its journal is on the disk."""

    path: Path
    prompt: Prompt | None
    seconds: float
    ended: End
    overruns: int
    clips: int
    peak: float
    verdict: Verdict
    heard: Heard | None = None


class Booth(QObject):
    """One microphone, one take at a time."""

    changed = Signal()  # the state
    kept = Signal(object)  # a Take that is in the library now
    lost = Signal(str)  # the name of a microphone that is gone
    howled = Signal()  # monitoring fed back and is off

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._keeping = studio.settings.section(SECTION, RecordSettings)
        self.state: State = "closed"
        self.capture: Capture | None = None
        self.recorder: Recorder | None = None
        self.recorded: Recorded | None = None
        self.discarded: Recorded | None = None
        self.room = room.UNKNOWN
        self.is_measured = False
        self.needles = Needles()
        self._monitor: Monitor | None = None
        self._feedback = FeedbackWatch()
        self._prompt: Prompt | None = None
        self._measured_s = 0.0
        studio.library_changed.connect(self._leave_library)
        QCoreApplication.instance().aboutToQuit.connect(self.forget_discarded)  # type: ignore[union-attr]

    @property
    def settings(self) -> RecordSettings:
        return self._keeping

    def change(self, **values: object) -> None:
        """Remember settings, and open the microphone anew where they are about it."""
        self._keeping = RecordSettings.model_validate({**self._keeping.model_dump(), **values})
        self._studio.settings.keep_section(SECTION, self._keeping)
        if {"device", "channel", "rate"} & set(values) and self.state not in ("recording", "judging"):
            self.is_measured = False
            self.open()

    def open(self) -> None:
        """Listen to the microphone of the settings. Raises `Error`: no_sound, device_not_opened."""
        self.close()
        device = self._studio.sound.find_input(self.settings.device)
        if device is None:
            self._enter("closed")
            return
        wanted = self.settings.rate
        rate = wanted if self._studio.sound.supports(device, wanted) else device.rate
        self.capture = Capture(self._studio.sound, device, rate, self.settings.channel)
        self.needles = Needles()
        self._enter("review" if self.recorded else "ready")

    def close(self) -> None:
        """Let go of the microphone; a take on its way ends and waits. At the next start it would be recovered."""
        self.stop()
        self.monitor(None)
        if self.capture is not None:
            self.capture.close()
            self.capture = None
        self._enter("closed")

    def reread(self) -> bool:
        """Look for devices that came or went, and tell whether that was possible."""
        if self.recorder is not None or (self._studio.player is not None and self._studio.player.playing):
            return False
        was_open = self.capture is not None
        self.close()
        done = self._studio.sound.reread()
        if was_open or done:
            self.open()
        return done

    def _enter(self, state: State) -> None:
        if state != self.state:
            self.state = state
            if self._studio.awake is not None:  # nobody touches anything while they read
                self._studio.awake.want("record", None if state == "closed" else "screen")
            self.changed.emit()

    def measure_room(self) -> None:
        """Listen for three seconds, in which nobody should speak."""
        if self.capture is not None and self.recorder is None:
            self._measured_s = 0.0
            self._enter("measuring")

    @property
    def measured_share(self) -> float:
        """How far measuring the room is, 0 to 1."""
        return min(1.0, self._measured_s / room.MEASURE_S)

    def record(self, voice_id: str, prompt: Prompt | None) -> None:
        """Begin a take of a voice. Raises `InputError` unknown_voice, `Error` disk_full or not_writable."""
        if self.capture is None or self.recorder is not None:
            return
        self.discard()
        capture = self.capture
        made = unfinished.begin(self._studio.library, voice_id, prompt, capture.device.name, capture.rate)
        pause_s = self.settings.pause_s if prompt else 0.0
        self._prompt = prompt
        self.recorder = Recorder(capture, made, SilenceWatch(capture.rate, self.room.speech_dbfs, pause_s))
        self._enter("recording")

    def stop(self, why: End = "stopped") -> None:
        """End the take that is recorded, and have it judged."""
        recorder, self.recorder = self.recorder, None
        if recorder is None:
            return
        recorder.request_stop(why)
        prompt, self._prompt = self._prompt, None
        self._enter("judging")
        self._studio.tasks.run(
            lambda _: _finish(recorder, prompt), self._judged, owner=self, failed=self._not_judged
        )

    def _judged(self, outcome: tuple[Recorded, Error | None]) -> None:
        self.recorded, error = outcome
        if self.state in ("judging", "ready"):
            self._enter("review")
        else:  # its microphone is gone, or the page was left
            self.changed.emit()
        if error is not None:
            self._studio.fail(error)
        if self.recorded.prompt is not None and hearing.is_installed():
            self._hear(self.recorded, self.recorded.prompt)

    def _hear(self, recorded: Recorded, prompt: Prompt) -> None:
        """Ask whether the take says its prompt; a take that was decided on meanwhile needs no answer."""
        engine, language = self._studio.engine, prompts.language_of([prompt])

        def show(heard: Heard | None) -> None:
            if self.recorded is recorded and heard is not None:
                self.recorded = replace(recorded, heard=heard)
                self.changed.emit()

        self._studio.tasks.run(
            lambda _: hearing.hear(engine, recorded.path, prompt.text, language),
            show,
            owner=self,
            failed=lambda error: log.warning("the take was not understood: %s", error),
        )

    def _not_judged(self, error: BaseException) -> None:
        if self.state == "judging":
            self._enter("ready" if self.capture else "closed")
        self._studio.fail(error)

    def keep(self) -> None:
        """Put the take into the library."""
        recorded, self.recorded = self.recorded, None
        if recorded is None:
            return
        self._save(recorded)
        self._enter("ready" if self.capture else "closed")

    def _save(self, recorded: Recorded) -> None:
        library = self._studio.library

        def work(_reporter: object) -> Take:
            return unfinished.keep(library, recorded.path, recorded.verdict)

        self._studio.tasks.run(work, self.kept.emit, owner=self)

    def discard(self) -> None:
        """Put the take aside; `bring_back` still finds it until the next one is put aside."""
        if self.recorded is None:
            return
        self.forget_discarded()
        self.discarded, self.recorded = self.recorded, None
        self._enter("ready" if self.capture else "closed")

    def bring_back(self) -> None:
        """Keep the take that was put aside after all."""
        discarded, self.discarded = self.discarded, None
        if discarded is not None:
            self._save(discarded)

    def forget_discarded(self) -> None:
        """Drop the take that was put aside, for good."""
        discarded, self.discarded = self.discarded, None
        if discarded is not None:
            unfinished.discard(discarded.path)

    def monitor(self, output: Device | None) -> None:
        """Let the speaker hear themselves on a device, or no longer. Raises `InputError` device_not_opened."""
        if self._monitor is not None:
            self._monitor.close()
            self._monitor = None
        if output is not None and self.capture is not None:
            self._feedback = FeedbackWatch()
            self._monitor = Monitor(self._studio.sound, self.capture, output)

    @property
    def is_prompted(self) -> bool:
        """Whether a sentence is read in the take that is recorded."""
        return self._prompt is not None

    @property
    def is_monitoring(self) -> bool:
        return self._monitor is not None

    def tick(self, seconds: float) -> None:
        """Let time pass: move the needles, and notice what has ended."""
        capture = self.capture
        if capture is None:
            return
        self.needles.move(capture.levels.take_window(), seconds)
        if self._monitor is not None and self._feedback.hears(self.needles.rms, seconds):
            self.monitor(None)
            self.howled.emit()
        if self.recorder is not None and self.recorder.ended is not None:
            self.stop()
        if not capture.is_alive:
            self._lose(capture)
        elif self.state == "measuring":
            self._measure(capture, seconds)

    def _measure(self, capture: Capture, seconds: float) -> None:
        self._measured_s += seconds
        if self._measured_s >= room.MEASURE_S:
            self.room = room.measure(capture.ring.latest(round(room.MEASURE_S * capture.rate)), capture.rate)
            self.is_measured = True
            self._enter("review" if self.recorded else "ready")

    def _lose(self, capture: Capture) -> None:
        """Go on with another microphone where there is one; what was recorded of the take is kept."""
        self.stop("device")
        self.close()
        self.lost.emit(capture.device.name)
        try:
            self._studio.sound.reread()
            self.open()
        except Error:
            self._enter("closed")

    def _leave_library(self) -> None:
        """Leave takes that wait with the library they belong to; they are recovered there at a later start."""
        self.recorded = self.discarded = None
        self.changed.emit()


def _finish(recorder: Recorder, prompt: Prompt | None) -> tuple[Recorded, Error | None]:
    """Wait until a take is on the disk, and judge it; also return what made it end too early."""
    recorder.stop()
    path = recorder.journal.path
    recorded = Recorded(
        path=path,
        prompt=prompt,
        seconds=recorder.seconds,
        ended=recorder.ended or "stopped",
        overruns=recorder.overruns,
        clips=recorder.levels.clips,
        peak=recorder.levels.peak,
        verdict=unfinished.judge_journal(path),
    )
    return recorded, recorder.error
