"""How much of some work is done, in what it counts."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from rvc.events import Progress
from rvcstudio.ui import formats

AMOUNTS = {
    "steps": QT_TRANSLATE_NOOP("Amounts", "step {done} of {total}"),
    "seconds": QT_TRANSLATE_NOOP("Amounts", "{done} of {total} of audio"),
    "bytes": QT_TRANSLATE_NOOP("Amounts", "{done} of {total}"),
    "files": QT_TRANSLATE_NOOP("Amounts", "file {done} of {total}"),
    "takes": QT_TRANSLATE_NOOP("Amounts", "take {done} of {total}"),
    "clips": QT_TRANSLATE_NOOP("Amounts", "clip {done} of {total}"),
}
WRITTEN = {"seconds": formats.clock, "bytes": formats.size}


def text(progress: Progress) -> str:
    """Say how much is done; nothing where the work counts what nobody would count by hand."""
    unit = progress.unit or ("steps" if progress.phase == "train" else "")  # which older agents leave out
    if not progress.total or unit not in AMOUNTS:
        return ""
    written = WRITTEN.get(unit, str)
    template = QCoreApplication.translate("Amounts", str(AMOUNTS[unit]))
    return template.format(done=written(progress.step), total=written(progress.total))
