"""The user's voices, takes, models and conversions: a folder of files with a SQLite database."""

from rvcstudio.library.library import Library
from rvcstudio.library.records import Consent, Conversion, Dataset, Model, Take, Voice

__all__ = ["Consent", "Conversion", "Dataset", "Library", "Model", "Take", "Voice"]
