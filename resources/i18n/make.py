"""Collect the texts of the app into `<language>/<module>.ts`, keeping the translations that are there.

Run by `make i18n`; with `--check` nothing is written and what is missing or wrong is named. All of it is made beside
the catalogues, and takes their place when it is complete.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import PySide6
import sentences  # beside this file

HERE = Path(__file__).parent
PACKAGE = HERE.parent.parent / "rvcstudio"
LUPDATE = Path(PySide6.__file__).parent / ("lupdate.exe" if sys.platform == "win32" else "lupdate")
OPTIONS = {"ko": [], "en": ["-pluralonly"]}
PLACE = re.compile(r"\{[a-z_]*[^}]*\}|%n|%\d")
MARKED = re.compile(r"\btr\(|\btranslate\(|TRANSLATE_NOOP\(")


def update(to: Path) -> None:
    """Bring the catalogues in a folder up to date with the sources."""
    for language, options in OPTIONS.items():
        folder = to / language
        folder.mkdir(exist_ok=True)
        wanted = {folder / f"{_name(source)}.ts": source for source in sources()}
        for catalogue, source in wanted.items():
            command = [LUPDATE, source, "-ts", catalogue, "-target-language", language, *options]
            command += ["-source-language", "en", "-no-obsolete", "-locations", "none", "-silent"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.exit(f"{source}: {done.stderr or done.stdout}")
            if not any(True for _ in messages(catalogue)):
                catalogue.unlink()
        for old in set(folder.glob("*.ts")) - set(wanted) - set(folder.glob("engine*.ts")):
            old.unlink()
    sentences.write(to / sentences.FILE)


def sources() -> Iterator[Path]:
    """Yield the modules that have texts."""
    for source in sorted(PACKAGE.rglob("*.py")):
        if MARKED.search(source.read_text(encoding="utf-8")):
            yield source


def _name(source: Path) -> str:
    return ".".join(source.relative_to(PACKAGE).with_suffix("").parts)


def messages(catalogue: Path) -> Iterator[tuple[str, ElementTree.Element]]:
    """Yield the messages of a catalogue with their contexts."""
    for context in ElementTree.parse(catalogue).getroot().iter("context"):
        for message in context.iter("message"):
            yield context.findtext("name", ""), message


def faults(folder: Path) -> Iterator[str]:
    """Say of every message that is not translated, or whose places for values differ, where it is."""
    for catalogue in sorted(folder.glob("*/*.ts")):
        for context, message in messages(catalogue):
            source = message.findtext("source", "")
            where = f"{catalogue.parent.name}/{catalogue.name}, {context}: {source!r}"
            translation = message.find("translation")
            forms = [form.text or "" for form in message.iter("numerusform")]
            for form in forms or [translation.text or "" if translation is not None else ""]:
                if not form or (translation is not None and translation.get("type")):
                    yield f"{where} is not translated"
                elif context not in ("Error", "Error.hint") and places(form) != places(source):
                    yield f"{where} has other places for values in {form!r}"


def places(text: str) -> list[str]:
    """Return the places for values in a text."""
    return sorted(PLACE.findall(text))


def renew() -> None:
    """Bring the catalogues up to date, all of them or none. Exits where somebody has changed one meanwhile."""
    with tempfile.TemporaryDirectory(dir=HERE, prefix=".new-") as name:
        copy, before = Path(name), _contents(HERE)
        _copy_catalogues(copy)
        update(copy)
        after = _contents(copy)
        changed = {file for file in before.keys() | after.keys() if before.get(file) != after.get(file)}
        if meanwhile := [file for file in changed if _contents(HERE).get(file) != before.get(file)]:
            sys.exit(f"Run it again: {', '.join(sorted(meanwhile))} changed meanwhile.")
        for file in sorted(changed):
            if file in after:
                (copy / file).replace(HERE / file)
            else:
                (HERE / file).unlink()


def _copy_catalogues(to: Path) -> None:
    for language in OPTIONS:
        shutil.copytree(HERE / language, to / language)


def _contents(folder: Path) -> dict[str, bytes]:
    """Return all catalogues in a folder by their place."""
    found = [*folder.glob("*/*.ts"), folder / sentences.FILE]
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found if file.exists()}


def check() -> list[str]:
    """Return what the catalogues lack, measured against the sources as they are."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        _copy_catalogues(copy)
        update(copy)
        return list(faults(copy))


def main() -> int:
    if "--check" not in sys.argv:
        renew()
    missing = check()
    print(*missing, sep="\n")  # noqa: T201
    return bool(missing) and "--check" in sys.argv


if __name__ == "__main__":
    sys.exit(main())
