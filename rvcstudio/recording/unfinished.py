"""Takes between the microphone and the library: begun as journals, kept as FLAC, found again after a crash."""

import logging
from pathlib import Path
from uuid import uuid4

from rvc import paths
from rvc.errors import Error, InputError
from rvcstudio.library import Library, Take
from rvcstudio.recording.judge import Verdict, judge
from rvcstudio.recording.prompts import Prompt
from rvcstudio.sound import journal
from rvcstudio.sound.journal import SUFFIX, Facts, Journal

log = logging.getLogger(__name__)

FOLDER = "unfinished"
STEM_WORDS = 6


def begin(library: Library, voice_id: str, prompt: Prompt | None, device: str, rate: int) -> Journal:
    """Begin a take of a voice. Raises `InputError` unknown_voice, `Error` disk_full or not_writable."""
    text = prompt.text if prompt else ""
    file = library.takes.new_file(voice_id, " ".join(text.split()[:STEM_WORDS]) or "take")
    facts = Facts(
        voice=voice_id,
        file=file.relative_to(library.folder).as_posix(),
        rate=rate,
        device=device,
        prompt=text,
        prompt_id=prompt.id if prompt else "",
    )
    return Journal(library.folder / FOLDER / f"{uuid4().hex}{SUFFIX}", facts)


def judge_journal(path: Path) -> Verdict:
    """Judge a take that was recorded. Raises `InputError` not_a_journal."""
    return judge(journal.read(path), journal.read_facts(path).rate)


def keep(library: Library, path: Path, verdict: Verdict | None = None) -> Take:
    """Put a recorded take into the library, and drop its journal.

    Raises `InputError`: not_a_journal, unknown_voice; `Error`: disk_full, not_writable.
    """
    facts = journal.read_facts(path)
    file = library.folder / facts.file
    verdict = verdict or judge_journal(path)
    samples = journal.encode(path, file)
    take = library.takes.add(
        facts.voice,
        file,
        rate=facts.rate,
        seconds=samples / facts.rate,
        prompt=facts.prompt,
        prompt_id=facts.prompt_id,
        device=facts.device,
        peak_dbfs=verdict.peak_dbfs,
        rms_dbfs=verdict.speech_dbfs,
        verdict=verdict.record(),
    )
    path.unlink()
    return take


def discard(path: Path) -> None:
    """Drop a take that was recorded."""
    path.unlink(missing_ok=True)


def recover(library: Library) -> list[Take]:
    """Keep the takes that a program left unfinished when it ended, and return them.

    What cannot be read is set aside under another name; what cannot be written is left for the next time.
    """
    takes = []
    for path in sorted((library.folder / FOLDER).glob(f"*{SUFFIX}")):
        try:
            if journal.read_facts(path).is_orphan:
                takes += _recovered(library, path)
        except InputError:
            log.warning("%s cannot be recovered", path.name, exc_info=True)
            path.replace(path.with_suffix(".unreadable"))
        except Error:
            log.warning("%s is not recovered yet", path.name, exc_info=True)
    return takes


def _recovered(library: Library, path: Path) -> list[Take]:
    """Keep a take, unless the crash came between its keeping and the end of its journal, or before it had sound."""
    facts = journal.read_facts(path)
    file = library.folder / facts.file
    is_kept = any(take.file == file for take in library.takes.all(facts.voice))
    if is_kept or not any(len(block) for block in journal.read_blocks(path)):
        discard(path)
        return []
    paths.make_dir(file.parent)
    return [keep(library, path)]
