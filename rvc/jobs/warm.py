"""Converters that stay loaded between jobs of a warm worker: the least recently used go when memory runs short."""

import gc
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from rvc import device as devices
from rvc.config import ConvertConfig
from rvc.events import Reporter
from rvc.jobs.workshop import Workshop
from rvc.synthesis.converter import Converter

MEMORY_SHARE = 0.25  # of the machine's memory, or of the GPU's
LOADING_SETTINGS = ("pitch", "precision", "device", "cache_gb")  # that shape what is loaded
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A converter, and the memory that loading it took."""

    converter: Converter
    size_bytes: int


class Converters:
    """Loads converters, and keeps as many as `limit_bytes` allows, but always the newest."""

    def __init__(self, limit_bytes: int | None = None) -> None:
        self.limit_bytes = limit_bytes if limit_bytes is not None else int(_total_bytes() * MEMORY_SHARE)
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    @classmethod
    def of(cls, workshop: Workshop) -> "Converters":
        """Return those of this worker."""
        converters = workshop.loaded.setdefault("converters", cls())
        assert isinstance(converters, cls)
        return converters

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size_bytes(self) -> int:
        """How much memory the kept ones took when they were loaded."""
        return sum(kept.size_bytes for kept in self._kept.values())

    def load(self, model: Path, index: Path | None, config: ConvertConfig, reporter: Reporter) -> Converter:
        """Return the converter of a model with its index, loading it unless it is still here."""
        key = _key(model, index, config)
        if key not in self._kept:
            before = _used_bytes()
            converter = Converter.load(model, config, reporter, index)
            self._kept[key] = Kept(converter, max(_used_bytes() - before, _file_bytes(model)))
        self._kept.move_to_end(key)
        self._make_room()
        return self._kept[key].converter

    def _make_room(self) -> None:
        while len(self._kept) > 1 and self.size_bytes > self.limit_bytes:
            self._kept.popitem(last=False)
            gc.collect()
            devices.give_back(devices.pick())


def _key(model: Path, index: Path | None, config: ConvertConfig) -> Key:
    """Tell files by what they are, not by their names: every job has its own links to them."""
    settings = tuple(getattr(config, name, None) for name in LOADING_SETTINGS)
    return (*_identity(model), *(_identity(index) if index else ()), bool(config.index_rate), *settings)


def _identity(path: Path) -> Key:
    files = sorted(path.iterdir()) if path.is_dir() else [path, path.with_suffix(".index")]
    stats = (file.stat() for file in files if file.is_file())
    return tuple((stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns) for stat in stats)


def _file_bytes(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _used_bytes() -> int:
    return devices.used_bytes(devices.pick())


def _total_bytes() -> int:
    return devices.total_bytes(devices.pick())
