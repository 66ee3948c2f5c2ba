"""Where the app keeps its own things; the engine's folders are in `rvc.paths`."""

from pathlib import Path

import platformdirs

from rvc.paths import APP_NAME, cache_dir, home


def settings_file() -> Path:
    root = home()
    return (root / "config" if root else platformdirs.user_config_path(APP_NAME)) / "settings.json"


def default_library() -> Path:
    """Where a library is made unless the user names another folder."""
    root = home()
    return root / "library" if root else platformdirs.user_documents_path() / "RVC Studio"


def log_dir() -> Path:
    root = home()
    return root / "logs" if root else platformdirs.user_log_path(APP_NAME)


def peaks_dir() -> Path:
    """Waveforms to draw. Safe to delete."""
    return cache_dir() / "peaks"
