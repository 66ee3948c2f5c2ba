"""What is sent to a computer that shall run an agent: the program's sources, and what they need."""

import gzip
import hashlib
import io
import re
import tarfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from rvc import __version__, paths

PACKAGES = ("rvc", "remote_agent")
EXTRAS = ("engine", "agent", "evaluate", "formats")
OF_THE_APP = ("i18n", "icons", "prompts", "demo/voice", "app.qss")  # resources that an agent has no use for
SKIPPED = ("__pycache__", ".pyc")
DISTRIBUTION = "rvc-studio"
EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")


@dataclass(frozen=True, slots=True)
class Bundle:
    """The sources as one file. `version` names their content, too: two builds of one version differ."""

    version: str
    file: Path
    requirements: tuple[str, ...]


def make_bundle() -> Bundle:
    """Pack the sources of this program; the file is made once for each version."""
    needs = tuple(requirements())
    content = dict(_sources(paths.sources()))
    content["requirements.txt"] = "".join(f"{one}\n" for one in needs).encode()
    content["requirements.id"] = hashlib.sha256(content["requirements.txt"]).hexdigest()[:12].encode()
    version = f"{__version__}-{_hash(content)}"
    file = paths.cache_dir() / "agent" / f"{version}.tar.gz"
    if not file.exists():
        with paths.atomic(file) as temporary:
            temporary.write_bytes(_packed(content))
    return Bundle(version, file, needs)


def requirements() -> list[str]:
    """Return what an agent needs, from pyproject.toml beside the sources, else from the installed package."""
    project = paths.sources() / "pyproject.toml"
    if project.exists():
        told = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
        extras = told["optional-dependencies"]
        return [*told["dependencies"], *(one for extra in EXTRAS for one in extras[extra])]
    return [one.partition(";")[0].strip() for one in metadata.requires(DISTRIBUTION) or [] if _is_needed(one)]


def _is_needed(requirement: str) -> bool:
    extra = EXTRA.search(requirement)
    return extra is None or extra[1] in EXTRAS


def _sources(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the packages and of their resources, wherever those are."""
    places = {name: root / name for name in PACKAGES}
    if (root / "resources").is_dir():
        places["resources"] = root / "resources"
    for name, folder in places.items():
        for file in sorted(folder.rglob("*")):
            parts = file.relative_to(folder).parts
            if (
                file.is_file()
                and not any(part.endswith(SKIPPED) for part in parts)
                and not _is_apps(name, parts)
            ):
                yield "/".join((name, *parts)), file.read_bytes()


def _is_apps(package: str, parts: tuple[str, ...]) -> bool:
    resource = parts if package == "resources" else parts[1:] if parts[0] == "resources" else ()
    return "/".join(resource).startswith(OF_THE_APP)


def _hash(content: dict[str, bytes]) -> str:
    total = hashlib.sha256()
    for name, data in sorted(content.items()):
        total.update(f"{name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()[:10]


def _packed(content: dict[str, bytes]) -> bytes:
    """Return a tar file of the contents, without the times and users of this computer."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, compresslevel=6) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as tar,
    ):
        for name, data in sorted(content.items()):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(data), 0o600
            tar.addfile(entry, io.BytesIO(data))
    return packed.getvalue()
