"""A process that uses a cache as hard as it can: `python -m tests.cache_worker FOLDER SEED ROUNDS`."""

import hashlib
import random
import sys
from pathlib import Path

from rvc.cache import Cache

LIMIT = 400_000
SIZE = 20_000
KEYS = 60


def name(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:40]


def content(of: str) -> bytes:
    """Return what belongs under a name, and nothing else does."""
    return (of.encode() * (SIZE // len(of) + 1))[:SIZE]


def read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def main(folder: Path, seed: int, rounds: int) -> None:
    cache, draws = Cache(folder, LIMIT), random.Random(seed)
    for _ in range(rounds):
        asked = name(draws.randrange(KEYS))
        found = cache.look_up("content", asked, read)
        if found is None:
            cache.keep("content", asked, content(asked))
        elif found != content(asked):
            raise SystemExit(f"{asked} is torn")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
