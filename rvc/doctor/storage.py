"""Where the program keeps things, and which pretrained files are there."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import platformdirs

from rvc import assets, paths
from rvc.doctor.finding import Finding, brief, found

LEAST_GB, LOW_GB = 0.5, 5.0
USES = {
    "contentvec": "community models need it, and models that community tools shall read",
    "rmvpe": "the pitch estimator that RVC models are trained with",
}


def folders() -> dict[str, Path]:
    """Return the program's own folders by what they are for."""
    data = paths.home() or platformdirs.user_data_path(paths.APP_NAME)
    return {"downloads and features": paths.cache_dir(), "voices and jobs": data}


def check_folders(places: Mapping[str, Path]) -> Iterator[Finding]:
    """Look at room and permission of each folder, without making it."""
    for use, folder in places.items():
        yield _check_folder(use, folder)


def _check_folder(use: str, folder: Path) -> Finding:
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=existing) as file:
            file.write(b"x")
        free_gb = shutil.disk_usage(existing).free / 1e9
    except OSError as error:
        return found("not_writable", folder=str(folder), error=error.strerror or brief(error), use=use)
    code = "disk_full" if free_gb < LEAST_GB else "disk_low" if free_gb < LOW_GB else "disk"
    return found(code, folder=str(folder), free_gb=free_gb, use=use)


def check_assets() -> Iterator[Finding]:
    """Look for the files that good work needs; their content is what `rvc assets verify` checks."""
    known = assets.manifest()
    for name, use in USES.items():
        code = "asset" if assets.find(name) else "asset_missing"
        yield found(code, name=name, file=known[name].file, use=use)
    bases = [
        name for name, asset in known.items() if asset.kind in ("base", "community") and assets.find(name)
    ]
    yield found("bases", names=", ".join(bases)) if bases else found("no_base")
