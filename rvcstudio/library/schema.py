"""The library's tables, as an ordered list of steps: `PRAGMA user_version` counts those that were taken."""

import sqlite3
from pathlib import Path

from rvc.errors import InputError

FILE = "library.sqlite3"

MIGRATIONS = (
    """
    CREATE TABLE voices (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, folder TEXT NOT NULL UNIQUE, colour TEXT NOT NULL,
        language TEXT NOT NULL DEFAULT '', consent TEXT NOT NULL DEFAULT '', consent_by TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT '', photo TEXT, statement TEXT,
        created TEXT NOT NULL, changed TEXT NOT NULL, deleted TEXT, words TEXT NOT NULL
    );
    CREATE TABLE tags (
        voice TEXT NOT NULL REFERENCES voices(id) ON DELETE CASCADE, tag TEXT NOT NULL, PRIMARY KEY (voice, tag)
    ) WITHOUT ROWID;
    CREATE TABLE takes (
        id TEXT PRIMARY KEY, voice TEXT NOT NULL REFERENCES voices(id) ON DELETE CASCADE, file TEXT NOT NULL UNIQUE,
        prompt TEXT NOT NULL DEFAULT '', prompt_id TEXT NOT NULL DEFAULT '', device TEXT NOT NULL DEFAULT '',
        rate INTEGER NOT NULL, seconds REAL NOT NULL, peak_dbfs REAL, rms_dbfs REAL,
        verdict TEXT NOT NULL DEFAULT '{}', excluded INTEGER NOT NULL DEFAULT 0,
        created TEXT NOT NULL, deleted TEXT, words TEXT NOT NULL
    );
    CREATE INDEX takes_of_voice ON takes (voice, deleted, created);
    CREATE TABLE models (
        id TEXT PRIMARY KEY, voice TEXT REFERENCES voices(id) ON DELETE SET NULL, name TEXT NOT NULL,
        folder TEXT NOT NULL UNIQUE, file TEXT NOT NULL, summary TEXT NOT NULL DEFAULT '{}',
        created TEXT NOT NULL, deleted TEXT, words TEXT NOT NULL
    );
    CREATE INDEX models_of_voice ON models (voice, deleted);
    CREATE TABLE conversions (
        id TEXT PRIMARY KEY, model TEXT REFERENCES models(id) ON DELETE SET NULL, model_name TEXT NOT NULL,
        source TEXT NOT NULL, output TEXT NOT NULL, settings TEXT NOT NULL DEFAULT '{}', seconds REAL NOT NULL,
        created TEXT NOT NULL, deleted TEXT, words TEXT NOT NULL
    );
    CREATE TABLE datasets (
        id TEXT PRIMARY KEY, voice TEXT NOT NULL REFERENCES voices(id) ON DELETE CASCADE, name TEXT NOT NULL,
        created TEXT NOT NULL
    );
    CREATE TABLE dataset_takes (
        dataset TEXT NOT NULL REFERENCES datasets(id) ON DELETE CASCADE,
        take TEXT NOT NULL REFERENCES takes(id) ON DELETE CASCADE, PRIMARY KEY (dataset, take)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE trainings (
        computer TEXT NOT NULL, job TEXT NOT NULL, voice TEXT REFERENCES voices(id) ON DELETE SET NULL,
        model TEXT REFERENCES models(id) ON DELETE SET NULL, created TEXT NOT NULL, came TEXT,
        PRIMARY KEY (computer, job)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE orders (
        computer TEXT NOT NULL, job TEXT NOT NULL, model TEXT REFERENCES models(id) ON DELETE SET NULL,
        model_name TEXT NOT NULL, folder TEXT NOT NULL, pieces TEXT NOT NULL, settings TEXT NOT NULL,
        created TEXT NOT NULL, came TEXT, PRIMARY KEY (computer, job)
    ) WITHOUT ROWID;
    """,
    "ALTER TABLE takes ADD COLUMN version_of TEXT",  # the take that a recording before an edit is of
)


def migrate(connection: sqlite3.Connection, file: Path) -> None:
    """Bring the tables to this version, after a copy of older ones was made beside them.

    Raises `InputError` newer_library where a newer program has written them.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise InputError(
            "newer_library",
            "This library was written by a newer version of RVC Studio.",
            "Update RVC Studio, or choose another library folder.",
        )
    if 0 < version < len(MIGRATIONS):
        _copy(connection, file.with_name(f"{file.stem}.before-{len(MIGRATIONS)}{file.suffix}"))
    for number, step in enumerate(MIGRATIONS[version:], version + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {step}; PRAGMA user_version = {number}; COMMIT;")


def _copy(connection: sqlite3.Connection, to: Path) -> None:
    copy = sqlite3.connect(to)
    try:
        connection.backup(copy)
    finally:
        copy.close()
