"""What can go wrong in a way the user can do something about.

Everything that is not an `Error` is a bug. The code is stable and is what the app translates.
"""

from rvc.names import shown


class Error(Exception):
    """A failure with a stable code, one clear sentence, and a hint that says what to do next."""

    exit_code = 1

    def __init__(self, code: str, text: str, hint: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = shown(text)  # it may name files whose names are no Unicode
        self.hint = shown(hint)

    def __str__(self) -> str:
        return f"{self.text} {self.hint}".strip()


class InputError(Error):
    """Something the user gave cannot be used."""

    exit_code = 3


class Paused(Exception):  # noqa: N818 - not a failure: the work is kept and can go on
    """The work stopped on request; running it again goes on from where it was."""

    exit_code = 75
