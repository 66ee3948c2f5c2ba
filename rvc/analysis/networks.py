"""The networks that hear, by name, and those used where none is named. Imports no torch."""

from collections.abc import Sequence

from rvc import assets
from rvc.errors import InputError

CONTENTVEC, CONTENTVEC_V1, WAKEHUBERT = "contentvec", "contentvec-v1", "wakehubert-tiny"
STARTER = "starter-2"  # other weights are another encoder: its features mean nothing to a voice of this one
RMVPE, FCPE, SWIFT = "rmvpe", "fcpe", "swift"
ENCODERS = (CONTENTVEC, CONTENTVEC_V1, STARTER, WAKEHUBERT)
ESTIMATORS = (RMVPE, FCPE, SWIFT)
LOWERED = frozenset({CONTENTVEC, CONTENTVEC_V1, RMVPE})  # that compute in whatever type they are told


def encoder() -> str:
    """Return ContentVec where its file is found, else the project's own encoder."""
    return CONTENTVEC if assets.find(CONTENTVEC) else STARTER


def estimators() -> tuple[str, ...]:
    """Return the pitch estimator that is used here; two where a CPU takes the first and other devices the last."""
    return (RMVPE,) if assets.find(RMVPE) else (SWIFT, FCPE)


def check_encoder(name: str) -> None:
    """Raise `InputError` unless a content encoder is known and its asset, of the same name, is here."""
    _check(name, ENCODERS, "unknown_encoder", "content encoder")


def check_estimator(name: str) -> None:
    """Raise `InputError` unless a pitch estimator is known and its asset, of the same name, is here."""
    _check(name, ESTIMATORS, "unknown_pitch", "pitch estimator")


def _check(name: str, known: Sequence[str], code: str, kind: str) -> None:
    if name not in known:
        raise InputError(code, f"There is no {kind} called {name}.", f"Known: {', '.join(known)}.")
    if name in assets.manifest():
        assets.require(name)
