"""A library as a user may have it, for pictures: made-up people, real recordings."""

from pathlib import Path

import soundfile

from rvc import paths
from rvcstudio.library import Library, Voice

VOICES = (
    ("Mina Park", "#B4447A", "ko", "own", "", ("narration", "한국어")),
    ("Old Sailor", "#1D7A74", "en", "permission", "Tom Reed, 2026-11-02, by mail", ("character",)),
    ("김하준", "#3569B8", "ko", "permission", "본인 동의, 2026년 10월 3일", ("노래",)),
    ("Podcast host", "#B3541E", "en", "", "", ()),
)
TAKES = (47, 21, 33, 4)


def fill(library: Library, most: int = 100) -> list[Voice]:
    """Put voices with takes into a library, each with so many takes at `most`."""
    recordings = sorted(paths.resource("demo/voice").glob("*.flac"))
    made = []
    for (name, colour, language, consent, by, tags), takes in zip(VOICES, TAKES, strict=True):
        voice = library.voices.add(name, colour=colour, language=language, consent=consent, consent_by=by)
        library.voices.tag(voice.id, tags)
        _record(library, voice, recordings[: min(takes, most)])
        made.append(voice)
    return made


def _record(library: Library, voice: Voice, recordings: list[Path]) -> None:
    """Add recordings as takes."""
    for recording in recordings:
        file = library.takes.new_file(voice.id, recording.stem)
        file.write_bytes(recording.read_bytes())
        facts = soundfile.info(file)
        library.takes.add(
            voice.id,
            file,
            rate=facts.samplerate,
            seconds=facts.duration,
            prompt=recording.stem[3:].replace("-", " ").capitalize(),
            device="USB microphone",
            peak_dbfs=-6.0,
            rms_dbfs=-22.0,
            verdict={"verdict": "good"},
        )
