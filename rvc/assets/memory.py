"""The lengths and hashes of files that nobody published a hash of: those of the first one that was seen."""

import json

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from rvc.assets.entries import Asset
from rvc.errors import Error
from rvc.paths import weights_dir, write_text

FILE = "trusted.json"


class Trusted(BaseModel):
    """What the first file of a name was like."""

    model_config = ConfigDict(frozen=True)

    size: int
    sha256: str


_RECORDS = TypeAdapter(dict[str, Trusted])


def recall(asset: Asset) -> Asset:
    """Return the entry with the length and hash of the file that was trusted first, if there was one."""
    known = _read().get(asset.name) if asset.sha256 is None else None
    return asset.model_copy(update=known.model_dump()) if known else asset


def remember(asset: Asset, size: int, sha256: str) -> None:
    """Trust this file from now on, and no other one of the name."""
    records = {name: record.model_dump() for name, record in _read().items()}
    records[asset.name] = Trusted(size=size, sha256=sha256).model_dump()
    write_text(weights_dir() / FILE, json.dumps(records, indent=2, sort_keys=True))


def _read() -> dict[str, Trusted]:
    path = weights_dir() / FILE
    if not path.exists():
        return {}
    try:
        return _RECORDS.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise Error(
            "damaged_trust",
            f"{path}, which holds the hashes of files fetched before, cannot be read.",
            "Delete it; those files are then trusted anew when they are fetched.",
        ) from error
